//! `for` expressions, and `%{ for }` in templates.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::context::{Context, Errors, report};
use super::error::EvaluationErrorKind as Kind;
use super::expression;
use crate::ast::{Expression, ForExpression, Identifier};
use crate::value::{Number, Type, Value, convert};

/// The value of a `for` expression.
pub fn value(expression: &ForExpression, context: &Context<'_>, errors: &mut Errors) -> Value {
    let Some(collection) = collection(&expression.collection, context, errors) else {
        return Value::unknown();
    };
    if let Some(condition) = &expression.condition
        && !condition_fits(condition, expression, context, errors)
    {
        return Value::unknown();
    }
    let Some(elements) = elements(&collection) else {
        return Value::unknown();
    };
    match &expression.key {
        Some(key) => object(key, expression, elements, context, errors),
        None => tuple(expression, elements, context, errors),
    }
}

/// What `body` makes of each element; `None` where the elements are not known.
pub fn each(
    key_name: Option<&Identifier>,
    value_name: &Identifier,
    walked: &Expression,
    context: &Context<'_>,
    errors: &mut Errors,
    mut body: impl FnMut(&Context<'_>, &mut Errors) -> Value,
) -> Option<Vec<Value>> {
    let collection = collection(walked, context, errors)?;
    let elements = elements(&collection)?;
    Some(
        elements
            .iter()
            .map(|(key, value)| {
                let key = key_name.map(|name| (name.text.as_str(), key.as_ref()));
                context.with_locals(key, (&value_name.text, value), |context| body(context, errors))
            })
            .collect(),
    )
}

/// What is walked over; `None` where it has no elements or it is not known whether it has.
fn collection<'c>(walked: &Expression, context: &Context<'c>, errors: &mut Errors) -> Option<Cow<'c, Value>> {
    let collection = expression::borrowed(walked, context, errors);
    if collection.is_null() {
        report(
            errors,
            Kind::Iteration,
            &walked.span,
            "null has no elements to walk over",
        );
        return None;
    }
    match collection.as_ref() {
        Value::List(..) | Value::Set(..) | Value::Map(..) | Value::Tuple(_) | Value::Object(_) => Some(collection),
        Value::Unknown(Type::Any) => None,
        Value::Unknown(Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_)) => {
            Some(collection)
        }
        other => {
            let kind = other.kind();
            report(
                errors,
                Kind::Iteration,
                &walked.span,
                format!("a {kind} has no elements to walk over; a list, set, map, tuple or object is needed"),
            );
            None
        }
    }
}

/// Keys and values; `None` where they are not known.
fn elements(collection: &Value) -> Option<Vec<(Cow<'_, Value>, &Value)>> {
    match collection {
        Value::List(_, elements) | Value::Tuple(elements) => Some(
            elements
                .iter()
                .enumerate()
                .map(|(index, element)| (Cow::Owned(Value::Number(Number::Integer(index as i128))), element))
                .collect(),
        ),
        Value::Set(_, elements) => Some(
            elements
                .iter()
                .map(|element| (Cow::Borrowed(element), element))
                .collect(),
        ),
        Value::Map(_, values) | Value::Object(values) => Some(
            values
                .iter()
                .map(|(key, value)| (Cow::Owned(Value::String(key.clone())), value))
                .collect(),
        ),
        _ => None,
    }
}

/// Whether the condition can be one at all, whatever the elements are.
fn condition_fits(
    condition: &Expression,
    expression: &ForExpression,
    context: &Context<'_>,
    errors: &mut Errors,
) -> bool {
    let before = errors.len();
    let unknown = Value::unknown();
    let value = with_element(expression, &unknown, &unknown, context, |context| {
        expression::value(condition, context, errors)
    });
    if errors.len() > before {
        return false;
    }
    condition_value(value, condition, errors).is_ok()
}

