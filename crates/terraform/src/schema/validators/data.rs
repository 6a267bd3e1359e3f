//! The data file: one line of JSON per type, sorted, so that one type is found and read alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::combination::Combination;
use super::rule::Rule;
use crate::schema::Kind;

// Renewed by `cargo run -p refresh -- validators`.
static DATA: &str = include_str!("../../../data/aws.validators.jsonl");

/// What every line begins with; the kind and type follow.
const START: &str = "{\"of\":\"";

/// The rules of one type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TypeRules {
    /// Kind and type: `resource aws_iam_role`, `data aws_iam_policy`.
    pub of: String,
    /// Rules of each argument, by its path: `name`, `rule.status`, and `tags[]` for the elements of a collection.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, Vec<Rule>>,
    /// What may and must stand together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub combinations: Vec<Combination>,
    /// Arguments of which the provider refuses more than the rules do, each with a message of the provider.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uncovered: BTreeMap<String, String>,
}

impl TypeRules {
    /// What a line of the data file begins with for a type.
    pub fn key(kind: Kind, name: &str) -> String {
        let kind = match kind {
            Kind::Resource => "resource",
            Kind::DataSource => "data",
            Kind::EphemeralResource => "ephemeral",
        };
        format!("{kind} {name}")
    }
}

struct Line {
    key: &'static str,
    text: &'static str,
    read: OnceLock<Option<TypeRules>>,
}

fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| {
        DATA.lines()
            .filter_map(|text| {
                Some(Line {
                    key: text.strip_prefix(START)?.split('"').next()?,
                    text,
                    read: OnceLock::new(),
                })
            })
            .collect()
    })
}

/// The rules of a type; `None` where the type was not probed.
pub fn rules(kind: Kind, name: &str) -> Option<&'static TypeRules> {
    let key = TypeRules::key(kind, name);
    let lines = lines();
    let position = lines.binary_search_by(|line| line.key.cmp(&key)).ok()?;
    let line = lines.get(position)?;
    line.read.get_or_init(|| serde_json::from_str(line.text).ok()).as_ref()
}

/// Every type that was probed, as [`TypeRules::key`] writes it, sorted.
pub fn probed() -> impl Iterator<Item = &'static str> {
    lines().iter().map(|line| line.key)
}
