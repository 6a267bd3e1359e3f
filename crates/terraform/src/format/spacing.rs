//! Whether a blank stands between two tokens of a line.

use super::Piece;
use crate::syntax::TokenKind;

/// Whether a blank follows `subject` before `after`. `before` is the kind of the token before the subject in the same
/// cell of the line, `next` the token after `after`.
pub(super) fn space_between(
    before: Option<TokenKind>,
    subject: &Piece<'_>,
    after: &Piece<'_>,
    next: Option<&Piece<'_>>,
) -> bool {
    use TokenKind as K;
    match (subject.kind, after.kind) {
        (_, K::Newline) => false,
        // Calls, paths and traversals.
        (K::Identifier, K::ParenOpen | K::DoubleColon) | (K::DoubleColon, K::Identifier) => false,
        (K::Number, K::Dot) if next.is_some_and(continues_number) => true,
        (K::Dot, _) | (_, K::Dot | K::Comma | K::Ellipsis) => false,
        (K::Comma, _) => true,
        // The text of a template is taken as it is.
        (K::QuoteOpen | K::QuotedText | K::HeredocOpen | K::HeredocText, _)
        | (_, K::QuotedText | K::HeredocText | K::QuoteClose | K::HeredocClose) => false,
        // `for x in [1]`: not an index.
        (K::Identifier, _) if subject.text == "in" && before == Some(K::Identifier) => true,
        (K::Identifier | K::Number, K::BracketOpen) => false,
        (_, K::BracketOpen) if subject.nesting() < 0 => false,
        (K::Not, _) => false,
        (K::Minus, _) => !is_negation(before),
        (K::BraceOpen, K::BraceClose) => false,
        (K::BraceOpen, _) | (_, K::BraceClose) => true,
        (K::InterpolationOpen | K::DirectiveOpen, K::BraceOpen) | (K::BraceClose, K::SequenceClose) => true,
        (K::SequenceClose, K::InterpolationOpen | K::DirectiveOpen) => false,
        _ => subject.nesting() <= 0 && after.nesting() >= 0,
    }
}

/// Whether a token after a number and a dot would be read as a part of the number.
fn continues_number(next: &Piece<'_>) -> bool {
    let exponent = next.text.strip_prefix(['e', 'E']).unwrap_or_default();
    next.kind == TokenKind::Number || exponent.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a minus after such a token negates what follows it.
fn is_negation(before: Option<TokenKind>) -> bool {
    use TokenKind as K;
    matches!(
        before,
        None | Some(
            K::ParenOpen
                | K::BraceOpen
                | K::BracketOpen
                | K::Assign
                | K::Colon
                | K::Comma
                | K::Question
                | K::Equal
                | K::NotEqual
                | K::Less
                | K::LessEqual
                | K::Greater
                | K::GreaterEqual
                | K::And
                | K::Or
                | K::Not
                | K::Plus
                | K::Minus
                | K::Star
                | K::Slash
                | K::Percent
        )
    )
}
