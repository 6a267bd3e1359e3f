//! Type constraints, as variables declare them.

use std::collections::BTreeMap;

use super::context::{Errors, report};
use super::error::{EvaluationError, EvaluationErrorKind};
use super::{Nothing, evaluate};
use crate::ast::{Expression, ExpressionKind, FunctionCall, ObjectItem, ObjectKey, Span};
use crate::value::{Defaults, Inner, ObjectType, Type, Value, convert};

/// What a value may be, and what stands for attributes that it lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// The type.
    pub kind: Type,
    /// Default values of optional attributes.
    pub defaults: Defaults,
}

/// Names that make types of other types, and what they take.
const CONSTRUCTORS: [(&str, &str); 5] = [
    ("list", "the type of its elements, as list(string)"),
    ("set", "the type of its elements, as set(string)"),
    ("map", "the type of its elements, as map(string)"),
    ("object", "its attributes, as object({ name = string })"),
    ("tuple", "the types of its elements, as tuple([string, number])"),
];

/// Nesting of types that is followed: a bound on the stack.
const MOST_NESTING: usize = 128;

/// Reads a variable's `type`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn type_constraint(expression: &Expression) -> Result<Constraint, Vec<EvaluationError>> {
    let mut errors = Errors::new();
    // Shorthands of Terraform 0.11, alone and unquoted.
    let shorthand = match expression.as_word() {
        Some("list") => Some(Type::List(Box::new(Type::Any))),
        Some("map") => Some(Type::Map(Box::new(Type::Any))),
        _ => None,
    };
    if let Some(kind) = shorthand {
        return Ok(Constraint {
            kind,
            defaults: Defaults::default(),
        });
    }
    if let Some(quoted) = expression.as_string() {
        let instead = match quoted {
            "list" => "list(string)",
            "map" => "map(string)",
            quoted => quoted,
        };
        wrong(
            &mut errors,
            &expression.span,
            format!("a type is written without quotes: {instead}"),
        );
        return Err(errors);
    }
    let (kind, defaults) = read(expression, 0, &mut errors);
    if errors.is_empty() {
        Ok(Constraint { kind, defaults })
    } else {
        Err(errors)
    }
}

fn wrong(errors: &mut Errors, span: &Span, message: impl Into<String>) {
    report(errors, EvaluationErrorKind::TypeConstraint, span, message);
}

fn read(expression: &Expression, nesting: usize, errors: &mut Errors) -> (Type, Defaults) {
    let none = (Type::Any, Defaults::default());
    if nesting > MOST_NESTING {
        wrong(errors, &expression.span, "the type is nested too deeply");
        return none;
    }
    let word = match &expression.kind {
        ExpressionKind::Variable(name) => Some(name.as_str()),
        ExpressionKind::Null => Some("null"),
        ExpressionKind::Bool(true) => Some("true"),
        ExpressionKind::Bool(false) => Some("false"),
        _ => None,
    };
    if let Some(word) = word {
        let kind = match word {
            "bool" => Type::Bool,
            "string" => Type::String,
            "number" => Type::Number,
            "any" => Type::Any,
            other => {
                wrong(errors, &expression.span, unknown_word(other));
                Type::Any
            }
        };
        return (kind, Defaults::default());
    }
    match &expression.kind {
        ExpressionKind::Call(call) => constructed(call, &expression.span, nesting, errors),
        ExpressionKind::Invalid => none,
        _ => {
            wrong(
                errors,
                &expression.span,
                "this is no type; a type is string, number, bool, any, or built with list(…), set(…), map(…), object({…}) or tuple([…])",
            );
            none
        }
    }
}

fn unknown_word(word: &str) -> String {
    if let Some((name, takes)) = CONSTRUCTORS.iter().find(|(name, _)| *name == word) {
        return format!("the type {name} takes {takes}");
    }
    let names = [
        "bool", "string", "number", "any", "list", "set", "map", "object", "tuple",
    ];
    match findings::nearest(word, names) {
        Some(near) => format!("there is no type {word:?}; did you mean {near}?"),
        None => format!("there is no type {word:?}"),
    }
}

fn constructed(call: &FunctionCall, span: &Span, nesting: usize, errors: &mut Errors) -> (Type, Defaults) {
    let none = (Type::Any, Defaults::default());
    let name = call.name.text.as_str();
    let Some((_, takes)) = CONSTRUCTORS.iter().find(|(constructor, _)| *constructor == name) else {
        let message = match name {
            "bool" | "string" | "number" | "any" => format!("the type {name} takes no argument"),
            "optional" => "optional(…) stands only for an attribute of an object".to_owned(),
            other => format!("nothing builds a type under the name {other:?}"),
        };
        wrong(errors, &call.name.span, message);
        return none;
    };
    let [argument] = call.arguments.as_slice() else {
        wrong(errors, span, format!("the type {name} takes one argument: {takes}"));
        return none;
    };
    match name {
        "object" => match &argument.kind {
            ExpressionKind::Object(items) => object(items, nesting, errors),
            _ => {
                wrong(errors, &argument.span, format!("the type object takes {takes}"));
                none
            }
        },
        "tuple" => match &argument.kind {
            ExpressionKind::Tuple(elements) => tuple(elements, nesting, errors),
            _ => {
                wrong(errors, &argument.span, format!("the type tuple takes {takes}"));
                none
            }
        },
        collection => {
            let (element, defaults) = read(argument, nesting + 1, errors);
            let element = Box::new(element);
            let kind = match collection {
                "list" => Type::List(element),
                "set" => Type::Set(element),
                _ => Type::Map(element),
            };
            let inner = if defaults.is_empty() {
                Inner::None
            } else {
                Inner::Each(Box::new(defaults))
            };
            (
                kind,
                Defaults {
                    values: BTreeMap::new(),
                    inner,
                },
            )
        }
    }
}

