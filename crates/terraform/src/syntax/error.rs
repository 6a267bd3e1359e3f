//! A place where the source is not valid, and why.

use std::fmt;
use std::ops::Range;

use super::MAX_SIZE;

/// A syntax error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong and what is expected instead.
    pub message: String,
    /// The bytes that are wrong; empty at the end of the file.
    pub span: Range<usize>,
    /// The line of the first wrong byte, from 1.
    pub line: usize,
    /// The column of the first wrong byte in characters, from 1.
    pub column: usize,
}

impl SyntaxError {
    pub(crate) fn new(source: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let before = source.get(..span.start).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let text = before.get(line_start..).unwrap_or_default();
        let column = text.trim_start_matches('\u{feff}').chars().count() + 1;
        Self {
            message: message.into(),
            span,
            line,
            column,
        }
    }

    /// The error of a file that is longer than [`MAX_SIZE`].
    pub(crate) fn too_long() -> Self {
        let message = format!(
            "the file is longer than {} MiB and was not read; split it",
            MAX_SIZE >> 20
        );
        Self {
            message,
            span: 0..0,
            line: 1,
            column: 1,
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for SyntaxError {}
