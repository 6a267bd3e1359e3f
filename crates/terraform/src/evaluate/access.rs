//! References, attributes and indices.

use std::borrow::Cow;

use super::context::{Context, Errors, report};
use super::error::EvaluationErrorKind as Kind;
use super::expression;
use super::scope::Resolved;
use crate::ast::{Accessor, Expression, ExpressionKind, Identifier, Span, Step, Traversal};
use crate::value::{Number, Parsed, Type, Value, convert};

/// The value of a reference or a look-up.
pub fn value<'c>(expression: &Expression, context: &Context<'c>, errors: &mut Errors) -> Cow<'c, Value> {
    let mut accessors: Vec<(&Accessor, &Span)> = Vec::new();
    let mut base = expression;
    while let ExpressionKind::Access { base: inner, accessor } = &base.kind {
        accessors.push((accessor, &base.span));
        base = inner;
    }
    accessors.reverse();
    let (mut found, consumed) = match &base.kind {
        ExpressionKind::Variable(name) => match context.local(name) {
            Some(value) => (Cow::Borrowed(value), 0),
            None => match context.scope.reference(&traversal(name, &base.span, &accessors)) {
                Resolved::Value { value, steps } => (value, steps),
                Resolved::Unknown => {
                    // Nothing is known of it, but its keys may be wrong in themselves.
                    for (accessor, _) in accessors {
                        if let Accessor::Index(key) = accessor {
                            expression::value(key, context, errors);
                        }
                    }
                    return Cow::Owned(Value::unknown());
                }
            },
        },
        _ => (Cow::Owned(expression::value(base, context, errors)), 0),
    };
    for (accessor, span) in accessors.into_iter().skip(consumed) {
        let next = match found {
            Cow::Borrowed(value) => step(value, accessor, span, context, errors),
            Cow::Owned(value) => {
                step(&value, accessor, span, context, errors).map(|value| Cow::Owned(value.into_owned()))
            }
        };
        match next {
            Some(value) => found = value,
            None => return Cow::Owned(Value::unknown()),
        }
    }
    found
}

/// The reference up to the first look-up that is not literal.
fn traversal<'e>(name: &'e str, span: &Span, accessors: &[(&'e Accessor, &Span)]) -> Traversal<'e> {
    let steps = accessors.iter().map_while(|(accessor, _)| match accessor {
        Accessor::Name(name) => Some(Step::Name(name)),
        Accessor::LegacyIndex(index) => Some(Step::Key(index.text.clone(), index.span.clone())),
        Accessor::Index(key) => match &key.kind {
            ExpressionKind::Number(text) => Some(Step::Key(text.clone(), key.span.clone())),
            _ => Some(Step::Key(key.as_string()?.to_owned(), key.span.clone())),
        },
    });
    Traversal {
        root: name,
        root_span: span.clone(),
        steps: steps.collect(),
    }
}

/// One look-up; `None` where it fails.
pub fn step<'v>(
    value: &'v Value,
    accessor: &Accessor,
    span: &Span,
    context: &Context<'_>,
    errors: &mut Errors,
) -> Option<Cow<'v, Value>> {
    match accessor {
        Accessor::Name(name) => attribute(value, name, errors),
        Accessor::LegacyIndex(index) => {
            let key = match Number::parse(&index.text) {
                Parsed::Number(number) => Value::Number(number),
                _ => Value::Unknown(Type::Number),
            };
            element(value, key, &index.span, errors)
        }
        Accessor::Index(key) => {
            let before = errors.len();
            let key_value = expression::value(key, context, errors);
            let place = if key.span.is_empty() { span } else { &key.span };
            let found = element(value, key_value, place, errors);
            if errors.len() > before { None } else { found }
        }
    }
}

/// `value.name`
fn attribute<'v>(value: &'v Value, name: &Identifier, errors: &mut Errors) -> Option<Cow<'v, Value>> {
    let unsupported = |errors: &mut Errors, message: String| {
        report(errors, Kind::Attribute, &name.span, message);
        None
    };
    match value {
        Value::Null(_) => {
            report(
                errors,
                Kind::NullValue,
                &name.span,
                format!("the value is null and has no attribute {:?}", name.text),
            );
            None
        }
        Value::Object(attributes) => match attributes.get(&name.text) {
            Some(value) => Some(Cow::Borrowed(value)),
            None => unsupported(errors, no_attribute(&name.text, attributes.keys())),
        },
        Value::Map(_, values) => match values.get(&name.text) {
            Some(value) => Some(Cow::Borrowed(value)),
            None => {
                report(
                    errors,
                    Kind::Index,
                    &name.span,
                    format!("the map has no key {:?}{}", name.text, meant(&name.text, values.keys())),
                );
                None
            }
        },
        Value::Unknown(Type::Any) => Some(Cow::Owned(Value::unknown())),
        Value::Unknown(Type::Map(element)) => Some(Cow::Owned(Value::Unknown(element.as_ref().clone()))),
        Value::Unknown(Type::Object(object)) => match object.attributes.get(&name.text) {
            Some(kind) => Some(Cow::Owned(Value::Unknown(kind.clone()))),
            None => unsupported(errors, no_attribute(&name.text, object.attributes.keys())),
        },
        other => {
            let message = match other.kind() {
                Type::List(_) | Type::Tuple(_) => format!(
                    "a list has no attribute {:?}; write [0] for one of its elements or [*] for all",
                    name.text
                ),
                Type::Set(_) => format!(
                    "a set has no attribute {:?}; write a for expression to look into its elements",
                    name.text
                ),
                kind => format!("a {kind} has no attribute {:?}", name.text),
            };
            unsupported(errors, message)
        }
    }
}

