//! Default values of optional attributes.

use std::collections::BTreeMap;

use super::{Type, Value, convert, unify};

/// Defaults of optional attributes, wherever in a type constraint they stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Defaults {
    /// Of this object's attributes.
    pub values: BTreeMap<String, Value>,
    /// Those inside this type.
    pub inner: Inner,
}

/// Defaults inside a type.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Inner {
    /// None.
    #[default]
    None,
    /// Inside the element type of a list, set or map.
    Each(Box<Defaults>),
    /// Inside a tuple's elements, by position.
    Elements(BTreeMap<usize, Defaults>),
    /// Inside an object's attributes, by name.
    Attributes(BTreeMap<String, Defaults>),
}

impl Defaults {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && matches!(self.inner, Inner::None)
    }

    /// The value with defaults in place of attributes that it lacks or that are null. It may still need conversion to
    /// the constraint's type. Null and unknown values stay as they are.
    #[must_use]
    pub fn apply(&self, value: Value) -> Value {
        if self.is_empty() {
            return value;
        }
        match value {
            Value::Tuple(elements) => Value::Tuple(self.elements(elements)),
            Value::List(kind, elements) if !elements.is_empty() => {
                let elements = self.elements(elements);
                let unified = one_type(elements.iter()).map(|kind| Type::List(Box::new(kind)));
                collected(Value::Tuple(elements), unified.unwrap_or(Type::List(Box::new(kind))))
            }
            Value::Set(kind, elements) if !elements.is_empty() => {
                let elements = self.elements(elements);
                let unified = one_type(elements.iter()).map(|kind| Type::Set(Box::new(kind)));
                collected(Value::Tuple(elements), unified.unwrap_or(Type::Set(Box::new(kind))))
            }
            Value::Object(attributes) => Value::Object(self.attributes(attributes)),
            Value::Map(kind, values) => {
                let values = self.attributes(values);
                if values.is_empty() {
                    return Value::Map(kind, values);
                }
                let unified = one_type(values.values()).map(|kind| Type::Map(Box::new(kind)));
                collected(Value::Object(values), unified.unwrap_or(Type::Map(Box::new(kind))))
            }
            other => other,
        }
    }

    fn elements(&self, elements: Vec<Value>) -> Vec<Value> {
        elements
            .into_iter()
            .enumerate()
            .map(|(index, element)| {
                let inner = match &self.inner {
                    Inner::Each(inner) => Some(inner.as_ref()),
                    Inner::Elements(inner) => inner.get(&index),
                    Inner::None | Inner::Attributes(_) => None,
                };
                inner.map_or(element.clone(), |inner| inner.apply(element))
            })
            .collect()
    }

    fn attributes(&self, attributes: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let mut completed: BTreeMap<String, Value> = attributes
            .into_iter()
            .map(|(name, value)| {
                let inner = self.of_attribute(&name);
                let value = inner.map_or(value.clone(), |inner| inner.apply(value));
                (name, value)
            })
            .collect();
        for (name, default) in &self.values {
            if completed.get(name).is_none_or(Value::is_null) {
                let default = match &self.inner {
                    Inner::Attributes(inner) => inner.get(name).map(|inner| inner.apply(default.clone())),
                    _ => None,
                }
                .unwrap_or_else(|| default.clone());
                completed.insert(name.clone(), default);
            }
        }
        completed
    }

    fn of_attribute(&self, name: &str) -> Option<&Self> {
        match &self.inner {
            Inner::Each(inner) => Some(inner),
            Inner::Attributes(inner) => inner.get(name),
            Inner::None | Inner::Elements(_) => None,
        }
    }
}

fn one_type<'v>(values: impl Iterator<Item = &'v Value>) -> Option<Type> {
    let kinds: Vec<Type> = values.map(Value::kind).collect();
    unify(&kinds)
}

/// The value as a collection, or as it is where its elements do not fit into one.
fn collected(value: Value, kind: Type) -> Value {
    convert(value.clone(), &kind).unwrap_or(value)
}
