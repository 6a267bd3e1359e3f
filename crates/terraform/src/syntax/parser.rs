//! The structure of a file: arguments and blocks.

use std::collections::BTreeSet;
use std::ops::Range;

use super::SyntaxError;
use super::token::{Token, TokenKind};

/// How deeply blocks and expressions may be nested. Terraform has no limit; no file of people comes near this one, and
/// without it a hostile file would exhaust the stack.
const DEPTH: usize = 200;

/// What stands at the top of a file or between the braces of a block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its arguments and blocks, in order.
    pub items: Vec<Item>,
}

/// An argument or a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// An argument.
    Attribute(Attribute),
    /// A block.
    Block(Block),
}

/// An argument, `name = value`. All numbers are indices into the tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: usize,
    /// Its value.
    pub value: Range<usize>,
}

/// A block. All numbers are indices into the tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its type.
    pub kind: usize,
    /// Its labels: an identifier each, or the tokens of a quoted string.
    pub labels: Vec<Range<usize>>,
    /// Its opening brace.
    pub open: usize,
    /// What it holds.
    pub body: Body,
    /// Its closing brace.
    pub close: usize,
}

/// Finds the structure of a file, and whether the file is valid.
///
/// # Errors
/// The first place where the file is no valid Terraform syntax.
pub fn parse(source: &str, tokens: &[Token]) -> Result<Body, SyntaxError> {
    if let Some(token) = tokens.iter().find(|token| matches!(token.kind, TokenKind::Invalid(_)))
        && let TokenKind::Invalid(fault) = token.kind
    {
        let text = source.get(token.span.clone()).unwrap_or_default();
        return Err(SyntaxError::new(source, token.span.clone(), fault.message(text)));
    }
    let mut parser = Parser {
        source,
        tokens,
        at: 0,
        last: 0,
        newlines: vec![true],
        depth: 0,
    };
    parser.body(TokenKind::End)
}

pub(super) type Parsed<T> = Result<T, SyntaxError>;

pub(super) struct Parser<'s> {
    pub(super) source: &'s str,
    pub(super) tokens: &'s [Token],
    at: usize,
    /// The token that was read last.
    last: usize,
    /// Whether line breaks count, innermost last.
    newlines: Vec<bool>,
    depth: usize,
}

