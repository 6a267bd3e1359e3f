//! Types in messages.

use std::fmt;

use super::{ObjectType, Type};

impl Type {
    /// Whether this is `bool`, `number` or `string`.
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Whether this is a list, a set or a tuple.
    pub fn is_sequence(&self) -> bool {
        matches!(self, Self::List(_) | Self::Set(_) | Self::Tuple(_))
    }

    /// Whether a part of this type is not known.
    pub fn has_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_any(),
            Self::Tuple(elements) => elements.iter().any(Self::has_any),
            Self::Object(object) => object.attributes.values().any(Self::has_any),
        }
    }

    /// The type of a value that fulfils this constraint: no attribute is optional any more.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        match self {
            Self::Any | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(element) => Self::List(Box::new(element.without_optional())),
            Self::Set(element) => Self::Set(Box::new(element.without_optional())),
            Self::Map(element) => Self::Map(Box::new(element.without_optional())),
            Self::Tuple(elements) => Self::Tuple(elements.iter().map(Self::without_optional).collect()),
            Self::Object(object) => Self::Object(ObjectType::required(
                object
                    .attributes
                    .iter()
                    .map(|(name, kind)| (name.clone(), kind.without_optional())),
            )),
        }
    }
}

/// As a message names it: `list of string`, `object`.
impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => formatter.write_str("any type"),
            Self::Bool => formatter.write_str("bool"),
            Self::Number => formatter.write_str("number"),
            Self::String => formatter.write_str("string"),
            Self::List(element) => write!(formatter, "list of {element}"),
            Self::Set(element) => write!(formatter, "set of {element}"),
            Self::Map(element) => write!(formatter, "map of {element}"),
            Self::Tuple(_) => formatter.write_str("tuple"),
            Self::Object(_) => formatter.write_str("object"),
        }
    }
}
