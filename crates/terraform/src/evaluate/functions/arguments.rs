//! Arguments taken apart.

use crate::value::{Number, Value};

/// A function refuses its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// The argument that is wrong, counted from 0, where it is one.
    pub argument: Option<usize>,
    /// Why.
    pub message: String,
}

impl CallError {
    /// An argument is wrong.
    pub fn argument(index: usize, message: impl Into<String>) -> Self {
        Self {
            argument: Some(index),
            message: message.into(),
        }
    }

    /// The call fails as a whole.
    pub fn call(message: impl Into<String>) -> Self {
        Self {
            argument: None,
            message: message.into(),
        }
    }
}

/// The text of an argument that has been converted to a string and is known.
pub fn text(arguments: &[Value], index: usize) -> &str {
    arguments.get(index).and_then(Value::as_str).unwrap_or_default()
}

/// The number of an argument that has been converted to one and is known.
pub fn number(arguments: &[Value], index: usize) -> Option<Number> {
    match arguments.get(index) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    }
}

/// The whole number of an argument; `None` where it is not known, or too large to tell.
///
/// # Errors
/// When it is no whole number of 64 bits.
pub fn whole(arguments: &[Value], index: usize) -> Result<Option<i64>, CallError> {
    let Some(number) = number(arguments, index) else {
        return Ok(None);
    };
    if number.is_fraction() {
        return Err(CallError::argument(index, "it must be a whole number"));
    }
    match number.as_integer() {
        Some(number) => i64::try_from(number)
            .map(Some)
            .map_err(|_| CallError::argument(index, "it is too large")),
        None => Ok(None),
    }
}

/// The elements of a known list, set or tuple.
pub fn elements(value: &Value) -> Option<&[Value]> {
    match value {
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => Some(elements),
        _ => None,
    }
}
