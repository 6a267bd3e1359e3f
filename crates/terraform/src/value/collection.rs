//! Collections built from their elements.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Number, Type, Value};

/// The elements are of several types, so that no collection can hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mixed;

impl Value {
    /// A list of these elements; of `otherwise` where there are none.
    ///
    /// # Errors
    /// When the elements are of several types.
    pub fn list(elements: Vec<Self>, otherwise: Type) -> Result<Self, Mixed> {
        let element = common(elements.iter(), otherwise)?;
        let elements = elements.into_iter().map(|value| value.typed(&element)).collect();
        Ok(Self::List(element, elements))
    }

    /// A set of these elements, each once and in Terraform's order; of `otherwise` where there are none.
    ///
    /// # Errors
    /// When the elements are of several types.
    pub fn set(elements: Vec<Self>, otherwise: Type) -> Result<Self, Mixed> {
        let element = common(elements.iter(), otherwise)?;
        let mut elements: Vec<Self> = elements.into_iter().map(|value| value.typed(&element)).collect();
        elements.sort_by(order);
        // What is not known may turn out to be equal to anything, but is not so now.
        elements.dedup_by(|next, kept| kept.is_wholly_known() && kept.equals(next) == Some(true));
        Ok(Self::Set(element, elements))
    }

    /// A map of these values; of `otherwise` where there are none.
    ///
    /// # Errors
    /// When the values are of several types.
    pub fn map(values: BTreeMap<String, Self>, otherwise: Type) -> Result<Self, Mixed> {
        let element = common(values.values(), otherwise)?;
        let values = values
            .into_iter()
            .map(|(key, value)| (key, value.typed(&element)))
            .collect();
        Ok(Self::Map(element, values))
    }

    /// A value without a type of its own takes that of the collection.
    fn typed(self, kind: &Type) -> Self {
        match self {
            Self::Unknown(Type::Any) => Self::Unknown(kind.clone()),
            Self::Null(Type::Any) => Self::Null(kind.clone()),
            other => other,
        }
    }
}

fn common<'v>(values: impl Iterator<Item = &'v Value>, otherwise: Type) -> Result<Type, Mixed> {
    let mut common = Type::Any;
    let mut empty = true;
    for value in values {
        empty = false;
        if common == Type::Any {
            common = value.kind();
        } else if !value.is_of(&common) && value.kind() != Type::Any {
            return Err(Mixed);
        }
    }
    Ok(if empty { otherwise } else { common })
}

/// The order of a set's elements: known before unknown before null; text by its bytes, numbers by size, `false` first,
/// anything else by a text that spells it out.
fn order(left: &Value, right: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null(_) => 2,
        Value::Unknown(_) => 1,
        _ => 0,
    };
    rank(left).cmp(&rank(right)).then_with(|| match (left, right) {
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(left), Value::Number(right)) => left.compare(*right).unwrap_or(Ordering::Equal),
        _ => spelled(left).cmp(&spelled(right)),
    })
}

fn spelled(value: &Value) -> String {
    let mut text = String::new();
    spell(value, &mut text);
    text
}

fn spell(value: &Value, text: &mut String) {
    match value {
        Value::Unknown(_) => text.push('?'),
        Value::Null(_) => text.push('~'),
        Value::Bool(true) => text.push('T'),
        Value::Bool(false) => text.push('F'),
        Value::Number(number) => text.push_str(&spelled_number(*number)),
        Value::String(string) => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{string:?}");
        }
        Value::Map(_, values) => {
            text.push('{');
            for (key, value) in values {
                let _ = write!(text, "{key:?}:");
                spell(value, text);
                text.push(';');
            }
            text.push('}');
        }
        Value::List(_, elements) | Value::Set(_, elements) => {
            text.push('[');
            for element in elements {
                spell(element, text);
                text.push(';');
            }
            text.push(']');
        }
        Value::Object(attributes) => {
            text.push('<');
            for value in attributes.values() {
                spell(value, text);
                text.push(';');
            }
            text.push('>');
        }
        Value::Tuple(elements) => {
            text.push('<');
            for element in elements {
                spell(element, text);
                text.push(';');
            }
            text.push('>');
        }
    }
}

/// A number with at most ten digits, as Go writes its big floats.
fn spelled_number(number: Number) -> String {
    let value = number.as_f64();
    let scientific = format!("{value:.9e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..10).contains(&exponent) {
        return match number {
            Number::Integer(whole) => whole.to_string(),
            Number::Float(float) => {
                let decimals = usize::try_from(9 - exponent).unwrap_or_default();
                let text = format!("{float:.decimals$}");
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
        };
    }
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
