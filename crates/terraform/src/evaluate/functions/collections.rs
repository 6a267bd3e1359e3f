//! Functions of maps, objects and of any collection.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::arguments::{CallError, elements, text};
use super::{Implementation, Scope};
use crate::value::{Number, Type, Value, convert, unify};

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "coalesce" => Implementation::any(coalesce),
        "coalescelist" => Implementation::any(coalesce_list),
        "contains" => Implementation::typed(contains),
        "index" => Implementation::typed(index),
        "keys" => Implementation::typed(keys),
        "length" => Implementation::any(length),
        "lookup" => Implementation::any(lookup),
        "transpose" => Implementation::known(transpose),
        "values" => Implementation::typed(values),
        "zipmap" => Implementation::typed(zipmap),
        _ => None,
    }
}

fn count(length: usize) -> Value {
    Value::Number(Number::Integer(length as i128))
}

fn length(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(value) = arguments.first() else {
        return Ok(Value::Unknown(Type::Number));
    };
    match value {
        Value::String(text) => Ok(count(text.graphemes(true).count())),
        Value::Unknown(Type::Any | Type::String) => Ok(Value::Unknown(Type::Number)),
        value => match value.kind() {
            Type::Bool | Type::Number => Err(CallError::argument(
                0,
                format!("a {} has no length; a string or collection is needed", value.kind()),
            )),
            _ => Ok(value.length().map_or(Value::Unknown(Type::Number), count)),
        },
    }
}

fn coalesce(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let kinds: Vec<Type> = arguments.iter().map(Value::kind).collect();
    let Some(kind) = unify(&kinds) else {
        return Err(CallError::call("all arguments must be of one type"));
    };
    for argument in arguments {
        match convert(argument.clone(), &kind) {
            Ok(Value::Null(_)) => {}
            Ok(Value::String(text)) if text.is_empty() && kind == Type::String => {}
            Ok(Value::Unknown(_)) | Err(_) => return Ok(Value::Unknown(kind)),
            Ok(value) => return Ok(value),
        }
    }
    Err(CallError::call("all arguments are null or empty"))
}

fn coalesce_list(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    if arguments.is_empty() {
        return Err(CallError::call("at least one argument is needed"));
    }
    // Behind an argument that is not known, Terraform looks at the type of none.
    for argument in arguments.iter().take_while(|argument| argument.is_known()) {
        let kind = argument.kind();
        if !matches!(kind, Type::List(_) | Type::Tuple(_)) {
            return Err(CallError::call(format!(
                "all arguments must be lists or tuples, not {kind}"
            )));
        }
    }
    for argument in arguments {
        if !argument.is_known() {
            return Ok(Value::unknown());
        }
        if !argument.is_null() && argument.length() != Some(0) {
            return Ok(argument.clone());
        }
    }
    Err(CallError::call("all arguments are null or empty"))
}

fn contains(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let [list, wanted] = arguments else {
        return Ok(Value::Unknown(Type::Bool));
    };
    if !list.is_known() || !wanted.is_known() {
        return Ok(Value::Unknown(Type::Bool));
    }
    let Some(elements) = elements(list) else {
        return Err(CallError::call(format!(
            "a list, set or tuple is needed to search in, not {}",
            list.kind()
        )));
    };
    let mut undecided = false;
    for element in elements {
        match wanted.equals(element) {
            Some(true) => return Ok(Value::Bool(true)),
            Some(false) => {}
            None => undecided = true,
        }
    }
    Ok(if undecided {
        Value::Unknown(Type::Bool)
    } else {
        Value::Bool(false)
    })
}

fn index(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let unknown = Ok(Value::Unknown(Type::Number));
    let [list, wanted] = arguments else {
        return unknown;
    };
    if !list.is_known() || !wanted.is_known() {
        return unknown;
    }
    let (Value::List(_, elements) | Value::Tuple(elements)) = list else {
        return Err(CallError::call(format!(
            "a list or tuple is needed, not {}",
            list.kind()
        )));
    };
    if elements.is_empty() {
        return Err(CallError::call("an empty list holds nothing to be found"));
    }
    for (position, element) in elements.iter().enumerate() {
        match element.equals(wanted) {
            Some(true) => return Ok(count(position)),
            Some(false) => {}
            None => return unknown,
        }
    }
    Err(CallError::call("the value is not in the list"))
}

fn keys(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let strings = |names: Vec<&String>| names.into_iter().map(|name| Value::String(name.clone())).collect();
    match arguments.first() {
        Some(Value::Object(attributes)) => Ok(Value::Tuple(strings(attributes.keys().collect()))),
        Some(Value::Unknown(Type::Object(object))) => Ok(Value::Tuple(strings(object.attributes.keys().collect()))),
        Some(Value::Map(_, values)) => Ok(Value::List(Type::String, strings(values.keys().collect()))),
        Some(Value::Unknown(Type::Map(_))) => Ok(Value::Unknown(Type::List(Box::new(Type::String)))),
        Some(other) => Err(CallError::argument(0, needs_map(other))),
        None => Ok(Value::unknown()),
    }
}

fn needs_map(found: &Value) -> String {
    format!("a map or an object is needed, not {}", found.kind())
}

