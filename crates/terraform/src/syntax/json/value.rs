//! The values of arguments.

use std::collections::BTreeSet;

use super::build::sorted;
use super::read::{Fault, Node, Property, Value};
use super::respan::respan;
use super::shape::Mode;
use super::text::Text;
use crate::ast::{Expression, ExpressionKind, ObjectItem, ObjectKey, Span, Template, TemplatePart};
use crate::syntax::SyntaxError;
use crate::syntax::body::{Embedded, parse_embedded};

/// The argument of a required provider that holds references.
const ALIASES: &str = "configuration_aliases";

/// Builds expressions and collects errors.
#[derive(Default)]
pub(super) struct Values {
    faults: Vec<Fault>,
}

impl Values {
    pub(super) fn into_errors(self, source: &str) -> Vec<SyntaxError> {
        sorted(self.faults, source)
    }

    pub(super) fn error(&mut self, span: Span, message: String) {
        self.faults.push((span, message));
    }

    /// The expression that a value stands for. `may_be_block`: that a schema could read its objects as blocks.
    pub(super) fn value(&mut self, node: &Node<'_>, mode: Mode, may_be_block: bool) -> Expression {
        let kind = match &node.value {
            Value::Null => ExpressionKind::Null,
            Value::Bool(value) => ExpressionKind::Bool(*value),
            Value::Number(text) => ExpressionKind::Number((*text).to_owned()),
            Value::String(text) => return self.string(text, mode),
            Value::Array(elements) => {
                let elements = elements.iter().map(|element| self.value(element, mode, may_be_block));
                ExpressionKind::Tuple(elements.collect())
            }
            Value::Object(properties) => {
                let mut known = BTreeSet::new();
                let mut items = Vec::with_capacity(properties.len());
                for property in properties {
                    let name = property.name.value.as_ref();
                    let is_block = may_be_block && matches!(property.value.value, Value::Object(_) | Value::Array(_));
                    if !known.insert(name) && !is_block {
                        self.error(
                            property.name.inner(),
                            format!("the key {name} stands twice in this object"),
                        );
                        continue;
                    }
                    items.push(self.item(property, mode, may_be_block));
                }
                ExpressionKind::Object(items)
            }
        };
        Expression {
            kind,
            span: node.span.clone(),
        }
    }

    fn item(&mut self, property: &Property<'_>, mode: Mode, may_be_block: bool) -> ObjectItem {
        let mode = match mode {
            Mode::Requirement if property.name.value == ALIASES => Mode::Native,
            Mode::Requirement => Mode::Literal,
            mode => mode,
        };
        let key_mode = match property.name.value == ALIASES {
            true => Mode::Literal,
            false => mode,
        };
        ObjectItem {
            key: ObjectKey::Expression(self.string(&property.name, key_mode)),
            value: self.value(&property.value, mode, may_be_block),
        }
    }

    fn string(&mut self, text: &Text<'_>, mode: Mode) -> Expression {
        let what = match mode {
            Mode::Native => Embedded::Expression,
            Mode::Template if text.value.contains(['$', '%']) => Embedded::Template,
            _ => return literal(text),
        };
        let place = |at| text.place(at);
        let (mut expression, errors) = parse_embedded(&text.value, what);
        for error in errors {
            self.error(place(error.span.start)..place(error.span.end), error.message);
        }
        respan(&mut expression, &place);
        if what == Embedded::Template {
            expression.span = text.span.clone();
        }
        expression
    }
}

/// A string that is read as it is.
fn literal(text: &Text<'_>) -> Expression {
    let part = TemplatePart::Literal {
        text: text.value.clone().into_owned(),
        span: text.inner(),
    };
    let parts = if text.value.is_empty() { Vec::new() } else { vec![part] };
    Expression {
        kind: ExpressionKind::Template(Template { parts, heredoc: false }),
        span: text.span.clone(),
    }
}
