//! Reading documents as AWS reads them: what AWS would refuse to store is an error here, all errors of a document at
//! once. Whether actions, resource types and condition keys exist is not asked here.

mod condition;
mod error;
mod principal;
mod reader;
mod statement;

pub use error::{ErrorCode, PolicyError, Position};

use std::ops::Range;

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::{Document, Kind, Version, print};
use reader::Reader;

/// A document with the places of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The document.
    pub document: Document,
    /// Where its parts stand in the text.
    pub places: Places,
}

/// Where the parts of a document stand, by JSON path (`$.Statement[0].Action[1]`). A list of one that was written
/// without brackets has the path of the bare value. With it a rule that looks at the document alone can point into
/// the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places(Vec<(String, Range<usize>)>);

impl Places {
    /// Byte range of a part; of a list's member also where the list was written as a bare value.
    pub fn get(&self, path: &str) -> Option<Range<usize>> {
        let find = |path: &str| {
            self.0
                .iter()
                .find(|(known, _)| known == path)
                .map(|(_, range)| range.clone())
        };
        find(path).or_else(|| find(path.strip_suffix("[0]")?))
    }

    /// Every part in the order of the text: path and byte range.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.0.iter().map(|(path, range)| (path.as_str(), range.clone()))
    }
}

/// Reads a document of this kind.
///
/// # Errors
/// Everything in the text that AWS would refuse, in the order of the text. JSON that is broken yields one error only.
pub fn parse(text: &str, kind: Kind) -> Result<Parsed, Vec<PolicyError>> {
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
    let mut reader = Reader::new(text, kind);
    match parse_to_ast(text, &CollectOptions::default(), &strict) {
        Ok(result) => match result.value {
            Some(value) => {
                let document = reader.document(&value);
                reader.finish(document)
            }
            None => {
                reader.error(
                    ErrorCode::Syntax,
                    "$",
                    0..0,
                    "the text is empty: expected a policy document",
                );
                reader.finish(None)
            }
        },
        Err(error) => {
            let range = error.range();
            reader.error(
                ErrorCode::Syntax,
                "$",
                range.start..range.end,
                format!("not JSON: {}", error.kind()),
            );
            reader.finish(None)
        }
    }
}

/// Reads a document of this kind from JSON that was read before. Duplicate members cannot be seen any more.
///
/// # Errors
/// As [`parse`], without positions.
pub fn parse_value(value: &serde_json::Value, kind: Kind) -> Result<Document, Vec<PolicyError>> {
    match parse(&value.to_string(), kind) {
        Ok(parsed) => Ok(parsed.document),
        Err(errors) => Err(errors.into_iter().map(PolicyError::without_position).collect()),
    }
}

/// What AWS would refuse of a document that was built as a value; empty if nothing.
pub fn check(document: &Document, kind: Kind) -> Vec<PolicyError> {
    match parse(&print::minified(document), kind) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.into_iter().map(PolicyError::without_position).collect(),
    }
}

impl Reader<'_> {
    fn document(&mut self, value: &Value<'_>) -> Option<Document> {
        self.characters();
        let elements = self.members(value, "$", "a policy document", &["Version", "Id", "Statement"])?;
        let version = match elements.get("Version") {
            None => Some(Version::V2008),
            Some(member) => self.version(member.value),
        };
        let id = match elements.get("Id") {
            None => None,
            Some(member) => {
                if matches!(self.kind, Kind::Identity | Kind::Boundary | Kind::Session) {
                    // <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
                    let message = format!("{} cannot have an `Id`", self.kind_name());
                    self.error(ErrorCode::ElementNotAllowed, "$.Id", member.name.clone(), message);
                }
                self.string(member.value, "$.Id", "`Id`")
            }
        };
        let Some(member) = elements.get("Statement") else {
            self.error(ErrorCode::MissingElement, "$", elements.range, "`Statement` is missing");
            return None;
        };
        let statements = self.statements(member.value);
        Some(Document {
            version: version?,
            id,
            statements,
        })
    }

    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
    fn version(&mut self, value: &Value<'_>) -> Option<Version> {
        let text = self.string(value, "$.Version", "`Version`")?;
        match text.as_str() {
            "2012-10-17" => Some(Version::V2012),
            "2008-10-17" => Some(Version::V2008),
            _ => {
                let message = format!("`Version` is `{text}`: expected `2012-10-17` or `2008-10-17`");
                self.error(ErrorCode::InvalidValue, "$.Version", reader::range(value), message);
                None
            }
        }
    }
}
