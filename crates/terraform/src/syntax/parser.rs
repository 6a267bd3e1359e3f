//! The parser's place in the source: reading tokens, and noting errors.

use std::collections::VecDeque;

use super::SyntaxError;
use super::lexer::Lexer;
use super::token::{Token, TokenKind};
use crate::ast::{Expression, ExpressionKind, Span};

/// How deeply blocks and brackets may be nested, and how deep the tree of one expression may be. Terraform has no
/// limit; no file of people comes near this one. It keeps the parser, and whatever walks over the tree, within a stack
/// of 2 MiB also in a build without optimisation.
pub const MAX_DEPTH: usize = 256;

/// How many errors of a file are kept. Whoever has more is not helped by reading them.
const MAX_ERRORS: usize = 100;

/// The error is noted, and where the parser stands is no place to go on: what encloses this has to find one.
pub(super) struct Lost;

pub(super) type Parsed<T> = Result<T, Lost>;

/// An expression and the depth of its tree. Boxed, for it goes through many frames of the stack.
pub(super) struct Node {
    pub(super) expression: Box<Expression>,
    pub(super) depth: usize,
}

impl Node {
    pub(super) fn leaf(kind: ExpressionKind, span: Span) -> Self {
        Self {
            expression: Box::new(Expression { kind, span }),
            depth: 1,
        }
    }

    pub(super) fn start(&self) -> usize {
        self.expression.span.start
    }

    pub(super) fn end(&self) -> usize {
        self.expression.span.end
    }
}

pub(super) struct Parser<'s> {
    pub(super) source: &'s str,
    pub(super) lexer: Lexer<'s>,
    /// Tokens that were looked at and not read yet.
    pub(super) ahead: VecDeque<Token>,
    /// Where the token ends that was read last.
    pub(super) end: usize,
    /// Whether line breaks count here.
    pub(super) newlines: bool,
    /// Whether this is within a quoted template: a line break is then not expected.
    pub(super) in_quotes: bool,
    /// Where the argument or block starts that is being read.
    pub(super) item: usize,
    /// The start of the first block that stands where a closing brace was to be expected.
    pub(super) suspect: Option<Span>,
    /// For the item at a position, whether its lines are indented: found out at its first error.
    pub(super) indented: Option<(usize, bool)>,
    /// Whether the file ends within something whose end was already reported as missing.
    pub(super) is_cut_off: bool,
    /// The end of the line on which the last unexpected token stands.
    pub(super) broken_until: usize,
    depth: usize,
    errors: Vec<(Span, String)>,
    too_deep: Option<(Span, String)>,
}

impl<'s> Parser<'s> {
    pub(super) fn new(source: &'s str, lexer: Lexer<'s>) -> Self {
        Self {
            source,
            lexer,
            ahead: VecDeque::new(),
            end: 0,
            newlines: true,
            in_quotes: false,
            item: 0,
            suspect: None,
            indented: None,
            is_cut_off: false,
            broken_until: 0,
            depth: 0,
            errors: Vec::new(),
            too_deep: None,
        }
    }

    /// The errors in the order of the source, and apart from them that an expression is too deep for a tree, though it
    /// is valid.
    pub(super) fn into_errors(mut self) -> (Vec<SyntaxError>, Option<SyntaxError>) {
        self.errors.sort_by_key(|(span, _)| span.start);
        let error = |(span, message)| SyntaxError::new(self.source, span, message);
        (self.errors.into_iter().map(error).collect(), self.too_deep.map(error))
    }

    /// The next token that counts, without reading it.
    pub(super) fn upcoming(&mut self) -> Token {
        let mut index = 0;
        loop {
            let token = self.look(index);
            match token.kind {
                TokenKind::Newline if !self.newlines => {}
                // A comment to the end of a line ends the line.
                TokenKind::Comment if self.newlines && self.is_line_end(&token) => {
                    return Token {
                        kind: TokenKind::Newline,
                        ..token
                    };
                }
                TokenKind::Comment => {}
                _ => return token,
            }
            index += 1;
        }
    }

