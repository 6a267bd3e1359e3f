//! Functions of lists that count positions.

use super::arguments::{CallError, number, whole};
use super::{Implementation, Scope};
use crate::value::{Number, Type, Value};

/// Elements that `range` gives at most.
const LONGEST_RANGE: usize = 1024;

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "chunklist" => Implementation::typed(chunks),
        "element" => Implementation::typed(element),
        "one" => Implementation::typed(one),
        "range" => Implementation::known(range),
        "reverse" => Implementation::typed(reverse),
        "slice" => Implementation::typed(slice),
        _ => None,
    }
}

fn chunks(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let [list, size] = arguments else {
        return Ok(Value::unknown());
    };
    let kind = list.kind();
    let (Value::List(element, elements), true) = (list, size.is_known()) else {
        return Ok(Value::Unknown(Type::List(Box::new(kind))));
    };
    let Some(size) = whole(arguments, 1)? else {
        return Ok(Value::Unknown(Type::List(Box::new(kind))));
    };
    let Ok(size) = usize::try_from(size) else {
        return Err(CallError::argument(1, "it must not be negative"));
    };
    let size = if size == 0 { elements.len().max(1) } else { size };
    let chunks = elements
        .chunks(size)
        .map(|chunk| Value::List(element.clone(), chunk.to_vec()))
        .collect();
    Ok(Value::List(kind, chunks))
}

fn element(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let [list, index] = arguments else {
        return Ok(Value::unknown());
    };
    let kind = list.kind();
    let unknown = match &kind {
        Type::List(element) => Value::Unknown(element.as_ref().clone()),
        Type::Tuple(_) => Value::unknown(),
        other => {
            return Err(CallError::call(format!("a list or tuple is needed, not {other}")));
        }
    };
    if !index.is_known() {
        return Ok(unknown);
    }
    // Of a list that is not known, not even the index is looked at.
    if matches!(list, Value::Unknown(Type::List(_))) {
        return Ok(unknown);
    }
    let Some(index) = whole(arguments, 1)? else {
        return Ok(unknown);
    };
    let length = list.length().unwrap_or_default();
    let Some(position) = i64::try_from(length)
        .ok()
        .and_then(|length| index.checked_rem_euclid(length))
        .and_then(|position| usize::try_from(position).ok())
    else {
        return Err(CallError::call("an empty list has no elements"));
    };
    let found = match list {
        Value::List(_, elements) | Value::Tuple(elements) => elements.get(position).cloned(),
        Value::Unknown(Type::Tuple(kinds)) => kinds.get(position).cloned().map(Value::Unknown),
        _ => None,
    };
    Ok(found.unwrap_or(unknown))
}

fn one(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(list) = arguments.first() else {
        return Ok(Value::unknown());
    };
    let refused = || {
        Err(CallError::argument(
            0,
            "it must be a list, set or tuple with one element or none",
        ))
    };
    match list {
        Value::Unknown(Type::List(element) | Type::Set(element)) => Ok(Value::Unknown(element.as_ref().clone())),
        Value::Unknown(Type::Tuple(kinds)) => match kinds.as_slice() {
            [] => Ok(Value::unknown()),
            [kind] => Ok(Value::Unknown(kind.clone())),
            _ => refused(),
        },
        Value::Set(kind, _) if list.length().is_none() => Ok(Value::Unknown(kind.clone())),
        Value::List(kind, elements) | Value::Set(kind, elements) => match elements.as_slice() {
            [] => Ok(Value::Null(kind.clone())),
            [element] => Ok(element.clone()),
            _ => refused(),
        },
        Value::Tuple(elements) => match elements.as_slice() {
            [] => Ok(Value::Null(Type::Any)),
            [element] => Ok(element.clone()),
            _ => refused(),
        },
        _ => refused(),
    }
}

