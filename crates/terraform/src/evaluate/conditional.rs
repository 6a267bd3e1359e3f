//! `condition ? a : b`, and `%{ if }` in templates.

use super::context::{Context, Errors, report};
use super::error::EvaluationErrorKind as Kind;
use super::expression;
use crate::ast::{Expression, Span};
use crate::value::{Type, Value, convert, unify};

/// The value of a conditional. Both branches are evaluated, since both decide its type; errors count in the one that is
/// chosen.
pub fn value(
    condition: &Expression,
    branches: &Span,
    then: impl FnOnce(&mut Errors) -> Value,
    otherwise: impl FnOnce(&mut Errors) -> Value,
    context: &Context<'_>,
    errors: &mut Errors,
) -> Value {
    let (mut then_errors, mut otherwise_errors) = (Errors::new(), Errors::new());
    let then = then(&mut then_errors);
    let otherwise = otherwise(&mut otherwise_errors);
    let Some(kind) = result_type(&then, &otherwise) else {
        report(
            errors,
            Kind::Branches,
            branches,
            format!(
                "the two results must be of one type: {}",
                difference(&then.kind(), &otherwise.kind())
            ),
        );
        return Value::unknown();
    };

    let chosen = match truth(condition, context, errors) {
        Some(chosen) => chosen,
        None if then.is_null() && otherwise.is_null() => return Value::Null(kind),
        None => return Value::Unknown(kind),
    };
    let (chosen, chosen_errors) = if chosen {
        (then, then_errors)
    } else {
        (otherwise, otherwise_errors)
    };
    errors.extend(chosen_errors);
    match convert(chosen, &kind) {
        Ok(value) => value,
        Err(error) => {
            report(
                errors,
                Kind::Branches,
                branches,
                format!("the result must be {kind}, as the other one is: {error}"),
            );
            Value::Unknown(kind)
        }
    }
}

/// The type of the result; `None` where the two have none in common.
fn result_type(then: &Value, otherwise: &Value) -> Option<Type> {
    match (then, otherwise) {
        (Value::Null(Type::Any), other) | (other, Value::Null(Type::Any)) => Some(other.kind()),
        (Value::Unknown(Type::Any), _) | (_, Value::Unknown(Type::Any)) => Some(Type::Any),
        _ => unify(&[then.kind(), otherwise.kind()]),
    }
}

/// Whether the condition holds; `None` while that is not known, also where it is wrong.
fn truth(condition: &Expression, context: &Context<'_>, errors: &mut Errors) -> Option<bool> {
    let value = expression::value(condition, context, errors);
    if value.is_null() {
        report(
            errors,
            Kind::Condition,
            &condition.span,
            "the condition is null; it must be true or false",
        );
        return None;
    }
    if !value.is_known() {
        return None;
    }
    match convert(value, &Type::Bool) {
        Ok(Value::Bool(chosen)) => Some(chosen),
        Ok(_) => None,
        Err(error) => {
            report(
                errors,
                Kind::Condition,
                &condition.span,
                format!("the condition must be true or false: {error}"),
            );
            None
        }
    }
}

/// Where two types differ, in words.
fn difference(then: &Type, otherwise: &Type) -> String {
    match (then, otherwise) {
        (Type::Object(left), Type::Object(right)) => {
            for (name, kind) in &left.attributes {
                match right.attributes.get(name) {
                    None => return format!("only the first has the attribute {name:?}"),
                    Some(other) if other != kind => {
                        return format!("attribute {name:?}: {}", difference(kind, other));
                    }
                    Some(_) => {}
                }
            }
            if let Some(name) = right
                .attributes
                .keys()
                .find(|name| !left.attributes.contains_key(*name))
            {
                return format!("only the second has the attribute {name:?}");
            }
        }
        (Type::Tuple(left), Type::Tuple(right)) => {
            if left.len() != right.len() {
                return format!("the first has {} elements, the second {}", left.len(), right.len());
            }
            if let Some((index, (kind, other))) = left
                .iter()
                .zip(right)
                .enumerate()
                .find(|(_, (kind, other))| kind != other)
            {
                return format!("element {index}: {}", difference(kind, other));
            }
        }
        (Type::List(left), Type::List(right))
        | (Type::Set(left), Type::Set(right))
        | (Type::Map(left), Type::Map(right)) => return format!("their elements differ: {}", difference(left, right)),
        _ => {}
    }
    format!("the first is {then}, the second {otherwise}")
}