    /// A token that is not read yet, whether it counts or not.
    pub(super) fn look(&mut self, index: usize) -> Token {
        while self.ahead.len() <= index {
            let token = self.lexer.next_token();
            self.ahead.push_back(token);
        }
        self.ahead.get(index).cloned().unwrap_or(Token {
            kind: TokenKind::End,
            span: self.source.len()..self.source.len(),
        })
    }

    /// Passes the next token, whether it counts or not.
    pub(super) fn pass(&mut self) {
        if let Some(token) = self.ahead.pop_front() {
            self.end = token.span.end;
        }
    }

    pub(super) fn peek(&mut self) -> TokenKind {
        self.upcoming().kind
    }

    /// Whether the next token is a certain word.
    pub(super) fn peek_word(&mut self, word: &str) -> bool {
        let token = self.upcoming();
        token.kind == TokenKind::Identifier && self.text(&token.span) == word
    }

    /// Reads a token. The end of the source can be read any number of times.
    pub(super) fn read(&mut self) -> Token {
        let token = self.upcoming();
        while let Some(passed) = self.ahead.pop_front() {
            if passed.span == token.span {
                break;
            }
        }
        self.end = token.span.end;
        token
    }

    /// Reads the next token if it is of a kind.
    pub(super) fn read_if(&mut self, kind: TokenKind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.read();
        }
        found
    }

    pub(super) fn expect(&mut self, kind: TokenKind, what: &str) -> Parsed<Token> {
        if self.peek() == kind {
            Ok(self.read())
        } else {
            Err(self.unexpected(what))
        }
    }

    pub(super) fn text(&self, span: &Span) -> &'s str {
        self.source.get(span.clone()).unwrap_or_default()
    }

    /// Whether a line ends with this token.
    pub(super) fn is_line_end(&self, token: &Token) -> bool {
        match token.kind {
            TokenKind::Newline => true,
            TokenKind::Comment => self.text(&token.span).ends_with('\n'),
            _ => false,
        }
    }

    /// Notes that the next token is not what is expected. What follows on the same line is likely to be no more than a
    /// consequence, and is not noted.
    pub(super) fn unexpected(&mut self, expected: &str) -> Lost {
        let mut token = self.upcoming();
        // In quotes the end of the line is allowed, but more likely what is wrong.
        let next = self.look(0);
        if self.in_quotes && self.is_line_end(&next) {
            token = Token {
                kind: TokenKind::Newline,
                ..next
            };
        }
        let text = self.text(&token.span);
        // So is it not that another argument follows on a broken one.
        let is_broken = matches!(self.indented, Some((item, true)) if item == self.item);
        if token.span.start < self.broken_until || (is_broken && self.is_anchor(&token)) {
            return Lost;
        }
        let rest = self.source.get(token.span.start..).unwrap_or_default();
        self.broken_until = token.span.start + rest.find('\n').map_or(rest.len(), |length| length + 1);
        let message = match token.kind {
            TokenKind::End => format!("expected {expected}, but the file ends"),
            TokenKind::Newline => format!("expected {expected}, but the line ends"),
            TokenKind::Invalid(fault) => fault.message(text),
            _ => format!("expected {expected}, but found `{}`", text.trim_end()),
        };
        self.error(token.span, message)
    }

    /// Notes an error. Where one was noted before, another says nothing new.
    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) -> Lost {
        let is_known = self.errors.iter().any(|(known, _)| known.start == span.start);
        if !is_known && self.errors.len() < MAX_ERRORS {
            self.errors.push((span, message.into()));
        }
        Lost
    }

    /// Runs a step one level deeper.
    pub(super) fn nested<T>(&mut self, step: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            let token = self.upcoming();
            // All of it is to be passed over, however it is indented.
            self.indented = Some((self.item, false));
            return Err(self.error(token.span, format!("nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    /// A node above others, the deepest of which has this depth. Beyond the limit nothing is said of its value.
    pub(super) fn node(&mut self, kind: ExpressionKind, span: Span, below: usize) -> Node {
        if below < MAX_DEPTH {
            return Node {
                expression: Box::new(Expression { kind, span }),
                depth: below + 1,
            };
        }
        let message = format!("this expression has more than {MAX_DEPTH} levels of operators, look-ups and brackets");
        self.too_deep.get_or_insert_with(|| (span.clone(), message));
        Node::leaf(ExpressionKind::Invalid, span)
    }
}
