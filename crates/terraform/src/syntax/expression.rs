//! Expressions: operators and look-ups.

use super::parser::{Lost, Node, Parsed, Parser};
use super::token::TokenKind;
use crate::ast::{
    Accessor, BinaryOperator, Expression, ExpressionKind, ForExpression, Identifier, Span, UnaryOperator,
};

/// The name under which the desugaring of a splat within a splat holds the element: no name that source can have.
const ELEMENT: &str = "*";

/// The operator that a token is, and how strongly it binds.
fn binary(kind: TokenKind) -> Option<(BinaryOperator, u8)> {
    Some(match kind {
        TokenKind::Or => (BinaryOperator::Or, 1),
        TokenKind::And => (BinaryOperator::And, 2),
        TokenKind::Equal => (BinaryOperator::Equal, 3),
        TokenKind::NotEqual => (BinaryOperator::NotEqual, 3),
        TokenKind::Less => (BinaryOperator::Less, 4),
        TokenKind::LessEqual => (BinaryOperator::LessEqual, 4),
        TokenKind::Greater => (BinaryOperator::Greater, 4),
        TokenKind::GreaterEqual => (BinaryOperator::GreaterEqual, 4),
        TokenKind::Plus => (BinaryOperator::Add, 5),
        TokenKind::Minus => (BinaryOperator::Subtract, 5),
        TokenKind::Star => (BinaryOperator::Multiply, 6),
        TokenKind::Slash => (BinaryOperator::Divide, 6),
        TokenKind::Percent => (BinaryOperator::Remainder, 6),
        _ => return None,
    })
}

