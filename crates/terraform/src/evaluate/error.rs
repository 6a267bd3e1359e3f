//! What is wrong with an expression.

use std::fmt;

use crate::ast::Span;

/// An expression that Terraform refuses to evaluate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluationError {
    /// What is wrong.
    pub kind: EvaluationErrorKind,
    /// What and why, in a sentence without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// What is wrong with an expression. New kinds may be added; what a kind means stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EvaluationErrorKind {
    /// A function that does not exist.
    UnknownFunction,
    /// Too few or too many arguments.
    ArgumentCount,
    /// An argument of the wrong type, or null where the function wants a value.
    ArgumentType,
    /// An argument that the function refuses, or a call that fails.
    Call,
    /// `f(x...)` with something that is no list, set or tuple.
    ExpandedArgument,
    /// An attribute that the value does not have.
    Attribute,
    /// An index or key that the value does not have, or one of the wrong type.
    Index,
    /// A look-up in null.
    NullValue,
    /// An operand of the wrong type, or null.
    Operand,
    /// An operation without a result, as `0/0`.
    Operation,
    /// A condition that is neither true nor false.
    Condition,
    /// Results of a conditional that have no type in common.
    Branches,
    /// A value in a template that has no text.
    Template,
    /// A `for` over something without elements.
    Iteration,
    /// A key of an object that is null or has no text.
    ObjectKey,
    /// A key of an object that may be a reference or a name.
    AmbiguousKey,
    /// A key that a `for` produces twice.
    DuplicateKey,
    /// A splat over null, or one whose results have no type in common.
    Splat,
    /// A type constraint that is none.
    TypeConstraint,
}

impl EvaluationErrorKind {
    /// A stable name in kebab case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownFunction => "unknown-function",
            Self::ArgumentCount => "argument-count",
            Self::ArgumentType => "argument-type",
            Self::Call => "call",
            Self::ExpandedArgument => "expanded-argument",
            Self::Attribute => "attribute",
            Self::Index => "index",
            Self::NullValue => "null-value",
            Self::Operand => "operand",
            Self::Operation => "operation",
            Self::Condition => "condition",
            Self::Branches => "branches",
            Self::Template => "template",
            Self::Iteration => "iteration",
            Self::ObjectKey => "object-key",
            Self::AmbiguousKey => "ambiguous-key",
            Self::DuplicateKey => "duplicate-key",
            Self::Splat => "splat",
            Self::TypeConstraint => "type-constraint",
        }
    }
}

impl EvaluationError {
    /// An error of this kind at this place.
    pub fn new(kind: EvaluationErrorKind, span: &Span, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            span: span.clone(),
        }
    }
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for EvaluationError {}
