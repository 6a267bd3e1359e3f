//! Going on after an error.
//!
//! An error inside brackets is over at the next comma of these brackets, at the next line of an object, or at the
//! closing bracket. Of unexpected tokens only the first on a line is noted. Whether there is one is not known; a line that is indented no further than the argument, and looks
//! like another argument or block, ends all brackets. Where the text before the error is not indented, nothing can be
//! said from the indentation.

use super::parser::{Lost, Parsed, Parser};
use super::token::{Fault, Token, TokenKind};

/// Where reading can go on.
pub(super) enum Resumed {
    /// After a separator.
    Separator,
    /// After the closing bracket.
    Closed,
}

/// What separates the parts of a bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// Nothing.
    None,
    /// A comma.
    Comma,
    /// A comma; and the line break ends the bracket, too, for it began on this line.
    Inline,
    /// A comma or line break.
    Line,
}

/// The bracket that closes what a token opens.
fn closer(kind: TokenKind) -> Option<TokenKind> {
    Some(match kind {
        TokenKind::BraceOpen => TokenKind::BraceClose,
        TokenKind::BracketOpen => TokenKind::BracketClose,
        TokenKind::ParenOpen => TokenKind::ParenClose,
        TokenKind::QuoteOpen => TokenKind::QuoteClose,
        TokenKind::HeredocOpen => TokenKind::HeredocClose,
        TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => TokenKind::SequenceClose,
        _ => return None,
    })
}

fn is_closer(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::BraceClose
            | TokenKind::BracketClose
            | TokenKind::ParenClose
            | TokenKind::QuoteClose
            | TokenKind::HeredocClose
            | TokenKind::SequenceClose
    )
}

/// Brackets that were opened while looking for a place to go on: the tokens that close them.
#[derive(Default)]
struct Open(Vec<TokenKind>);

impl Open {
    /// Counts a token; false if it closes a bracket that was not opened here.
    fn count(&mut self, kind: TokenKind) -> bool {
        self.0.extend(closer(kind));
        !is_closer(kind) || self.close(kind)
    }

    /// Closes a bracket and all that were opened in it; false if it was not opened here.
    fn close(&mut self, kind: TokenKind) -> bool {
        match self.0.iter().rposition(|open| *open == kind) {
            Some(index) => {
                self.0.truncate(index);
                true
            }
            None => false,
        }
    }
}

