//! Whether every position of a tree is one of its source, and inside of what it is part of.

use terraform::ast::{
    Accessor, Body, Expression, ExpressionKind, Identifier, Item, ObjectKey, Span, Syntax, TemplatePart,
};

/// Panics where a span of the tree is not on boundaries of characters, or not inside that of its parent.
pub fn check(source: &str, body: &Body) {
    let whole = 0..source.len();
    Checker(source).body(body, &whole);
}

struct Checker<'s>(&'s str);

impl Checker<'_> {
    fn span(&self, span: &Span, parent: &Span, what: &str) {
        let is_text = self.0.get(span.clone()).is_some();
        let is_inside = parent.start <= span.start && span.end <= parent.end;
        assert!(is_text && is_inside, "{what} {span:?} in {parent:?} of {:?}", self.0);
    }

    fn name(&self, name: &Identifier, parent: &Span) {
        self.span(&name.span, parent, &name.text);
    }

    fn body(&self, body: &Body, parent: &Span) {
        self.span(&body.span, parent, "body");
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    self.span(&attribute.span, &body.span, "attribute");
                    self.name(&attribute.name, &attribute.span);
                    self.expression(&attribute.value, &attribute.span);
                }
                Item::Block(block) => {
                    self.span(&block.span, &body.span, "block");
                    self.span(&block.header, &block.span, "header");
                    // Blocks of JSON can share their type and labels.
                    let whole = 0..self.0.len();
                    let header = match body.syntax {
                        Syntax::Native => &block.header,
                        Syntax::Json => &whole,
                    };
                    for name in block.labels.iter().chain([&block.kind]) {
                        self.name(name, header);
                    }
                    self.body(&block.body, &block.span);
                }
            }
        }
    }

    fn expression(&self, expression: &Expression, parent: &Span) {
        let span = &expression.span;
        self.span(span, parent, "expression");
        match &expression.kind {
            ExpressionKind::Template(template) => self.parts(&template.parts, span),
            ExpressionKind::Object(items) => {
                for item in items {
                    if let ObjectKey::Word(word) = &item.key {
                        self.name(word, span);
                    }
                }
            }
            ExpressionKind::Access { accessor, .. } => self.accessor(accessor, span),
            ExpressionKind::Splat { each, .. } => {
                for (accessor, place) in each {
                    self.span(place, span, "look-up");
                    self.accessor(accessor, place);
                }
            }
            ExpressionKind::Call(call) => self.name(&call.name, span),
            ExpressionKind::For(it) => {
                for name in it.key_name.iter().chain([&it.value_name]) {
                    self.name(name, span);
                }
            }
            _ => {}
        }
        for child in expression.children() {
            self.expression(child, span);
        }
    }

    fn accessor(&self, accessor: &Accessor, parent: &Span) {
        match accessor {
            Accessor::Name(name) | Accessor::LegacyIndex(name) => self.name(name, parent),
            Accessor::Index(key) => self.span(&key.span, parent, "index"),
        }
    }

    /// Expressions in parts are children of the whole template.
    fn parts(&self, parts: &[TemplatePart], parent: &Span) {
        for part in parts {
            match part {
                TemplatePart::Literal { span, .. } => self.span(span, parent, "literal"),
                TemplatePart::Interpolation(_) => {}
                TemplatePart::If { then, otherwise, .. } => {
                    self.parts(then, parent);
                    self.parts(otherwise, parent);
                }
                TemplatePart::For { key, value, body, .. } => {
                    for name in key.iter().chain([value]) {
                        self.name(name, parent);
                    }
                    self.parts(body, parent);
                }
            }
        }
    }
}
