//! The module that the expressions stand in, for our evaluator: variables have their types and no values, as in
//! `terraform validate`, and nothing is known of resources.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use terraform::ast::{Expression, Step, Traversal};
use terraform::evaluate::{Nothing, Resolved, Scope, evaluate, type_constraint};
use terraform::syntax::parse_file;
use terraform::value::{Value, convert};

/// Folder of the expressions.
pub fn folder() -> PathBuf {
    real::paths::repository().join("tests/real/evaluation")
}

/// The module.
pub struct Module {
    locals: BTreeMap<String, Expression>,
    variables: BTreeMap<String, Value>,
}

/// What our evaluator makes of an expression.
pub struct Verdict {
    pub value: Value,
    pub errors: Vec<String>,
}

impl Verdict {
    /// The value, where it is known.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.value.to_json()?).ok()
    }
}

impl Module {
    pub fn read() -> Self {
        let source = std::fs::read_to_string(folder().join("preamble.tf")).unwrap();
        let (body, errors) = parse_file(&source);
        assert!(errors.is_empty(), "{errors:?}");
        let mut module = Self {
            locals: BTreeMap::new(),
            variables: BTreeMap::new(),
        };
        for block in body.blocks_of("locals") {
            for local in block.body.attributes() {
                module.locals.insert(local.name.text.clone(), local.value.clone());
            }
        }
        for block in body.blocks_of("variable") {
            let value = block.body.attribute("type").map_or(Value::unknown(), |kind| {
                Value::Unknown(type_constraint(&kind.value).unwrap().kind.without_optional())
            });
            module.variables.insert(block.labels[0].text.clone(), value);
        }
        module
    }

    pub fn evaluate(&self, expression: &str) -> Verdict {
        let source = format!("value = {expression}\n");
        let (body, errors) = parse_file(&source);
        if !errors.is_empty() {
            let errors = errors.iter().map(|error| format!("syntax: {error:?}")).collect();
            return Verdict {
                value: Value::unknown(),
                errors,
            };
        }
        let mut errors = Vec::new();
        let value = evaluate(&body.attribute("value").unwrap().value, self, &mut errors);
        Verdict {
            value,
            errors: errors
                .iter()
                .map(|error| format!("{}: {error}", error.kind.name()))
                .collect(),
        }
    }
}

/// The value of a variable with this constraint and default: both read, defaults of attributes applied, converted.
pub fn variable(constraint: &str) -> Result<Value, String> {
    let (kind, default) = constraint.split_once(" <- ").unwrap_or((constraint, "null"));
    let source = format!("type = {kind}\ndefault = {default}\n");
    let (body, errors) = parse_file(&source);
    assert!(errors.is_empty(), "{constraint}: {errors:?}");
    let kind = type_constraint(&body.attribute("type").unwrap().value).map_err(|errors| format!("{errors:?}"))?;
    let mut errors = Vec::new();
    let value = evaluate(&body.attribute("default").unwrap().value, &Nothing, &mut errors);
    assert!(errors.is_empty(), "{constraint}: {errors:?}");
    convert(kind.defaults.apply(value), &kind.kind).map_err(|error| error.to_string())
}

impl Scope for Module {
    fn reference(&self, traversal: &Traversal<'_>) -> Resolved<'_> {
        let Some(Step::Name(name)) = traversal.steps.first() else {
            return Resolved::Unknown;
        };
        let value = match traversal.root {
            "var" => self.variables.get(&name.text).map(Cow::Borrowed),
            "local" => self
                .locals
                .get(&name.text)
                .map(|local| Cow::Owned(evaluate(local, self, &mut Vec::new()))),
            _ => None,
        };
        value.map_or(Resolved::Unknown, |value| Resolved::Value { value, steps: 1 })
    }
}
