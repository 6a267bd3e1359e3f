//! One expression.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::access;
use super::context::{Context, Errors, report};
use super::error::EvaluationErrorKind as Kind;
use super::{call, conditional, iteration, operator, splat, template};
use crate::ast::{Expression, ExpressionKind, ObjectItem, ObjectKey};
use crate::value::{Number, Parsed, Type, Value, convert};

/// The value of an expression, borrowed where it is that of a reference.
pub fn borrowed<'c>(expression: &Expression, context: &Context<'c>, errors: &mut Errors) -> Cow<'c, Value> {
    match &expression.kind {
        ExpressionKind::Variable(_) | ExpressionKind::Access { .. } => match context.deeper() {
            Some(context) => access::value(expression, &context, errors),
            None => Cow::Owned(Value::unknown()),
        },
        ExpressionKind::Parentheses(inner) => borrowed(inner, context, errors),
        _ => Cow::Owned(value(expression, context, errors)),
    }
}

/// The value of an expression.
pub fn value(expression: &Expression, context: &Context<'_>, errors: &mut Errors) -> Value {
    let Some(context) = context.deeper() else {
        return Value::unknown();
    };
    let context = &context;
    match &expression.kind {
        ExpressionKind::Null => Value::Null(Type::Any),
        ExpressionKind::Bool(value) => Value::Bool(*value),
        ExpressionKind::Number(text) => match Number::parse(text) {
            Parsed::Number(number) => Value::Number(number),
            Parsed::Unsupported | Parsed::Invalid => Value::Unknown(Type::Number),
        },
        ExpressionKind::Template(template) => {
            context.keep(template::value(template, &expression.span, context, errors))
        }
        ExpressionKind::Tuple(elements) => {
            Value::Tuple(elements.iter().map(|element| value(element, context, errors)).collect())
        }
        ExpressionKind::Object(items) => object(items, context, errors),
        ExpressionKind::Variable(_) | ExpressionKind::Access { .. } => {
            context.keep(access::value(expression, context, errors).into_owned())
        }
        ExpressionKind::Splat { .. } => context.keep(splat::value(expression, context, errors)),
        ExpressionKind::Call(function) => context.keep(call::value(function, &expression.span, context, errors)),
        ExpressionKind::For(expression) => iteration::value(expression, context, errors),
        ExpressionKind::Conditional {
            condition,
            then,
            otherwise,
        } => {
            let branches = then.span.start..otherwise.span.end;
            conditional::value(
                condition,
                &branches,
                |errors| value(then, context, errors),
                |errors| value(otherwise, context, errors),
                context,
                errors,
            )
        }
        ExpressionKind::Binary { left, operator, right } => {
            operator::binary(*operator, left, right, &expression.span, context, errors)
        }
        ExpressionKind::Unary { operator, operand } => operator::unary(*operator, operand, context, errors),
        ExpressionKind::Parentheses(inner) => value(inner, context, errors),
        ExpressionKind::Invalid => Value::unknown(),
    }
}

fn object(items: &[ObjectItem], context: &Context<'_>, errors: &mut Errors) -> Value {
    let mut attributes = BTreeMap::new();
    let mut known = true;
    for item in items {
        let key = object_key(&item.key, context, errors);
        let value = value(&item.value, context, errors);
        match key {
            Some(key) => {
                attributes.insert(key, value);
            }
            None => known = false,
        }
    }
    if known {
        Value::Object(attributes)
    } else {
        Value::unknown()
    }
}

/// A key; `None` where it is not known or not one.
fn object_key(key: &ObjectKey, context: &Context<'_>, errors: &mut Errors) -> Option<String> {
    let expression = match key {
        ObjectKey::Word(word) => return Some(template::normalized(&word.text)),
        ObjectKey::Expression(expression) => expression,
    };
    match &expression.kind {
        // Words too, however they read elsewhere.
        ExpressionKind::Null => return Some("null".to_owned()),
        ExpressionKind::Bool(word) => return Some(word.to_string()),
        ExpressionKind::Variable(word) => return Some(template::normalized(word)),
        ExpressionKind::Access { .. } if expression.as_traversal().is_some() => {
            report(
                errors,
                Kind::AmbiguousKey,
                &expression.span,
                "this key may be a reference or a name with dots: put a reference into parentheses, a name into quotes",
            );
            return None;
        }
        _ => {}
    }
    let before = errors.len();
    let found = value(expression, context, errors);
    if errors.len() > before {
        return None;
    }
    if found.is_null() {
        report(errors, Kind::ObjectKey, &expression.span, "a key must not be null");
        return None;
    }
    match convert(found, &Type::String) {
        Ok(Value::String(key)) => Some(key),
        Ok(_) => None,
        Err(error) => {
            report(
                errors,
                Kind::ObjectKey,
                &expression.span,
                format!("this value cannot be a key: {error}"),
            );
            None
        }
    }
}