/// What a condition decides; `None` while that is not known.
///
/// # Errors
/// When it is neither true nor false; that has been reported.
fn condition_value(value: Value, condition: &Expression, errors: &mut Errors) -> Result<Option<bool>, ()> {
    if value.is_null() {
        report(
            errors,
            Kind::Condition,
            &condition.span,
            "the condition of a for is null; it must be true or false",
        );
        return Err(());
    }
    match convert(value, &Type::Bool) {
        Ok(Value::Bool(included)) => Ok(Some(included)),
        Ok(_) => Ok(None),
        Err(error) => {
            report(
                errors,
                Kind::Condition,
                &condition.span,
                format!("the condition of a for must be true or false: {error}"),
            );
            Err(())
        }
    }
}

fn with_element<T>(
    expression: &ForExpression,
    key: &Value,
    value: &Value,
    context: &Context<'_>,
    body: impl FnOnce(&Context<'_>) -> T,
) -> T {
    let key = expression.key_name.as_ref().map(|name| (name.text.as_str(), key));
    context.with_locals(key, (&expression.value_name.text, value), body)
}

/// Whether an element counts: `None` while that is not known, or is wrong.
fn included(expression: &ForExpression, known: bool, context: &Context<'_>, errors: &mut Errors) -> Option<bool> {
    let Some(condition) = &expression.condition else {
        return Some(true);
    };
    let value = expression::value(condition, context, errors);
    // Terraform looks at the type of what is not known for an object only.
    if expression.key.is_none() && !value.is_known() {
        return None;
    }
    // One complaint about the condition is enough.
    let mut unheard = Errors::new();
    condition_value(value, condition, if known { errors } else { &mut unheard })
        .ok()
        .flatten()
}

fn tuple(
    expression: &ForExpression,
    elements: Vec<(Cow<'_, Value>, &Value)>,
    context: &Context<'_>,
    errors: &mut Errors,
) -> Value {
    let mut results = Vec::new();
    let mut known = true;
    for (key, value) in &elements {
        with_element(expression, key, value, context, |context| {
            match included(expression, known, context, errors) {
                None => known = false,
                Some(false) => {}
                Some(true) => results.push(expression::value(&expression.value, context, errors)),
            }
        });
    }
    if known { Value::Tuple(results) } else { Value::unknown() }
}

fn object(
    key_expression: &Expression,
    expression: &ForExpression,
    elements: Vec<(Cow<'_, Value>, &Value)>,
    context: &Context<'_>,
    errors: &mut Errors,
) -> Value {
    let mut single: BTreeMap<String, Value> = BTreeMap::new();
    let mut grouped: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let mut known = true;
    for (key, value) in &elements {
        with_element(expression, key, value, context, |context| {
            match included(expression, known, context, errors) {
                None => known = false,
                Some(false) => {}
                Some(true) => match object_key(key_expression, known, context, errors) {
                    None => known = false,
                    Some(key) => {
                        let value = expression::value(&expression.value, context, errors);
                        if expression.group {
                            grouped.entry(key).or_default().push(value);
                            return;
                        }
                        match single.entry(key) {
                            Entry::Vacant(entry) => {
                                entry.insert(value);
                            }
                            Entry::Occupied(entry) => report(
                                errors,
                                Kind::DuplicateKey,
                                &key_expression.span,
                                format!(
                                    "two elements have the key {:?}; write `...` after the value to group them",
                                    entry.key()
                                ),
                            ),
                        }
                    }
                },
            }
        });
    }
    if !known {
        return Value::unknown();
    }
    if expression.group {
        single = grouped
            .into_iter()
            .map(|(key, values)| (key, Value::Tuple(values)))
            .collect();
    }
    Value::Object(single)
}

fn object_key(key: &Expression, known: bool, context: &Context<'_>, errors: &mut Errors) -> Option<String> {
    let value = expression::value(key, context, errors);
    let mut unheard = Errors::new();
    let errors = if known { errors } else { &mut unheard };
    if value.is_null() {
        report(errors, Kind::ObjectKey, &key.span, "the key of an element is null");
        return None;
    }
    if !value.is_known() {
        return None;
    }
    match convert(value, &Type::String) {
        Ok(Value::String(key)) => Some(key),
        Ok(_) => None,
        Err(error) => {
            report(
                errors,
                Kind::ObjectKey,
                &key.span,
                format!("this value cannot be a key: {error}"),
            );
            None
        }
    }
}
