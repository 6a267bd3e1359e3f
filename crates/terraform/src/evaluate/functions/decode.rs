//! Functions that read encodings.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::arguments::{CallError, text};
use super::strings::string;
use super::{Implementation, Scope};
use crate::value::{ObjectType, Type, Value};

/// Go's decoder does not mind bits of the last digit that do not count.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "base64decode" => Implementation::known(base64_decode),
        "csvdecode" => Implementation::typed(csv_decode),
        "jsondecode" => Implementation::typed(json_decode),
        _ => None,
    }
}

fn base64_decode(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    // Go skips line ends.
    let encoded: String = text(arguments, 0)
        .chars()
        .filter(|letter| !matches!(letter, '\r' | '\n'))
        .collect();
    match BASE64.decode(encoded) {
        Err(_) => Err(CallError::call("the text is not base64")),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => string(&text),
            Err(_) => Err(CallError::call("what the text encodes is not UTF-8")),
        },
    }
}

fn json_decode(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(Value::String(text)) = arguments.first() else {
        return Ok(Value::unknown());
    };
    match serde_json::from_str(text) {
        Ok(json) => Ok(Value::from_json(&json)),
        Err(error) if is_limit(&error) => Ok(Value::unknown()),
        Err(error) => Err(CallError::argument(0, format!("it is not JSON: {error}"))),
    }
}

/// Whether this is a bound of the reader here and none of Terraform's: nesting, the size of a number, half a surrogate
/// pair.
fn is_limit(error: &serde_json::Error) -> bool {
    let message = error.to_string();
    ["recursion limit", "out of range", "surrogate", "hex escape"]
        .iter()
        .any(|limit| message.contains(limit))
}

fn csv_decode(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(Value::String(text)) = arguments.first() else {
        return Ok(Value::unknown());
    };
    // Quotes in the middle of a field are an error in Go and text here: neither is claimed.
    let quotes = text.contains('"');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let Ok(headers) = reader.headers().cloned() else {
        return Ok(Value::unknown());
    };
    if headers.is_empty() {
        return if quotes {
            Ok(Value::unknown())
        } else {
            Err(CallError::call("the line of column names is missing"))
        };
    }
    let mut columns: BTreeMap<String, Type> = BTreeMap::new();
    for name in &headers {
        if columns.insert(name.to_owned(), Type::String).is_some() {
            return Err(CallError::call(format!("there are two columns {name:?}")));
        }
    }
    let kind = Type::Object(ObjectType::required(columns));
    let mut rows = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let Ok(record) = record else {
            return Ok(Value::Unknown(Type::List(Box::new(kind))));
        };
        if record.len() != headers.len() {
            if quotes {
                return Ok(Value::Unknown(Type::List(Box::new(kind))));
            }
            return Err(CallError::call(format!(
                "row {} has {} fields instead of {}",
                index + 1,
                record.len(),
                headers.len()
            )));
        }
        let fields = headers
            .iter()
            .zip(&record)
            .map(|(name, field)| (name.to_owned(), Value::String(field.to_owned())));
        rows.push(Value::Object(fields.collect()));
    }
    if quotes && has_bare_quote(text) {
        return Ok(Value::Unknown(Type::List(Box::new(kind))));
    }
    Ok(Value::List(kind, rows))
}

/// Whether a quote stands where Go's reader wants none.
fn has_bare_quote(text: &str) -> bool {
    let mut quoted = false;
    let mut previous = ',';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '"' {
            match (quoted, letters.peek()) {
                (true, Some('"')) => {
                    letters.next();
                }
                (true, None | Some(',' | '\n' | '\r')) => quoted = false,
                (false, _) if matches!(previous, ',' | '\n') => quoted = true,
                _ => return true,
            }
        }
        previous = letter;
    }
    quoted
}
