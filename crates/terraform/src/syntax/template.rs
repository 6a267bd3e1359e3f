//! Quoted templates and heredocs.

use super::parser::{Parsed, Parser};
use super::token::TokenKind;

/// A directive that waits for its end.
enum Open {
    If,
    Else,
    For,
}

impl Parser<'_> {
    /// A template from its opening quote or line to its end.
    pub(super) fn template(&mut self, close: TokenKind) -> Parsed<()> {
        let start = self.read();
        self.with_newlines(false, |parser| {
            let mut open = Vec::new();
            loop {
                let index = parser.read();
                match parser.tokens.get(index).map(|token| token.kind) {
                    Some(kind) if kind == close => {
                        return match open.last() {
                            None => Ok(()),
                            Some(Open::For) => Err(parser.error(index, "the template ends without `%{ endfor }`")),
                            Some(_) => Err(parser.error(index, "the template ends without `%{ endif }`")),
                        };
                    }
                    Some(TokenKind::QuotedText) => parser.escapes(index)?,
                    Some(TokenKind::HeredocText) => {}
                    Some(TokenKind::InterpolationOpen) => {
                        parser.expression()?;
                        parser.expect(TokenKind::SequenceClose, "an operator or `}`")?;
                    }
                    Some(TokenKind::DirectiveOpen) => {
                        parser.directive(&mut open)?;
                        parser.expect(TokenKind::SequenceClose, "`}` at the end of the directive")?;
                    }
                    _ if close == TokenKind::QuoteClose => {
                        return Err(parser.error(start, "the string that starts here has no closing quote"));
                    }
                    _ => return Err(parser.error(start, "the heredoc that starts here has no closing line")),
                }
            }
        })
    }

    fn directive(&mut self, open: &mut Vec<Open>) -> Parsed<()> {
        let expected = "`if`, `else`, `endif`, `for` or `endfor`";
        let index = self.expect(TokenKind::Identifier, expected)?;
        match (self.text(index), open.last()) {
            ("if", _) => {
                open.push(Open::If);
                self.expression()
            }
            ("for", _) => {
                open.push(Open::For);
                self.for_clause()
            }
            ("else", Some(Open::If)) => {
                open.pop();
                open.push(Open::Else);
                Ok(())
            }
            ("endif", Some(Open::If | Open::Else)) | ("endfor", Some(Open::For)) => {
                open.pop();
                Ok(())
            }
            (word @ ("else" | "endif" | "endfor"), _) => Err(self.error(
                index,
                format!("`{word}` does not end or continue the directive that is open here"),
            )),
            (word, _) => Err(self.error(index, format!("`{word}` is no directive; expected {expected}"))),
        }
    }

    /// Whether the escapes in a quoted text are valid.
    pub(super) fn escapes(&self, index: usize) -> Parsed<()> {
        let mut chars = self.text(index).chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                continue;
            }
            let digits = match chars.next() {
                Some('n' | 'r' | 't' | '"' | '\\') => continue,
                Some('u') => 4,
                Some('U') => 8,
                _ => {
                    let message = "invalid escape; valid are \\n, \\r, \\t, \\\", \\\\, \\uXXXX and \\UXXXXXXXX";
                    return Err(self.error(index, message));
                }
            };
            let text: String = chars.by_ref().take(digits).collect();
            let is_hex = text.len() == digits && text.chars().all(|c| c.is_ascii_hexdigit());
            if !is_hex {
                return Err(self.error(index, format!("the escape needs {digits} hexadecimal digits")));
            }
            if u32::from_str_radix(&text, 16).ok().and_then(char::from_u32).is_none() {
                return Err(self.error(index, format!("{text} is the number of no character")));
            }
        }
        Ok(())
    }
}
