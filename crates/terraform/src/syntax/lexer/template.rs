//! Tokens inside templates.

use super::{Lexer, Mode};
use crate::syntax::identifier::{is_continue, is_start};
use crate::syntax::token::{Fault, Token, TokenKind};

impl<'s> Lexer<'s> {
    pub(super) fn heredoc_start(&mut self, rest: &'s str) -> Token {
        let after = rest.get(2..).unwrap_or_default();
        let after = after.strip_prefix('-').unwrap_or(after);
        let length = if after.starts_with(is_start) {
            after.find(|c| !is_continue(c)).unwrap_or(0)
        } else {
            0
        };
        let (name, end) = after.split_at(length);
        let newline = if end.starts_with("\r\n") {
            2
        } else {
            usize::from(end.starts_with('\n'))
        };
        if length == 0 || newline == 0 {
            return self.token(TokenKind::Less, 1);
        }
        self.modes.push(Mode::Heredoc { name, line_start: true });
        self.token(TokenKind::HeredocOpen, rest.len() - end.len() + newline)
    }

    /// Reads one piece of a quoted template. A line break ends the template: what follows is more likely code.
    pub(super) fn quoted(&mut self) -> Token {
        let rest = self.rest();
        if rest.starts_with('"') {
            self.modes.pop();
            return self.token(TokenKind::QuoteClose, 1);
        }
        if starts_sequence(rest, 0) {
            return self.sequence_start(rest);
        }
        let mut length = 0;
        let mut chars = rest.char_indices();
        while let Some((offset, c)) = chars.next() {
            length = offset;
            match c {
                '"' | '\n' | '\r' => break,
                '$' | '%' if starts_sequence(rest, offset) => break,
                // The escaped character is no end, whatever it is, unless it is a line break.
                '\\' if !after(rest, offset).starts_with(['\n', '\r']) => {
                    chars.next();
                }
                '$' | '%' if is_escaped_marker(rest, offset) => {
                    chars.nth(1);
                }
                _ => {}
            }
            length = chars.offset();
        }
        if length > 0 {
            return self.token(TokenKind::QuotedText, length);
        }
        if rest.starts_with('\r') && !rest.starts_with("\r\n") {
            return self.token(TokenKind::Invalid(Fault::Character), 1);
        }
        self.modes.pop();
        let newline = if rest.starts_with('\r') { 2 } else { 1 };
        self.token(TokenKind::Invalid(Fault::NewlineInQuotes), newline)
    }

    /// Reads one piece of a heredoc or bare template, at most to the end of the line. `name` is that of the heredoc.
    pub(super) fn line(&mut self, name: Option<&str>, line_start: bool) -> Token {
        let rest = self.rest();
        if starts_sequence(rest, 0) {
            return self.sequence_start(rest);
        }
        let mut length = rest.len();
        let mut chars = rest.char_indices();
        let mut ends_line = false;
        while let Some((offset, c)) = chars.next() {
            match c {
                '\n' => {
                    length = offset + 1;
                    ends_line = true;
                    break;
                }
                '\r' if name.is_some() && !after(rest, offset).starts_with('\n') => {
                    length = offset;
                    break;
                }
                '$' | '%' if starts_sequence(rest, offset) => {
                    length = offset;
                    break;
                }
                '$' | '%' if is_escaped_marker(rest, offset) => {
                    chars.nth(1);
                }
                _ => {}
            }
        }
        if length == 0 {
            return self.token(TokenKind::Invalid(Fault::Character), 1);
        }
        let text = rest.get(..length).unwrap_or_default();
        if ends_line && line_start && name == Some(text.trim()) {
            self.modes.pop();
            let length = text.trim_end_matches('\n').trim_end_matches('\r').len();
            return self.token(TokenKind::HeredocClose, length);
        }
        if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
            *line_start = ends_line;
        }
        self.token(TokenKind::HeredocText, length)
    }

    /// Reads the start of an interpolation or directive.
    fn sequence_start(&mut self, rest: &str) -> Token {
        if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
            *line_start = false;
        }
        let kind = if rest.starts_with('$') {
            TokenKind::InterpolationOpen
        } else {
            TokenKind::DirectiveOpen
        };
        let strips = rest.as_bytes().get(2) == Some(&b'~');
        self.modes.push(Mode::Code { braces: 0 });
        self.token(kind, if strips { 3 } else { 2 })
    }
}

/// Whether `${` or `%{` stands at an offset.
fn starts_sequence(text: &str, offset: usize) -> bool {
    text.get(offset..)
        .is_some_and(|text| text.starts_with("${") || text.starts_with("%{"))
}

/// Whether `$${` or `%%{` stands at an offset.
fn is_escaped_marker(text: &str, offset: usize) -> bool {
    text.get(offset..)
        .is_some_and(|text| text.starts_with("$${") || text.starts_with("%%{"))
}

/// The text after the one-byte character at an offset.
fn after(text: &str, offset: usize) -> &str {
    text.get(offset + 1..).unwrap_or_default()
}
