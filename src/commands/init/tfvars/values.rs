//! From text to values, and from values to the types that a variable is expected to have.

use std::sync::Arc;

use hcl::eval::{Context, Evaluate as _};
use hcl_edit::Span as _;
use hcl_edit::structure::Structure;

use super::{Reader, Variable, Variables};
use crate::deployment::read::syntax;
use crate::diagnostic::{Diagnostic, Source};

/// The variables of a `.tfvars` or `.tfvars.json` file.
pub(super) fn read(source: &Arc<Source>, faults: &mut Vec<Diagnostic>) -> Variables {
    if source.name.ends_with(".json") {
        return read_json(source, faults);
    }
    let Some(parsed) = syntax::parse(source, faults) else {
        return Variables::new();
    };
    let mut variables = Variables::new();
    for structure in &parsed.body {
        match structure {
            Structure::Block(block) => faults.push(
                Diagnostic::error(format!("`{}` is a block", block.ident.as_str()))
                    .at(source, block.ident.span().unwrap_or(0..0), "expected NAME = VALUE")
                    .help("a variables file holds values only; is this a .tf file?"),
            ),
            Structure::Attribute(attribute) => {
                let key = attribute.key.span().unwrap_or(0..0);
                if parsed.repeated.contains_key(&key.start) {
                    let name = parsed.repeated.get(&key.start).map_or("", String::as_str);
                    faults.push(Diagnostic::error(format!("`{name}` is set twice")).at(
                        source,
                        key,
                        "expected each variable once",
                    ));
                    continue;
                }
                let span = attribute.value.span().unwrap_or(key);
                let expression = hcl::Expression::from(attribute.value.clone());
                match expression.evaluate(&Context::new()) {
                    Ok(value) => {
                        variables.insert(attribute.key.to_string(), Variable { value, span });
                    }
                    Err(_) => faults.push(
                        Diagnostic::error(format!("the value of `{}` is not literal", attribute.key.as_str()))
                            .at(source, span, "expected a text, number, list or object")
                            .help("Terraform allows no references and no functions in a variables file"),
                    ),
                }
            }
        }
    }
    variables
}

fn read_json(source: &Arc<Source>, faults: &mut Vec<Diagnostic>) -> Variables {
    match serde_json::from_str::<indexmap::IndexMap<String, hcl::Value>>(&source.text) {
        Ok(values) => {
            let variables = values.into_iter();
            variables
                .map(|(name, value)| (name, Variable { value, span: 0..0 }))
                .collect()
        }
        Err(fault) => {
            let start = source
                .text
                .split_inclusive('\n')
                .take(fault.line().saturating_sub(1))
                .map(str::len)
                .sum();
            faults.push(Diagnostic::error("this is no JSON object").at(
                source,
                start..source.text.len(),
                fault.to_string(),
            ));
            Variables::new()
        }
    }
}

impl Reader<'_> {
    /// Where a part of a variable's value stands as it is written; the whole value where it cannot be found.
    pub(super) fn place(&self, variable: &Variable, written: &str) -> std::ops::Range<usize> {
        let value = self.source.text.get(variable.span.clone()).unwrap_or_default();
        match value.find(written) {
            Some(at) => {
                let start = variable.span.start + at;
                start..start + written.len()
            }
            None => variable.span.clone(),
        }
    }

    fn expected(&mut self, name: &str, variable: &Variable, what: &str) {
        self.faults
            .push(Diagnostic::error(format!("`{name}` has the wrong type")).at(
                self.source,
                variable.span.clone(),
                format!("expected {what}"),
            ));
    }

    /// A text; an empty one counts as absent, as the module's defaults do.
    pub(super) fn text(&mut self, name: &str, variable: &Variable) -> Option<String> {
        match &variable.value {
            hcl::Value::String(text) if text.trim().is_empty() => None,
            hcl::Value::String(text) => Some(text.trim().to_owned()),
            hcl::Value::Null => None,
            _ => {
                self.expected(name, variable, "a text");
                None
            }
        }
    }

    /// A number, also in quotes as Terraform converts it.
    pub(super) fn number(&mut self, name: &str, variable: &Variable) -> Option<f64> {
        let number = as_number(&variable.value);
        if number.is_none() && variable.value != hcl::Value::Null {
            self.expected(name, variable, "a number");
        }
        number
    }

    /// A whole number that is not negative.
    pub(super) fn days(&mut self, name: &str, variable: &Variable) -> Option<u32> {
        let number = self.number(name, variable)?;
        if number.fract() == 0.0 && (0.0..=100_000.0).contains(&number) {
            return Some(number as u32);
        }
        self.expected(name, variable, "a number of days");
        None
    }

    /// `true` or `false`, also in quotes.
    pub(super) fn boolean(&mut self, name: &str, variable: &Variable) -> Option<bool> {
        match &variable.value {
            hcl::Value::Bool(value) => Some(*value),
            hcl::Value::String(text) if text == "true" => Some(true),
            hcl::Value::String(text) if text == "false" => Some(false),
            hcl::Value::Null => None,
            _ => {
                self.expected(name, variable, "true or false");
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, name: &str, variable: &Variable) -> Vec<String> {
        let texts = match &variable.value {
            hcl::Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            hcl::Value::Null => Some(Vec::new()),
            _ => None,
        };
        texts.unwrap_or_else(|| {
            self.expected(name, variable, "a list of texts");
            Vec::new()
        })
    }

    /// An object whose values are objects.
    pub(super) fn objects<'v>(
        &mut self,
        name: &str,
        variable: &'v Variable,
    ) -> Vec<(&'v str, &'v hcl::Map<String, hcl::Value>)> {
        let objects = match &variable.value {
            hcl::Value::Object(entries) => entries
                .iter()
                .map(|(key, value)| Some((key.as_str(), value.as_object()?)))
                .collect(),
            hcl::Value::Null => Some(Vec::new()),
            _ => None,
        };
        objects.unwrap_or_else(|| {
            self.expected(name, variable, "an object of objects");
            Vec::new()
        })
    }
}

/// A number, also in quotes.
pub(super) fn as_number(value: &hcl::Value) -> Option<f64> {
    match value {
        hcl::Value::Number(number) => number.as_f64(),
        hcl::Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A text that is not empty.
pub(super) fn as_text(value: Option<&hcl::Value>) -> Option<String> {
    let text = value?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
