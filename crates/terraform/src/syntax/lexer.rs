//! From source to tokens, without loss.

use super::identifier::{is_continue, is_start};
use super::token::{Fault, Token, TokenKind};

/// Splits a source into tokens. Between them only spaces and tabs are left out, and a byte order mark at the start of
/// the source. The last token is always [`TokenKind::End`]. Text that is no token becomes [`TokenKind::Invalid`], so
/// that every source has tokens.
pub fn lex(source: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        source,
        at: 0,
        modes: Vec::new(),
        tokens: Vec::new(),
    };
    if source.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    lexer.run();
    lexer.tokens
}

/// What the text at the current position is part of, innermost last. No mode at all is code outside of templates.
enum Mode<'s> {
    /// Code within `${ }` or `%{ }`, with the number of braces opened in it.
    Code { braces: usize },
    /// A quoted template.
    Quoted,
    /// A heredoc, and whether nothing of the current line has been read yet.
    Heredoc { name: &'s str, line_start: bool },
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    modes: Vec<Mode<'s>>,
    tokens: Vec<Token>,
}

impl<'s> Lexer<'s> {
    fn run(&mut self) {
        while self.at < self.source.len() {
            match self.modes.last() {
                None | Some(Mode::Code { .. }) => self.code(),
                Some(Mode::Quoted) => self.quoted(),
                Some(Mode::Heredoc { name, line_start }) => {
                    let (name, line_start) = (*name, *line_start);
                    self.heredoc(name, line_start);
                }
            }
        }
        self.push(TokenKind::End, 0);
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        self.tokens.push(Token {
            kind,
            span: self.at..self.at + length,
        });
        self.at += length;
    }

    fn code(&mut self) {
        let rest = self.rest();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if blanks > 0 {
            self.at += blanks;
            return;
        }
        let Some(first) = rest.chars().next() else { return };
        match first {
            '"' => {
                self.push(TokenKind::QuoteOpen, 1);
                self.modes.push(Mode::Quoted);
            }
            '#' => self.push(TokenKind::Comment, line_length(rest)),
            '/' if rest.starts_with("//") => self.push(TokenKind::Comment, line_length(rest)),
            '/' if rest.starts_with("/*") => match rest.get(2..).and_then(|text| text.find("*/")) {
                Some(length) => self.push(TokenKind::Comment, length + 4),
                None => self.push(TokenKind::Invalid(Fault::UnclosedComment), rest.len()),
            },
            '0'..='9' => self.push(TokenKind::Number, number_length(rest.as_bytes())),
            '{' => {
                if let Some(Mode::Code { braces }) = self.modes.last_mut() {
                    *braces += 1;
                }
                self.push(TokenKind::BraceOpen, 1);
            }
            '}' => self.closing_brace(1),
            '~' if rest.starts_with("~}") => self.closing_brace(2),
            '<' if rest.starts_with("<<") => self.heredoc_start(rest),
            c if is_start(c) => {
                let length = rest.find(|c| !is_continue(c)).unwrap_or(rest.len());
                self.push(TokenKind::Identifier, length);
            }
            c => match symbol(rest) {
                Some((kind, length)) => self.push(kind, length),
                None => self.push(TokenKind::Invalid(Fault::Character), c.len_utf8()),
            },
        }
    }