impl Parser<'_> {
    /// Finds where the parts of a bracket go on after an error.
    pub(super) fn recover(&mut self, close: TokenKind, separator: Separator) -> Parsed<Resumed> {
        let anchors = self.has_anchors();
        let mut open = Open::default();
        loop {
            let token = self.look(0);
            if token.kind == TokenKind::End {
                self.is_cut_off = true;
                return Err(Lost);
            }
            if anchors && self.is_anchor(&token) {
                return Err(Lost);
            }
            let cuts_string = token.kind == TokenKind::Invalid(Fault::NewlineInQuotes);
            if cuts_string {
                open.close(TokenKind::QuoteClose);
            }
            let is_outside = open.0.is_empty();
            if self.breaks_line(&token) {
                if is_outside && separator == Separator::Line {
                    self.pass();
                    return Ok(Resumed::Separator);
                }
                let is_lost = separator == Separator::Inline || self.in_quotes;
                if is_lost && (is_outside || cuts_string) {
                    return Err(Lost);
                }
            }
            if is_outside && token.kind == TokenKind::Comma && separator != Separator::None {
                self.pass();
                return Ok(Resumed::Separator);
            }
            if !open.count(token.kind) {
                if token.kind == close {
                    self.pass();
                    return Ok(Resumed::Closed);
                }
                // On the broken line it is rather one too many.
                if close != TokenKind::SequenceClose && token.span.start >= self.broken_until {
                    return Err(Lost);
                }
            }
            self.pass();
        }
    }

    /// Passes what is left of an argument or block: to the end of the line, further while brackets are open. Stops
    /// before a brace that closes the block around it.
    pub(super) fn skip_item(&mut self, block: Option<usize>) {
        let anchors = self.has_anchors();
        let mut open = Open::default();
        loop {
            let token = self.look(0);
            if token.kind == TokenKind::End {
                self.is_cut_off |= !open.0.is_empty();
                break;
            }
            if anchors && self.is_anchor(&token) {
                break;
            }
            if token.kind == TokenKind::Invalid(Fault::NewlineInQuotes) {
                open.close(TokenKind::QuoteClose);
            }
            if open.0.is_empty() {
                if self.breaks_line(&token) {
                    self.pass();
                    break;
                }
                if token.kind == TokenKind::BraceClose
                    && block.is_some_and(|start| self.closes_block(token.span.start, start))
                {
                    break;
                }
            }
            self.is_cut_off |= token.kind == TokenKind::Invalid(Fault::UnclosedComment);
            open.count(token.kind);
            self.pass();
        }
        self.resume(0);
    }

    /// Goes back to a token if it is rather the start of another argument or block than a part of this one.
    pub(super) fn back_to_anchor(&mut self, token: &Token, depth: usize) -> bool {
        let is_anchor = self.has_anchors() && self.is_anchor(token);
        if is_anchor {
            self.resume_at(token.span.start, depth);
        }
        is_anchor
    }

    /// Reads on in the code in which only the outermost templates and interpolations are open.
    pub(super) fn resume(&mut self, depth: usize) {
        let at = self.ahead.front().map(|token| token.span.start);
        self.resume_at(at.unwrap_or(self.lexer.position()), depth);
    }

    /// Reads on from a position on.
    pub(super) fn resume_at(&mut self, at: usize, depth: usize) {
        if self.lexer.depth() > depth || self.ahead.front().is_none_or(|token| token.span.start != at) {
            self.ahead.clear();
            self.lexer.resume(at, depth);
        }
    }

    pub(super) fn breaks_line(&self, token: &Token) -> bool {
        self.is_line_end(token) || token.kind == TokenKind::Invalid(Fault::NewlineInQuotes)
    }

    /// Whether a closing brace is that of the block that starts at a position: alone on its line, or on the line of the
    /// whole block.
    fn closes_block(&self, brace: usize, start: usize) -> bool {
        let between = self.source.get(start..brace).unwrap_or_default();
        self.indentation(brace).is_some() || !between.contains('\n')
    }

    /// Whether the lines of the item above that of its first error are indented more than its first one.
    fn has_anchors(&mut self) -> bool {
        match self.indented {
            Some((item, is_indented)) if item == self.item => return is_indented,
            _ => {}
        }
        let column = self.column(self.item);
        let text = self.source.get(self.item..self.end).unwrap_or_default();
        let text = text.rsplit_once('\n').map_or("", |(above, _)| above);
        let is_indented = text.lines().skip(1).all(|line| {
            let content = line.trim_start_matches([' ', '\t']);
            content.trim().is_empty() || line.len() - content.len() > column || content.starts_with([']', '}', ')'])
        });
        self.indented = Some((self.item, is_indented));
        is_indented
    }

    /// Whether another argument or block, or the end of the block, starts with a token.
    pub(super) fn is_anchor(&self, token: &Token) -> bool {
        let at = token.span.start;
        if at <= self.item || !matches!(token.kind, TokenKind::Identifier | TokenKind::BraceClose) {
            return false;
        }
        let (Some(indentation), column) = (self.indentation(at), self.column(self.item)) else {
            return false;
        };
        if token.kind == TokenKind::BraceClose {
            return indentation < column;
        }
        let rest = self.source.get(token.span.end..).unwrap_or_default();
        let rest = rest.trim_start_matches([' ', '\t']);
        let is_item = match rest.chars().next() {
            Some('=') => !rest.starts_with("==") && !rest.starts_with("=>"),
            Some(next) => next == '{' || next == '"',
            None => false,
        };
        is_item && indentation <= column
    }

    /// How many bytes a line is indented whose first character that is no blank stands at a position.
    pub(super) fn indentation(&self, at: usize) -> Option<usize> {
        let before = self.source.get(..at)?;
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        (blanks == at || before.get(..at - blanks)?.ends_with('\n')).then_some(blanks)
    }

    /// How many bytes the line of a position is indented.
    pub(super) fn column(&self, at: usize) -> usize {
        let before = self.source.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let text = self.source.get(line..).unwrap_or_default();
        text.len() - text.trim_start_matches([' ', '\t']).len()
    }
}
