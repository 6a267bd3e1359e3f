//! Formatting as `terraform fmt` (1.11) does it.
//!
//! Two layers, as there: the syntax is normalised (needless interpolations, block labels, old type expressions), then
//! the tokens are laid out line by line: indentation, spaces, alignment. What stands on which line never changes.

mod label;
mod lines;
mod rewrite;
mod spacing;

use std::borrow::Cow;

use crate::syntax::{self, SyntaxError, TokenKind};

/// Why a file is not formatted: it is no valid Terraform, and nothing else.
pub type FormatError = SyntaxError;

/// A token on its way to the output.
#[derive(Debug, Clone)]
struct Piece<'s> {
    kind: TokenKind,
    text: Cow<'s, str>,
    /// How many blanks come before it.
    blanks: usize,
}

impl<'s> Piece<'s> {
    fn new(kind: TokenKind, text: impl Into<Cow<'s, str>>) -> Self {
        Self {
            kind,
            text: text.into(),
            blanks: 0,
        }
    }

    /// By how much it changes the number of open brackets.
    fn nesting(&self) -> isize {
        use TokenKind as K;
        match self.kind {
            K::BraceOpen | K::BracketOpen | K::ParenOpen | K::InterpolationOpen | K::DirectiveOpen => 1,
            K::BraceClose | K::BracketClose | K::ParenClose | K::SequenceClose => -1,
            _ => 0,
        }
    }

    /// Whether a line ends with it. A comment from `#` or `//` on holds its newline.
    fn ends_line(&self) -> bool {
        self.kind == TokenKind::Newline || (self.kind == TokenKind::Comment && self.text.ends_with('\n'))
    }
}

/// Formats a Terraform file (`.tf`, `.tfvars`, `.tftest.hcl`, …) as `terraform fmt` formats it in place: a last line
/// without a newline stays so.
///
/// # Errors
/// When the source is not valid Terraform syntax. Such a file has no canonical form, and formatting it could change
/// what it was meant to say.
pub fn format(source: &str) -> Result<String, FormatError> {
    // That a tree would be too deep is no error: the layout does not depend on it.
    let (body, errors, _) = syntax::read(source);
    if let Some(error) = errors.into_iter().next() {
        return Err(error);
    }
    let tokens = syntax::lex(source);
    let pieces = rewrite::normalise(source, &tokens, &body);
    let mut lines = lines::split(pieces);
    lines::indent(&mut lines);
    lines::space(&mut lines);
    lines::align(&mut lines);
    Ok(lines::join(&lines, source.len()))
}