impl Parser<'_> {
    /// An expression with operators and conditionals.
    pub(super) fn expression(&mut self) -> Parsed<Node> {
        self.nested(Self::conditional)
    }

    fn conditional(&mut self) -> Parsed<Node> {
        let first = self.operations()?;
        match self.peek() {
            TokenKind::Question => self.cases(first),
            _ => Ok(first),
        }
    }

    /// The cases after the first condition.
    fn cases(&mut self, mut last: Node) -> Parsed<Node> {
        // `a ? b : c ? d : e` nests to the right, without limit as far as syntax goes.
        let mut cases = Vec::new();
        while self.read_if(TokenKind::Question) {
            let then = self.expression()?;
            self.expect(TokenKind::Colon, "`:` and the value for the other case")?;
            let otherwise = self.operations()?;
            cases.push((std::mem::replace(&mut last, otherwise), then));
        }
        for (condition, then) in cases.into_iter().rev() {
            let span = condition.start()..last.end();
            let below = condition.depth.max(then.depth).max(last.depth);
            let kind = ExpressionKind::Conditional {
                condition: condition.expression,
                then: then.expression,
                otherwise: last.expression,
            };
            last = self.node(kind, span, below);
        }
        Ok(last)
    }

    /// Operands with operators between them.
    fn operations(&mut self) -> Parsed<Node> {
        let first = self.operand()?;
        match binary(self.peek()) {
            Some(_) => self.operators(first),
            None => Ok(first),
        }
    }

    /// The operators after the first operand.
    fn operators(&mut self, first: Node) -> Parsed<Node> {
        let mut operands = vec![first];
        let mut operators: Vec<(BinaryOperator, u8)> = Vec::new();
        while let Some(next) = binary(self.peek()) {
            self.read();
            while operators.last().is_some_and(|(_, strength)| *strength >= next.1) {
                self.combine(&mut operands, &mut operators);
            }
            operators.push(next);
            let operand = self.operand()?;
            operands.push(operand);
        }
        while !operators.is_empty() {
            self.combine(&mut operands, &mut operators);
        }
        operands.pop().ok_or(Lost)
    }

    /// Applies the last operator to the last two operands.
    fn combine(&mut self, operands: &mut Vec<Node>, operators: &mut Vec<(BinaryOperator, u8)>) {
        let operator = operators.pop();
        if let (Some((operator, _)), Some(right), Some(left)) = (operator, operands.pop(), operands.pop()) {
            let span = left.start()..right.end();
            let below = left.depth.max(right.depth);
            let kind = ExpressionKind::Binary {
                left: left.expression,
                operator,
                right: right.expression,
            };
            let node = self.node(kind, span, below);
            operands.push(node);
        }
    }

    fn operand(&mut self) -> Parsed<Node> {
        if matches!(self.peek(), TokenKind::Minus | TokenKind::Not) {
            return self.signed();
        }
        let term = self.term()?;
        match self.peek() {
            TokenKind::Dot | TokenKind::BracketOpen => self.look_ups(term),
            _ => Ok(term),
        }
    }

    /// An operand with one or more operators before it.
    fn signed(&mut self) -> Parsed<Node> {
        let mut signs = Vec::new();
        loop {
            let operator = match self.peek() {
                TokenKind::Minus => UnaryOperator::Negate,
                TokenKind::Not => UnaryOperator::Not,
                _ => break,
            };
            signs.push((operator, self.read().span.start));
        }
        let mut node = self.operand()?;
        for (operator, start) in signs.into_iter().rev() {
            let (span, below) = (start..node.end(), node.depth);
            let operand = node.expression;
            node = self.node(ExpressionKind::Unary { operator, operand }, span, below);
        }
        Ok(node)
    }

    fn term(&mut self) -> Parsed<Node> {
        match self.peek() {
            TokenKind::ParenOpen => self.parentheses(),
            TokenKind::Number => {
                let token = self.read();
                let text = self.text(&token.span);
                Ok(if self.check_number(text, &token.span) {
                    Node::leaf(ExpressionKind::Number(text.to_owned()), token.span)
                } else {
                    Node::leaf(ExpressionKind::Invalid, token.span)
                })
            }
            TokenKind::Identifier => {
                let token = self.read();
                if matches!(self.peek(), TokenKind::ParenOpen | TokenKind::DoubleColon) {
                    return self.call(&token);
                }
                let kind = match self.text(&token.span) {
                    "null" => ExpressionKind::Null,
                    "true" => ExpressionKind::Bool(true),
                    "false" => ExpressionKind::Bool(false),
                    name => ExpressionKind::Variable(name.to_owned()),
                };
                Ok(Node::leaf(kind, token.span))
            }
            TokenKind::QuoteOpen => self.template(TokenKind::QuoteClose),
            TokenKind::HeredocOpen => self.template(TokenKind::HeredocClose),
            TokenKind::BracketOpen => self.tuple(),
            TokenKind::BraceOpen => self.object(),
            _ => Err(self.unexpected("an expression")),
        }
    }

    fn parentheses(&mut self) -> Parsed<Node> {
        let newlines = std::mem::replace(&mut self.newlines, false);
        let start = self.read().span.start;
        let inner = self.bracketed(TokenKind::ParenClose, "an operator or `)`");
        self.newlines = newlines;
        let inner = inner?;
        let below = inner.depth;
        let kind = ExpressionKind::Parentheses(inner.expression);
        Ok(self.node(kind, start..self.end, below))
    }

    /// An expression and the bracket that closes it. After an error that ends with the bracket it is invalid.
    fn bracketed(&mut self, close: TokenKind, expected: &str) -> Parsed<Node> {
        let start = self.end;
        let inner = match self.expression() {
            Ok(inner) if self.peek() == close => {
                self.read();
                return Ok(inner);
            }
            Ok(inner) => {
                self.unexpected(expected);
                inner
            }
            Err(Lost) => Node::leaf(ExpressionKind::Invalid, start..start),
        };
        self.recover_close(close)?;
        Ok(inner)
    }

    /// `.name`, `.0`, `.*`, `[index]` and `[*]` after an operand.
    fn look_ups(&mut self, mut node: Node) -> Parsed<Node> {
        loop {
            match self.peek() {
                TokenKind::Dot => {
                    self.read();
                    if self.read_if(TokenKind::Star) {
                        node = self.attribute_splat(node)?;
                    } else {
                        let accessor = self.step()?;
                        node = self.access(node, accessor, 0);
                    }
                }
                TokenKind::BracketOpen => {
                    let start = self.read().span.start;
                    if self.read_if(TokenKind::Star) {
                        self.expect(TokenKind::BracketClose, "`]`")?;
                        node = self.nested(|parser| parser.full_splat(node, start))?;
                    } else {
                        let (accessor, depth) = self.index()?;
                        node = self.access(node, accessor, depth);
                    }
                }
                _ => return Ok(node),
            }
        }
    }

    /// A look-up in a value, up to where the parser stands.
    fn access(&mut self, base: Node, accessor: Accessor, depth: usize) -> Node {
        let (span, below) = (base.start()..self.end, base.depth.max(depth));
        let base = base.expression;
        self.node(ExpressionKind::Access { base, accessor }, span, below)
    }

    /// An index after its opening bracket, and the depth of its tree.
    fn index(&mut self) -> Parsed<(Accessor, usize)> {
        let newlines = std::mem::replace(&mut self.newlines, false);
        let key = self.bracketed(TokenKind::BracketClose, "an operator or `]`");
        self.newlines = newlines;
        key.map(|key| (Accessor::Index(key.expression), key.depth))
    }

    /// The names after `.*`.
    fn attribute_splat(&mut self, base: Node) -> Parsed<Node> {
        let mut each = Vec::new();
        while self.peek() == TokenKind::Dot {
            let start = self.read().span.start;
            if self.peek() == TokenKind::Star {
                return Err(self.unexpected("a name: `.*` cannot follow another `.*`"));
            }
            let accessor = self.step()?;
            each.push((accessor, start..self.end));
        }
        Ok(self.splat(base, false, each, 0))
    }

    /// What follows `[*]`, all of which applies to each element. The bracket starts at `marker`.
    ///
    /// A splat among that, `a[*].b[*].c`, is `[for e in a[*] : e.b[*].c]`: so it stands in the tree.
    fn full_splat(&mut self, base: Node, marker: usize) -> Parsed<Node> {
        let marker = marker..self.end;
        let mut each = Vec::new();
        let mut depth = 0;
        loop {
            match self.peek() {
                TokenKind::Dot => {
                    let start = self.read().span.start;
                    if self.read_if(TokenKind::Star) {
                        let element = self.splat_element(each, depth, &marker);
                        let inner = self.attribute_splat(element)?;
                        return self.each_element(base, inner, &marker);
                    }
                    let accessor = self.step()?;
                    each.push((accessor, start..self.end));
                }
                TokenKind::BracketOpen => {
                    let start = self.read().span.start;
                    if self.read_if(TokenKind::Star) {
                        self.expect(TokenKind::BracketClose, "`]`")?;
                        let element = self.splat_element(each, depth, &marker);
                        let inner = self.nested(|parser| parser.full_splat(element, start))?;
                        return self.each_element(base, inner, &marker);
                    }
                    let (accessor, below) = self.index()?;
                    depth = depth.max(below);
                    each.push((accessor, start..self.end));
                }
                _ => return Ok(self.splat(base, true, each, depth)),
            }
        }
    }

    fn splat(&mut self, base: Node, full: bool, each: Vec<(Accessor, Span)>, depth: usize) -> Node {
        let (span, below) = (base.start()..self.end, base.depth.max(depth));
        let base = base.expression;
        self.node(ExpressionKind::Splat { base, full, each }, span, below)
    }

    /// An element of a splat with the look-ups in it.
    fn splat_element(&mut self, each: Vec<(Accessor, Span)>, depth: usize, marker: &Span) -> Node {
        let mut node = Node::leaf(ExpressionKind::Variable(ELEMENT.to_owned()), marker.clone());
        for (accessor, step) in each {
            let (span, below) = (marker.start..step.end, node.depth.max(depth));
            let base = node.expression;
            node = self.node(ExpressionKind::Access { base, accessor }, span, below);
        }
        node
    }

    /// `[for * in base[*] : value]`, with all look-ups after the inner splat.
    fn each_element(&mut self, base: Node, value: Node, marker: &Span) -> Parsed<Node> {
        let value = self.look_ups(value)?;
        let span = base.start()..self.end;
        let below = base.depth.max(value.depth) + 1;
        let collection = Expression {
            span: base.start()..marker.end,
            kind: ExpressionKind::Splat {
                base: base.expression,
                full: true,
                each: Vec::new(),
            },
        };
        let kind = ExpressionKind::For(Box::new(ForExpression {
            key_name: None,
            value_name: Identifier {
                text: ELEMENT.to_owned(),
                span: marker.clone(),
            },
            collection,
            key: None,
            value: *value.expression,
            group: false,
            condition: None,
        }));
        Ok(self.node(kind, span, below))
    }

    /// What follows a dot.
    fn step(&mut self) -> Parsed<Accessor> {
        match self.peek() {
            TokenKind::Identifier => {
                let token = self.read();
                Ok(Accessor::Name(self.identifier(&token)))
            }
            TokenKind::Number => {
                let token = self.read();
                let text = self.text(&token.span);
                if text.contains('.') {
                    let message = "two indices with dots in a row; write them in brackets: `[0][1]`";
                    self.error(token.span.clone(), message);
                } else {
                    self.check_number(text, &token.span);
                }
                Ok(Accessor::LegacyIndex(self.identifier(&token)))
            }
            _ => Err(self.unexpected("a name after the dot")),
        }
    }

    /// Whether a number token is a number: digits, at most one dot, at most one exponent at the end, and that of a size
    /// that Terraform can hold (about 32 bits).
    fn check_number(&mut self, text: &str, span: &Span) -> bool {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let is_zero = mantissa.bytes().all(|b| b == b'0' || b == b'.');
        let scale = exponent
            .parse::<i64>()
            .ok()
            .and_then(|e| e.checked_sub_unsigned(fraction as u64));
        let is_in_range = scale.is_some_and(|scale| is_zero || i32::try_from(scale).is_ok());
        let is_number = mantissa.matches('.').count() <= 1 && is_in_range;
        if !is_number {
            self.error(span.clone(), format!("`{text}` is not a number"));
        }
        is_number
    }
}
