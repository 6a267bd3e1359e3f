//! From values to the types that a field is expected to have. `null` and empty texts count as absent.

use serde_json::Value;

use super::{Field, Reader};
use crate::diagnostic::Diagnostic;

impl Reader<'_> {
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.profile.fields.get(name).filter(|field| !field.value.is_null())
    }

    /// Where a field's value stands.
    pub(super) fn span(&self, name: &str) -> std::ops::Range<usize> {
        self.field(name).map_or(0..0, |field| field.span.clone())
    }

    fn expected<T>(&mut self, name: &str, what: &str) -> Option<T> {
        let fault = Diagnostic::error(format!("`{name}` has the wrong type"));
        let span = self.span(name);
        self.faults
            .push(fault.at(self.source, span, format!("expected {what}")));
        None
    }

    /// A text.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match &self.field(name)?.value {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            _ => self.expected(name, "a text"),
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        match &self.field(name)?.value {
            Value::Bool(value) => Some(*value),
            _ => self.expected(name, "true or false"),
        }
    }

    /// A whole number that is not negative.
    pub(super) fn whole(&mut self, name: &str) -> Option<u64> {
        match &self.field(name)?.value {
            Value::Number(number) if number.is_u64() => number.as_u64(),
            _ => self.expected(name, "a whole number"),
        }
    }

    /// An object whose values are texts, as `key = value` each.
    pub(super) fn pairs(&mut self, name: &str) -> Vec<(String, String)> {
        let Some(field) = self.field(name) else {
            return Vec::new();
        };
        let pairs: Option<Vec<(String, String)>> = field.value.as_object().and_then(|object| {
            let pair = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
            object.iter().map(pair).collect()
        });
        pairs.unwrap_or_else(|| self.expected(name, "an object of texts").unwrap_or_default())
    }
}