fn values(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    match arguments.first() {
        Some(Value::Object(attributes)) => Ok(Value::Tuple(attributes.values().cloned().collect())),
        Some(Value::Map(kind, values)) => Ok(Value::List(kind.clone(), values.values().cloned().collect())),
        Some(Value::Unknown(Type::Object(object))) => Ok(Value::Unknown(Type::Tuple(
            object.attributes.values().cloned().collect(),
        ))),
        Some(Value::Unknown(Type::Map(kind))) => Ok(Value::Unknown(Type::List(kind.clone()))),
        Some(other) => Err(CallError::argument(0, needs_map(other))),
        None => Ok(Value::unknown()),
    }
}

fn lookup(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    // The first parameter does not take a value without a type, though the default does.
    if arguments.first().is_none_or(|map| map.kind() == Type::Any) {
        return Ok(Value::unknown());
    }
    let (map, key, default) = match arguments {
        [map, key] => (map, key, None),
        [map, key, default] => (map, key, Some(default)),
        _ => {
            return Err(CallError::call(format!(
                "two or three arguments are needed, not {}",
                arguments.len()
            )));
        }
    };
    let (kind, found) = match (map, map.kind()) {
        (_, Type::Object(object)) => {
            let Some(key) = key.as_str() else {
                return Ok(Value::unknown());
            };
            let found = match map {
                Value::Object(attributes) => attributes.get(key).cloned(),
                _ => object.attributes.get(key).cloned().map(Value::Unknown),
            };
            match (found, default) {
                (Some(found), _) => (Type::Any, Some(found)),
                (None, Some(default)) if map.is_known() => return Ok(default.clone()),
                (None, Some(default)) => return Ok(Value::Unknown(default.kind())),
                (None, None) => {
                    return Err(CallError::argument(0, format!("the object has no attribute {key:?}")));
                }
            }
        }
        (_, Type::Map(element)) => {
            if let Some(default) = default
                && let Err(error) = convert(default.clone(), &element)
            {
                return Err(CallError::argument(
                    2,
                    format!("the default must fit the map's elements, which are {element}: {error}"),
                ));
            }
            let found = match (map, key) {
                (Value::Map(_, values), Value::String(key)) => values.get(key).cloned(),
                _ => return Ok(Value::Unknown(*element)),
            };
            (*element, found)
        }
        _ => return Err(CallError::argument(0, needs_map(map))),
    };
    match (found, default) {
        (Some(found), _) => Ok(found),
        (None, Some(default)) => {
            convert(default.clone(), &kind).map_err(|error| CallError::argument(2, error.to_string()))
        }
        (None, None) => Err(CallError::call(format!(
            "the map has no key {:?}, and no default is given",
            key.as_str().unwrap_or_default()
        ))),
    }
}

fn transpose(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let kind = Type::List(Box::new(Type::String));
    let Some(Value::Map(_, lists)) = arguments.first().filter(|map| map.is_wholly_known()) else {
        return Ok(Value::Unknown(Type::Map(Box::new(kind))));
    };
    let mut transposed: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (key, list) in lists {
        let Some(names) = elements(list) else {
            return Err(CallError::call(format!("the list of key {key:?} is null")));
        };
        for name in names {
            let Some(name) = name.as_str() else {
                return Err(CallError::call(format!("the list of key {key:?} holds null")));
            };
            transposed
                .entry(name.to_owned())
                .or_default()
                .push(Value::String(key.clone()));
        }
    }
    let transposed = transposed
        .into_iter()
        .map(|(name, keys)| (name, Value::List(Type::String, keys)))
        .collect();
    Ok(Value::Map(kind, transposed))
}

fn zipmap(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let [keys, values] = arguments else {
        return Ok(Value::unknown());
    };
    let kind = match values.kind() {
        Type::List(element) => Type::Map(element),
        Type::Tuple(_) if !keys.is_wholly_known() => return Ok(Value::unknown()),
        Type::Tuple(_) => Type::Any,
        kind => {
            return Err(CallError::call(format!(
                "the values must be a list or tuple, not {kind}"
            )));
        }
    };
    if !keys.is_wholly_known() || (!values.is_known() && kind != Type::Any) {
        return Ok(Value::Unknown(kind));
    }
    let names = elements(keys).unwrap_or_default();
    let length = values.length().unwrap_or_default();
    if names.len() != length {
        return Err(CallError::call(format!(
            "there must be as many keys as values, not {} and {length}",
            names.len()
        )));
    }
    if let Some(index) = names.iter().position(Value::is_null) {
        return Err(CallError::call(format!("key {index} is null")));
    }
    let values: Vec<Value> = match values {
        Value::List(_, elements) | Value::Tuple(elements) => elements.clone(),
        Value::Unknown(Type::Tuple(kinds)) => kinds.iter().cloned().map(Value::Unknown).collect(),
        _ => return Ok(Value::Unknown(kind)),
    };
    let zipped: BTreeMap<String, Value> = (0..names.len())
        .map(|index| text(names, index).to_owned())
        .zip(values)
        .collect();
    Ok(match kind {
        Type::Map(element) => Value::Map(*element, zipped),
        _ => Value::Object(zipped),
    })
}
