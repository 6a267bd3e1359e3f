//! Functions that convert, and those that let a value through.

use super::arguments::CallError;
use super::{Implementation, Scope};
use crate::value::{Type, Value, convert, convertible};

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::any(match name {
        "tobool" => |arguments, _| to(arguments, &Type::Bool),
        "tolist" => |arguments, _| to(arguments, &Type::List(Box::new(Type::Any))),
        "tomap" => |arguments, _| to(arguments, &Type::Map(Box::new(Type::Any))),
        "tonumber" => |arguments, _| to(arguments, &Type::Number),
        "toset" => |arguments, _| to(arguments, &Type::Set(Box::new(Type::Any))),
        "tostring" => |arguments, _| to(arguments, &Type::String),
        "sensitive" | "nonsensitive" => |arguments, _| Ok(arguments.first().cloned().unwrap_or(Value::unknown())),
        // A value that is ephemeral becomes null, any other stays; which it is, is not modelled.
        "ephemeralasnull" => ephemeral_as_null,
        _ => return None,
    })
}

fn to(arguments: &[Value], kind: &Type) -> Result<Value, CallError> {
    let Some(value) = arguments.first() else {
        return Ok(Value::Unknown(kind.clone()));
    };
    let found = value.kind();
    if found != *kind && !convertible(&found, kind) {
        let refused = convert(value.clone(), kind).err().map(|error| error.to_string());
        return Err(CallError::argument(0, refused.unwrap_or_default()));
    }
    // Even the element type of a list stays open until its elements are known.
    if !value.is_known() {
        return Ok(Value::Unknown(kind.clone()));
    }
    convert(value.clone(), kind).map_err(|error| CallError::argument(0, error.to_string()))
}

fn ephemeral_as_null(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    Ok(arguments
        .first()
        .map_or(Value::unknown(), |value| Value::Unknown(value.kind())))
}
