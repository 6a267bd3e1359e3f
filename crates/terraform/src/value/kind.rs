//! Types and type constraints.

use std::collections::{BTreeMap, BTreeSet};

/// A type, or as a constraint what a value may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Not known; as a constraint: anything.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(…)`
    List(Box<Type>),
    /// `set(…)`
    Set(Box<Type>),
    /// `map(…)`
    Map(Box<Type>),
    /// `tuple([…])`
    Tuple(Vec<Type>),
    /// `object({…})`
    Object(ObjectType),
}

/// The attributes of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectType {
    /// Name and type of each.
    pub attributes: BTreeMap<String, Type>,
    /// Those that a value may lack, for a constraint.
    pub optional: BTreeSet<String>,
}

impl Type {
    /// Whether the two are equal but for which attributes are optional.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(own), Self::List(other))
            | (Self::Set(own), Self::Set(other))
            | (Self::Map(own), Self::Map(other)) => own.is_same(other),
            (Self::Tuple(own), Self::Tuple(other)) => {
                own.len() == other.len() && own.iter().zip(other).all(|(own, other)| own.is_same(other))
            }
            (Self::Object(own), Self::Object(other)) => {
                own.attributes.len() == other.attributes.len()
                    && own
                        .attributes
                        .iter()
                        .zip(&other.attributes)
                        .all(|((name, own), (wanted, other))| name == wanted && own.is_same(other))
            }
            _ => self == other,
        }
    }

    /// Whether it says everything: a part that it leaves open may be one thing in one value, another in the next.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Any => false,
            Self::Bool | Self::Number | Self::String => true,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.is_whole(),
            Self::Tuple(elements) => elements.iter().all(Self::is_whole),
            Self::Object(object) => object.attributes.values().all(Self::is_whole),
        }
    }
}

impl ObjectType {
    /// An object that has all of these attributes.
    pub fn required(attributes: impl IntoIterator<Item = (String, Type)>) -> Self {
        Self {
            attributes: attributes.into_iter().collect(),
            optional: BTreeSet::new(),
        }
    }
}
