//! What an id_token says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::jwt::Fault;

/// Claim of AWS for session tags, and the beginning of its flat form.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp>
const TAGS: &str = "https://aws.amazon.com/tags";
/// Flat form of one tag.
const FLAT_TAG: &str = "https://aws.amazon.com/tags/principal_tags/";
/// Flat form of the keys that survive role chaining.
const FLAT_TRANSITIVE: &str = "https://aws.amazon.com/tags/transitive_tag_keys";

/// What an id_token says (OpenID Connect Core §2 and §5.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// `iss`: who says it.
    pub issuer: String,
    /// `sub`: the person, by a name that the issuer never gives to another.
    pub subject: String,
    /// `aud`: for whom it is meant.
    pub audience: Vec<String>,
    /// `azp`: the application that asked.
    pub authorized_party: Option<String>,
    /// `exp`: until when.
    pub expires: Timestamp,
    /// `iat`: since when.
    pub issued: Timestamp,
    /// `nbf`: not before.
    pub not_before: Option<Timestamp>,
    /// `nonce`: the login that asked.
    pub nonce: Option<String>,
    /// `email`, as the provider has it.
    pub email: Option<String>,
    /// `preferred_username`.
    pub preferred_username: Option<String>,
    /// `name`.
    pub name: Option<String>,
    /// `groups` and `cognito:groups`, each once.
    pub groups: Vec<String>,
    /// Session tags that AWS takes from the token.
    pub tags: Tags,
    /// Every claim as it came.
    pub raw: Map<String, Value>,
}

/// Session tags that AWS takes from a token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// Values by their keys.
    pub principal: BTreeMap<String, String>,
    /// Keys that survive role chaining.
    pub transitive: Vec<String>,
}

impl Claims {
    /// Reads the claims. Those that a token must have are there and of the right type; others of a wrong type count as absent.
    pub(super) fn read(raw: Map<String, Value>) -> Result<Self, Fault> {
        let text = |name: &str| raw.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            issuer: text("iss").ok_or(Fault::Malformed("has no issuer (`iss`)"))?,
            subject: text("sub")
                .filter(|subject| !subject.is_empty())
                .ok_or(Fault::Malformed("has no subject (`sub`)"))?,
            audience: audience(raw.get("aud"))?,
            authorized_party: match raw.get("azp") {
                None | Some(Value::Null) => None,
                Some(Value::String(party)) => Some(party.clone()),
                Some(_) => return Err(Fault::Malformed("has an `azp` that is no text")),
            },
            expires: time(raw.get("exp"))?.ok_or(Fault::Malformed("has no expiry (`exp`)"))?,
            issued: time(raw.get("iat"))?.ok_or(Fault::Malformed("has no time of issue (`iat`)"))?,
            not_before: time(raw.get("nbf"))?,
            nonce: text("nonce"),
            email: text("email"),
            preferred_username: text("preferred_username"),
            name: text("name"),
            groups: groups(&raw),
            tags: tags(&raw),
            raw,
        })
    }
}

/// One text or a list of them.
fn audience(value: Option<&Value>) -> Result<Vec<String>, Fault> {
    let odd = Fault::Malformed("has no audience (`aud`)");
    match value {
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(Value::Array(all)) if !all.is_empty() => all
            .iter()
            .map(|one| one.as_str().map(str::to_owned).ok_or(odd.clone()))
            .collect(),
        _ => Err(odd),
    }
}

/// Seconds since 1970, which RFC 7519 §2 allows to have a fraction.
fn time(value: Option<&Value>) -> Result<Option<Timestamp>, Fault> {
    let odd = Fault::Malformed("has a time that is none (`exp`, `iat` or `nbf`)");
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    // The cast saturates, and what is out of range is refused below.
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
    let seconds = seconds.ok_or(odd.clone())?;
    Timestamp::from_second(seconds).map(Some).map_err(|_| odd)
}

