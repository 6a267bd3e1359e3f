//! Functions of lists.

use super::arguments::{CallError, elements, number, whole};
use super::{Implementation, Scope};
use crate::value::{Number, Type, Value, convert, unify};

/// Elements that `range` gives at most.
const LONGEST_RANGE: usize = 1024;

/// Elements that are compared each with each at most: a bound on time.
pub const MOST_COMPARED: usize = 4096;

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "alltrue" => Implementation::known(all_true),
        "anytrue" => Implementation::known(any_true),
        "chunklist" => Implementation::typed(chunks),
        "compact" => Implementation::known(compact),
        "concat" => Implementation::typed(concat),
        "distinct" => Implementation::typed(distinct),
        "element" => Implementation::typed(element),
        "flatten" => Implementation::typed(flatten),
        "matchkeys" => Implementation::typed(match_keys),
        "one" => Implementation::typed(one),
        "range" => Implementation::known(range),
        "reverse" => Implementation::typed(reverse),
        "slice" => Implementation::typed(slice),
        "sort" => Implementation::known(sort),
        "sum" => Implementation::typed(sum),
        _ => None,
    }
}

fn first(arguments: &[Value]) -> &[Value] {
    arguments.first().and_then(elements).unwrap_or_default()
}

fn all_true(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    for element in first(arguments) {
        match element {
            Value::Unknown(_) => return Ok(Value::Unknown(Type::Bool)),
            Value::Bool(true) => {}
            _ => return Ok(Value::Bool(false)),
        }
    }
    Ok(Value::Bool(true))
}

fn any_true(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let elements = first(arguments);
    Ok(if elements.contains(&Value::Bool(true)) {
        Value::Bool(true)
    } else if elements.iter().all(Value::is_known) {
        Value::Bool(false)
    } else {
        Value::Unknown(Type::Bool)
    })
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

fn compact(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let elements = first(arguments);
    if !elements.iter().all(Value::is_known) {
        return Ok(Value::Unknown(Type::List(Box::new(Type::String))));
    }
    let kept = elements
        .iter()
        .filter(|element| element.as_str().is_some_and(|text| !text.is_empty()));
    Ok(Value::List(Type::String, kept.cloned().collect()))
}

fn concat(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    if arguments.is_empty() {
        return Err(CallError::call("at least one list is needed"));
    }
    let kinds: Vec<Type> = arguments.iter().map(Value::kind).collect();
    if kinds.iter().all(|kind| matches!(kind, Type::List(_)))
        && let Some(kind) = unify(&kinds)
    {
        if !arguments.iter().all(Value::is_known) {
            return Ok(Value::Unknown(kind));
        }
        let mut joined = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let list =
                convert(argument.clone(), &kind).map_err(|error| CallError::argument(index, error.to_string()))?;
            joined.extend(elements(&list).unwrap_or_default().iter().cloned());
        }
        let Type::List(element) = kind else {
            return Ok(Value::Unknown(kind));
        };
        return Ok(Value::List(*element, joined));
    }
    let mut joined = Vec::new();
    let mut known = true;
    for (index, argument) in arguments.iter().enumerate() {
        match argument {
            Value::List(_, elements) | Value::Tuple(elements) => joined.extend(elements.iter().cloned()),
            Value::Unknown(Type::Tuple(kinds)) => {
                known = false;
                joined.extend(kinds.iter().cloned().map(Value::Unknown));
            }
            // How many elements there will be is open.
            Value::Unknown(Type::List(_)) => return Ok(Value::unknown()),
            other => {
                return Err(CallError::argument(
                    index,
                    format!("it must be a list or tuple, not {}", other.kind()),
                ));
            }
        }
    }
    let joined = Value::Tuple(joined);
    Ok(if known { joined } else { Value::Unknown(joined.kind()) })
}

