//! `base[*].name` and `base.*.name`.

use std::borrow::Cow;

use super::access;
use super::context::{Context, Errors, report};
use super::error::EvaluationErrorKind as Kind;
use super::expression;
use crate::ast::{Accessor, Expression, ExpressionKind, Span};
use crate::value::{Type, Value};

/// A splat's look-ups. What follows a `[*]` belongs to each of its elements, further splats included: outermost first.
type Levels<'e> = Vec<(&'e [(Accessor, Span)], &'e Span)>;

/// The value of a splat.
pub fn value(expression: &Expression, context: &Context<'_>, errors: &mut Errors) -> Value {
    let mut levels: Levels<'_> = Vec::new();
    let mut base = expression;
    while let ExpressionKind::Splat {
        base: inner,
        full,
        each,
    } = &base.kind
    {
        if !levels.is_empty() && !full {
            break;
        }
        levels.push((each, &base.span));
        base = inner;
    }
    levels.reverse();
    let before = errors.len();
    let source = expression::value(base, context, errors);
    if errors.len() > before {
        return Value::unknown();
    }
    spread(source, &base.span, &levels, context, errors)
}

fn spread(
    source: Value,
    source_span: &Span,
    levels: &[(&[(Accessor, Span)], &Span)],
    context: &Context<'_>,
    errors: &mut Errors,
) -> Value {
    let Some(((each, span), inner)) = levels.split_first() else {
        return source;
    };
    let kind = source.kind();
    let sequence = kind.is_sequence();
    match (&source, sequence) {
        (Value::Null(_), false) => return Value::Tuple(Vec::new()),
        (Value::Null(_), true) => {
            report(errors, Kind::Splat, source_span, "a list that is null cannot be spread");
            return Value::unknown();
        }
        (Value::Unknown(Type::Any), _) => return Value::unknown(),
        _ => {}
    }
    let apply = |element: Value, errors: &mut Errors| {
        let mut found = Cow::Owned(element);
        for (accessor, place) in *each {
            let next = access::step(&found, accessor, place, context, errors).map(Cow::into_owned);
            match next {
                Some(value) => found = Cow::Owned(value),
                None => return Value::unknown(),
            }
        }
        spread(found.into_owned(), span, inner, context, errors)
    };
    if !sequence {
        // A single value is a tuple of one; one that is not known may be null and so a tuple of none.
        let known = source.is_known();
        let element = apply(source, errors);
        return if known {
            Value::Tuple(vec![element])
        } else {
            Value::unknown()
        };
    }

    let before = errors.len();
    match source {
        Value::Unknown(Type::Tuple(kinds)) => {
            let results = kinds
                .into_iter()
                .map(|kind| apply(Value::Unknown(kind), errors).kind())
                .collect();
            Value::Unknown(Type::Tuple(results))
        }
        Value::Unknown(Type::List(kind) | Type::Set(kind)) => {
            Value::Unknown(Type::List(Box::new(apply(Value::Unknown(*kind), errors).kind())))
        }
        Value::Tuple(elements) => {
            let results = elements.into_iter().map(|element| apply(element, errors)).collect();
            Value::Tuple(results)
        }
        Value::List(kind, elements) | Value::Set(kind, elements) => {
            if elements.is_empty() {
                let result = apply(Value::Unknown(kind), errors).kind();
                return Value::List(result, Vec::new());
            }
            let results: Vec<Value> = elements.into_iter().map(|element| apply(element, errors)).collect();
            if errors.len() > before {
                return Value::unknown();
            }
            Value::list(results, Type::Any).unwrap_or_else(|_| {
                report(
                    errors,
                    Kind::Splat,
                    span,
                    "the results are of several types, so that they cannot be a list; write a for expression instead",
                );
                Value::unknown()
            })
        }
        _ => Value::unknown(),
    }
}
