//! The file as a whole.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::profile::Profile;
use crate::raw::{KNOWN, Raw, expected};
use crate::reader::Reader;
use crate::twice;

/// Name of the file beside the programs.
pub const FILE_NAME: &str = "config.json";

/// Names of earlier versions, and what they are called now.
const RENAMED: [(&str, &str); 3] = [
    ("okta_domain", "provider_domain"),
    ("okta_client_id", "client_id"),
    ("okta_auth_server", "okta_auth_server_id"),
];
/// Characters that a profile's name may have at most: it becomes part of file names and of entries in keyrings.
const LONGEST_NAME: usize = 64;
/// A file that was read: profiles by name, each still as it stands there.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    profiles: BTreeMap<String, Map<String, Value>>,
    /// What stands where a profile is expected and is none, in words.
    odd: BTreeMap<String, String>,
}

/// A field that no program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The profile.
    pub profile: String,
    /// The field.
    pub field: String,
}

impl Config {
    /// Reads the text of a file, in either form. What is wrong inside a profile is said when it is asked for.
    ///
    /// # Errors
    /// When it is no JSON, has a key twice in one object, or has no profile or something else in its place.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}');
        let value: Value = serde_json::from_str(text).map_err(|error| Error::Syntax {
            // The parser repeats the place.
            message: error
                .to_string()
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned(),
            line: error.line(),
            // An end that comes too early has no column of its own.
            column: error.column().max(1),
        })?;
        if let Some(twice) = twice::find(text) {
            return Err(twice);
        }
        let Value::Object(mut file) = value else {
            return Err(Error::Syntax {
                message: "expected an object of profiles".to_owned(),
                line: 1,
                column: 1,
            });
        };
        // Fields of a profile are texts and numbers; only a profile is an object.
        let (all, is_named) = match file.remove("profiles") {
            Some(Value::Object(profiles)) => (profiles, true),
            Some(other) if file.values().all(|value| !value.is_object()) => {
                return Err(no_object("profiles", kind(&other)));
            }
            Some(_) | None => (file, false),
        };
        let mut config = Self {
            profiles: BTreeMap::new(),
            odd: BTreeMap::new(),
        };
        for (name, value) in all {
            match value {
                Value::Object(fields) => drop(config.profiles.insert(name, fields)),
                other => drop(config.odd.insert(name, kind(&other).to_owned())),
            }
        }
        match (config.profiles.is_empty(), config.odd.first_key_value()) {
            (false, _) => Ok(config),
            (true, Some((name, found))) if is_named => Err(no_object(name, found)),
            // In the older form other things may stand beside the profiles.
            (true, _) => Err(Error::Empty),
        }
    }

    /// Names of the profiles, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// The name of the only profile, if there is only one.
    pub fn only(&self) -> Option<&str> {
        let mut names = self.names();
        names.next().filter(|_| names.next().is_none())
    }

    /// Fields that no program knows: they are left alone.
    pub fn unknown(&self) -> Vec<Unknown> {
        let of_profile = |(profile, fields): (&String, &Map<String, Value>)| {
            let unknown = fields.keys().filter(|field| !KNOWN.contains(&field.as_str()));
            unknown
                .map(|field| Unknown {
                    profile: profile.clone(),
                    field: field.clone(),
                })
                .collect::<Vec<_>>()
        };
        self.profiles.iter().flat_map(of_profile).collect()
    }

    /// A profile by its name.
    ///
    /// # Errors
    /// When there is none, or what it says is wrong or not enough.
    pub fn profile(&self, name: &str) -> Result<Profile, Error> {
        if !is_name(name) {
            return Err(Error::Name(name.to_owned()));
        }
        let fields = self.profiles.get(name).ok_or_else(|| match self.odd.get(name) {
            Some(found) => no_object(name, found),
            None => Error::NoProfile {
                name: name.to_owned(),
                known: self.names().map(str::to_owned).collect(),
            },
        })?;
        let raw = raw(name, fields)?;
        Reader { profile: name, raw }.profile()
    }
}

fn no_object(what: &str, found: &str) -> Error {
    Error::NoObject {
        what: what.to_owned(),
        found: found.to_owned(),
    }
}

/// Whether a profile's name survives `~/.aws/config`, the `credential_process` line there, file names and keyrings.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
    !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(fits) && !name.starts_with(['-', '.'])
}

/// The fields of a profile; one of the wrong type is named.
fn raw(profile: &str, fields: &Map<String, Value>) -> Result<Raw, Error> {
    let mut fields = fields.clone();
    for (old, new) in RENAMED {
        if let Some(value) = fields.remove(old) {
            fields.entry(new).or_insert(value);
        }
    }
    serde_json::from_value(Value::Object(fields.clone())).map_err(|whole| {
        let culprit = fields.iter().find_map(|(name, value)| {
            let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
            serde_json::from_value::<Raw>(alone).err()?;
            let field = KNOWN.iter().find(|known| *known == name)?;
            Some((
                *field,
                format!("{}; expected {}", found(field, value), expected(field)?),
            ))
        });
        let (field, message) = culprit.unwrap_or_else(|| ("profile", format!("is not understood: {whole}")));
        Error::Field {
            profile: profile.to_owned(),
            field,
            message,
        }
    })
}

/// What stands there, in words. Of a field for a secret nothing is repeated.
fn found(field: &str, value: &Value) -> String {
    match value {
        Value::Number(_) | Value::String(_) if field.contains("secret") => "is something else".to_owned(),
        Value::Null => "is null".to_owned(),
        Value::Bool(value) => format!("is {value}"),
        Value::Number(number) => format!("is {number}"),
        Value::String(text) => format!("is the text `{}`", text.escape_debug()),
        Value::Array(_) => "is a list".to_owned(),
        Value::Object(_) => "is an object".to_owned(),
    }
}

/// What kind of value stands there, in words that repeat nothing of it.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "is null",
        Value::Bool(_) => "is true or false",
        Value::Number(_) => "is a number",
        Value::String(_) => "is a text",
        Value::Array(_) => "is a list",
        Value::Object(_) => "is an object",
    }
}

#[cfg(test)]
mod tests;