    fn closing_brace(&mut self, length: usize) {
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
            self.push(TokenKind::SequenceClose, length);
        } else if length == 1 {
            self.push(TokenKind::BraceClose, 1);
        } else {
            self.push(TokenKind::Invalid(Fault::StrayTilde), length);
        }
    }

    fn heredoc_start(&mut self, rest: &'s str) {
        let after = rest.get(2..).unwrap_or_default();
        let after = after.strip_prefix('-').unwrap_or(after);
        let length = if after.starts_with(is_start) {
            after.find(|c| !is_continue(c)).unwrap_or(0)
        } else {
            0
        };
        let (name, end) = after.split_at(length);
        let newline = if end.starts_with("\r\n") {
            2
        } else {
            usize::from(end.starts_with('\n'))
        };
        if length == 0 || newline == 0 {
            self.push(TokenKind::Less, 1);
            return;
        }
        self.push(TokenKind::HeredocOpen, rest.len() - end.len() + newline);
        self.modes.push(Mode::Heredoc { name, line_start: true });
    }

    /// Reads one piece of a quoted template.
    fn quoted(&mut self) {
        let rest = self.rest();
        if rest.starts_with('"') {
            self.modes.pop();
            return self.push(TokenKind::QuoteClose, 1);
        }
        if self.sequence_start(rest) {
            return;
        }
        let mut length = 0;
        let mut chars = rest.char_indices();
        while let Some((offset, c)) = chars.next() {
            length = offset;
            match c {
                '"' | '\n' | '\r' => break,
                '$' | '%' if starts_sequence(rest, offset) => break,
                // The escaped character is no end, whatever it is, unless it is a line break.
                '\\' if !after(rest, offset).starts_with(['\n', '\r']) => {
                    chars.next();
                }
                '$' | '%' if is_escaped_marker(rest, offset) => {
                    chars.nth(1);
                }
                _ => {}
            }
            length = chars.offset();
        }
        if length > 0 {
            return self.push(TokenKind::QuotedText, length);
        }
        let newline = if rest.starts_with("\r\n") { 2 } else { 1 };
        let fault = if rest.starts_with("\r") && newline == 1 {
            Fault::Character
        } else {
            Fault::NewlineInQuotes
        };
        self.push(TokenKind::Invalid(fault), newline);
    }

    /// Reads one piece of a heredoc, at most to the end of the line.
    fn heredoc(&mut self, name: &str, line_start: bool) {
        let rest = self.rest();
        if self.sequence_start(rest) {
            return;
        }
        let mut length = rest.len();
        let mut chars = rest.char_indices();
        let mut ends_line = false;
        while let Some((offset, c)) = chars.next() {
            match c {
                '\n' => {
                    length = offset + 1;
                    ends_line = true;
                    break;
                }
                '\r' if !after(rest, offset).starts_with('\n') => {
                    length = offset;
                    break;
                }
                '$' | '%' if starts_sequence(rest, offset) => {
                    length = offset;
                    break;
                }
                '$' | '%' if is_escaped_marker(rest, offset) => {
                    chars.nth(1);
                }
                _ => {}
            }
        }
        if length == 0 {
            return self.push(TokenKind::Invalid(Fault::Character), 1);
        }
        let text = rest.get(..length).unwrap_or_default();
        if ends_line && line_start && text.trim() == name {
            self.modes.pop();
            return self.push(
                TokenKind::HeredocClose,
                text.trim_end_matches('\n').trim_end_matches('\r').len(),
            );
        }
        self.push(TokenKind::HeredocText, length);
        if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
            *line_start = ends_line;
        }
    }

    /// Reads the start of an interpolation or directive, if there is one.
    fn sequence_start(&mut self, rest: &str) -> bool {
        if !starts_sequence(rest, 0) {
            return false;
        }
        if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
            *line_start = false;
        }
        let kind = if rest.starts_with('$') {
            TokenKind::InterpolationOpen
        } else {
            TokenKind::DirectiveOpen
        };
        let strips = rest.as_bytes().get(2) == Some(&b'~');
        self.push(kind, if strips { 3 } else { 2 });
        self.modes.push(Mode::Code { braces: 0 });
        true
    }
}

/// Whether `${` or `%{` stands at an offset.
fn starts_sequence(text: &str, offset: usize) -> bool {
    text.get(offset..)
        .is_some_and(|text| text.starts_with("${") || text.starts_with("%{"))
}

/// Whether `$${` or `%%{` stands at an offset.
fn is_escaped_marker(text: &str, offset: usize) -> bool {
    text.get(offset..)
        .is_some_and(|text| text.starts_with("$${") || text.starts_with("%%{"))
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

/// The text after the one-byte character at an offset.
fn after(text: &str, offset: usize) -> &str {
    text.get(offset + 1..).unwrap_or_default()
}