impl Parser<'_> {
    /// The next token that counts, without reading it, and its index.
    fn upcoming(&self) -> (TokenKind, usize) {
        let newlines = self.newlines.last().copied().unwrap_or(true);
        let mut index = self.at;
        while let Some(token) = self.tokens.get(index) {
            match token.kind {
                TokenKind::Newline if !newlines => {}
                // A comment to the end of a line ends the line.
                TokenKind::Comment if newlines && self.text(index).ends_with('\n') => {
                    return (TokenKind::Newline, index);
                }
                TokenKind::Comment => {}
                kind => return (kind, index),
            }
            index += 1;
        }
        (TokenKind::End, self.tokens.len().saturating_sub(1))
    }

    pub(super) fn peek(&self) -> TokenKind {
        self.upcoming().0
    }

    /// Whether the next token is a certain word.
    pub(super) fn peek_word(&self, word: &str) -> bool {
        let (kind, index) = self.upcoming();
        kind == TokenKind::Identifier && self.text(index) == word
    }

    /// Reads a token and returns its index. The end of the source can be read any number of times.
    pub(super) fn read(&mut self) -> usize {
        let (kind, index) = self.upcoming();
        self.at = if kind == TokenKind::End { index } else { index + 1 };
        self.last = index;
        index
    }

    /// Reads the next token if it is of a kind.
    pub(super) fn read_if(&mut self, kind: TokenKind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.read();
        }
        found
    }

    pub(super) fn expect(&mut self, kind: TokenKind, what: &str) -> Parsed<usize> {
        if self.peek() == kind {
            Ok(self.read())
        } else {
            Err(self.unexpected(what))
        }
    }

    pub(super) fn text(&self, index: usize) -> &str {
        self.tokens
            .get(index)
            .and_then(|token| self.source.get(token.span.clone()))
            .unwrap_or_default()
    }

    /// An error at the next token.
    pub(super) fn unexpected(&self, expected: &str) -> SyntaxError {
        let (kind, index) = self.upcoming();
        let found = match kind {
            TokenKind::End => "the file ends".to_owned(),
            TokenKind::Newline => "the line ends".to_owned(),
            _ => format!("found `{}`", self.text(index).trim_end()),
        };
        self.error(index, format!("expected {expected}, but {found}"))
    }

    pub(super) fn error(&self, index: usize, message: impl Into<String>) -> SyntaxError {
        let end = self.source.len();
        let span = self.tokens.get(index).map_or(end..end, |token| token.span.clone());
        SyntaxError::new(self.source, span, message)
    }

    /// Runs a step within which line breaks count or do not.
    pub(super) fn with_newlines<T>(&mut self, count: bool, step: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.newlines.push(count);
        let result = step(self);
        self.newlines.pop();
        result
    }

    /// Runs a step one level deeper.
    pub(super) fn nested<T>(&mut self, step: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH {
            let (_, index) = self.upcoming();
            return Err(self.error(index, format!("nested more than {DEPTH} levels deep")));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    fn body(&mut self, end: TokenKind) -> Parsed<Body> {
        let mut items = Vec::new();
        let mut names = BTreeSet::new();
        loop {
            match self.peek() {
                TokenKind::Newline => {
                    self.read();
                }
                TokenKind::Identifier => {
                    let name = self.read();
                    if self.peek() == TokenKind::Assign {
                        if !names.insert(self.text(name).to_owned()) {
                            let message = format!("the argument {} is already set in this block", self.text(name));
                            return Err(self.error(name, message));
                        }
                        let attribute = self.attribute(name)?;
                        self.end_of_line("argument")?;
                        items.push(Item::Attribute(attribute));
                    } else {
                        let block = self.nested(|parser| parser.block(name))?;
                        items.push(Item::Block(block));
                    }
                }
                kind if kind == end => return Ok(Body { items }),
                _ if end == TokenKind::End => return Err(self.unexpected("an argument or a block")),
                _ => return Err(self.unexpected("an argument, a block or `}`")),
            }
        }
    }

    fn attribute(&mut self, name: usize) -> Parsed<Attribute> {
        self.read();
        let start = self.upcoming().1;
        self.expression()?;
        Ok(Attribute {
            name,
            value: start..self.last + 1,
        })
    }

    fn end_of_line(&mut self, what: &str) -> Parsed<()> {
        match self.peek() {
            TokenKind::Newline | TokenKind::End => {
                self.read();
                Ok(())
            }
            _ => Err(self.unexpected(&format!("the end of the line after the {what}"))),
        }
    }

    fn block(&mut self, kind: usize) -> Parsed<Block> {
        let mut labels = Vec::new();
        loop {
            match self.peek() {
                TokenKind::BraceOpen => break,
                TokenKind::Identifier => {
                    let label = self.read();
                    labels.push(label..label + 1);
                }
                TokenKind::QuoteOpen => labels.push(self.label()?),
                _ if labels.is_empty() => return Err(self.unexpected("`=`, a block label or `{`")),
                _ => return Err(self.unexpected("a block label or `{`")),
            }
        }
        let open = self.read();
        let body = match self.peek() {
            TokenKind::Newline | TokenKind::End | TokenKind::BraceClose => self.body(TokenKind::BraceClose)?,
            TokenKind::Identifier => {
                let name = self.read();
                if self.peek() != TokenKind::Assign {
                    return Err(self.unexpected("`=`: a block on one line holds a single argument"));
                }
                Body {
                    items: vec![Item::Attribute(self.attribute(name)?)],
                }
            }
            _ => return Err(self.unexpected("a line break, an argument or `}`")),
        };
        let close = self.expect(
            TokenKind::BraceClose,
            "`}`: a block on one line holds a single argument",
        )?;
        self.end_of_line("block")?;
        Ok(Block {
            kind,
            labels,
            open,
            body,
            close,
        })
    }

    /// A quoted label: a string without interpolations.
    fn label(&mut self) -> Parsed<Range<usize>> {
        let start = self.read();
        loop {
            let index = self.read();
            match self.tokens.get(index).map(|token| token.kind) {
                Some(TokenKind::QuotedText) => self.escapes(index)?,
                Some(TokenKind::QuoteClose) => return Ok(start..index + 1),
                Some(TokenKind::InterpolationOpen | TokenKind::DirectiveOpen) => {
                    let message = "a block label is a plain string; write `$${` or `%%{` for the literal characters";
                    return Err(self.error(index, message));
                }
                _ => return Err(self.error(start, "the string that starts here has no closing quote")),
            }
        }
    }
}
