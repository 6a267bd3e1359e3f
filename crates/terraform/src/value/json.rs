//! Values and types in JSON.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Number, ObjectType, Type, Value};

impl Type {
    /// Reads a type as Terraform writes it in JSON: `"string"`, `["list", "string"]`, `["object", {…}, ["optional"]]`.
    pub fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::String(name) => match name.as_str() {
                "dynamic" => Some(Self::Any),
                "bool" => Some(Self::Bool),
                "number" => Some(Self::Number),
                "string" => Some(Self::String),
                _ => None,
            },
            Json::Array(parts) => match parts.as_slice() {
                [Json::String(name), element] if name == "list" => {
                    Some(Self::List(Box::new(Self::from_json(element)?)))
                }
                [Json::String(name), element] if name == "set" => Some(Self::Set(Box::new(Self::from_json(element)?))),
                [Json::String(name), element] if name == "map" => Some(Self::Map(Box::new(Self::from_json(element)?))),
                [Json::String(name), Json::Array(elements)] if name == "tuple" => elements
                    .iter()
                    .map(Self::from_json)
                    .collect::<Option<_>>()
                    .map(Self::Tuple),
                [Json::String(name), Json::Object(attributes), optional @ ..] if name == "object" => {
                    let attributes = attributes
                        .iter()
                        .map(|(name, kind)| Some((name.clone(), Self::from_json(kind)?)))
                        .collect::<Option<_>>()?;
                    let optional = optional
                        .iter()
                        .filter_map(Json::as_array)
                        .flatten()
                        .filter_map(|name| name.as_str().map(str::to_owned))
                        .collect();
                    Some(Self::Object(ObjectType { attributes, optional }))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl Type {
    /// Writes a type as Terraform writes it in JSON.
    pub fn to_json(&self) -> Json {
        let of = |name: &str, inner: Json| Json::Array(vec![name.into(), inner]);
        match self {
            Self::Any => "dynamic".into(),
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::List(element) => of("list", element.to_json()),
            Self::Set(element) => of("set", element.to_json()),
            Self::Map(element) => of("map", element.to_json()),
            Self::Tuple(elements) => of("tuple", elements.iter().map(Self::to_json).collect()),
            Self::Object(object) => {
                let attributes = object
                    .attributes
                    .iter()
                    .map(|(name, kind)| (name.clone(), kind.to_json()));
                let mut parts = vec!["object".into(), Json::Object(attributes.collect())];
                if !object.optional.is_empty() {
                    parts.push(object.optional.iter().cloned().collect());
                }
                Json::Array(parts)
            }
        }
    }
}

impl Value {
    /// The value as compact JSON, as `jsonencode` writes it: keys in order, `<`, `>` and `&` escaped. `None` while a part
    /// of it is not known.
    pub fn to_json(&self) -> Option<String> {
        let mut text = String::new();
        write(self, &mut text)?;
        Some(text)
    }

    /// The value of a JSON document as `jsondecode` types it: arrays are tuples, objects are objects.
    pub fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null(Type::Any),
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match Number::parse(&number.to_string()) {
                super::Parsed::Number(number) => Self::Number(number),
                _ => Self::Unknown(Type::Number),
            },
            Json::String(text) => Self::String(text.clone()),
            Json::Array(elements) => Self::Tuple(elements.iter().map(Self::from_json).collect()),
            Json::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), Self::from_json(value)))
                    .collect(),
            ),
        }
    }
}

fn write(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Unknown(_) => return None,
        Value::Null(_) => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.text()?),
        Value::String(string) => write_string(string, text),
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(element, text)?;
            }
            text.push(']');
        }
        Value::Map(_, values) | Value::Object(values) => write_members(values, text)?,
    }
    Some(())
}

fn write_members(values: &BTreeMap<String, Value>, text: &mut String) -> Option<()> {
    text.push('{');
    for (index, (name, value)) in values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(name, text);
        text.push(':');
        write(value, text)?;
    }
    text.push('}');
    Some(())
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}
