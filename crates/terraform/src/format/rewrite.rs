//! Normalisation of syntax.

use std::ops::Range;

use super::{Piece, label};
use crate::ast::{Block, Body, Item, Span};
use crate::syntax::{Token, TokenKind};

/// The tokens of a file after normalisation, with the blanks that the source has before each.
pub(super) fn normalise<'s>(source: &'s str, tokens: &[Token], body: &Body) -> Vec<Piece<'s>> {
    let mut rewriter = Rewriter {
        source,
        tokens,
        edits: Vec::new(),
    };
    rewriter.body(body, None);
    rewriter.apply()
}

struct Rewriter<'s, 't> {
    source: &'s str,
    tokens: &'t [Token],
    /// Tokens to be replaced, in order and without overlap.
    edits: Vec<(Range<usize>, Vec<Piece<'s>>)>,
}

impl<'s> Rewriter<'s, '_> {
    fn text(&self, index: usize) -> &'s str {
        self.tokens
            .get(index)
            .and_then(|token| self.source.get(token.span.clone()))
            .unwrap_or_default()
    }

    /// The tokens in a span, as indices.
    fn tokens_of(&self, span: &Span) -> Range<usize> {
        let start = self.tokens.partition_point(|token| token.span.start < span.start);
        let end = self.tokens.partition_point(|token| token.span.start < span.end);
        start..end
    }

    fn kind(&self, index: usize) -> Option<TokenKind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    fn body(&mut self, body: &Body, inside: Option<&str>) {
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    let value = self.tokens_of(&attribute.value.span);
                    let is_type = inside == Some("variable") && attribute.name.text == "type";
                    let edit = if is_type {
                        self.type_expression(&value)
                    } else {
                        self.unwrap(&value)
                    };
                    self.edits.extend(edit.map(|pieces| (value, pieces)));
                }
                Item::Block(block) => {
                    self.labels(block);
                    // Only the outermost type of block counts: a `variable` within another block is no variable.
                    let name = if inside.is_none() { &block.kind.text } else { "" };
                    self.body(&block.body, Some(name));
                }
            }
        }
    }

    /// Block labels are quoted, and comments between them go.
    fn labels(&mut self, block: &Block) {
        let Some(last) = block.labels.last() else { return };
        let quoted = block.labels.iter().flat_map(|label| {
            let source = self.source.get(label.span.clone()).unwrap_or_default();
            let quoted = source.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            [
                Piece::new(TokenKind::QuoteOpen, "\""),
                Piece::new(TokenKind::QuotedText, label::canonical(quoted.unwrap_or(source))),
                Piece::new(TokenKind::QuoteClose, "\""),
            ]
        });
        let quoted = quoted.collect();
        let range = self.tokens_of(&(block.kind.span.end..last.span.end));
        self.edits.push((range, quoted));
    }

    /// The types that Terraform 0.11 wrote as strings, and collections without an element type.
    fn type_expression(&self, value: &Range<usize>) -> Option<Vec<Piece<'s>>> {
        let collection = |name: &'s str, element: &'s str| {
            vec![
                Piece::new(TokenKind::Identifier, name),
                Piece::new(TokenKind::ParenOpen, "("),
                Piece::new(TokenKind::Identifier, element),
                Piece::new(TokenKind::ParenClose, ")"),
            ]
        };
        let start = value.start;
        match (value.len(), self.kind(start)?) {
            (1, TokenKind::Identifier) => match self.text(start) {
                name @ ("list" | "map" | "set") => Some(collection(name, "any")),
                _ => None,
            },
            (3, TokenKind::QuoteOpen) => match self.text(start + 1) {
                name @ ("list" | "map") => Some(collection(name, "string")),
                "string" => Some(vec![Piece::new(TokenKind::Identifier, "string")]),
                _ => None,
            },
            _ => None,
        }
    }

    /// `"${x}"` becomes `x`.
    fn unwrap(&self, value: &Range<usize>) -> Option<Vec<Piece<'s>>> {
        let Range { start, end } = *value;
        let wrapped = value.len() >= 5
            && self.kind(start) == Some(TokenKind::QuoteOpen)
            && self.kind(start + 1) == Some(TokenKind::InterpolationOpen)
            && self.kind(end - 2) == Some(TokenKind::SequenceClose)
            && self.kind(end - 1) == Some(TokenKind::QuoteClose);
        if !wrapped || !self.is_single(start + 2..end - 2) {
            return None;
        }
        let mut inner = start + 2..end - 2;
        while self.kind(inner.start) == Some(TokenKind::Newline) {
            inner.start += 1;
        }
        while inner.end > inner.start && self.kind(inner.end - 1) == Some(TokenKind::Newline) {
            inner.end -= 1;
        }
        let mut pieces: Vec<_> = inner.clone().map(|index| self.piece(index)).collect();
        let has_newline = pieces.iter().any(|piece| piece.kind == TokenKind::Newline);
        let parenthesised = self.kind(inner.start) == Some(TokenKind::ParenOpen)
            && self.kind(inner.end.saturating_sub(1)) == Some(TokenKind::ParenClose);
        // Terraform leaves the parentheses out here and breaks the file.
        if !has_newline && breaks_line(&pieces) {
            return None;
        }
        // The closing line of a heredoc needs a line of its own.
        let ends_heredoc = self.kind(inner.end.saturating_sub(1)) == Some(TokenKind::HeredocClose);
        if ends_heredoc && (has_newline || self.kind(end) != Some(TokenKind::Newline)) {
            return None;
        }
        if has_newline && !parenthesised {
            pieces.insert(0, Piece::new(TokenKind::ParenOpen, "("));
            pieces.push(Piece::new(TokenKind::ParenClose, ")"));
        }
        Some(pieces)
    }

    /// Whether the tokens inside a first `${` and a last `}` are one expression and no text around it. Interpolations
    /// in quotes of their own are part of that expression.
    fn is_single(&self, inner: Range<usize>) -> bool {
        let mut quotes = 0isize;
        for index in inner {
            match self.kind(index) {
                Some(TokenKind::QuoteOpen) => quotes += 1,
                Some(TokenKind::QuoteClose) => quotes -= 1,
                Some(TokenKind::InterpolationOpen | TokenKind::SequenceClose | TokenKind::QuotedText)
                    if quotes <= 0 =>
                {
                    return false;
                }
                _ => {}
            }
        }
        true
    }

    fn piece(&self, index: usize) -> Piece<'s> {
        let previous = index
            .checked_sub(1)
            .and_then(|i| self.tokens.get(i))
            .map_or(0, |token| token.span.end);
        match self.tokens.get(index) {
            Some(token) => Piece {
                kind: token.kind,
                text: self.text(index).into(),
                blanks: token.span.start.saturating_sub(previous),
            },
            None => Piece::new(TokenKind::End, ""),
        }
    }

    fn apply(mut self) -> Vec<Piece<'s>> {
        let edits = std::mem::take(&mut self.edits);
        let mut pieces = Vec::with_capacity(self.tokens.len());
        let mut next = 0;
        for (range, replacement) in edits {
            pieces.extend((next..range.start).map(|index| self.piece(index)));
            pieces.extend(replacement);
            next = range.end;
        }
        pieces.extend((next..self.tokens.len()).map(|index| self.piece(index)));
        pieces
    }
}

/// Whether a line ends within an expression, at a comment outside of all brackets.
fn breaks_line(pieces: &[Piece<'_>]) -> bool {
    let Some(last) = pieces.iter().rposition(|piece| piece.kind != TokenKind::Comment) else {
        return false;
    };
    let mut depth = 0;
    pieces.iter().take(last).any(|piece| {
        depth += piece.nesting();
        depth == 0 && piece.ends_line()
    })
}