fn tuple(elements: &[Expression], nesting: usize, errors: &mut Errors) -> (Type, Defaults) {
    let mut kinds = Vec::with_capacity(elements.len());
    let mut inner = BTreeMap::new();
    for (index, element) in elements.iter().enumerate() {
        let (kind, defaults) = read(element, nesting + 1, errors);
        kinds.push(kind);
        if !defaults.is_empty() {
            inner.insert(index, defaults);
        }
    }
    let inner = if inner.is_empty() {
        Inner::None
    } else {
        Inner::Elements(inner)
    };
    (
        Type::Tuple(kinds),
        Defaults {
            values: BTreeMap::new(),
            inner,
        },
    )
}

fn object(items: &[ObjectItem], nesting: usize, errors: &mut Errors) -> (Type, Defaults) {
    let mut object = ObjectType::default();
    let mut values = BTreeMap::new();
    let mut inner = BTreeMap::new();
    for item in items {
        let Some(name) = attribute_name(&item.key) else {
            wrong(
                errors,
                &item.key.span(),
                "an attribute's name is written as a word without quotes",
            );
            continue;
        };
        if object.attributes.contains_key(&name) {
            wrong(errors, &item.key.span(), format!("there are two attributes {name:?}"));
            continue;
        }
        let Some(attribute) = attribute(&item.value, errors) else {
            continue;
        };
        let (kind, defaults) = read(attribute.kind, nesting + 1, errors);
        if attribute.optional {
            object.optional.insert(name.clone());
        }
        if let Some(default) = attribute.default
            && let Some(value) = default_value(default, &kind, errors)
        {
            values.insert(name.clone(), value);
        }
        if !defaults.is_empty() {
            inner.insert(name.clone(), defaults);
        }
        object.attributes.insert(name, kind);
    }
    let inner = if inner.is_empty() {
        Inner::None
    } else {
        Inner::Attributes(inner)
    };
    (Type::Object(object), Defaults { values, inner })
}

fn attribute_name(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Word(word) => Some(word.text.clone()),
        ObjectKey::Expression(expression) => match &expression.kind {
            ExpressionKind::Null => Some("null".to_owned()),
            ExpressionKind::Bool(word) => Some(word.to_string()),
            ExpressionKind::Variable(word) => Some(word.clone()),
            _ => None,
        },
    }
}

struct Attribute<'e> {
    kind: &'e Expression,
    optional: bool,
    default: Option<&'e Expression>,
}

/// An attribute's type, out of `optional(…)` where it is in one.
fn attribute<'e>(value: &'e Expression, errors: &mut Errors) -> Option<Attribute<'e>> {
    let call = match &value.kind {
        ExpressionKind::Call(call) if call.name.text == "optional" => call,
        _ => {
            return Some(Attribute {
                kind: value,
                optional: false,
                default: None,
            });
        }
    };
    match call.arguments.as_slice() {
        [kind] => Some(Attribute {
            kind,
            optional: true,
            default: None,
        }),
        [kind, default] => Some(Attribute {
            kind,
            optional: true,
            default: Some(default),
        }),
        _ => {
            wrong(
                errors,
                &value.span,
                "optional takes the attribute's type and, if it has one, its default value",
            );
            None
        }
    }
}

fn default_value(default: &Expression, kind: &Type, errors: &mut Errors) -> Option<Value> {
    if let Some(outside) = refers(default) {
        wrong(
            errors,
            &outside.span,
            "a default value may hold neither references nor calls of functions",
        );
        return None;
    }
    let before = errors.len();
    let value = evaluate(default, &Nothing, errors);
    if errors.len() > before {
        return None;
    }
    match convert(value, kind) {
        Ok(value) => Some(value),
        Err(error) => {
            wrong(
                errors,
                &default.span,
                format!("the default value does not fit the attribute's type: {error}"),
            );
            None
        }
    }
}

/// A part that refers to something outside the expression. Variables of a `for` are inside it.
fn refers(expression: &Expression) -> Option<&Expression> {
    match &expression.kind {
        ExpressionKind::Variable(_) | ExpressionKind::Call(_) => Some(expression),
        ExpressionKind::For(_) => None,
        _ => expression.children().into_iter().find_map(refers),
    }
}
