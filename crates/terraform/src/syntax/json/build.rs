//! From JSON to arguments and blocks.

use std::collections::BTreeMap;

use super::read::{Fault, Node, Property, Value};
use super::shape::{Nested, Shape};
use super::text::Text;
use super::value::Values;
use crate::ast::{Attribute, Block, Body, Identifier, Item, Span, Syntax};
use crate::syntax::SyntaxError;

/// The name of properties that are comments.
const COMMENT: &str = "//";

/// Builds the tree and collects errors.
#[derive(Default)]
pub(super) struct Builder {
    values: Values,
}

impl Builder {
    pub(super) fn into_errors(self, source: &str) -> Vec<SyntaxError> {
        self.values.into_errors(source)
    }

    /// A whole file: an object, or several in an array.
    pub(super) fn file(&mut self, root: &Node<'_>, shape: &'static Shape) -> Body {
        let expected = "an object, or an array of objects, with the contents of the file";
        if matches!(root.value, Value::Null) {
            self.error(root.span.clone(), format!("expected {expected}"));
        }
        let objects = self.objects(root, expected);
        self.body(&objects, root, shape)
    }

    fn error(&mut self, span: Span, message: String) {
        self.values.error(span, message);
    }

    /// The properties of an object or of all objects in an array.
    fn objects<'n, 's>(&mut self, node: &'n Node<'s>, expected: &str) -> Vec<&'n Property<'s>> {
        let elements = match &node.value {
            Value::Null => return Vec::new(),
            Value::Array(elements) => elements.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut found = Vec::new();
        for element in elements {
            match &element.value {
                Value::Object(properties) => found.extend(properties),
                _ => self.error(element.span.clone(), format!("expected {expected}")),
            }
        }
        found
    }

    fn body(&mut self, properties: &[&Property<'_>], node: &Node<'_>, shape: &'static Shape) -> Body {
        let mut items = Vec::with_capacity(properties.len());
        let mut known: BTreeMap<&str, bool> = BTreeMap::new();
        for property in properties {
            let name = property.name.value.as_ref();
            if name == COMMENT {
                continue;
            }
            if let Some(nested) = shape.block(name) {
                self.blocks(nested, &property.name, &property.value, &mut Vec::new(), &mut items);
                continue;
            }
            // Blocks of a schema may be written as several properties of one name.
            let is_open = shape.may_be_block(name);
            let may_be_block = is_open && matches!(property.value.value, Value::Object(_) | Value::Array(_));
            let before = known.insert(name, may_be_block);
            if before.is_some_and(|before| !before || !may_be_block) {
                self.error(
                    property.name.inner(),
                    format!("the argument {name} is already set in this block"),
                );
                continue;
            }
            let value = self.values.value(&property.value, shape.mode(name), is_open);
            items.push(Item::Attribute(Attribute {
                name: identifier(&property.name),
                span: property.name.span.start..property.value.span.end,
                value,
            }));
        }
        let is_bracketed = matches!(node.value, Value::Object(_) | Value::Array(_));
        let inside = node.span.start + 1..node.span.end.saturating_sub(1);
        Body {
            items,
            span: if is_bracketed { inside } else { node.span.clone() },
            syntax: Syntax::Json,
        }
    }

    /// The blocks that a property is, with the labels read so far.
    fn blocks(
        &mut self,
        nested: &Nested,
        kind: &Text<'_>,
        node: &Node<'_>,
        labels: &mut Vec<Identifier>,
        items: &mut Vec<Item>,
    ) {
        if labels.len() < nested.labels {
            let expected = format!("an object whose properties are the labels of {} blocks", nested.kind);
            let properties = self.objects(node, &expected);
            if properties.is_empty() && !matches!(node.value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
                let message = format!("expected at least one property, the label of a {} block", nested.kind);
                self.error(node.span.clone(), message);
            }
            for property in properties {
                labels.push(Identifier {
                    text: property.name.value.clone().into_owned(),
                    span: property.name.span.clone(),
                });
                self.blocks(nested, kind, &property.value, labels, items);
                labels.pop();
            }
            return;
        }
        let bodies = match &node.value {
            Value::Null => return,
            Value::Array(elements) => elements.as_slice(),
            Value::Object(_) => std::slice::from_ref(node),
            _ => {
                let message = format!("expected an object, or an array of objects: {} is a block", nested.kind);
                return self.error(node.span.clone(), message);
            }
        };
        let header = labels.last().map_or(kind.inner(), |label| label.span.clone());
        for body in bodies {
            let properties = self.objects(body, &format!("an object with the contents of a {} block", nested.kind));
            items.push(Item::Block(Block {
                kind: identifier(kind),
                labels: labels.clone(),
                body: self.body(&properties, body, nested.shape),
                header: header.clone(),
                span: header.start..body.span.end,
            }));
        }
    }
}

fn identifier(text: &Text<'_>) -> Identifier {
    Identifier {
        text: text.value.clone().into_owned(),
        span: text.inner(),
    }
}

/// Errors in the order in which they were found.
pub(super) fn sorted(mut faults: Vec<Fault>, source: &str) -> Vec<SyntaxError> {
    faults.sort_by_key(|(span, _)| span.start);
    faults.dedup_by_key(|(span, _)| span.start);
    faults
        .into_iter()
        .map(|(span, message)| SyntaxError::new(source, span, message))
        .collect()
}
