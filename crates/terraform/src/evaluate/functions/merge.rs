//! `merge`.

use std::collections::BTreeMap;

use super::Scope;
use super::arguments::CallError;
use crate::value::{Type, Value};

/// Maps of one type merge to such a map; anything else merges to an object, as far as its keys are known.
pub fn merge(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let mut first: Option<Type> = None;
    let mut matching = true;
    let mut known = true;
    let mut untyped = false;
    let whole = arguments.iter().all(Value::is_known);
    let mut merged: BTreeMap<String, Value> = BTreeMap::new();
    for (index, argument) in arguments.iter().enumerate() {
        let mut kind = argument.kind();
        match argument {
            Value::Unknown(Type::Any) => return Ok(Value::unknown()),
            Value::Null(Type::Any) => untyped = true,
            Value::Null(Type::Object(_)) => kind = Type::Object(Default::default()),
            Value::Null(Type::Map(_)) => {}
            Value::Object(values) | Value::Map(_, values) => {
                merged.extend(values.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            Value::Unknown(Type::Object(object)) => {
                merged.extend(
                    object
                        .attributes
                        .iter()
                        .map(|(name, kind)| (name.clone(), Value::Unknown(kind.clone()))),
                );
            }
            Value::Unknown(Type::Map(_)) => known = false,
            // Behind an argument without a type, Terraform looks at none before all are known.
            _ if untyped && !whole => return Ok(Value::unknown()),
            other => {
                return Err(CallError::argument(
                    index,
                    format!("it must be a map or an object, not {}", other.kind()),
                ));
            }
        }
        match &first {
            None => first = Some(kind),
            Some(first) => matching &= kind == *first,
        }
    }
    match first {
        _ if untyped && whole => Ok(Value::Object(merged)),
        _ if untyped => Ok(Value::unknown()),
        Some(kind) if matching && !whole => Ok(Value::Unknown(kind)),
        Some(Type::Map(element)) if matching => Ok(Value::Map(*element, merged)),
        _ if !known => Ok(Value::unknown()),
        _ if !whole => Ok(Value::Unknown(Value::Object(merged).kind())),
        _ => Ok(Value::Object(merged)),
    }
}
