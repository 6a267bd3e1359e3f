//! The comments of a Terraform file and the lines that a suppression in each would be about.

use std::collections::BTreeMap;
use std::sync::Arc;

use findings::suppress::Comment;
use findings::{Place, Source};
use terraform::syntax::{self, Body, Item, Token, TokenKind};

/// The comments of a file. One that trails code is about its own line; any other about the argument or block that
/// follows it, all lines of it, or in a list or an object about the next line with code.
pub fn comments(source: &Arc<Source>) -> Vec<Comment> {
    if !source.text.contains("tfgen:") {
        return Vec::new();
    }
    let tokens = syntax::lex(&source.text);
    let mut items = BTreeMap::new();
    if let Ok(body) = syntax::parse(&source.text, &tokens) {
        extents(&body, &tokens, &mut items);
    }
    let line = |offset: usize| source.position(offset).0;
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Comment {
            continue;
        }
        let own = line(token.span.start);
        let before = tokens.get(..index).unwrap_or_default();
        let code_before = before.iter().rev().find(|token| !is_space(token.kind));
        let trails = code_before.is_some_and(|token| line(token.span.end.saturating_sub(1)) == own);
        let next = tokens
            .get(index + 1..)
            .unwrap_or_default()
            .iter()
            .find(|token| !is_space(token.kind));
        let lines = match next {
            _ if trails => own..own + 1,
            Some(next) if !closes(next.kind) => {
                let first = line(next.span.start);
                let end = items.get(&next.span.start);
                let last = end.map_or(first, |end: &usize| line(end.saturating_sub(1)));
                first..last + 1
            }
            _ => own..own,
        };
        found.push(Comment {
            place: Place::new(source, token.span.clone()),
            lines,
        });
    }
    found
}

fn is_space(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Comment | TokenKind::Newline)
}

/// Whether nothing follows in the same list or block.
fn closes(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::End | TokenKind::BraceClose | TokenKind::BracketClose | TokenKind::ParenClose
    )
}

/// Where every argument and block begins and ends, in bytes.
fn extents(body: &Body, tokens: &[Token], found: &mut BTreeMap<usize, usize>) {
    let span = |index: usize| tokens.get(index).map(|token| token.span.clone()).unwrap_or_default();
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                let end = span(attribute.value.end.saturating_sub(1)).end;
                found.insert(span(attribute.name).start, end);
            }
            Item::Block(block) => {
                found.insert(span(block.kind).start, span(block.close).end);
                extents(&block.body, tokens, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    /// The lines of each comment that begins with `tfgen:`.
    fn lines(text: &str) -> Vec<Range<usize>> {
        let source = Source::new("main.tf", text);
        comments(&source).into_iter().map(|comment| comment.lines).collect()
    }

    #[test]
    fn a_comment_is_about_its_line_or_the_next_item() {
        let text = "# tfgen: above a block\n\
                    # and another\n\
                    resource \"a\" \"b\" {\n\
                    \x20 # above an argument\n\
                    \x20 list = [\n\
                    \x20   # above an element\n\
                    \x20   1, # trailing\n\
                    \x20   # above nothing\n\
                    \x20 ] # trailing a list\n\
                    }\n\
                    /* at the end */\n";
        assert_eq!(lines(text), [3..11, 3..11, 5..10, 7..8, 7..8, 8..8, 9..10, 11..11]);
    }

    #[test]
    fn a_comment_before_code_on_its_line_is_about_that_line() {
        assert_eq!(lines("/* tfgen: */ a = 1\n").first(), Some(&(1..2)));
    }

    #[test]
    fn a_file_with_syntax_errors_has_comments() {
        assert_eq!(lines("# tfgen:\na = = 1\n").first(), Some(&(2..3)));
    }
}
