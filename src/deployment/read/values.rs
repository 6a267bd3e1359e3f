//! Values against their shapes.

use std::sync::Arc;

use super::node::{Node, Value};
use super::shape::{MOST_NAMED, Shape};
use crate::diagnostic::{Diagnostic, Source, nearest};

/// Where a value stands and where faults go.
pub struct Context<'a> {
    /// The file.
    pub source: &'a Arc<Source>,
    /// Name of the argument.
    pub name: &'a str,
    /// What of it a value is, where it is not the whole: "an item of ".
    pub within: &'static str,
    /// Set when anything was dropped.
    pub faulty: bool,
    /// Faults.
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Context<'_> {
    /// The value, without what does not fit.
    pub fn fit(&mut self, node: Node, shape: &Shape) -> Option<Node> {
        match (&node.value, shape) {
            (Value::String(text), Shape::Text { choices }) if !choices.is_empty() => {
                if choices.iter().any(|choice| choice.value == *text) {
                    return Some(node);
                }
                let text = text.clone();
                let names: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
                let message = format!("\"{text}\" is no value of `{}`", self.name);
                let fault =
                    Diagnostic::error(message).at(self.source, node.span, format!("expected {}", shape.describe()));
                let fault = if nearest(&text, names.iter().copied()).is_some() {
                    fault.nearest(&text, names.iter().copied())
                } else {
                    let described = choices.iter().filter(|choice| !choice.description.is_empty());
                    described.fold(fault, |fault, choice| {
                        fault.help(format!(
                            "\"{}\": {}",
                            choice.value,
                            choice.description.trim_end_matches('.')
                        ))
                    })
                };
                self.drop(match names.len() > MOST_NAMED {
                    true => fault.help(format!("known are {}", names.join(", "))),
                    false => fault,
                })
            }
            (Value::String(_), Shape::Text { .. }) | (Value::Bool(_), Shape::Bool) => Some(node),
            (Value::Number(number), Shape::Integer { least, greatest }) => match number.as_u64() {
                Some(value) if (*least..=*greatest).contains(&value) => Some(node),
                None if number.as_f64().is_some_and(|value| value.fract() != 0.0) => {
                    let message = format!("{number} is not a whole number (`{}`)", self.name);
                    self.unfit(message, node, shape)
                }
                _ => {
                    let message = format!("{number} is out of range for `{}`", self.name);
                    self.unfit(message, node, shape)
                }
            },
            (Value::Number(number), Shape::Number { above }) => {
                let value = number.as_f64().unwrap_or(f64::NAN);
                if above.is_none_or(|above| value > above) {
                    return Some(node);
                }
                let message = format!("{number} is out of range for `{}`", self.name);
                self.unfit(message, node, shape)
            }
            (Value::List(_), Shape::List(inner)) => {
                let Value::List(items) = node.value else { return None };
                let within = std::mem::replace(&mut self.within, "an item of ");
                let items = items.into_iter().filter_map(|item| self.fit(item, inner)).collect();
                self.within = within;
                Some(Node {
                    value: Value::List(items),
                    span: node.span,
                })
            }
            (Value::Object(_), Shape::Map { value, .. }) => {
                let Value::Object(entries) = node.value else {
                    return None;
                };
                let entries = entries
                    .into_iter()
                    .filter_map(|(key, item)| Some((key, self.fit(item, value)?)))
                    .collect();
                Some(Node {
                    value: Value::Object(entries),
                    span: node.span,
                })
            }
            (found, _) => {
                let message = format!("{}`{}` is {}", self.within, self.name, found.describe());
                self.unfit(message, node, shape)
            }
        }
    }

    fn unfit(&mut self, message: String, node: Node, shape: &Shape) -> Option<Node> {
        let help = match (&node.value, shape) {
            (Value::Number(_), Shape::Text { .. }) => {
                let written = self.source.text.get(node.span.clone()).unwrap_or("");
                Some(format!("put it in quotes: \"{written}\""))
            }
            (Value::String(text), Shape::Integer { .. } | Shape::Number { .. }) if text.parse::<f64>().is_ok() => {
                Some(format!("without quotes: {text}"))
            }
            (Value::String(text), Shape::Bool) if text == "true" || text == "false" => {
                Some(format!("without quotes: {text}"))
            }
            (Value::String(text), Shape::List(_)) => Some(format!("a list has brackets: [{text:?}]")),
            _ => None,
        };
        let fault = Diagnostic::error(message).at(self.source, node.span, format!("expected {}", shape.describe()));
        self.drop(match help {
            Some(help) => fault.help(help),
            None => fault,
        })
    }

    fn drop(&mut self, fault: Diagnostic) -> Option<Node> {
        self.faulty = true;
        self.diagnostics.push(fault);
        None
    }
}