fn range(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let zero = Number::Integer(0);
    let step_to = |start: Number, end: Number| {
        end.compare(start)
            .map(|order| Number::Integer(if order.is_lt() { -1 } else { 1 }))
    };
    let bounds = match (number(arguments, 0), number(arguments, 1), number(arguments, 2)) {
        (Some(end), None, None) => (zero, end, step_to(zero, end)),
        (Some(start), Some(end), None) => (start, end, step_to(start, end)),
        (Some(start), Some(end), Some(step)) => (start, end, Some(step)),
        _ => return Err(CallError::call("one, two or three numbers are needed")),
    };
    if arguments.len() > 3 {
        return Err(CallError::call("one, two or three numbers are needed"));
    }
    let unknown = Ok(Value::Unknown(Type::List(Box::new(Type::Number))));
    let (start, end, Some(step)) = bounds else {
        return unknown;
    };
    if step.is_zero() {
        return Err(CallError::argument(2, "the step must not be zero"));
    }
    let (Some(direction), Some(order)) = (step.compare(zero), end.compare(start)) else {
        return unknown;
    };
    if direction.is_lt() && order.is_gt() || direction.is_gt() && order.is_lt() {
        return Err(CallError::argument(1, "the step leads away from the end"));
    }
    let mut numbers = Vec::new();
    let mut next = start;
    loop {
        match next.compare(end) {
            None => return unknown,
            Some(order) if order != direction.reverse() => break,
            Some(_) if numbers.len() >= LONGEST_RANGE => {
                return Err(CallError::call(format!("there are more than {LONGEST_RANGE} numbers")));
            }
            Some(_) => {
                numbers.push(Value::Number(next));
                next = next.plus(step);
            }
        }
    }
    Ok(Value::List(Type::Number, numbers))
}

fn reverse(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    Ok(match arguments.first() {
        Some(Value::Tuple(elements)) => Value::Tuple(elements.iter().rev().cloned().collect()),
        Some(Value::List(kind, elements) | Value::Set(kind, elements)) => {
            Value::List(kind.clone(), elements.iter().rev().cloned().collect())
        }
        Some(Value::Unknown(Type::Tuple(kinds))) => Value::Unknown(Type::Tuple(kinds.iter().rev().cloned().collect())),
        Some(Value::Unknown(Type::List(kind) | Type::Set(kind))) => Value::Unknown(Type::List(kind.clone())),
        Some(other) => {
            return Err(CallError::argument(
                0,
                format!("it must be a list, set or tuple, not {}", other.kind()),
            ));
        }
        None => Value::unknown(),
    })
}

fn slice(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(list) = arguments.first() else {
        return Ok(Value::unknown());
    };
    let kind = list.kind();
    match &kind {
        Type::List(_) | Type::Tuple(_) => {}
        Type::Set(_) => {
            return Err(CallError::argument(
                0,
                "a set has no order to take a slice of; convert it with tolist",
            ));
        }
        other => {
            return Err(CallError::argument(
                0,
                format!("it must be a list or tuple, not {other}"),
            ));
        }
    }
    let length = list.length();
    let mut bounds = [None, None];
    for (index, bound) in bounds.iter_mut().enumerate() {
        if !arguments.get(index + 1).is_some_and(Value::is_known) {
            continue;
        }
        let Some(found) = whole(arguments, index + 1)? else {
            continue;
        };
        let Ok(found) = usize::try_from(found) else {
            return Err(CallError::argument(index + 1, "it must not be negative"));
        };
        if let Some(length) = length.filter(|length| found > *length) {
            return Err(CallError::argument(
                index + 1,
                format!("it must not be greater than the length of the list, {length}"),
            ));
        }
        *bound = Some(found);
    }
    let [Some(start), Some(end)] = bounds else {
        return Ok(Value::Unknown(match kind {
            Type::List(_) => kind,
            _ => Type::Any,
        }));
    };
    if start > end {
        return Err(CallError::argument(1, "the start must not be after the end"));
    }
    let part = |elements: &[Value]| elements.get(start..end).unwrap_or_default().to_vec();
    Ok(match list {
        Value::List(kind, elements) => Value::List(kind.clone(), part(elements)),
        Value::Tuple(elements) => Value::Tuple(part(elements)),
        Value::Unknown(Type::Tuple(kinds)) => {
            Value::Unknown(Type::Tuple(kinds.get(start..end).unwrap_or_default().to_vec()))
        }
        _ => Value::Unknown(kind),
    })
}
