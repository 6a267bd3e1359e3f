//! Values and types, as Terraform has them.

mod collection;
mod conversion;
mod defaults;
mod describe;
mod equality;
mod json;
mod kind;
mod number;

use std::collections::BTreeMap;

pub use collection::Mixed;
pub use conversion::{ConversionError, PathStep, convert, convertible, unify};
pub use defaults::{Defaults, Inner};
pub use kind::{ObjectType, Type};
pub use number::Parsed;

/// A value, as far as it is known without a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A value of this type that only a plan or an apply would tell; it may turn out to be null.
    Unknown(Type),
    /// No value, of this type.
    Null(Type),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// A list whose elements are all of one type.
    List(Type, Vec<Value>),
    /// A set whose elements are all of one type: each once, in Terraform's order.
    Set(Type, Vec<Value>),
    /// A map whose values are all of one type.
    Map(Type, BTreeMap<String, Value>),
    /// A sequence whose elements have types of their own.
    Tuple(Vec<Value>),
    /// Attributes that have types of their own.
    Object(BTreeMap<String, Value>),
}

/// A number. Terraform's have 512 bits; whole numbers are exact here within 128 bits, others have the precision of `f64`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
}

impl Value {
    /// The type of this value.
    pub fn kind(&self) -> Type {
        match self {
            Self::Unknown(kind) | Self::Null(kind) => kind.clone(),
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
            Self::List(element, _) => Type::List(Box::new(element.clone())),
            Self::Set(element, _) => Type::Set(Box::new(element.clone())),
            Self::Map(element, _) => Type::Map(Box::new(element.clone())),
            Self::Tuple(elements) => Type::Tuple(elements.iter().map(Self::kind).collect()),
            Self::Object(attributes) => Type::Object(ObjectType::required(
                attributes.iter().map(|(name, value)| (name.clone(), value.kind())),
            )),
        }
    }

    /// Whether [`Value::kind`] is this type, attributes that the type calls optional included; without building that.
    pub fn is_of(&self, kind: &Type) -> bool {
        match (self, kind) {
            (Self::Unknown(own) | Self::Null(own), _) => own.is_same(kind),
            (Self::Bool(_), Type::Bool) | (Self::Number(_), Type::Number) | (Self::String(_), Type::String) => true,
            (Self::List(own, _), Type::List(element))
            | (Self::Set(own, _), Type::Set(element))
            | (Self::Map(own, _), Type::Map(element)) => own.is_same(element),
            (Self::Tuple(elements), Type::Tuple(kinds)) => {
                elements.len() == kinds.len() && elements.iter().zip(kinds).all(|(element, kind)| element.is_of(kind))
            }
            (Self::Object(attributes), Type::Object(object)) => {
                attributes.len() == object.attributes.len()
                    && attributes
                        .iter()
                        .zip(&object.attributes)
                        .all(|((name, value), (wanted, kind))| name == wanted && value.is_of(kind))
            }
            _ => false,
        }
    }

    /// A value of which nothing is known.
    pub const fn unknown() -> Self {
        Self::Unknown(Type::Any)
    }

    /// The text, where this is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }
}
