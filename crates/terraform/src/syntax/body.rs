//! The structure of a file: arguments and blocks.

use std::collections::BTreeSet;

use super::lexer::Lexer;
use super::literal;
use super::parser::{Lost, Parsed, Parser};
use super::recovery::Separator;
use super::token::{Token, TokenKind};
use super::{MAX_SIZE, SyntaxError};
use crate::ast::{Attribute, Block, Body, Expression, ExpressionKind, Identifier, Item, Syntax};

/// Reads a file in the native syntax (`.tf`, `.tfvars`, `.tftest.hcl`). Accepts what Terraform 1.11 accepts, but for
/// the limits [`MAX_DEPTH`](super::MAX_DEPTH) and [`MAX_SIZE`]. What could not be read is left out of the tree, or is
/// [`ExpressionKind::Invalid`] where the rest of an argument is known.
///
/// Errors come in the order of the source, at most a hundred. No error at all: the file is valid.
pub fn parse_file(source: &str) -> (Body, Vec<SyntaxError>) {
    if source.len() > MAX_SIZE {
        return (Body::default(), vec![SyntaxError::too_long()]);
    }
    let (body, mut errors, too_deep) = read(source);
    if errors.is_empty() {
        errors.extend(too_deep);
    }
    (body, errors)
}

/// Reads a file of any length. The last value is the error that an expression is too deep for the tree, where that is
/// the case; it is nevertheless valid.
pub(crate) fn read(source: &str) -> (Body, Vec<SyntaxError>, Option<SyntaxError>) {
    let mut parser = Parser::new(source, Lexer::new(source));
    let body = parser.body(None);
    let (errors, too_deep) = parser.into_errors();
    (body, errors, too_deep)
}

/// How a text that stands in another is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Embedded {
    /// As a template without quotes.
    Template,
    /// As an expression; line breaks do not count.
    Expression,
}

/// Reads a template or expression that is a source by itself. After an error it is invalid as a whole.
pub(super) fn parse_embedded(source: &str, what: Embedded) -> (Expression, Vec<SyntaxError>) {
    let lexer = match what {
        Embedded::Template => Lexer::bare(source),
        Embedded::Expression => Lexer::new(source),
    };
    let mut parser = Parser::new(source, lexer);
    parser.newlines = false;
    let node = match what {
        Embedded::Template => parser.bare_template(),
        Embedded::Expression => parser.expression(),
    };
    if node.is_ok() && parser.peek() != TokenKind::End {
        parser.unexpected("an operator or the end of the text");
    }
    let (mut errors, too_deep) = parser.into_errors();
    if errors.is_empty() {
        errors.extend(too_deep);
    }
    match node {
        Ok(node) if errors.is_empty() => (*node.expression, errors),
        _ => {
            let kind = ExpressionKind::Invalid;
            (
                Expression {
                    kind,
                    span: 0..source.len(),
                },
                errors,
            )
        }
    }
}

/// What encloses a body.
struct Around {
    /// Where the block starts.
    start: usize,
    /// Its opening brace.
    open: Token,
}

