//! Function calls, tuples, objects and `for` expressions.

use super::parser::{Lost, Node, Parsed, Parser};
use super::recovery::{Resumed, Separator};
use super::token::{Token, TokenKind};
use crate::ast::{Expression, ExpressionKind, ForExpression, FunctionCall, Identifier, ObjectItem, ObjectKey};

/// The names and the collection of a `for`.
pub(super) struct ForClause {
    pub(super) key: Option<Identifier>,
    pub(super) value: Identifier,
    pub(super) collection: Node,
}

impl Parser<'_> {
    /// The arguments of a function, from `(` or `::` on.
    pub(super) fn call(&mut self, first: &Token) -> Parsed<Node> {
        let mut name = self.identifier(first);
        while self.read_if(TokenKind::DoubleColon) {
            let part = self.expect(TokenKind::Identifier, "the name of a function")?;
            name.text.push_str("::");
            name.text.push_str(self.text(&part.span));
            name.span.end = part.span.end;
        }
        if self.peek() != TokenKind::ParenOpen {
            return Err(self.unexpected("`(` and the function's arguments"));
        }
        self.read();
        let newlines = std::mem::replace(&mut self.newlines, false);
        let arguments = self.arguments();
        self.newlines = newlines;
        let (mut arguments, expand, depth) = arguments?;
        arguments.shrink_to_fit();
        let kind = ExpressionKind::Call(FunctionCall {
            name,
            arguments,
            expand,
        });
        Ok(self.node(kind, first.span.start..self.end, depth))
    }

    /// The arguments up to the closing parenthesis, whether the last one is expanded, and the depth of their trees.
    fn arguments(&mut self) -> Parsed<(Vec<Expression>, bool, usize)> {
        let mut arguments = Vec::new();
        let mut depth = 0;
        while !self.read_if(TokenKind::ParenClose) {
            let argument = self.element(&mut depth);
            let is_whole = argument.is_ok();
            arguments.push(argument.unwrap_or_else(|invalid| invalid));
            match self.peek() {
                TokenKind::Comma if is_whole => {
                    self.read();
                    continue;
                }
                TokenKind::ParenClose if is_whole => continue,
                TokenKind::Ellipsis if is_whole => {
                    self.read();
                    if self.peek() != TokenKind::ParenClose {
                        self.unexpected("`)` after `...`");
                        self.recover_close(TokenKind::ParenClose)?;
                    } else {
                        self.read();
                    }
                    return Ok((arguments, true, depth));
                }
                _ if is_whole => {
                    self.unexpected("`,` and another argument, or `)`");
                }
                _ => {}
            }
            if let Resumed::Closed = self.recover(TokenKind::ParenClose, Separator::Comma)? {
                break;
            }
        }
        Ok((arguments, false, depth))
    }

    /// One of several expressions; an error leaves an invalid one.
    fn element(&mut self, depth: &mut usize) -> Result<Expression, Expression> {
        let start = self.end;
        match self.expression() {
            Ok(node) => {
                *depth = node.depth.max(*depth);
                Ok(*node.expression)
            }
            Err(Lost) => Err(Expression {
                kind: ExpressionKind::Invalid,
                span: start..start,
            }),
        }
    }

    pub(super) fn tuple(&mut self) -> Parsed<Node> {
        let newlines = std::mem::replace(&mut self.newlines, false);
        let start = self.read().span.start;
        let tuple = if self.peek_word("for") {
            self.for_expression(start, TokenKind::BracketClose)
        } else {
            self.elements(start)
        };
        self.newlines = newlines;
        tuple
    }

    fn elements(&mut self, start: usize) -> Parsed<Node> {
        let mut elements = Vec::new();
        let mut depth = 0;
        while !self.read_if(TokenKind::BracketClose) {
            let element = self.element(&mut depth);
            let is_whole = element.is_ok();
            elements.push(element.unwrap_or_else(|invalid| invalid));
            match self.peek() {
                TokenKind::Comma if is_whole => {
                    self.read();
                    continue;
                }
                TokenKind::BracketClose if is_whole => continue,
                _ if is_whole => {
                    self.unexpected("`,` and another element, or `]`");
                }
                _ => {}
            }
            if let Resumed::Closed = self.recover(TokenKind::BracketClose, Separator::Comma)? {
                break;
            }
        }
        elements.shrink_to_fit();
        Ok(self.node(ExpressionKind::Tuple(elements), start..self.end, depth))
    }

    pub(super) fn object(&mut self) -> Parsed<Node> {
        let start = self.read().span.start;
        let newlines = std::mem::replace(&mut self.newlines, false);
        let object = if self.peek_word("for") {
            self.for_expression(start, TokenKind::BraceClose)
        } else {
            self.newlines = true;
            self.object_items(start)
        };
        self.newlines = newlines;
        object
    }

    fn object_items(&mut self, start: usize) -> Parsed<Node> {
        let mut items = Vec::new();
        let mut depth = 0;
        let separator = match self.peek() {
            TokenKind::Newline => Separator::Line,
            _ => Separator::Inline,
        };
        let mut is_broken = false;
        loop {
            if is_broken && separator == Separator::Inline && self.peek() == TokenKind::Newline {
                return Err(Lost);
            }
            while self.read_if(TokenKind::Newline) {}
            if self.read_if(TokenKind::BraceClose) {
                break;
            }
            let (first, level) = (self.upcoming(), self.lexer.depth());
            let is_whole = self.object_item(&mut items, &mut depth).is_ok();
            is_broken |= !is_whole;
            if !is_whole && self.back_to_anchor(&first, level) {
                return Err(Lost);
            }
            match self.peek() {
                TokenKind::Comma | TokenKind::Newline if is_whole => {
                    self.read();
                    continue;
                }
                TokenKind::BraceClose if is_whole => continue,
                _ if is_whole => {
                    self.unexpected("a comma, a line break or `}`");
                    is_broken = true;
                }
                _ => {}
            }
            if let Resumed::Closed = self.recover(TokenKind::BraceClose, separator)? {
                break;
            }
        }
        items.shrink_to_fit();
        Ok(self.node(ExpressionKind::Object(items), start..self.end, depth))
    }

    fn object_item(&mut self, items: &mut Vec<ObjectItem>, depth: &mut usize) -> Parsed<()> {
        let key = self.expression()?;
        if !matches!(self.peek(), TokenKind::Assign | TokenKind::Colon) {
            return Err(self.unexpected("`=` and the value of this key"));
        }
        self.read();
        *depth = key.depth.max(*depth);
        let key = object_key(*key.expression);
        let value = self.element(depth);
        let result = value.as_ref().map(drop).map_err(|_| Lost);
        let value = value.unwrap_or_else(|invalid| invalid);
        items.push(ObjectItem { key, value });
        result
    }

    /// A `for` expression from the word `for` on; its bracket starts at `start`.
    fn for_expression(&mut self, start: usize, close: TokenKind) -> Parsed<Node> {
        match self.for_parts(close) {
            Ok((it, depth)) => Ok(self.node(ExpressionKind::For(it), start..self.end, depth)),
            Err(Lost) => {
                self.recover_close(close)?;
                Ok(Node::leaf(ExpressionKind::Invalid, start..self.end))
            }
        }
    }

    /// A `for` expression with its closing bracket, and the depth of the trees in it.
    fn for_parts(&mut self, close: TokenKind) -> Parsed<(Box<ForExpression>, usize)> {
        let is_object = close == TokenKind::BraceClose;
        self.read();
        let clause = self.for_clause()?;
        self.expect(TokenKind::Colon, "`:` and the value of each element")?;
        let mut value = self.expression()?;
        let mut depth = clause.collection.depth.max(value.depth);
        let mut key = None;
        if self.peek() == TokenKind::Arrow {
            if !is_object {
                return Err(self.unexpected("`if` or `]`: a key needs an object, `{ for … }`"));
            }
            self.read();
            let second = self.expression()?;
            depth = depth.max(second.depth);
            key = Some(*std::mem::replace(&mut value, second).expression);
        } else if is_object {
            return Err(self.unexpected("`=>` and the value: an object needs a key and a value"));
        }
        let group = self.peek() == TokenKind::Ellipsis;
        if group {
            if !is_object {
                return Err(self.unexpected("`if` or `]`: only the values of an object can be grouped"));
            }
            self.read();
        }
        let mut condition = None;
        if self.peek_word("if") {
            self.read();
            let node = self.expression()?;
            depth = depth.max(node.depth);
            condition = Some(*node.expression);
        }
        self.expect(close, if is_object { "`if` or `}`" } else { "`if` or `]`" })?;
        let it = Box::new(ForExpression {
            key_name: clause.key,
            value_name: clause.value,
            collection: *clause.collection.expression,
            key,
            value: *value.expression,
            group,
            condition,
        });
        Ok((it, depth))
    }

    /// The names, `in` and the collection of a for expression or directive.
    pub(super) fn for_clause(&mut self) -> Parsed<ForClause> {
        let first = self.expect(TokenKind::Identifier, "a name for each element")?;
        let mut value = self.identifier(&first);
        let mut key = None;
        if self.read_if(TokenKind::Comma) {
            let second = self.expect(TokenKind::Identifier, "a name for each value")?;
            key = Some(std::mem::replace(&mut value, self.identifier(&second)));
        }
        if !self.peek_word("in") {
            return Err(self.unexpected("`in` and a collection"));
        }
        self.read();
        let collection = self.expression()?;
        Ok(ForClause { key, value, collection })
    }
}

/// A bare word stands for its text, `null` and `true` as well.
fn object_key(key: Expression) -> ObjectKey {
    let text = match &key.kind {
        ExpressionKind::Variable(name) => name.clone(),
        ExpressionKind::Null => "null".to_owned(),
        ExpressionKind::Bool(value) => value.to_string(),
        _ => return ObjectKey::Expression(key),
    };
    ObjectKey::Word(Identifier { text, span: key.span })
}
