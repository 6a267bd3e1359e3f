//! What every part of the grammar needs: members, strings and lists with their paths and places.

use std::ops::Range;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use super::{ErrorCode, Parsed, Places, PolicyError, Position};
use crate::{Document, Kind};

/// Collects errors and places.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    pub(super) kind: Kind,
    places: Vec<(String, Range<usize>)>,
    errors: Vec<PolicyError>,
}

/// One member of an object.
#[derive(Debug)]
pub(super) struct Member<'v> {
    /// Its name as written.
    pub(super) key: &'v str,
    /// Where the name stands.
    pub(super) name: Range<usize>,
    pub(super) value: &'v Value<'v>,
}

/// The members of an object, each once.
#[derive(Debug)]
pub(super) struct Members<'v> {
    pub(super) list: Vec<Member<'v>>,
    pub(super) range: Range<usize>,
}

impl<'v> Members<'v> {
    pub(super) fn get(&self, key: &str) -> Option<&Member<'v>> {
        self.list.iter().find(|member| member.key == key)
    }
}

pub(super) fn range(value: &Value<'_>) -> Range<usize> {
    let range = value.range();
    range.start..range.end
}

fn type_name(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a string",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "a boolean",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, kind: Kind) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            line_starts: std::iter::once(0).chain(breaks).collect(),
            kind,
            places: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub(super) fn finish(mut self, document: Option<Document>) -> Result<Parsed, Vec<PolicyError>> {
        match document {
            Some(document) if self.errors.is_empty() => Ok(Parsed {
                document,
                places: Places(self.places),
            }),
            _ => {
                self.errors
                    .sort_by_key(|error| error.position.as_ref().map(|p| (p.range.start, p.range.end)));
                Err(self.errors)
            }
        }
    }

    pub(super) fn error(&mut self, code: ErrorCode, path: &str, range: Range<usize>, message: impl Into<String>) {
        let line = self.line_starts.partition_point(|start| *start <= range.start).max(1);
        let before = self
            .text
            .get(self.line_starts[line - 1]..range.start)
            .unwrap_or_default();
        let column = before.chars().count() + 1;
        self.errors.push(PolicyError {
            code,
            path: path.to_owned(),
            position: Some(Position { line, column, range }),
            message: message.into(),
        });
    }

    /// "An identity policy", for messages.
    pub(super) fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Identity => "an identity policy",
            Kind::Resource => "a resource policy",
            Kind::Trust => "a trust policy",
            Kind::ServiceControl => "a service control policy",
            Kind::Boundary => "a permission boundary",
            Kind::Session => "a session policy",
        }
    }

    /// IAM takes no other characters than these
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names>).
    pub(super) fn characters(&mut self) {
        if matches!(self.kind, Kind::Resource | Kind::ServiceControl) {
            return;
        }
        let text = self.text;
        for (at, c) in text.char_indices() {
            if !matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}') {
                let message = format!("IAM takes no character beyond U+00FF: {:?} (U+{:04X})", c, u32::from(c));
                self.error(ErrorCode::InvalidCharacter, "$", at..at + c.len_utf8(), message);
            }
        }
    }

    fn wrong_type(&mut self, value: &Value<'_>, path: &str, what: &str, expected: &str) {
        let message = format!("{what} is {}: expected {expected}", type_name(value));
        self.error(ErrorCode::WrongType, path, range(value), message);
    }

    pub(super) fn place(&mut self, path: &str, value: &Value<'_>) {
        self.places.push((path.to_owned(), range(value)));
    }

    /// The members of an object; those that are unknown or there twice are reported and left out.
    pub(super) fn members<'v>(
        &mut self,
        value: &'v Value<'v>,
        path: &str,
        what: &str,
        known: &[&str],
    ) -> Option<Members<'v>> {
        let mut members = self.any_members(value, path, what)?;
        members.list.retain(|member| {
            if known.contains(&member.key) {
                return true;
            }
            let message = match known.iter().find(|name| name.eq_ignore_ascii_case(member.key)) {
                Some(name) => format!("unknown element `{}`: AWS writes it `{name}`", member.key),
                None => format!("unknown element `{}`: expected one of {}", member.key, known.join(", ")),
            };
            self.error(
                ErrorCode::UnknownElement,
                &join(path, member.key),
                member.name.clone(),
                message,
            );
            false
        });
        Some(members)
    }

    /// The members of an object whose names are free; their case does not tell them apart.
    pub(super) fn any_members<'v>(&mut self, value: &'v Value<'v>, path: &str, what: &str) -> Option<Members<'v>> {
        self.place(path, value);
        let Value::Object(object) = value else {
            self.wrong_type(value, path, what, "an object");
            return None;
        };
        let mut list: Vec<Member<'v>> = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            let key = property.name.as_str();
            let name = property.name.range();
            let name = name.start..name.end;
            if let Some(first) = list.iter().find(|member| member.key.eq_ignore_ascii_case(key)) {
                let message = if first.key == key {
                    format!("`{key}` is there twice")
                } else {
                    format!(
                        "`{key}` and `{}` differ in case only, which does not tell them apart",
                        first.key
                    )
                };
                self.error(ErrorCode::DuplicateKey, &join(path, key), name, message);
                continue;
            }
            let value = &property.value;
            list.push(Member { key, name, value });
        }
        Some(Members {
            list,
            range: range(value),
        })
    }

    pub(super) fn string(&mut self, value: &Value<'_>, path: &str, what: &str) -> Option<String> {
        self.place(path, value);
        match value {
            Value::StringLit(text) => Some(text.value.clone().into_owned()),
            _ => {
                self.wrong_type(value, path, what, "a string");
                None
            }
        }
    }

    /// A string or a list of them, with the path and range of each.
    pub(super) fn strings(&mut self, value: &Value<'_>, path: &str, what: &str) -> Vec<(String, String, Range<usize>)> {
        let mut found = Vec::new();
        for (path, value) in self.items(value, path, what, false) {
            match value {
                Value::StringLit(text) => found.push((text.value.clone().into_owned(), path, range(value))),
                _ => self.wrong_type(value, &path, what, "a string"),
            }
        }
        found
    }

    /// As [`Reader::strings`], where AWS also takes numbers and booleans: they count as their text. An empty list is
    /// no error here: AWS stores it, and such a condition matches nothing.
    pub(super) fn scalars(&mut self, value: &Value<'_>, path: &str, what: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (path, value) in self.items(value, path, what, true) {
            match value {
                Value::StringLit(text) => found.push(text.value.clone().into_owned()),
                Value::NumberLit(number) => found.push(number.value.to_owned()),
                Value::BooleanLit(boolean) => found.push(boolean.value.to_string()),
                _ => self.wrong_type(value, &path, what, "a string, a number or a boolean"),
            }
        }
        found
    }

    /// The members of a list, or the bare value as the only one.
    fn items<'v>(
        &mut self,
        value: &'v Value<'v>,
        path: &str,
        what: &str,
        may_be_empty: bool,
    ) -> Vec<(String, &'v Value<'v>)> {
        self.place(path, value);
        let Value::Array(array) = value else {
            return vec![(path.to_owned(), value)];
        };
        if array.elements.is_empty() && !may_be_empty {
            self.error(
                ErrorCode::EmptyList,
                path,
                range(value),
                format!("{what} is an empty list"),
            );
        }
        let mut items = Vec::with_capacity(array.elements.len());
        for (index, element) in array.elements.iter().enumerate() {
            let path = format!("{path}[{index}]");
            self.place(&path, element);
            items.push((path, element));
        }
        items
    }
}

/// Path of an object's member.
pub(super) fn join(path: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain {
        format!("{path}.{key}")
    } else {
        format!("{path}['{key}']")
    }
}