fn no_attribute<'n>(name: &str, names: impl Iterator<Item = &'n String>) -> String {
    format!("the object has no attribute {name:?}{}", meant(name, names))
}

/// `; did you mean …?`
fn meant<'n>(name: &str, names: impl Iterator<Item = &'n String>) -> String {
    match findings::nearest(name, names.map(String::as_str)) {
        Some(near) => format!("; did you mean {near:?}?"),
        None => String::new(),
    }
}

/// `value[key]`
fn element<'v>(value: &'v Value, key: Value, span: &Span, errors: &mut Errors) -> Option<Cow<'v, Value>> {
    if value.is_null() {
        report(errors, Kind::NullValue, span, "the value is null and has no elements");
        return None;
    }
    if key.is_null() {
        report(errors, Kind::Index, span, "the index is null");
        return None;
    }
    if matches!(value, Value::Unknown(Type::Any)) || matches!(key, Value::Unknown(Type::Any)) {
        return Some(Cow::Owned(Value::unknown()));
    }
    match value {
        Value::List(..) | Value::Tuple(_) | Value::Unknown(Type::List(_) | Type::Tuple(_)) => {
            position(value, key, span, errors)
        }
        Value::Map(..) | Value::Object(_) | Value::Unknown(Type::Map(_) | Type::Object(_)) => {
            named(value, key, span, errors)
        }
        Value::Set(..) | Value::Unknown(Type::Set(_)) => {
            report(
                errors,
                Kind::Index,
                span,
                "the elements of a set have no index; convert it with tolist, or walk over it",
            );
            None
        }
        _ => {
            report(errors, Kind::Index, span, format!("a {} has no elements", value.kind()));
            None
        }
    }
}

/// An element of a list or tuple.
fn position<'v>(value: &'v Value, key: Value, span: &Span, errors: &mut Errors) -> Option<Cow<'v, Value>> {
    let invalid = |errors: &mut Errors, message: String| {
        report(errors, Kind::Index, span, message);
        None
    };
    let number = match convert(key, &Type::Number) {
        Ok(Value::Number(number)) => number,
        Ok(_) => return Some(Cow::Owned(Value::Unknown(element_type(&value.kind())))),
        Err(error) => return invalid(errors, format!("the index must be a number: {error}")),
    };
    // Of a list that is not known, no index is wrong yet.
    if let Value::Unknown(Type::List(element)) = value {
        return Some(Cow::Owned(Value::Unknown(element.as_ref().clone())));
    }
    if number.is_fraction() {
        return invalid(errors, "the index must be a whole number".to_owned());
    }
    let Some(index) = number.as_integer() else {
        return Some(Cow::Owned(Value::Unknown(element_type(&value.kind()))));
    };
    let Ok(index) = usize::try_from(index) else {
        return invalid(errors, "the index must not be negative".to_owned());
    };
    let (found, length) = match value {
        Value::List(_, elements) | Value::Tuple(elements) => (elements.get(index).map(Cow::Borrowed), elements.len()),
        Value::Unknown(Type::Tuple(elements)) => (
            elements.get(index).map(|kind| Cow::Owned(Value::Unknown(kind.clone()))),
            elements.len(),
        ),
        other => return Some(Cow::Owned(Value::Unknown(element_type(&other.kind())))),
    };
    match found {
        Some(value) => Some(value),
        None if length == 0 => invalid(errors, format!("there is no element {index}: there are none at all")),
        None => invalid(
            errors,
            format!("there is no element {index}: the last of {length} is {}", length - 1),
        ),
    }
}

fn element_type(kind: &Type) -> Type {
    match kind {
        Type::List(element) | Type::Map(element) => element.as_ref().clone(),
        _ => Type::Any,
    }
}

/// A value of a map or an attribute of an object.
fn named<'v>(value: &'v Value, key: Value, span: &Span, errors: &mut Errors) -> Option<Cow<'v, Value>> {
    let key = match convert(key, &Type::String) {
        Ok(Value::String(key)) => key,
        Ok(_) => return Some(Cow::Owned(Value::Unknown(element_type(&value.kind())))),
        Err(error) => {
            report(errors, Kind::Index, span, format!("the key must be a string: {error}"));
            return None;
        }
    };
    let found = match value {
        Value::Map(_, values) | Value::Object(values) => values.get(&key).map(Cow::Borrowed),
        // Unlike `.name`, this is not checked against the type of an object that is not known.
        Value::Unknown(Type::Object(_)) => return Some(Cow::Owned(Value::unknown())),
        other => return Some(Cow::Owned(Value::Unknown(element_type(&other.kind())))),
    };
    if found.is_none() {
        let missing = match value {
            Value::Map(_, values) => format!("the map has no key {key:?}{}", meant(&key, values.keys())),
            Value::Object(attributes) => no_attribute(&key, attributes.keys()),
            _ => return None,
        };
        report(errors, Kind::Index, span, missing);
    }
    found
}
