//! From source to tokens, without loss.

mod template;

use super::identifier::{is_continue, is_start};
use super::token::{Fault, Token, TokenKind};

/// Splits a source into tokens. Between them only spaces and tabs are left out, and a byte order mark at the start of
/// the source. The last token is always [`TokenKind::End`]. Text that is no token becomes [`TokenKind::Invalid`], so
/// that every source has tokens.
pub fn lex(source: &str) -> Vec<Token> {
    let mut lexer = Lexer::new(source);
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next_token();
        let is_end = token.kind == TokenKind::End;
        tokens.push(token);
        if is_end {
            return tokens;
        }
    }
}

/// What the text at the current position is part of, innermost last. No mode at all is code outside of templates.
#[derive(Debug)]
enum Mode<'s> {
    /// Code within `${ }` or `%{ }`, with the number of braces opened in it.
    Code { braces: usize },
    /// A quoted template.
    Quoted,
    /// A heredoc, and whether nothing of the current line has been read yet.
    Heredoc { name: &'s str, line_start: bool },
    /// A template without quotes, up to the end of the source: the value of a string in JSON.
    Bare,
}

/// Reads one token after the other.
#[derive(Debug)]
pub(super) struct Lexer<'s> {
    source: &'s str,
    at: usize,
    modes: Vec<Mode<'s>>,
}

impl<'s> Lexer<'s> {
    /// A lexer at the start of a file.
    pub(super) fn new(source: &'s str) -> Self {
        let at = if source.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        Self {
            source,
            at,
            modes: Vec::new(),
        }
    }

    /// A lexer at the start of a template that has no quotes around it. Its text is [`TokenKind::HeredocText`].
    pub(super) fn bare(source: &'s str) -> Self {
        Self {
            source,
            at: 0,
            modes: vec![Mode::Bare],
        }
    }

    /// The next token; [`TokenKind::End`] any number of times at the end.
    pub(super) fn next_token(&mut self) -> Token {
        while self.at < self.source.len() {
            let token = match self.modes.last() {
                None | Some(Mode::Code { .. }) => self.code(),
                Some(Mode::Quoted) => Some(self.quoted()),
                Some(Mode::Heredoc { name, line_start }) => {
                    let (name, line_start) = (*name, *line_start);
                    Some(self.line(Some(name), line_start))
                }
                Some(Mode::Bare) => Some(self.line(None, false)),
            };
            if let Some(token) = token {
                return token;
            }
        }
        self.token(TokenKind::End, 0)
    }

    /// Where the next token or the blanks before it start.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// How many templates and interpolations are open.
    pub(super) fn depth(&self) -> usize {
        self.modes.len()
    }

    /// Goes on at a position, with only the outermost templates and interpolations still open.
    pub(super) fn resume(&mut self, at: usize, depth: usize) {
        self.at = at;
        self.modes.truncate(depth);
        if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
            *line_start = self.source.get(..at).is_some_and(|text| text.ends_with('\n'));
        }
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn token(&mut self, kind: TokenKind, length: usize) -> Token {
        let span = self.at..self.at + length;
        self.at += length;
        Token { kind, span }
    }

    /// Reads one token of code, or nothing if only blanks are left.
    fn code(&mut self) -> Option<Token> {
        let rest = self.rest().trim_start_matches([' ', '\t']);
        self.at = self.source.len() - rest.len();
        let first = rest.chars().next()?;
        Some(match first {
            '"' => {
                self.modes.push(Mode::Quoted);
                self.token(TokenKind::QuoteOpen, 1)
            }
            '#' => self.token(TokenKind::Comment, line_length(rest)),
            '/' if rest.starts_with("//") => self.token(TokenKind::Comment, line_length(rest)),
            '/' if rest.starts_with("/*") => match rest.get(2..).and_then(|text| text.find("*/")) {
                Some(length) => self.token(TokenKind::Comment, length + 4),
                None => self.token(TokenKind::Invalid(Fault::UnclosedComment), rest.len()),
            },
            '0'..='9' => self.token(TokenKind::Number, number_length(rest.as_bytes())),
            '{' => {
                if let Some(Mode::Code { braces }) = self.modes.last_mut() {
                    *braces += 1;
                }
                self.token(TokenKind::BraceOpen, 1)
            }
            '}' => self.closing_brace(1),
            '~' if rest.starts_with("~}") => self.closing_brace(2),
            '<' if rest.starts_with("<<") => self.heredoc_start(rest),
            c if is_start(c) => {
                let length = rest.find(|c| !is_continue(c)).unwrap_or(rest.len());
                self.token(TokenKind::Identifier, length)
            }
            c => match symbol(rest) {
                Some((kind, length)) => self.token(kind, length),
                None => self.token(TokenKind::Invalid(Fault::Character), c.len_utf8()),
            },
        })
    }

    fn closing_brace(&mut self, length: usize) -> Token {
        let closes_sequence = match self.modes.last_mut() {
            Some(Mode::Code { braces: 0 }) => true,
            Some(Mode::Code { braces }) if length == 1 => {
                *braces -= 1;
                false
            }
            _ => false,
        };
        if closes_sequence {
            self.modes.pop();
            self.token(TokenKind::SequenceClose, length)
        } else if length == 1 {
            self.token(TokenKind::BraceClose, 1)
        } else {
            self.token(TokenKind::Invalid(Fault::StrayTilde), length)
        }
    }
}

/// The length of a line with its newline.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |newline| newline + 1)
}

/// The length of a number: digits, dots and exponents in any order, not ending in a dot. Whether it is a valid number
/// is for the parser to say.
fn number_length(text: &[u8]) -> usize {
    let mut length = 1;
    let mut at = 1;
    loop {
        match text.get(at..) {
            Some([b'0'..=b'9', ..]) => at += 1,
            Some([b'.', ..]) => {
                at += 1;
                continue;
            }
            Some([b'e' | b'E', b'0'..=b'9', ..]) => at += 2,
            Some([b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..]) => at += 3,
            _ => return length,
        }
        length = at;
    }
}

/// The longest operator or bracket at the start of a text.
fn symbol(text: &str) -> Option<(TokenKind, usize)> {
    use TokenKind as K;
    const SYMBOLS: [(&str, K); 29] = [
        ("...", K::Ellipsis),
        ("==", K::Equal),
        ("=>", K::Arrow),
        ("!=", K::NotEqual),
        ("<=", K::LessEqual),
        (">=", K::GreaterEqual),
        ("&&", K::And),
        ("||", K::Or),
        ("::", K::DoubleColon),
        ("\r\n", K::Newline),
        ("\n", K::Newline),
        ("[", K::BracketOpen),
        ("]", K::BracketClose),
        ("(", K::ParenOpen),
        (")", K::ParenClose),
        ("=", K::Assign),
        (".", K::Dot),
        (",", K::Comma),
        (":", K::Colon),
        ("?", K::Question),
        ("<", K::Less),
        (">", K::Greater),
        ("!", K::Not),
        ("+", K::Plus),
        ("-", K::Minus),
        ("*", K::Star),
        ("/", K::Slash),
        ("%", K::Percent),
        ("{", K::BraceOpen),
    ];
    SYMBOLS
        .iter()
        .find(|(symbol, _)| text.starts_with(symbol))
        .map(|(symbol, kind)| (*kind, symbol.len()))
}
