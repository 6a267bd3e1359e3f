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

impl ObjectType {
    /// An object that has all of these attributes.
    pub fn required(attributes: impl IntoIterator<Item = (String, Type)>) -> Self {
        Self {
            attributes: attributes.into_iter().collect(),
            optional: BTreeSet::new(),
        }
    }
}
