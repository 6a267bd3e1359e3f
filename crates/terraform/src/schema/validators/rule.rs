//! A rule for one text or number.

use std::fmt;
use std::sync::OnceLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::form::Form;

/// What a text or number must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// One of these; numbers are compared as numbers.
    OneOf(Vec<String>),
    /// One of these, in upper or lower case.
    OneOfIgnoringCase(Vec<String>),
    /// A text of this length.
    Length(Length),
    /// A number within limits.
    Range(Range),
    /// A number without a fraction.
    Whole,
    /// A multiple of this number.
    MultipleOf(f64),
    /// A text that the expression finds something in.
    Pattern(Pattern),
    /// A text of a form that no expression describes.
    Form(Form),
    /// What one of these rules allows.
    AnyOf(Vec<Rule>),
    /// Nothing: the schema has the argument, the provider refuses every value.
    Nothing,
}

/// Limits of a length, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    /// The least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<usize>,
    /// The greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<usize>,
    /// What is counted.
    #[serde(default, skip_serializing_if = "Unit::is_either")]
    pub unit: Unit,
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Bytes of UTF-8.
    Bytes,
    /// Characters.
    Characters,
    /// It is not known which: a text is at fault where it is by both.
    #[default]
    Either,
}

impl Unit {
    const fn is_either(&self) -> bool {
        matches!(self, Self::Either)
    }
}

/// Limits of a number, both included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The greatest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

/// A regular expression of Go's syntax.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Pattern {
    source: String,
    compiled: OnceLock<Option<Engine>>,
}

/// What finds a pattern in a text. Most patterns are used once in a run, on a short text, so that the engine that is
/// ready sooner wins: a class of Unicode takes the full one milliseconds to prepare.
#[derive(Debug, Clone)]
enum Engine {
    Light(regex_lite::Regex),
    /// For what the light one does not know: classes by property (`\p{L}`), capitals beyond ASCII.
    Full(Regex),
}

impl Engine {
    fn new(source: &str) -> Option<Self> {
        let light = (!source.contains("(?i"))
            .then(|| regex_lite::Regex::new(source).ok())
            .flatten();
        light
            .map(Self::Light)
            .or_else(|| Regex::new(&ascii_classes(source)).map(Self::Full).ok())
    }

    fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Light(regex) => regex.is_match(text),
            Self::Full(regex) => regex.is_match(text),
        }
    }
}

impl Pattern {
    /// The expression as it is written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Whether it can be used.
    pub fn is_valid(&self) -> bool {
        self.engine().is_some()
    }

    fn engine(&self) -> Option<&Engine> {
        self.compiled.get_or_init(|| Engine::new(&self.source)).as_ref()
    }
}

impl From<String> for Pattern {
    fn from(source: String) -> Self {
        Self {
            source,
            compiled: OnceLock::new(),
        }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.source
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// The expression with `\d`, `\s` and `\w` as Go reads them: ASCII alone.
fn ascii_classes(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut characters = source.chars();
    // A set inside a set is a union, so that one replacement serves in and out of brackets.
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('d') => text.push_str("[0-9]"),
            Some('D') => text.push_str("[^0-9]"),
            Some('s') => text.push_str("[\\t\\n\\f\\r ]"),
            Some('S') => text.push_str("[^\\t\\n\\f\\r ]"),
            Some('w') => text.push_str("[0-9A-Za-z_]"),
            Some('W') => text.push_str("[^0-9A-Za-z_]"),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}

/// A text or number that is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'v> {
    /// A text.
    Text(&'v str),
    /// A number.
    Number(f64),
}

impl Scalar<'_> {
    fn number(self) -> Option<f64> {
        match self {
            Self::Text(text) => text.parse().ok(),
            Self::Number(number) => Some(number),
        }
    }
}

impl Rule {
    /// Whether the provider refuses this value for this rule.
    pub fn refuses(&self, value: Scalar<'_>) -> bool {
        match self {
            Self::OneOf(values) => match value {
                Scalar::Text(text) => values.iter().all(|allowed| allowed != text),
                Scalar::Number(number) => values.iter().all(|allowed| allowed.parse() != Ok(number)),
            },
            Self::OneOfIgnoringCase(values) => match value {
                Scalar::Text(text) => {
                    let text = text.to_lowercase();
                    values.iter().all(|allowed| allowed.to_lowercase() != text)
                }
                Scalar::Number(_) => false,
            },
            Self::Length(length) => match value {
                Scalar::Text(text) => length.refuses(text),
                Scalar::Number(_) => false,
            },
            Self::Range(range) => value.number().is_some_and(|number| {
                range.min.is_some_and(|min| number < min) || range.max.is_some_and(|max| number > max)
            }),
            Self::Whole => value.number().is_some_and(|number| number.fract() != 0.0),
            Self::MultipleOf(divisor) => value.number().is_some_and(|number| number % divisor != 0.0),
            Self::Pattern(pattern) => match value {
                Scalar::Text(text) => pattern.engine().is_some_and(|engine| !engine.is_match(text)),
                Scalar::Number(_) => false,
            },
            Self::Form(form) => match value {
                Scalar::Text(text) => !form.has(text),
                Scalar::Number(_) => false,
            },
            Self::AnyOf(rules) => rules.iter().all(|rule| rule.refuses(value)),
            Self::Nothing => true,
        }
    }
}

impl Rule {
    fn is_empty_text(&self) -> bool {
        matches!(self, Self::OneOf(values) if matches!(values.as_slice(), [only] if only.is_empty()))
    }