impl Parser<'_> {
    /// The inside of a block up to its closing brace, which is not read, or the whole file.
    fn body(&mut self, around: Option<&Around>) -> Body {
        let start = around.map_or(0, |around| around.open.span.end);
        self.items(around, start, Vec::new())
    }

    fn items(&mut self, around: Option<&Around>, start: usize, mut items: Vec<Item>) -> Body {
        let mut names = BTreeSet::new();
        for item in &items {
            if let Item::Attribute(attribute) = item {
                names.insert(self.text(&attribute.name.span));
            }
        }
        let end = loop {
            let token = self.upcoming();
            match token.kind {
                TokenKind::Newline => {
                    self.read();
                }
                TokenKind::Identifier => {
                    let name = self.text(&token.span);
                    match self.item(around) {
                        Some(Item::Attribute(_)) if !names.insert(name) => {
                            self.error(token.span, format!("the argument {name} is already set in this block"));
                        }
                        item => items.extend(item),
                    }
                }
                TokenKind::BraceClose if around.is_some() => break token.span.start,
                TokenKind::End => {
                    if around.is_some() {
                        self.unclosed();
                    }
                    break token.span.start;
                }
                _ => {
                    self.item = token.span.start;
                    match around {
                        Some(_) => self.unexpected("an argument, a block or `}`"),
                        None => self.unexpected("an argument or a block"),
                    };
                    self.skip_item(around.map(|around| around.start));
                }
            }
        };
        items.shrink_to_fit();
        Body {
            items,
            span: start..end.max(start),
            syntax: Syntax::Native,
        }
    }

    /// The file ends before a block does.
    fn unclosed(&mut self) {
        if self.is_cut_off {
            return;
        }
        self.is_cut_off = true;
        match self.suspect.take() {
            Some(suspect) => {
                self.error(suspect, "the block that starts here has no `}`");
            }
            None => {
                self.unexpected("an argument, a block or `}`");
            }
        }
    }

    /// An argument or a block with the end of its line.
    fn item(&mut self, around: Option<&Around>) -> Option<Item> {
        let outer = self.item;
        let name = self.read();
        self.item = name.span.start;
        let block = around.map(|around| around.start);
        let item = if self.peek() == TokenKind::Assign {
            let (attribute, is_whole) = self.attribute(&name);
            if is_whole {
                self.end_of_line("argument", block);
            } else {
                self.skip_item(block);
            }
            Some(Item::Attribute(attribute))
        } else {
            self.suspect(&name, around);
            match self.nested(|parser| parser.block(&name)) {
                Ok((inner, is_closed)) => {
                    if is_closed {
                        self.end_of_line("block", block);
                    }
                    Some(Item::Block(inner))
                }
                Err(Lost) => {
                    self.skip_item(block);
                    None
                }
            }
        };
        self.item = outer;
        item
    }

    /// Notes a block that is indented no further than the one it stands in.
    fn suspect(&mut self, name: &Token, around: Option<&Around>) {
        if let Some(around) = around
            && self.suspect.is_none()
            && let Some(indentation) = self.indentation(name.span.start)
            && let Some(outer) = self.indentation(around.start)
            && indentation <= outer
        {
            self.suspect = Some(around.start..around.open.span.end);
        }
    }

    /// An argument from its `=` on, and whether it was read as a whole.
    fn attribute(&mut self, name: &Token) -> (Attribute, bool) {
        let assign = self.read();
        let (value, is_whole) = match self.expression() {
            Ok(node) => (*node.expression, true),
            Err(Lost) => {
                let span = assign.span.end..self.end.max(assign.span.end);
                let kind = ExpressionKind::Invalid;
                (Expression { kind, span }, false)
            }
        };
        let attribute = Attribute {
            name: self.identifier(name),
            span: name.span.start..value.span.end,
            value,
        };
        (attribute, is_whole)
    }

    pub(super) fn identifier(&self, token: &Token) -> Identifier {
        Identifier {
            text: self.text(&token.span).to_owned(),
            span: token.span.clone(),
        }
    }

    fn end_of_line(&mut self, what: &str, block: Option<usize>) {
        match self.peek() {
            TokenKind::Newline | TokenKind::End => {
                self.read();
            }
            found => {
                self.unexpected(&format!("the end of the line after the {what}"));
                // A brace here is that of the block around.
                if found != TokenKind::BraceClose || block.is_none() {
                    self.skip_item(block);
                }
            }
        }
    }

    /// A block from its labels on, and whether its closing brace was read.
    fn block(&mut self, kind: &Token) -> Parsed<(Block, bool)> {
        let mut labels = Vec::new();
        if self.labels(&mut labels).is_err() {
            // Where the line ends with the brace, the block's inside can still be read.
            let rest = self.source.get(kind.span.start..).unwrap_or_default();
            let line = rest.lines().next().unwrap_or_default().trim_end();
            let end = kind.span.start + line.len();
            if !line.ends_with('{') || self.end > end {
                return Err(Lost);
            }
            self.resume_at(end - 1, 0);
        }
        let open = self.expect(TokenKind::BraceOpen, "`{`")?;
        let around = Around {
            start: kind.span.start,
            open,
        };
        let body = self.inside(&around);
        let is_closed = self.peek() == TokenKind::BraceClose;
        if is_closed {
            self.read();
        }
        let end = if is_closed { self.end } else { body.span.end };
        labels.shrink_to_fit();
        let block = Block {
            kind: self.identifier(kind),
            labels,
            header: kind.span.start..self.header_end(around.open.span.start),
            span: kind.span.start..end,
            body,
        };
        Ok((block, is_closed))
    }

    /// Where a header ends that a brace follows: blanks do not count.
    fn header_end(&self, brace: usize) -> usize {
        let text = self.source.get(..brace).unwrap_or_default();
        text.trim_end_matches([' ', '\t']).len()
    }

    /// Labels up to the opening brace.
    fn labels(&mut self, labels: &mut Vec<Identifier>) -> Parsed<()> {
        loop {
            match self.peek() {
                TokenKind::BraceOpen => return Ok(()),
                TokenKind::Identifier => {
                    let label = self.read();
                    labels.push(self.identifier(&label));
                }
                TokenKind::QuoteOpen => {
                    let label = self.label()?;
                    labels.push(label);
                }
                _ if labels.is_empty() => return Err(self.unexpected("`=`, a block label or `{`")),
                _ => return Err(self.unexpected("a block label or `{`")),
            }
        }
    }

    /// A quoted label: a string without interpolations.
    fn label(&mut self) -> Parsed<Identifier> {
        let start = self.read();
        let mut text = String::new();
        loop {
            let token = self.upcoming();
            match token.kind {
                TokenKind::QuotedText => {
                    self.read();
                    text.push_str(&self.quoted_text(&token));
                }
                TokenKind::QuoteClose => {
                    self.read();
                    let span = start.span.start..token.span.end;
                    return Ok(Identifier { text, span });
                }
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                    let message = "a block label is a plain string; write `$${` or `%%{` for the literal characters";
                    return Err(self.error(token.span, message));
                }
                TokenKind::Invalid(_) => return Err(self.unexpected("a closing quote")),
                _ => return Err(self.error(start.span, "the string that starts here has no closing quote")),
            }
        }
    }

    /// The value of a text between quotes.
    pub(super) fn quoted_text(&mut self, token: &Token) -> String {
        let (value, errors) = literal::quoted(self.text(&token.span), token.span.start);
        for (span, message) in errors {
            self.error(span, message);
        }
        value
    }

    /// What stands between the braces of a block.
    fn inside(&mut self, around: &Around) -> Body {
        let start = around.open.span.end;
        match self.peek() {
            TokenKind::Newline | TokenKind::End | TokenKind::BraceClose => return self.body(Some(around)),
            TokenKind::Identifier => {}
            _ => {
                self.unexpected("a line break, an argument or `}`");
                self.skip_item(Some(around.start));
                return self.body(Some(around));
            }
        }
        let name = self.read();
        let mut items = Vec::new();
        let mut is_whole = false;
        if self.peek() == TokenKind::Assign {
            let (attribute, whole) = self.attribute(&name);
            items.push(Item::Attribute(attribute));
            is_whole = whole;
        } else {
            self.unexpected("`=`: a block on one line holds a single argument");
        }
        if is_whole && self.peek() != TokenKind::BraceClose {
            self.unexpected("`}`: a block on one line holds a single argument");
            is_whole = false;
        }
        if is_whole {
            let end = self.upcoming().span.start;
            return Body {
                items,
                span: start..end,
                syntax: Syntax::Native,
            };
        }
        self.skip_item(Some(around.start));
        self.items(Some(around), start, items)
    }

    /// Goes on after an error within brackets that nothing separates.
    pub(super) fn recover_close(&mut self, close: TokenKind) -> Parsed<()> {
        self.recover(close, Separator::None).map(drop)
    }
}
