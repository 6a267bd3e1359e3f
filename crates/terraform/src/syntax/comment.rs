//! Comments.

use super::lexer::Lexer;
use super::token::TokenKind;
use crate::ast::Span;

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands, marks included; without the line break at its end.
    pub span: Span,
    /// What it says: without `#`, `//` or `/*` and `*/`, and without blanks around.
    pub text: String,
    /// Whether nothing stands before it on the line where it starts, and nothing after it where it ends.
    pub line_only: bool,
}

/// All comments of a file in the native syntax, in order. What looks like one inside a string or heredoc is none.
pub fn comments(source: &str) -> Vec<Comment> {
    let mut lexer = Lexer::new(source);
    let mut comments = Vec::new();
    loop {
        let token = lexer.next_token();
        match token.kind {
            TokenKind::End => return comments,
            TokenKind::Comment => {
                let written = source.get(token.span.clone()).unwrap_or_default().trim_end();
                let span = token.span.start..token.span.start + written.len();
                let inner = match written.strip_prefix("/*") {
                    Some(inner) => inner.strip_suffix("*/").unwrap_or(inner),
                    None => written
                        .strip_prefix("//")
                        .or(written.strip_prefix('#'))
                        .unwrap_or(written),
                };
                comments.push(Comment {
                    line_only: is_alone(source, &span),
                    text: inner.trim().to_owned(),
                    span,
                });
            }
            _ => {}
        }
    }
}

fn is_alone(source: &str, span: &Span) -> bool {
    let before = source.get(..span.start).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\t', '\u{feff}']);
    let after = source.get(span.end..).unwrap_or_default();
    let after = after.trim_start_matches([' ', '\t', '\r']);
    (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::comments;

    #[test]
    fn comments_have_text_and_place() {
        let source = "# one\r\na = 1 // two \n  /* three\n*/\nb = \"# no\" /**/ + 1\nc = <<E\n# no\nE\n#é";
        let found: Vec<_> = comments(source)
            .into_iter()
            .map(|comment| (source[comment.span.clone()].to_owned(), comment.text, comment.line_only))
            .collect();
        let expected = [
            ("# one", "one", true),
            ("// two", "two", false),
            ("/* three\n*/", "three", true),
            ("/**/", "", false),
            ("#é", "é", true),
        ];
        let expected = expected.map(|(written, text, alone)| (written.to_owned(), text.to_owned(), alone));
        assert_eq!(found, expected);
    }
}
