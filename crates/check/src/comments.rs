//! The comments of a Terraform file and the lines that a suppression in each would be about.

use std::collections::BTreeMap;
use std::sync::Arc;

use findings::suppress::Comment;
use findings::{Place, Source};
use terraform::ast::{Body, Expression, ExpressionKind, Item};
use terraform::syntax;

/// The comments of a file. One that trails code is about its own line; any other about the argument or block that
/// follows it, all lines of it, or in a list or an object about the next line with code.
pub fn comments(source: &Arc<Source>) -> Vec<Comment> {
    if !source.text.contains("tfgen:") {
        return Vec::new();
    }
    let comments = syntax::comments(&source.text);
    let (body, _) = syntax::parse_file(&source.text);
    let mut items = BTreeMap::new();
    extents(&body, &mut items);
    let line = |offset: usize| source.position(offset).0;
    let text = source.text.as_str();
    let mut found = Vec::new();
    for (index, comment) in comments.iter().enumerate() {
        let own = line(comment.span.start);
        let line_start = text
            .get(..comment.span.start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |newline| newline + 1);
        let before = text.get(line_start..comment.span.start).unwrap_or_default();
        // Of a file full of comments only those that reach into this line.
        let earlier = comments
            .get(..index)
            .unwrap_or_default()
            .iter()
            .map(|comment| &comment.span);
        let earlier = earlier.rev().take_while(|span| span.end > line_start);
        let trails = has_code(before, line_start, earlier);
        let next = next_code(text, comment.span.end, comments.get(index + 1..).unwrap_or_default());
        let lines = match next {
            _ if trails => own..own + 1,
            Some(next) if !closes(text, next) => {
                let first = line(next);
                let last = items
                    .get(&next)
                    .map_or(first, |end: &usize| line(end.saturating_sub(1)));
                first..last + 1
            }
            _ => own..own,
        };
        found.push(Comment {
            place: Place::new(source, comment.span.clone()),
            lines,
        });
    }
    found
}

/// Whether something else than blanks and comments stands in a piece of a line.
fn has_code<'c>(piece: &str, start: usize, comments: impl Iterator<Item = &'c std::ops::Range<usize>> + Clone) -> bool {
    piece.char_indices().any(|(at, letter)| {
        let at = start + at;
        !letter.is_whitespace() && letter != '\u{feff}' && !comments.clone().any(|span| span.contains(&at))
    })
}

/// Where code goes on after a place, comments passed over.
fn next_code(text: &str, from: usize, comments: &[syntax::Comment]) -> Option<usize> {
    let mut at = from;
    let mut comments = comments.iter().peekable();
    loop {
        let rest = text.get(at..)?;
        let blanks = rest.len() - rest.trim_start().len();
        at += blanks;
        match comments.peek() {
            Some(comment) if comment.span.start == at => {
                at = comment.span.end;
                comments.next();
            }
            _ => return (at < text.len()).then_some(at),
        }
    }
}

/// Whether nothing follows in the same list or block.
fn closes(text: &str, at: usize) -> bool {
    text.get(at..).is_none_or(|rest| rest.starts_with(['}', ']', ')']))
}

/// Where every argument, block and item of an object begins and ends, in bytes.
fn extents(body: &Body, found: &mut BTreeMap<usize, usize>) {
    for item in &body.items {
        match item {
            Item::Attribute(attribute) => {
                found.insert(attribute.span.start, attribute.span.end);
                within(&attribute.value, found);
            }
            Item::Block(block) => {
                found.insert(block.span.start, block.span.end);
                extents(&block.body, found);
            }
        }
    }
}

fn within(expression: &Expression, found: &mut BTreeMap<usize, usize>) {
    match &expression.kind {
        ExpressionKind::Object(items) => {
            for item in items {
                found.insert(item.key.span().start, item.value.span.end);
                within(&item.value, found);
            }
        }
        ExpressionKind::Tuple(elements) => {
            for element in elements {
                found.insert(element.span.start, element.span.end);
                within(element, found);
            }
        }
        _ => {
            for child in expression.children() {
                within(child, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    /// The lines of each comment.
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
    fn a_comment_above_an_item_of_an_object_is_about_all_of_it() {
        let text = "a = {\n  # tfgen: x\n  b = {\n    c = 1\n  }\n}\n";
        assert_eq!(lines(text).first(), Some(&(3..6)));
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
