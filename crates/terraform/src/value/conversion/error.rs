//! Why a conversion is not possible, and where in the value.

use std::fmt;

use super::Care;
use super::exists::exists;
use crate::value::Type;

/// A value cannot be converted to a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversionError {
    /// Where in the value, outermost first; empty for the value itself.
    pub path: Vec<PathStep>,
    failure: Box<Failure>,
}

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// Of a list, set or tuple, counted from 0.
    Element(usize),
    /// Of a map.
    Key(String),
    /// Of an object.
    Attribute(String),
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// A string that is no number.
    NotANumber,
    /// A string that is no bool.
    NotABool,
    /// Elements of several types for a collection of this name.
    Mixed(&'static str),
    /// Attributes that are required.
    Missing(Vec<String>),
    /// A type for which there is no conversion to the wanted one.
    Type {
        /// The value's type.
        found: Type,
        /// The wanted type.
        wanted: Type,
    },
    /// Tuples of different lengths.
    TupleLength {
        /// The value's length.
        found: usize,
        /// The wanted length.
        wanted: usize,
    },
}

impl ConversionError {
    /// The same failure, one step further out.
    #[must_use]
    pub(super) fn within(mut self, step: PathStep) -> Self {
        self.path.insert(0, step);
        self
    }
}

impl From<Failure> for ConversionError {
    fn from(failure: Failure) -> Self {
        Self {
            path: Vec::new(),
            failure: Box::new(failure),
        }
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.path {
            match step {
                PathStep::Element(index) => write!(formatter, "element {index}: ")?,
                PathStep::Key(key) => write!(formatter, "key {key:?}: ")?,
                PathStep::Attribute(name) => write!(formatter, "attribute {name:?}: ")?,
            }
        }
        match self.failure.as_ref() {
            Failure::NotANumber => formatter.write_str("a number is required, and the string is none"),
            Failure::NotABool => {
                formatter.write_str("a bool is required, and the string is neither \"true\" nor \"false\"")
            }
            Failure::Mixed(collection) => write!(formatter, "all elements of a {collection} must be of one type"),
            Failure::Missing(names) => match names.as_slice() {
                [name] => write!(formatter, "attribute {name:?} is required"),
                names => {
                    formatter.write_str("attributes ")?;
                    for (index, name) in names.iter().enumerate() {
                        let separator = match index {
                            0 => "",
                            _ if index + 1 == names.len() => " and ",
                            _ => ", ",
                        };
                        write!(formatter, "{separator}{name:?}")?;
                    }
                    formatter.write_str(" are required")
                }
            },
            Failure::Type { found, wanted } => write!(formatter, "{wanted} is required, not {found}"),
            Failure::TupleLength { found, wanted } => {
                write!(
                    formatter,
                    "a tuple of {wanted} elements is required, not one of {found}"
                )
            }
        }
    }
}

impl std::error::Error for ConversionError {}

/// Why there is no conversion between two types, at the innermost place that explains it.
pub fn mismatch(found: &Type, wanted: &Type) -> ConversionError {
    let differs = |found: &Type, wanted: &Type| !exists(found, wanted, Care::Unsafe);
    match (found, wanted) {
        (Type::Object(found), Type::Object(wanted)) => {
            let missing: Vec<String> = wanted
                .attributes
                .keys()
                .filter(|name| !found.attributes.contains_key(*name) && !wanted.optional.contains(*name))
                .cloned()
                .collect();
            if !missing.is_empty() {
                return Failure::Missing(missing).into();
            }
            for (name, wanted) in &wanted.attributes {
                if let Some(found) = found.attributes.get(name)
                    && differs(found, wanted)
                {
                    return mismatch(found, wanted).within(PathStep::Attribute(name.clone()));
                }
            }
        }
        (Type::Tuple(found), Type::Tuple(wanted)) => {
            if found.len() != wanted.len() {
                return Failure::TupleLength {
                    found: found.len(),
                    wanted: wanted.len(),
                }
                .into();
            }
            for (index, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                if differs(found, wanted) {
                    return mismatch(found, wanted).within(PathStep::Element(index));
                }
            }
        }
        (Type::Tuple(elements), wanted_kind @ (Type::List(wanted) | Type::Set(wanted))) => {
            for (index, element) in elements.iter().enumerate() {
                if differs(element, wanted) {
                    return mismatch(element, wanted).within(PathStep::Element(index));
                }
            }
            let collection = if matches!(wanted_kind, Type::Set(_)) {
                "set"
            } else {
                "list"
            };
            return Failure::Mixed(collection).into();
        }
        (Type::Object(object), Type::Map(wanted)) => {
            for (name, kind) in &object.attributes {
                if differs(kind, wanted) {
                    return mismatch(kind, wanted).within(PathStep::Key(name.clone()));
                }
            }
            return Failure::Mixed("map").into();
        }
        (Type::Map(element), Type::Object(wanted)) => {
            for (name, kind) in &wanted.attributes {
                if !wanted.optional.contains(name) && differs(element, kind) {
                    return mismatch(element, kind).within(PathStep::Attribute(name.clone()));
                }
            }
        }
        _ => {}
    }
    Failure::Type {
        found: found.clone(),
        wanted: wanted.clone(),
    }
    .into()
}
