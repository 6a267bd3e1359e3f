//! Quoted templates and heredocs: their pieces in the order of the source.

use super::identifier::is_continue;
use super::literal;
use super::parser::{Lost, Node, Parsed, Parser};
use super::recovery::Separator;
use super::token::{Fault, Token, TokenKind};
use super::tree;
use crate::ast::{ExpressionKind, Identifier, Span, Template};

/// A piece of a template. The span of a directive is that from `%{` to `}`.
pub(super) enum Piece {
    Literal {
        text: String,
        span: Span,
    },
    Interpolation(Node),
    If(Node, Span),
    Else(Span),
    EndIf(Span),
    For {
        key: Option<Identifier>,
        value: Identifier,
        collection: Node,
        span: Span,
    },
    EndFor(Span),
}

impl Parser<'_> {
    /// A template from its opening quote or line to its end.
    pub(super) fn template(&mut self, close: TokenKind) -> Parsed<Node> {
        let open = self.read();
        let is_heredoc = close == TokenKind::HeredocClose;
        let depth = self.lexer.depth().saturating_sub(1);
        let newlines = std::mem::replace(&mut self.newlines, false);
        let in_quotes = std::mem::replace(&mut self.in_quotes, !is_heredoc);
        let pieces = self.pieces(&open, close, depth);
        self.newlines = newlines;
        self.in_quotes = in_quotes;
        let Ok(mut pieces) = pieces else {
            self.resume(depth);
            return Err(Lost);
        };
        if self.text(&open.span).starts_with("<<-") {
            tree::dedent(&mut pieces);
        }
        Ok(self.finish_template(pieces, open.span.start..self.end, is_heredoc))
    }

    /// A template that is the whole source.
    pub(super) fn bare_template(&mut self) -> Parsed<Node> {
        let open = Token {
            kind: TokenKind::QuoteOpen,
            span: 0..0,
        };
        let pieces = self.pieces(&open, TokenKind::End, 0)?;
        Ok(self.finish_template(pieces, 0..self.source.len(), false))
    }

    fn finish_template(&mut self, pieces: Vec<Piece>, span: Span, heredoc: bool) -> Node {
        let built = tree::build(pieces);
        for (span, message) in built.errors {
            self.error(span, message);
        }
        let template = Template {
            parts: built.parts,
            heredoc,
        };
        self.node(ExpressionKind::Template(template), span, built.depth)
    }

    fn pieces(&mut self, open: &Token, close: TokenKind, depth: usize) -> Parsed<Vec<Piece>> {
        let mut pieces = Vec::new();
        // Whether a `~` trims the literal that follows at once.
        let mut trims = false;
        loop {
            let token = self.upcoming();
            match token.kind {
                kind if kind == close => {
                    self.read();
                    return Ok(pieces);
                }
                TokenKind::QuotedText | TokenKind::HeredocText => {
                    self.read();
                    let mut text = match token.kind {
                        TokenKind::QuotedText => self.quoted_text(&token),
                        _ => literal::unquoted(self.text(&token.span)),
                    };
                    if std::mem::take(&mut trims) {
                        text = text.trim_start().to_owned();
                    }
                    let span = token.span;
                    pieces.push(Piece::Literal { text, span });
                }
                TokenKind::InterpolationOpen | TokenKind::DirectiveOpen => {
                    self.read();
                    if self.text(&token.span).ends_with('~') {
                        trim_last(&mut pieces);
                    }
                    let piece = match token.kind {
                        TokenKind::InterpolationOpen => self.interpolation(),
                        _ => self.directive(token.span.start),
                    };
                    let piece = piece.or_else(|Lost| self.close_sequence(&token, depth))?;
                    trims = self.text(&(self.end.saturating_sub(2)..self.end)) == "~}";
                    pieces.push(piece);
                }
                TokenKind::Invalid(Fault::Character) => {
                    self.unexpected("text");
                    self.read();
                }
                TokenKind::Invalid(_) => return Err(self.unexpected("text")),
                _ => {
                    self.is_cut_off = true;
                    let message = match close {
                        TokenKind::HeredocClose => "the heredoc that starts here has no closing line",
                        _ => "the string that starts here has no closing quote",
                    };
                    return Err(self.error(open.span.clone(), message));
                }
            }
        }
    }

    /// An expression and the end of the interpolation.
    fn interpolation(&mut self) -> Parsed<Piece> {
        let expression = self.expression()?;
        self.expect(TokenKind::SequenceClose, "an operator or `}`")?;
        Ok(Piece::Interpolation(expression))
    }

    /// Finds the end of an interpolation or directive after an error in it. In a heredoc the end of the line ends it.
    fn close_sequence(&mut self, open: &Token, depth: usize) -> Parsed<Piece> {
        let start = open.span.end;
        if !self.in_quotes {
            self.in_quotes = true;
            let closed = self.recover(TokenKind::SequenceClose, Separator::None);
            self.in_quotes = false;
            if closed.is_err() {
                let token = self.look(0);
                if !self.breaks_line(&token) {
                    return Err(Lost);
                }
                self.resume_at(token.span.end, depth + 1);
            }
        } else {
            self.recover_close(TokenKind::SequenceClose)?;
        }
        let span = open.span.start..self.end.max(start);
        let invalid = Node::leaf(ExpressionKind::Invalid, start..span.end);
        let rest = self.source.get(start..).unwrap_or_default().trim_start();
        let word = rest.split(|c| !is_continue(c)).next();
        // A broken directive still has or is an end, which is not to be missed.
        Ok(match word.filter(|_| open.kind == TokenKind::DirectiveOpen) {
            Some("if") => Piece::If(invalid, span),
            Some("for") => Piece::For {
                key: None,
                value: Identifier {
                    text: String::new(),
                    span: start..start,
                },
                collection: invalid,
                span,
            },
            Some("else") => Piece::Else(span),
            Some("endif") => Piece::EndIf(span),
            Some("endfor") => Piece::EndFor(span),
            _ => Piece::Interpolation(invalid),
        })
    }

    fn directive(&mut self, start: usize) -> Parsed<Piece> {
        let expected = "`if`, `else`, `endif`, `for` or `endfor`";
        let word = self.expect(TokenKind::Identifier, expected)?;
        let end = "`}` at the end of the directive";
        let piece = match self.text(&word.span) {
            "if" => {
                let condition = self.expression()?;
                self.expect(TokenKind::SequenceClose, end)?;
                return Ok(Piece::If(condition, start..self.end));
            }
            "for" => {
                let clause = self.for_clause()?;
                self.expect(TokenKind::SequenceClose, end)?;
                return Ok(Piece::For {
                    key: clause.key,
                    value: clause.value,
                    collection: clause.collection,
                    span: start..self.end,
                });
            }
            "else" => Piece::Else,
            "endif" => Piece::EndIf,
            "endfor" => Piece::EndFor,
            other => {
                let message = format!("`{other}` is no directive; expected {expected}");
                return Err(self.error(word.span, message));
            }
        };
        self.expect(TokenKind::SequenceClose, end)?;
        Ok(piece(start..self.end))
    }
}

/// `${~` and `%{~` trim the blanks at the end of the literal before them.
fn trim_last(pieces: &mut [Piece]) {
    if let Some(Piece::Literal { text, .. }) = pieces.last_mut() {
        text.truncate(text.trim_end().len());
    }
}
