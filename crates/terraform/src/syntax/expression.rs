//! Expressions: whether they are valid, and where they end.

use super::parser::{Parsed, Parser};
use super::token::TokenKind;

/// Whether a token is an operator between two operands.
fn is_binary(kind: TokenKind) -> bool {
    use TokenKind as K;
    matches!(
        kind,
        K::Or
            | K::And
            | K::Equal
            | K::NotEqual
            | K::Less
            | K::LessEqual
            | K::Greater
            | K::GreaterEqual
            | K::Plus
            | K::Minus
            | K::Star
            | K::Slash
            | K::Percent
    )
}

impl Parser<'_> {
    /// An expression with operators and conditionals. Precedence does not matter to its validity.
    pub(super) fn expression(&mut self) -> Parsed<()> {
        self.nested(|parser| {
            loop {
                parser.operand()?;
                while is_binary(parser.peek()) {
                    parser.read();
                    parser.operand()?;
                }
                if !parser.read_if(TokenKind::Question) {
                    return Ok(());
                }
                parser.expression()?;
                parser.expect(TokenKind::Colon, "`:` and the value for the other case")?;
            }
        })
    }

    fn operand(&mut self) -> Parsed<()> {
        while matches!(self.peek(), TokenKind::Minus | TokenKind::Not) {
            self.read();
        }
        self.term()?;
        self.traversal()
    }

    fn term(&mut self) -> Parsed<()> {
        match self.peek() {
            TokenKind::ParenOpen => self.with_newlines(false, |parser| {
                parser.read();
                parser.expression()?;
                parser.expect(TokenKind::ParenClose, "an operator or `)`").map(drop)
            }),
            TokenKind::Number => {
                let index = self.read();
                self.number(index, self.text(index))
            }
            TokenKind::Identifier => {
                self.read();
                match self.peek() {
                    TokenKind::ParenOpen | TokenKind::DoubleColon => self.call(),
                    _ => Ok(()),
                }
            }
            TokenKind::QuoteOpen => self.template(TokenKind::QuoteClose),
            TokenKind::HeredocOpen => self.template(TokenKind::HeredocClose),
            TokenKind::BracketOpen => self.tuple(),
            TokenKind::BraceOpen => self.object(),
            _ => Err(self.unexpected("an expression")),
        }
    }

    /// `.name`, `.0`, `.*`, `[index]` and `[*]` after an operand.
    fn traversal(&mut self) -> Parsed<()> {
        loop {
            match self.peek() {
                TokenKind::Dot => {
                    self.read();
                    if self.read_if(TokenKind::Star) {
                        self.splat()?;
                    } else {
                        self.step()?;
                    }
                }
                TokenKind::BracketOpen => {
                    self.read();
                    if self.read_if(TokenKind::Star) {
                        self.expect(TokenKind::BracketClose, "`]`")?;
                    } else {
                        self.with_newlines(false, |parser| {
                            parser.expression()?;
                            parser.expect(TokenKind::BracketClose, "an operator or `]`").map(drop)
                        })?;
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    /// The names after `.*`.
    fn splat(&mut self) -> Parsed<()> {
        while self.read_if(TokenKind::Dot) {
            if self.peek() == TokenKind::Star {
                return Err(self.unexpected("a name: `.*` cannot follow another `.*`"));
            }
            self.step()?;
        }
        Ok(())
    }

    /// What follows a dot.
    fn step(&mut self) -> Parsed<()> {
        match self.peek() {
            TokenKind::Identifier => {
                self.read();
                Ok(())
            }
            TokenKind::Number => {
                let index = self.read();
                if self.text(index).contains('.') {
                    return Err(self.error(
                        index,
                        "two indices with dots in a row; write them in brackets: `[0][1]`",
                    ));
                }
                self.number(index, self.text(index))
            }
            _ => Err(self.unexpected("a name after the dot")),
        }
    }

    /// The arguments of a function, from `(` or `::` on.
    fn call(&mut self) -> Parsed<()> {
        while self.read_if(TokenKind::DoubleColon) {
            self.expect(TokenKind::Identifier, "the name of a function")?;
        }
        if self.peek() != TokenKind::ParenOpen {
            return Err(self.unexpected("`(` and the function's arguments"));
        }
        self.read();
        self.with_newlines(false, |parser| {
            loop {
                if parser.read_if(TokenKind::ParenClose) {
                    return Ok(());
                }
                parser.expression()?;
                if parser.read_if(TokenKind::Ellipsis) {
                    return parser.expect(TokenKind::ParenClose, "`)` after `...`").map(drop);
                }
                if parser.peek() != TokenKind::ParenClose {
                    parser.expect(TokenKind::Comma, "`,` and another argument, or `)`")?;
                }
            }
        })
    }

    fn tuple(&mut self) -> Parsed<()> {
        self.read();
        self.with_newlines(false, |parser| {
            if parser.peek_word("for") {
                return parser.for_expression(TokenKind::BracketClose);
            }
            loop {
                if parser.read_if(TokenKind::BracketClose) {
                    return Ok(());
                }
                parser.expression()?;
                if parser.peek() != TokenKind::BracketClose {
                    parser.expect(TokenKind::Comma, "`,` and another element, or `]`")?;
                }
            }
        })
    }

    fn object(&mut self) -> Parsed<()> {
        self.read();
        let is_for = self.with_newlines(false, |parser| Ok(parser.peek_word("for")))?;
        if is_for {
            return self.with_newlines(false, |parser| parser.for_expression(TokenKind::BraceClose));
        }
        self.with_newlines(true, |parser| {
            loop {
                while parser.read_if(TokenKind::Newline) {}
                if parser.read_if(TokenKind::BraceClose) {
                    return Ok(());
                }
                parser.expression()?;
                if !matches!(parser.peek(), TokenKind::Assign | TokenKind::Colon) {
                    return Err(parser.unexpected("`=` and the value of this key"));
                }
                parser.read();
                parser.expression()?;
                match parser.peek() {
                    TokenKind::Comma | TokenKind::Newline => {
                        parser.read();
                    }
                    TokenKind::BraceClose => {}
                    _ => return Err(parser.unexpected("a comma, a line break or `}`")),
                }
            }
        })
    }

    fn for_expression(&mut self, close: TokenKind) -> Parsed<()> {
        let is_object = close == TokenKind::BraceClose;
        self.read();
        self.for_clause()?;
        self.expect(TokenKind::Colon, "`:` and the value of each element")?;
        self.expression()?;
        if self.peek() == TokenKind::Arrow {
            if !is_object {
                return Err(self.unexpected("`if` or `]`: a key needs an object, `{ for … }`"));
            }
            self.read();
            self.expression()?;
        } else if is_object {
            return Err(self.unexpected("`=>` and the value: an object needs a key and a value"));
        }
        if self.peek() == TokenKind::Ellipsis {
            if !is_object {
                return Err(self.unexpected("`if` or `]`: only the values of an object can be grouped"));
            }
            self.read();
        }
        if self.peek_word("if") {
            self.read();
            self.expression()?;
        }
        let what = if is_object { "`if` or `}`" } else { "`if` or `]`" };
        self.expect(close, what).map(drop)
    }

    /// The names, `in` and the collection of a for expression or directive.
    pub(super) fn for_clause(&mut self) -> Parsed<()> {
        self.expect(TokenKind::Identifier, "a name for each element")?;
        if self.read_if(TokenKind::Comma) {
            self.expect(TokenKind::Identifier, "a name for each value")?;
        }
        if !self.peek_word("in") {
            return Err(self.unexpected("`in` and a collection"));
        }
        self.read();
        self.expression()
    }

    /// Whether a number token is a number: digits, at most one dot, at most one exponent at the end, and that of a size
    /// that Terraform can hold (about 32 bits).
    fn number(&self, index: usize, text: &str) -> Parsed<()> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let is_zero = mantissa.bytes().all(|b| b == b'0' || b == b'.');
        let scale = exponent
            .parse::<i64>()
            .ok()
            .and_then(|e| e.checked_sub_unsigned(fraction as u64));
        let is_in_range = scale.is_some_and(|scale| is_zero || i32::try_from(scale).is_ok());
        if mantissa.matches('.').count() > 1 || !is_in_range {
            return Err(self.error(index, format!("`{text}` is not a number")));
        }
        Ok(())
    }
}
