//! Operators.

use std::cmp::Ordering;

use super::context::{Context, Errors, report};
use super::error::EvaluationErrorKind as Kind;
use super::expression;
use crate::ast::{BinaryOperator, Expression, Span, UnaryOperator};
use crate::value::{Number, Type, Value, convert};

/// `left operator right`. Both sides are evaluated: Terraform 1.11 does not stop at the first that decides.
pub fn binary(
    operator: BinaryOperator,
    left: &Expression,
    right: &Expression,
    span: &Span,
    context: &Context<'_>,
    errors: &mut Errors,
) -> Value {
    let before = errors.len();
    let left_value = operand(operand_type(operator), left, context, errors);
    let right_value = operand(operand_type(operator), right, context, errors);
    let result = result_type(operator);
    if errors.len() > before {
        return Value::Unknown(result);
    }
    if !matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual) {
        for (value, place) in [(&left_value, left), (&right_value, right)] {
            if value.is_null() {
                report(errors, Kind::Operand, &place.span, "the operand is null");
                return Value::Unknown(result);
            }
        }
    }
    match decided(operator, &left_value, &right_value) {
        Decided::Value(value) => value,
        Decided::Unknown => Value::Unknown(result),
        Decided::Nothing => {
            report(errors, Kind::Operation, span, "zero divided by zero is no number");
            Value::Unknown(result)
        }
    }
}

/// `operator operand`
pub fn unary(operator: UnaryOperator, inner: &Expression, context: &Context<'_>, errors: &mut Errors) -> Value {
    let before = errors.len();
    let kind = match operator {
        UnaryOperator::Not => Type::Bool,
        UnaryOperator::Negate => Type::Number,
    };
    let value = operand(kind.clone(), inner, context, errors);
    if errors.len() > before {
        return Value::Unknown(kind);
    }
    match (operator, value) {
        (UnaryOperator::Not, Value::Bool(value)) => Value::Bool(!value),
        (UnaryOperator::Negate, Value::Number(number)) => Value::Number(number.negate()),
        (_, Value::Null(_)) => {
            report(errors, Kind::Operand, &inner.span, "the operand is null");
            Value::Unknown(kind)
        }
        _ => Value::Unknown(kind),
    }
}

fn operand(kind: Type, inner: &Expression, context: &Context<'_>, errors: &mut Errors) -> Value {
    let value = expression::value(inner, context, errors);
    match convert(value, &kind) {
        Ok(value) => value,
        Err(error) => {
            report(
                errors,
                Kind::Operand,
                &inner.span,
                format!("the operand does not fit: {error}"),
            );
            Value::Unknown(kind)
        }
    }
}

const fn operand_type(operator: BinaryOperator) -> Type {
    match operator {
        BinaryOperator::Or | BinaryOperator::And => Type::Bool,
        BinaryOperator::Equal | BinaryOperator::NotEqual => Type::Any,
        _ => Type::Number,
    }
}

const fn result_type(operator: BinaryOperator) -> Type {
    match operator {
        BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Remainder => Type::Number,
        _ => Type::Bool,
    }
}

enum Decided {
    Value(Value),
    Unknown,
    Nothing,
}

fn decided(operator: BinaryOperator, left: &Value, right: &Value) -> Decided {
    let bool = |value: Option<bool>| value.map_or(Decided::Unknown, |value| Decided::Value(Value::Bool(value)));
    match (operator, left, right) {
        (BinaryOperator::Equal, ..) => bool(left.equals(right)),
        (BinaryOperator::NotEqual, ..) => bool(left.equals(right).map(|equal| !equal)),
        (BinaryOperator::Or, Value::Bool(left), Value::Bool(right)) => bool(Some(*left || *right)),
        (BinaryOperator::And, Value::Bool(left), Value::Bool(right)) => bool(Some(*left && *right)),
        (_, Value::Number(left), Value::Number(right)) => number(operator, *left, *right),
        _ => Decided::Unknown,
    }
}

fn number(operator: BinaryOperator, left: Number, right: Number) -> Decided {
    let order = |holds: fn(Ordering) -> bool| {
        left.compare(right)
            .map_or(Decided::Unknown, |order| Decided::Value(Value::Bool(holds(order))))
    };
    let result = match operator {
        BinaryOperator::Less => return order(Ordering::is_lt),
        BinaryOperator::LessEqual => return order(Ordering::is_le),
        BinaryOperator::Greater => return order(Ordering::is_gt),
        BinaryOperator::GreaterEqual => return order(Ordering::is_ge),
        BinaryOperator::Add => left.plus(right),
        BinaryOperator::Subtract => left.minus(right),
        BinaryOperator::Multiply => left.times(right),
        BinaryOperator::Divide if right.is_zero() && left.is_zero() => return Decided::Nothing,
        // Terraform has infinity, this crate does not.
        BinaryOperator::Divide if right.is_zero() => return Decided::Unknown,
        BinaryOperator::Divide => left.over(right),
        BinaryOperator::Remainder if right.is_zero() => left,
        BinaryOperator::Remainder => left.remainder(right),
        BinaryOperator::Or | BinaryOperator::And | BinaryOperator::Equal | BinaryOperator::NotEqual => {
            return Decided::Unknown;
        }
    };
    if result.as_f64().is_finite() {
        Decided::Value(Value::Number(result))
    } else {
        Decided::Unknown
    }
}
