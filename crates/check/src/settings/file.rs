//! A file of settings, with the place of every part.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use findings::{Finding, Place, Rule, Source};
use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// Keys that only Claude Code's settings have.
const OWN_KEYS: [&str; 5] = [
    "awsAuthRefresh",
    "awsCredentialExport",
    "modelOverrides",
    "availableModels",
    "otelHeadersHelper",
];

/// A name with its value.
#[derive(Debug)]
pub(crate) struct Member {
    pub name: String,
    pub name_span: Range<usize>,
    /// `None` where it is no text.
    pub value: Option<String>,
    /// What it is, where it is no text.
    pub kind: &'static str,
    pub value_span: Range<usize>,
}

/// Settings of Claude Code.
#[derive(Debug)]
pub(crate) struct Settings {
    source: Arc<Source>,
    /// The environment variables.
    pub env: Vec<Member>,
    /// The name of the member `env`.
    pub env_span: Option<Range<usize>>,
    /// Anthropic's ids of models, and what is sent for each.
    pub overrides: Vec<Member>,
    /// Everything at the top.
    pub members: Vec<Member>,
    /// Names that an object has more than once: the name, where it is dropped and where it counts.
    pub duplicates: Vec<(String, Range<usize>, Range<usize>)>,
}

impl Settings {
    /// Whether a JSON file is meant as settings of Claude Code: by its place, or by what is in it.
    pub fn is_meant(name: &str, text: &str) -> bool {
        let path = Path::new(name);
        let file = path.file_name().map(|file| file.to_string_lossy()).unwrap_or_default();
        let folder = path
            .parent()
            .and_then(Path::file_name)
            .map(|folder| folder.to_string_lossy());
        if file == "managed-settings.json" {
            return true;
        }
        if !file.starts_with("settings") || !file.ends_with(".json") {
            return false;
        }
        if folder.as_deref() == Some(".claude") {
            return true;
        }
        let quoted = |key: &str| text.contains(&format!("\"{key}\""));
        let variable = text.contains("\"CLAUDE_CODE_")
            || text.contains("\"ANTHROPIC_")
            || text.contains("\"AWS_BEARER_TOKEN_BEDROCK\"");
        OWN_KEYS.into_iter().any(quoted) || (quoted("env") && variable)
    }

    /// Reads the file. Claude Code takes strict JSON, without comments and trailing commas
    /// (<https://code.claude.com/docs/en/settings>).
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn read(source: &Arc<Source>) -> Result<Option<Self>, ParseError> {
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
        let parsed = parse_to_ast(&source.text, &CollectOptions::default(), &strict)?;
        let Some(Value::Object(object)) = &parsed.value else {
            return Ok(None);
        };
        let mut settings = Self {
            source: Arc::clone(source),
            env: Vec::new(),
            env_span: None,
            overrides: Vec::new(),
            members: members(object),
            duplicates: duplicates(object),
        };
        for property in &object.properties {
            match (property.name.as_str(), &property.value) {
                ("env", Value::Object(env)) => {
                    settings.env = members(env);
                    settings.env_span = Some(range(&property.name));
                }
                ("modelOverrides", Value::Object(overrides)) => settings.overrides = members(overrides),
                _ => {}
            }
        }
        Ok(Some(settings))
    }

    /// A variable. Of several of the same name the last one counts, as everywhere in JSON.
    pub fn variable(&self, name: &str) -> Option<&Member> {
        self.env.iter().rfind(|member| member.name == name)
    }

    /// A member at the top.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().rfind(|member| member.name == name)
    }

    /// A place in the file.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::new(&self.source, span.clone())
    }

    /// What stands at a place of the file.
    pub fn written(&self, span: &Range<usize>) -> &str {
        self.source.text.get(span.clone()).unwrap_or_default()
    }

    /// Whether a variable is set to something that counts as true.
    pub fn is_on(&self, name: &str) -> bool {
        let value = self.variable(name).and_then(|member| member.value.as_deref());
        value.is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on"))
    }

    /// Whether Claude Code is to call Bedrock.
    pub fn uses_bedrock(&self) -> bool {
        self.is_on("CLAUDE_CODE_USE_BEDROCK")
    }

    /// A finding of a rule.
    pub fn finding(&self, rule: &'static Rule, span: &Range<usize>, message: impl Into<String>) -> Finding {
        Finding::new(rule, Place::new(&self.source, span.clone()), message)
    }

    /// What findings about the file as a whole point at.
    pub fn about_all(&self) -> Range<usize> {
        self.env_span.clone().unwrap_or(0..1.min(self.source.text.len()))
    }
}

fn members(object: &Object<'_>) -> Vec<Member> {
    object
        .properties
        .iter()
        .map(|property| {
            let (value, kind) = match &property.value {
                Value::StringLit(text) => (Some(text.value.to_string()), "text"),
                Value::NumberLit(_) => (None, "a number"),
                Value::BooleanLit(_) => (None, "true or false"),
                Value::NullKeyword(_) => (None, "null"),
                Value::Array(_) => (None, "a list"),
                Value::Object(_) => (None, "an object"),
            };
            Member {
                name: property.name.as_str().to_owned(),
                name_span: range(&property.name),
                value,
                kind,
                value_span: range(&property.value),
            }
        })
        .collect()
}

/// Names that an object, or one within it, has more than once.
fn duplicates(object: &Object<'_>) -> Vec<(String, Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let mut objects = vec![object];
    let mut arrays: Vec<&Array<'_>> = Vec::new();
    loop {
        let values: Vec<&Value<'_>> = if let Some(object) = objects.pop() {
            let mut last: BTreeMap<&str, Range<usize>> = BTreeMap::new();
            for property in object.properties.iter().rev() {
                let name = property.name.as_str();
                match last.get(name) {
                    Some(kept) => found.push((name.to_owned(), range(&property.name), kept.clone())),
                    None => {
                        last.insert(name, range(&property.name));
                    }
                }
            }
            object.properties.iter().map(|property| &property.value).collect()
        } else if let Some(array) = arrays.pop() {
            array.elements.iter().collect()
        } else {
            return found;
        };
        for value in values {
            match value {
                Value::Object(object) => objects.push(object),
                Value::Array(array) => arrays.push(array),
                _ => {}
            }
        }
    }
}

fn range(ranged: &impl Ranged) -> Range<usize> {
    let range = ranged.range();
    range.start..range.end
}