    /// The values that it lists; none for a rule of another kind.
    pub fn listed(&self) -> Vec<&str> {
        match self {
            Self::OneOf(values) | Self::OneOfIgnoringCase(values) => values
                .iter()
                .map(String::as_str)
                .filter(|value| !value.is_empty())
                .collect(),
            Self::AnyOf(rules) => rules.iter().flat_map(Self::listed).collect(),
            _ => Vec::new(),
        }
    }
}

impl Length {
    fn refuses(&self, text: &str) -> bool {
        let outside =
            |length: usize| self.min.is_some_and(|min| length < min) || self.max.is_some_and(|max| length > max);
        let by_bytes = || outside(text.len());
        let by_characters = || outside(text.chars().count());
        match self.unit {
            Unit::Bytes => by_bytes(),
            Unit::Characters => by_characters(),
            Unit::Either => by_bytes() && by_characters(),
        }
    }
}

/// Names at most this many allowed values.
const LISTED: usize = 12;

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(values) | Self::OneOfIgnoringCase(values) => {
                if let [only] = values.as_slice() {
                    return write!(formatter, "{only:?}");
                }
                formatter.write_str("one of ")?;
                for (number, value) in values.iter().take(LISTED).enumerate() {
                    let comma = if number > 0 { ", " } else { "" };
                    write!(formatter, "{comma}{value:?}")?;
                }
                match values.len().saturating_sub(LISTED) {
                    0 => Ok(()),
                    more => write!(formatter, " and {more} more"),
                }
            }
            Self::Length(Length { min, max, unit }) => {
                let unit = if *unit == Unit::Bytes { "bytes" } else { "characters" };
                match (min, max) {
                    (Some(1), None) => formatter.write_str("a text that is not empty"),
                    (Some(min), Some(max)) if min == max => write!(formatter, "{min} {unit}"),
                    (Some(min), Some(max)) => write!(formatter, "{min} to {max} {unit}"),
                    (Some(min), None) => write!(formatter, "at least {min} {unit}"),
                    (None, Some(max)) => write!(formatter, "at most {max} {unit}"),
                    (None, None) => formatter.write_str("a text"),
                }
            }
            Self::Range(Range { min, max }) => match (min, max) {
                (Some(min), Some(max)) => write!(formatter, "a number from {min} to {max}"),
                (Some(min), None) => write!(formatter, "a number of at least {min}"),
                (None, Some(max)) => write!(formatter, "a number of at most {max}"),
                (None, None) => formatter.write_str("a number"),
            },
            Self::Whole => formatter.write_str("a whole number"),
            Self::MultipleOf(divisor) => write!(formatter, "a multiple of {divisor}"),
            Self::Pattern(pattern) => write!(formatter, "a text that matches {}", pattern.as_str()),
            Self::Form(form) => write!(formatter, "{form}"),
            Self::AnyOf(rules) => {
                // "Or empty" is said last.
                let (empty, others): (Vec<&Self>, Vec<&Self>) = rules.iter().partition(|rule| rule.is_empty_text());
                for (number, rule) in others.iter().enumerate() {
                    let or = if number > 0 { ", or " } else { "" };
                    write!(formatter, "{or}{rule}")?;
                }
                formatter.write_str(if empty.is_empty() { "" } else { ", or empty" })
            }
            Self::Nothing => formatter.write_str("no value: the provider sets it"),
        }
    }
}
