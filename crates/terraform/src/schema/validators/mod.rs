//! What only the provider's code knows of its arguments: allowed values, lengths, patterns, and which of them exclude or
//! demand each other. Collected from hashicorp/aws by probing it (docs/provider-rules.md); no rule refuses a value that
//! the provider was seen to accept.

mod combination;
mod data;
mod form;
mod rule;

pub use combination::{Breach, Combination, Demand, Presence, Present};
pub use data::{TypeRules, probed, rules};
pub use form::Form;
pub use rule::{Length, Pattern, Range, Rule, Scalar, Unit};

use super::Kind;
use crate::value::{Number, Value};

/// A value that the provider refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where in the value: `[0]`, `["key"]`, `.name`; empty for the value itself.
    pub at: String,
    /// What is wrong: the value and what it is not.
    pub message: String,
    /// What the provider accepts.
    pub expected: String,
    /// All values that the provider accepts, where it has a list: for a suggestion.
    pub allowed: Vec<&'static str>,
}

/// What the provider refuses of a value for an argument. The path has the names on the way to the argument with dots
/// between them: `name`, `rule.status`. Nothing is said of what is not known, of null, and of types that were not probed
/// ([`rules`] has none for them).
pub fn check(kind: Kind, name: &str, path: &str, value: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    if let Some(rules) = rules(kind, name) {
        walk(rules, path, value, &mut String::new(), &mut found);
    }
    found
}

/// Arguments and blocks that exclude or demand each other, where a resource does otherwise.
pub fn conflicts(kind: Kind, name: &str, present: &Present) -> Vec<Breach> {
    rules(kind, name).map_or_else(Vec::new, |rules| combination::breaches(&rules.combinations, present))
}

fn walk(rules: &'static TypeRules, path: &str, value: &Value, at: &mut String, found: &mut Vec<Violation>) {
    let mut inside = |path: &str, step: String, value: &Value| {
        let length = at.len();
        at.push_str(&step);
        walk(rules, path, value, at, found);
        at.truncate(length);
    };
    match value {
        Value::Unknown(_) | Value::Null(_) => {}
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => {
            let path = format!("{path}[]");
            for (number, element) in elements.iter().enumerate() {
                inside(&path, format!("[{number}]"), element);
            }
        }
        Value::Map(_, entries) => {
            let path = format!("{path}[]");
            for (key, entry) in entries {
                inside(&path, format!("[{key:?}]"), entry);
            }
        }
        Value::Object(attributes) => {
            // Where the argument is a map, its literal is an object as well.
            let elements = format!("{path}[]");
            for (name, attribute) in attributes {
                inside(&format!("{path}.{name}"), format!(".{name}"), attribute);
                if !rules.rules.contains_key(&format!("{path}.{name}")) {
                    inside(&elements, format!("[{name:?}]"), attribute);
                }
            }
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let Some(rules) = rules.rules.get(path) else {
                return;
            };
            let shown = shown(value);
            let scalar = match value {
                Value::Number(Number::Integer(number)) => Scalar::Number(*number as f64),
                Value::Number(Number::Float(number)) => Scalar::Number(*number),
                _ => Scalar::Text(&shown),
            };
            let quoted = match scalar {
                Scalar::Text(text) => cut(text),
                Scalar::Number(_) => shown.clone(),
            };
            for rule in rules {
                // A number for an argument that takes text is text to the provider.
                let refused = match (rule, scalar) {
                    (Rule::Length(_) | Rule::Pattern(_) | Rule::Form(_), _) => rule.refuses(Scalar::Text(&shown)),
                    (rule, scalar) => rule.refuses(scalar),
                };
                if refused {
                    found.push(Violation {
                        at: at.clone(),
                        message: match rule {
                            Rule::Nothing => format!("{quoted} cannot be given: the provider sets the value"),
                            rule => format!("{quoted} is not {rule}"),
                        },
                        expected: rule.to_string(),
                        allowed: rule.listed(),
                    });
                }
            }
        }
    }
}

/// The text that Terraform makes of a value.
fn shown(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(Number::Integer(number)) => number.to_string(),
        Value::Number(Number::Float(number)) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

/// A text for a message, not longer than a line.
fn cut(text: &str) -> String {
    const LIMIT: usize = 60;
    if text.chars().count() <= LIMIT {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(LIMIT).collect();
    format!("{start:?}… ({} characters)", text.chars().count())
}
