//! Functions of lists.

use super::arguments::{CallError, elements};
use super::{Implementation, Scope};
use crate::value::{Number, Type, Value, convert, unify};

/// Elements that are compared each with each at most: a bound on time.
pub const MOST_COMPARED: usize = 4096;

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "alltrue" => Implementation::known(all_true),
        "anytrue" => Implementation::known(any_true),
        "compact" => Implementation::known(compact),
        "concat" => Implementation::typed(concat),
        "distinct" => Implementation::typed(distinct),
        "flatten" => Implementation::typed(flatten),
        "matchkeys" => Implementation::typed(match_keys),
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