fn distinct(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    match arguments {
        [Value::List(kind, elements)]
            if elements.len() <= MOST_COMPARED && elements.iter().all(Value::is_wholly_known) =>
        {
            let mut kept: Vec<Value> = Vec::new();
            for element in elements {
                match kept
                    .iter()
                    .try_fold(false, |found, other| Some(found || other.equals(element)?))
                {
                    Some(true) => {}
                    Some(false) => kept.push(element.clone()),
                    None => return Ok(Value::Unknown(Type::List(Box::new(kind.clone())))),
                }
            }
            Ok(Value::List(kind.clone(), kept))
        }
        [other] => Ok(Value::Unknown(other.kind())),
        _ => Ok(Value::unknown()),
    }
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

fn flatten(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(list) = arguments.first() else {
        return Ok(Value::unknown());
    };
    if !list.is_wholly_known() {
        return Ok(Value::unknown());
    }
    if elements(list).is_none() {
        return Err(CallError::call(format!(
            "a list, set or tuple is needed, not {}",
            list.kind()
        )));
    }
    let mut flat = Vec::new();
    flatten_into(list, &mut flat);
    Ok(Value::Tuple(flat))
}

fn flatten_into(list: &Value, flat: &mut Vec<Value>) {
    for element in elements(list).unwrap_or_default() {
        if elements(element).is_some() {
            flatten_into(element, flat);
        } else {
            flat.push(element.clone());
        }
    }
}

fn match_keys(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let [values, keys, wanted] = arguments else {
        return Ok(Value::unknown());
    };
    let Some(kind) = unify(&[keys.kind(), wanted.kind()]) else {
        return Err(CallError::call(format!(
            "keys and the set of wanted keys must be of one type, not {} and {}",
            keys.kind(),
            wanted.kind()
        )));
    };
    let unknown = Ok(Value::Unknown(values.kind()));
    let Value::List(element, value_elements) = values else {
        return unknown;
    };
    if !keys.is_known() || !wanted.is_known() {
        return unknown;
    }
    if keys.length() != Some(value_elements.len()) {
        return Err(CallError::call("there must be as many keys as values"));
    }
    let compared = wanted.length().is_some_and(|wanted| wanted <= MOST_COMPARED);
    if !compared || !arguments.iter().all(Value::is_wholly_known) {
        return unknown;
    }
    let (Ok(keys), Ok(wanted)) = (convert(keys.clone(), &kind), convert(wanted.clone(), &kind)) else {
        return unknown;
    };
    let wanted = elements(&wanted).unwrap_or_default();
    let mut matched = Vec::new();
    for (key, value) in elements(&keys).unwrap_or_default().iter().zip(value_elements) {
        match wanted
            .iter()
            .try_fold(false, |found, other| Some(found || key.equals(other)?))
        {
            Some(true) => matched.push(value.clone()),
            Some(false) => {}
            None => return unknown,
        }
    }
    Ok(Value::List(element.clone(), matched))
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

fn sort(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let elements = first(arguments);
    if !elements.iter().all(Value::is_known) {
        return Ok(Value::Unknown(Type::List(Box::new(Type::String))));
    }
    if let Some(index) = elements.iter().position(Value::is_null) {
        return Err(CallError::call(format!("element {index} is null and cannot be sorted")));
    }
    let mut sorted = elements.to_vec();
    sorted.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
    Ok(Value::List(Type::String, sorted))
}

fn sum(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let unknown = Ok(Value::Unknown(Type::Number));
    let Some(list) = arguments.first().filter(|list| list.is_known()) else {
        return unknown;
    };
    let Some(elements) = elements(list) else {
        return Err(CallError::argument(
            0,
            format!("it must be a list, set or tuple of numbers, not {}", list.kind()),
        ));
    };
    if elements.is_empty() {
        return Err(CallError::argument(0, "an empty list has no sum"));
    }
    if !list.is_wholly_known() {
        return unknown;
    }
    let mut total = Number::Integer(0);
    for (index, element) in elements.iter().enumerate() {
        match convert(element.clone(), &Type::Number) {
            Ok(Value::Number(number)) => total = total.plus(number),
            Ok(Value::Unknown(_)) => return unknown,
            _ => return Err(CallError::argument(0, format!("element {index} is no number"))),
        }
    }
    Ok(Value::Number(total))
}
