//! Values of arguments. A deployment file holds data: literals, lists, objects and text; nothing is computed.

use std::ops::Range;
use std::sync::Arc;

use hcl::eval::{Context, Evaluate as _};
use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::template::Element;

use super::node::{Key, Node, Value};
use crate::diagnostic::{Diagnostic, Source};

/// The value of an expression; `None`, with diagnostics, when it is not a value.
pub fn evaluate(source: &Arc<Source>, expr: &Expression, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
    let span = expr.span().unwrap_or(0..0);
    let refuse = |diagnostics: &mut Vec<Diagnostic>, fault: Diagnostic| {
        diagnostics.push(fault);
        None
    };
    let value = match expr {
        Expression::Null(_) => Value::Null,
        Expression::Bool(value) => Value::Bool(*value.value()),
        Expression::Number(number) => Value::Number(*number.value()),
        Expression::String(text) => {
            // hcl-edit lets a quoted string run over several lines; HCL does not.
            if source.text.get(span.clone()).is_some_and(|raw| raw.contains('\n')) {
                return refuse(diagnostics, unclosed_string(source, span));
            }
            Value::String(text.value().clone())
        }
        Expression::StringTemplate(template) => return text(source, expr, template.iter(), span, diagnostics),
        Expression::HeredocTemplate(heredoc) => {
            return text(source, expr, heredoc.template.iter(), span, diagnostics);
        }
        Expression::Parenthesis(inner) => return evaluate(source, inner.inner(), diagnostics),
        Expression::Array(items) => {
            let found: Vec<Option<Node>> = items.iter().map(|item| evaluate(source, item, diagnostics)).collect();
            Value::List(found.into_iter().collect::<Option<_>>()?)
        }
        Expression::Object(object) => {
            let mut entries = Vec::new();
            let mut whole = true;
            for (key, value) in object {
                match (
                    object_key(source, key, diagnostics),
                    evaluate(source, value.expr(), diagnostics),
                ) {
                    (Some(key), Some(value)) => entries.push((key, value)),
                    _ => whole = false,
                }
            }
            whole.then_some(Value::Object(entries))?
        }
        Expression::Variable(name) => return refuse(diagnostics, variable(source, name.as_str(), span)),
        Expression::Traversal(traversal) => {
            let fault = match traversal.expr.as_variable() {
                Some(name) => Diagnostic::error(format!("there is no variable `{}`", name.as_str()))
                    .at(source, span, "expected a value")
                    .help("a deployment file has no variables; write the value itself"),
                None => no_computation(source, span, "an index or attribute"),
            };
            return refuse(diagnostics, fault);
        }
        Expression::FuncCall(call) => {
            let fault = Diagnostic::error(format!("`{}()` cannot be called here", call.name.name.as_str()))
                .at(source, span, "expected a value")
                .help("a deployment file holds values; it has no functions");
            return refuse(diagnostics, fault);
        }
        Expression::Conditional(_) => return refuse(diagnostics, no_computation(source, span, "a condition")),
        Expression::UnaryOp(_) | Expression::BinaryOp(_) => {
            return refuse(diagnostics, no_computation(source, span, "an operation"));
        }
        Expression::ForExpr(_) => return refuse(diagnostics, no_computation(source, span, "a `for` expression")),
    };
    Some(Node { value, span })
}

fn variable(source: &Arc<Source>, name: &str, span: Range<usize>) -> Diagnostic {
    let fault = Diagnostic::error(format!("`{name}` is not a value"));
    let written = source.text.get(span.clone()).unwrap_or(name).to_owned();
    fault.at(source, span, "expected a value").help(format!(
        "a deployment file has no variables; text stands in quotes: \"{written}\""
    ))
}

fn no_computation(source: &Arc<Source>, span: Range<usize>, what: &str) -> Diagnostic {
    Diagnostic::error(format!("{what} cannot stand here"))
        .at(source, span, "expected a value")
        .help("a deployment file holds values; write the result")
}

fn unclosed_string(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    Diagnostic::error("a quoted string runs over the end of its line")
        .at(source, span, "expected `\"` at the end of this string")
        .help("text of several lines is written as <<EOT … EOT, or with \\n")
}

fn object_key(source: &Arc<Source>, key: &ObjectKey, diagnostics: &mut Vec<Diagnostic>) -> Option<Key> {
    let span = key.span().unwrap_or(0..0);
    match key {
        ObjectKey::Ident(name) => Some(Key {
            name: name.as_str().to_owned(),
            span,
        }),
        ObjectKey::Expression(Expression::Variable(name)) => Some(Key {
            name: name.as_str().to_owned(),
            span,
        }),
        ObjectKey::Expression(expr) => {
            let node = evaluate(source, expr, diagnostics)?;
            match node.value {
                Value::String(name) => Some(Key { name, span: node.span }),
                other => {
                    let fault = Diagnostic::error("a key of an object must be a string").at(
                        source,
                        node.span,
                        format!("expected a string, found {}", other.describe()),
                    );
                    diagnostics.push(fault);
                    None
                }
            }
        }
    }
}

/// Text with interpolations of values, as `"${"a"}b"`, and text of several lines.
fn text<'a>(
    source: &Arc<Source>,
    expr: &Expression,
    elements: impl Iterator<Item = &'a Element>,
    span: Range<usize>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Node> {
    if !literals(source, elements, diagnostics) {
        return None;
    }
    let help = match hcl::Expression::from(expr.clone()).evaluate(&Context::new()) {
        Ok(hcl::Value::String(text)) => {
            return Some(Node {
                value: Value::String(text),
                span,
            });
        }
        Ok(_) => "write the value without quotes".to_owned(),
        Err(fault) => fault.to_string(),
    };
    let fault = Diagnostic::error("this text cannot be put together").at(source, span, "expected text");
    diagnostics.push(fault.help(help));
    None
}

/// Whether all interpolations of a template are values; what is not is reported.
fn literals<'a>(
    source: &Arc<Source>,
    elements: impl Iterator<Item = &'a Element>,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let mut whole = true;
    for element in elements {
        match element {
            Element::Literal(_) => {}
            Element::Interpolation(interpolation) => {
                whole &= evaluate_interpolation(source, &interpolation.expr, diagnostics);
            }
            Element::Directive(_) => {
                let span = element.span().unwrap_or(0..0);
                diagnostics.push(no_computation(source, span, "a `%{ … }` directive"));
                whole = false;
            }
        }
    }
    whole
}

fn evaluate_interpolation(source: &Arc<Source>, expr: &Expression, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let span = expr.span().unwrap_or(0..0);
    match expr {
        Expression::Variable(name) => {
            diagnostics.push(interpolated_variable(source, name.as_str(), span));
            false
        }
        Expression::Traversal(traversal) if traversal.expr.is_variable() => {
            let name = traversal.expr.as_variable().map_or("", |name| name.as_str());
            diagnostics.push(interpolated_variable(source, name, span));
            false
        }
        other => evaluate(source, other, diagnostics).is_some(),
    }
}

fn interpolated_variable(source: &Arc<Source>, name: &str, span: Range<usize>) -> Diagnostic {
    Diagnostic::error(format!("there is no variable `{name}`"))
        .at(source, span, "a deployment file has no variables")
        .help("write the value itself, or `$${` for a literal `${`")
}
