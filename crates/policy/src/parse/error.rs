//! Errors in documents.

use std::fmt;
use std::ops::Range;

/// What is wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorCode {
    /// Not JSON.
    Syntax,
    /// A character that IAM stores in no document.
    InvalidCharacter,
    /// A member twice in one object, or two that differ in case only.
    DuplicateKey,
    /// An element that the language does not have.
    UnknownElement,
    /// A value of the wrong JSON type.
    WrongType,
    /// A required element is not there.
    MissingElement,
    /// Two elements that exclude each other.
    ConflictingElements,
    /// An element that this kind of policy cannot have.
    ElementNotAllowed,
    /// A list without members.
    EmptyList,
    /// A value that the element cannot have.
    InvalidValue,
    /// A `Sid` with characters that IAM does not take.
    InvalidSid,
    /// A `Sid` twice in one document.
    DuplicateSid,
    /// A principal that AWS cannot resolve.
    InvalidPrincipal,
    /// Not an action's form.
    InvalidAction,
    /// Not a resource's form.
    InvalidResource,
    /// Not a condition operator.
    InvalidOperator,
}

impl ErrorCode {
    /// The code in kebab case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::InvalidCharacter => "invalid-character",
            Self::DuplicateKey => "duplicate-key",
            Self::UnknownElement => "unknown-element",
            Self::WrongType => "wrong-type",
            Self::MissingElement => "missing-element",
            Self::ConflictingElements => "conflicting-elements",
            Self::ElementNotAllowed => "element-not-allowed",
            Self::EmptyList => "empty-list",
            Self::InvalidValue => "invalid-value",
            Self::InvalidSid => "invalid-sid",
            Self::DuplicateSid => "duplicate-sid",
            Self::InvalidPrincipal => "invalid-principal",
            Self::InvalidAction => "invalid-action",
            Self::InvalidResource => "invalid-resource",
            Self::InvalidOperator => "invalid-operator",
        }
    }
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Byte range.
    pub range: Range<usize>,
}

/// One thing in a document that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// What is wrong, for programs.
    pub code: ErrorCode,
    /// Where, as a JSON path: `$.Statement[0].Action`.
    pub path: String,
    /// Where in the text; `None` where there was no text.
    pub position: Option<Position>,
    /// What is wrong and what was expected.
    pub message: String,
}

impl PolicyError {
    pub(super) fn without_position(mut self) -> Self {
        self.position = None;
        self
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = &self.position {
            write!(f, "{}:{}: ", position.line, position.column)?;
        }
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for PolicyError {}
