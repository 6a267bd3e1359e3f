//! Functions that write encodings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Implementation;
use super::arguments::text;
use super::strings::string;
use crate::value::{Type, Value};

pub fn implementation(name: &str) -> Option<Implementation> {
    match name {
        "base64encode" => Implementation::known(|arguments, _| string(&STANDARD.encode(text(arguments, 0)))),
        "jsonencode" => Implementation::any(|arguments, _| {
            let json = arguments.first().and_then(Value::to_json);
            Ok(json.map_or(Value::Unknown(Type::String), Value::String))
        }),
        "urlencode" => Implementation::known(|arguments, _| string(&query(text(arguments, 0)))),
        _ => None,
    }
}

/// Text as it stands in the query of a URL.
fn query(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
