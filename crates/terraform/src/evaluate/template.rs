//! Text with interpolations and directives.

use unicode_normalization::UnicodeNormalization;

use super::context::{Context, Errors, LONGEST_STRING, report};
use super::error::EvaluationErrorKind as Kind;
use super::{conditional, expression, iteration};
use crate::ast::{Span, Template, TemplatePart};
use crate::value::{Type, Value, convert};

/// The value of a template. One that is a single interpolation is that value, of whatever type.
pub fn value(template: &Template, span: &Span, context: &Context<'_>, errors: &mut Errors) -> Value {
    match template.parts.as_slice() {
        [TemplatePart::Interpolation(inner)] => expression::value(inner, context, errors),
        parts => text(parts, span, context, errors),
    }
}

/// The text as Terraform holds it: in Unicode's normal form C.
pub fn normalized(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

/// The parts as one text.
fn text(parts: &[TemplatePart], span: &Span, context: &Context<'_>, errors: &mut Errors) -> Value {
    let before = errors.len();
    let mut rendered = Some(String::new());
    for part in parts {
        let (value, place) = part_value(part, span, context, errors);
        if value.is_null() {
            report(
                errors,
                Kind::Template,
                &place,
                "the value is null, which cannot be put into a text",
            );
            continue;
        }
        match convert(value, &Type::String) {
            Ok(Value::String(text)) => {
                if let Some(rendered) = &mut rendered {
                    rendered.push_str(&text);
                }
            }
            Ok(_) => rendered = None,
            Err(error) => report(
                errors,
                Kind::Template,
                &place,
                format!("the value cannot be put into a text: {error}"),
            ),
        }
        if rendered.as_ref().is_some_and(|text| text.len() > LONGEST_STRING) {
            rendered = None;
        }
    }
    match rendered {
        Some(text) if errors.len() == before => Value::String(normalized(&text)),
        _ => Value::Unknown(Type::String),
    }
}

fn part_value(part: &TemplatePart, span: &Span, context: &Context<'_>, errors: &mut Errors) -> (Value, Span) {
    match part {
        TemplatePart::Literal { text, span } => (Value::String(text.clone()), span.clone()),
        TemplatePart::Interpolation(inner) => {
            let value = expression::value(inner, context, errors);
            // Only the value's own type decides whether it has a text, as long as it is not known.
            let value = match value {
                Value::Unknown(_) => Value::Unknown(Type::String),
                known => known,
            };
            (value, inner.span.clone())
        }
        TemplatePart::If {
            condition,
            then,
            otherwise,
        } => {
            let value = match context.deeper() {
                Some(context) => conditional::value(
                    condition,
                    &condition.span,
                    |errors| text(then, span, &context, errors),
                    |errors| text(otherwise, span, &context, errors),
                    &context,
                    errors,
                ),
                None => Value::Unknown(Type::String),
            };
            (value, condition.span.clone())
        }
        TemplatePart::For {
            key,
            value,
            collection,
            body,
        } => {
            let texts = match context.deeper() {
                Some(context) => {
                    iteration::each(key.as_ref(), value, collection, &context, errors, |context, errors| {
                        text(body, span, context, errors)
                    })
                }
                None => None,
            };
            (joined(texts), collection.span.clone())
        }
    }
}

fn joined(texts: Option<Vec<Value>>) -> Value {
    let Some(texts) = texts else {
        return Value::Unknown(Type::String);
    };
    let mut joined = String::new();
    for text in texts {
        match text {
            Value::String(text) if joined.len() <= LONGEST_STRING => joined.push_str(&text),
            _ => return Value::Unknown(Type::String),
        }
    }
    Value::String(joined)
}