/// Groups come as a list, or as one text with commas.
fn groups(raw: &Map<String, Value>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for claim in ["groups", "cognito:groups"] {
        let found: Vec<&str> = match raw.get(claim) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => text.split(',').map(str::trim).collect(),
            _ => Vec::new(),
        };
        for group in found {
            if !group.is_empty() && !all.iter().any(|known| known == group) {
                all.push(group.to_owned());
            }
        }
    }
    all
}

/// The claim in its nested form, and in the flat one of providers that cannot nest.
fn tags(raw: &Map<String, Value>) -> Tags {
    // A tag has one value, in a list or alone.
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => list.first().and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let keys = |value: Option<&Value>| -> Vec<String> {
        let list = value.and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    let nested = raw.get(TAGS);
    let principal = nested
        .and_then(|tags| tags.get("principal_tags"))
        .and_then(Value::as_object);
    let principal = principal
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value));
    let flat = raw
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(FLAT_TAG)?, value)));
    let mut transitive = keys(nested.and_then(|tags| tags.get("transitive_tag_keys")));
    for key in keys(raw.get(FLAT_TRANSITIVE)) {
        if !transitive.contains(&key) {
            transitive.push(key);
        }
    }
    Tags {
        principal: principal
            .chain(flat)
            .filter_map(|(key, value)| Some((key.to_owned(), one(value)?)))
            .collect(),
        transitive,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(more: Value) -> Result<Claims, Fault> {
        let mut all = json!({"iss": "i", "sub": "s", "aud": "a", "exp": 2, "iat": 1});
        for (name, value) in more.as_object().unwrap() {
            all[name] = value.clone();
        }
        Claims::read(all.as_object().unwrap().clone())
    }

    #[test]
    fn tags_are_read_in_both_forms() {
        let expected = Tags {
            principal: [("Project", "Automation"), ("Team", "x")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            transitive: vec!["Project".to_owned()],
        };
        let nested = claims(json!({"https://aws.amazon.com/tags": {
            "principal_tags": {"Project": ["Automation"], "Team": "x", "Odd": 1},
            "transitive_tag_keys": ["Project"],
        }}));
        assert_eq!(nested.unwrap().tags, expected);
        let flat = claims(json!({
            "https://aws.amazon.com/tags/principal_tags/Project": "Automation",
            "https://aws.amazon.com/tags/principal_tags/Team": ["x"],
            "https://aws.amazon.com/tags/transitive_tag_keys": ["Project"],
        }));
        assert_eq!(flat.unwrap().tags, expected);
        assert_eq!(claims(json!({})).unwrap().tags, Tags::default());
    }

    #[test]
    fn groups_are_read_in_every_shape() {
        for (given, expected) in [
            (json!({"groups": ["a", "b", "a", 1]}), vec!["a", "b"]),
            (json!({"groups": "a, b,,"}), vec!["a", "b"]),
            (json!({"cognito:groups": ["b"], "groups": ["a"]}), vec!["a", "b"]),
            (json!({"groups": {"a": 1}}), vec![]),
        ] {
            assert_eq!(claims(given).unwrap().groups, expected);
        }
    }

    #[test]
    fn what_a_token_must_have_is_demanded() {
        for more in [
            json!({"iss": null}),
            json!({"sub": ""}),
            json!({"sub": 1}),
            json!({"aud": []}),
            json!({"aud": ["a", 1]}),
            json!({"aud": null}),
            json!({"azp": 1}),
            json!({"exp": null}),
            json!({"exp": "2"}),
            json!({"exp": 1e300}),
            json!({"iat": null}),
            json!({"nbf": []}),
        ] {
            assert!(matches!(claims(more.clone()), Err(Fault::Malformed(_))), "{more}");
        }
        let whole = claims(json!({"exp": 2.9, "email": "a@b", "nbf": null})).unwrap();
        assert_eq!(whole.expires, Timestamp::from_second(2).unwrap());
        assert_eq!(whole.email.as_deref(), Some("a@b"));
    }
}
