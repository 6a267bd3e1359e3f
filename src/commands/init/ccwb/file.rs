//! From text to one profile.

use std::sync::Arc;

use indexmap::IndexMap;
use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Field, Profile};
use crate::diagnostic::{Diagnostic, Source};

/// Names of earlier versions and of `config.json`, and what the administrator's profile of today calls them.
const RENAMED: [(&str, &str); 5] = [
    ("okta_domain", "provider_domain"),
    ("okta_client_id", "client_id"),
    ("okta_auth_server_id", "okta_auth_server"),
    ("idc_region", "sso_region"),
    ("role_arn", "federated_role_arn"),
];

/// The profile of a file that is meant.
pub(super) fn read(source: &Arc<Source>, wanted: Option<&str>, faults: &mut Vec<Diagnostic>) -> Option<Profile> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = match parse_to_ast(&source.text, &CollectOptions::default(), &strict) {
        Ok(parsed) => parsed.value,
        Err(fault) => {
            let range = fault.range();
            faults.push(Diagnostic::error("this is no JSON").at(
                source,
                range.start..range.end,
                fault.kind().to_string(),
            ));
            return None;
        }
    };
    let Some(Value::Object(object)) = parsed else {
        let span = parsed.map_or(0..0, |value| place(&value));
        faults.push(Diagnostic::error("this is no profile of `ccwb`").at(source, span, "expected a JSON object"));
        return None;
    };
    let profiles = match object.get("profiles").map(|property| &property.value) {
        Some(Value::Object(profiles)) => named(&profiles.properties),
        _ if object.get("profiles_dir").is_some() || object.get("active_profile").is_some() => {
            faults.push(no_profile_inside(source, &object));
            return None;
        }
        // Only a profile is an object, and the one of a file of its own has texts and numbers.
        _ => match object
            .properties
            .iter()
            .all(|property| property.value.as_object().is_some())
        {
            true => named(&object.properties),
            false => return alone(source, &object, wanted, faults),
        },
    };
    let span = place(&object);
    let names: Vec<&str> = profiles.iter().map(|(name, _)| *name).collect();
    let chosen = match (wanted, profiles.as_slice()) {
        (_, []) => {
            faults.push(
                Diagnostic::error("there is no profile in this file")
                    .at(source, span, "expected at least one")
                    .help("administrators have theirs in ~/.ccwb/profiles/NAME.json, developers in config.json"),
            );
            return None;
        }
        (None, [one]) => one,
        (None, _) => {
            let fault = format!("there are several profiles in this file: {}", names.join(", "));
            let first = names.first().copied().unwrap_or_default();
            faults.push(Diagnostic::error(fault).help(format!(
                "name the one that is meant: `--ccwb-profile {}`",
                crate::steps::word(first)
            )));
            return None;
        }
        (Some(wanted), all) => match all.iter().find(|(name, _)| *name == wanted) {
            Some(found) => found,
            None => {
                let fault = format!(
                    "there is no profile `{}` in this file; it has {}",
                    wanted.escape_debug(),
                    names.join(", ")
                );
                faults.push(Diagnostic::error(fault).nearest(wanted, names.iter().copied()));
                return None;
            }
        },
    };
    Some(Profile {
        name: Some(chosen.0.to_owned()),
        fields: fields(source, chosen.1, faults),
    })
}

/// The profile of a file that holds nothing else. It says its own name, if any.
fn alone(
    source: &Arc<Source>,
    object: &Object<'_>,
    wanted: Option<&str>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Profile> {
    let name = object.get_string("name").map(|name| name.value.to_string());
    if let Some(wanted) = wanted.filter(|wanted| name.as_deref() != Some(*wanted)) {
        let own = name.as_deref().unwrap_or("a profile without a name");
        let fault = format!(
            "there is no profile `{}` in this file; it is {own}",
            wanted.escape_debug()
        );
        let span = object.get("name").map_or(0..0, |property| place(&property.value));
        faults.push(Diagnostic::error(fault).at(source, span, "the only one"));
        return None;
    }
    let fields = fields(source, object, faults);
    if fields.keys().all(|name| !super::fields::is_known(name)) {
        faults.push(
            Diagnostic::error("this is no profile of `ccwb`")
                .at(source, place(object), "none of these fields is one of a profile")
                .help("administrators have theirs in ~/.ccwb/profiles/NAME.json, developers in config.json"),
        );
        return None;
    }
    Some(Profile { name, fields })
}

/// The file of the administrator that only says where the profiles are.
fn no_profile_inside(source: &Arc<Source>, object: &Object<'_>) -> Diagnostic {
    let text = |name: &str| object.get_string(name).map(|text| text.value.to_string());
    let folder = text("profiles_dir").unwrap_or_else(|| "~/.ccwb/profiles".to_owned());
    let active = text("active_profile").unwrap_or_else(|| "NAME".to_owned());
    Diagnostic::error("this file only says which profile is active")
        .at(source, place(object), "expected a profile")
        .help(format!("the profile itself is {folder}/{active}.json"))
}

fn named<'v, 'a>(properties: &'v [ObjectProp<'a>]) -> Vec<(&'v str, &'v Object<'a>)> {
    let objects = properties.iter();
    objects
        .filter_map(|property| Some((property.name.as_str(), property.value.as_object()?)))
        .collect()
}

fn fields(source: &Arc<Source>, object: &Object<'_>, faults: &mut Vec<Diagnostic>) -> IndexMap<String, Field> {
    let mut fields: IndexMap<String, Field> = IndexMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for property in &object.properties {
        let written = property.name.as_str();
        if !seen.insert(written) {
            faults.push(
                Diagnostic::error(format!("`{}` is set twice", written.escape_debug())).at(
                    source,
                    place(property),
                    "expected each field once",
                ),
            );
            continue;
        }
        let renamed = RENAMED.iter().find(|(old, _)| *old == written);
        let name = renamed.map_or(written, |(_, new)| *new);
        // Where a file has both, the name of today counts, as it does for the installation itself.
        if renamed.is_some() && object.get(name).is_some() {
            continue;
        }
        let field = Field {
            value: plain(&property.value),
            span: place(&property.value),
        };
        fields.insert(name.to_owned(), field);
    }
    fields
}

fn place(ranged: &impl Ranged) -> std::ops::Range<usize> {
    let range = ranged.range();
    range.start..range.end
}

/// The value without its places.
fn plain(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::StringLit(text) => serde_json::Value::String(text.value.to_string()),
        Value::NumberLit(number) => serde_json::from_str(number.value).unwrap_or_default(),
        Value::BooleanLit(one) => serde_json::Value::Bool(one.value),
        Value::Array(array) => array.elements.iter().map(plain).collect(),
        Value::Object(object) => serde_json::Value::Object(
            object
                .properties
                .iter()
                .map(|property| (property.name.as_str().to_owned(), plain(&property.value)))
                .collect(),
        ),
        Value::NullKeyword(_) => serde_json::Value::Null,
    }
}
