//! Functions of sets.

use super::arguments::{CallError, elements};
use super::sequences::MOST_COMPARED;
use super::{Implementation, Scope};
use crate::value::{Type, Value, convert, unify};

/// Combinations that `setproduct` spells out at most: a bound on memory.
const MOST_COMBINATIONS: usize = 1 << 16;

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "setunion" => Implementation::typed(|arguments, _| combine(arguments, Operation::Union)),
        "setintersection" => Implementation::typed(|arguments, _| combine(arguments, Operation::Intersection)),
        "setsubtract" => Implementation::typed(|arguments, _| combine(arguments, Operation::Difference)),
        "setproduct" => Implementation::typed(product),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

fn combine(arguments: &[Value], operation: Operation) -> Result<Value, CallError> {
    let mut kinds = Vec::new();
    for argument in arguments {
        if let Type::Set(kind) = argument.kind()
            && !(*kind == Type::Any && argument.length() == Some(0))
        {
            kinds.push(*kind);
        }
    }
    let element = if kinds.is_empty() {
        Type::Any
    } else {
        unify(&kinds).ok_or_else(|| CallError::call("the sets must have elements of one type"))?
    };
    let kind = Type::Set(Box::new(element.clone()));
    let compared = |set: &Value| set.is_wholly_known() && set.length().is_some_and(|length| length <= MOST_COMPARED);
    if !arguments.iter().all(compared) {
        return Ok(Value::Unknown(kind));
    }
    let mut result: Option<Vec<Value>> = None;
    for (index, argument) in arguments.iter().enumerate() {
        let set = convert(argument.clone(), &kind).map_err(|error| CallError::argument(index, error.to_string()))?;
        let set = elements(&set).unwrap_or_default();
        let holds = |value: &Value| set.iter().any(|other| other.equals(value) == Some(true));
        result = Some(match result {
            None => set.to_vec(),
            Some(mut left) => {
                match operation {
                    Operation::Union => left.extend(set.iter().cloned()),
                    Operation::Intersection => left.retain(holds),
                    Operation::Difference => left.retain(|value| !holds(value)),
                }
                left
            }
        });
    }
    Value::set(result.unwrap_or_default(), element).or(Ok(Value::Unknown(kind)))
}

fn product(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    if arguments.len() < 2 {
        return Err(CallError::call("at least two lists or sets are needed"));
    }
    let mut element_kinds = Vec::new();
    let mut ordered = true;
    for (index, argument) in arguments.iter().enumerate() {
        element_kinds.push(match argument.kind() {
            Type::List(element) => *element,
            Type::Set(element) => {
                ordered = false;
                *element
            }
            Type::Tuple(kinds) if kinds.is_empty() => Type::Any,
            Type::Tuple(kinds) => {
                unify(&kinds).ok_or_else(|| CallError::argument(index, "all its elements must be of one type"))?
            }
            kind => {
                return Err(CallError::argument(
                    index,
                    format!("it must be a list or set, not {kind}"),
                ));
            }
        });
    }
    let element = Type::Tuple(element_kinds.clone());
    let unknown = Value::Unknown(if ordered {
        Type::List(Box::new(element.clone()))
    } else {
        Type::Set(Box::new(element.clone()))
    });
    let total = arguments
        .iter()
        .map(|argument| argument.length().filter(|_| argument.is_known()))
        .try_fold(1_usize, |total, length| total.checked_mul(length?));
    let Some(total) = total.filter(|total| *total <= MOST_COMBINATIONS) else {
        return Ok(unknown);
    };
    let mut combinations: Vec<Vec<Value>> = if total == 0 { Vec::new() } else { vec![Vec::new()] };
    for (argument, kind) in arguments.iter().zip(&element_kinds) {
        let mut choices = Vec::new();
        for choice in elements(argument).unwrap_or_default() {
            match convert(choice.clone(), kind) {
                Ok(choice) => choices.push(choice),
                Err(_) => return Ok(unknown),
            }
        }
        combinations = combinations
            .into_iter()
            .flat_map(|combination| {
                choices.iter().map(move |choice| {
                    let mut combination = combination.clone();
                    combination.push(choice.clone());
                    combination
                })
            })
            .collect();
    }
    let combinations = combinations.into_iter().map(Value::Tuple).collect();
    let result = if ordered {
        Value::list(combinations, element)
    } else {
        Value::set(combinations, element)
    };
    Ok(result.unwrap_or(unknown))
}
