//! Equality, as far as it is decided.

use std::cmp::Ordering;

use super::{Type, Value};

impl Value {
    /// Whether two values are equal, as `==` decides it; `None` while that is not known. Values of different types are
    /// never equal.
    pub fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Unknown(_), Self::Unknown(_)) => None,
            (Self::Unknown(unknown), known) | (known, Self::Unknown(unknown)) => {
                if matches!(known, Self::Null(_))
                    || unknown.has_any()
                    || known.kind().has_any()
                    || known.kind() == *unknown
                {
                    None
                } else {
                    Some(false)
                }
            }
            (Self::Null(_), Self::Null(_)) => Some(true),
            (Self::Null(_), _) | (_, Self::Null(_)) => Some(false),
            _ => self.equals_known(other),
        }
    }

    fn equals_known(&self, other: &Self) -> Option<bool> {
        let (left, right) = (self.kind(), other.kind());
        if left.has_any() || right.has_any() {
            return (!conforms(&left, &right) && !conforms(&right, &left)).then_some(false);
        }
        if left != right {
            return Some(false);
        }
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => Some(left == right),
            (Self::String(left), Self::String(right)) => Some(left == right),
            (Self::Number(left), Self::Number(right)) => left.compare(*right).map(|order| order == Ordering::Equal),
            (Self::List(_, left), Self::List(_, right)) | (Self::Tuple(left), Self::Tuple(right)) => {
                if left.len() == right.len() {
                    all(left.iter().zip(right).map(|(left, right)| left.equals(right)))
                } else {
                    Some(false)
                }
            }
            (Self::Map(_, left), Self::Map(_, right)) | (Self::Object(left), Self::Object(right)) => {
                if left.keys().eq(right.keys()) {
                    all(left
                        .values()
                        .zip(right.values())
                        .map(|(left, right)| left.equals(right)))
                } else {
                    Some(false)
                }
            }
            (Self::Set(_, left), Self::Set(_, right)) => {
                if !self.is_wholly_known() || !other.is_wholly_known() {
                    return None;
                }
                Some(left.len() == right.len() && all(left.iter().zip(right).map(|(left, right)| left.equals(right)))?)
            }
            _ => Some(false),
        }
    }

    /// Whether every part of it is known.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Null(_) | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
            Self::List(_, elements) | Self::Set(_, elements) | Self::Tuple(elements) => {
                elements.iter().all(Self::is_wholly_known)
            }
            Self::Map(_, values) | Self::Object(values) => values.values().all(Self::is_wholly_known),
        }
    }

    /// Whether it is known, whatever its parts are.
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// Whether it is known to be null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null(_))
    }

    /// How many elements or attributes it has, where that is known. The length of a set with unknown elements is not.
    pub fn length(&self) -> Option<usize> {
        match self {
            Self::List(_, elements) | Self::Tuple(elements) => Some(elements.len()),
            Self::Set(_, elements) => (elements.len() <= 1 || self.is_wholly_known()).then_some(elements.len()),
            Self::Map(_, values) | Self::Object(values) => Some(values.len()),
            Self::Unknown(Type::Tuple(elements)) => Some(elements.len()),
            Self::Unknown(Type::Object(object)) => Some(object.attributes.len()),
            _ => None,
        }
    }
}

/// Whether all are equal; `None` where one is undecided, even if another differs: Terraform may look at either first.
fn all(mut parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    parts.try_fold(true, |equal, part| part.map(|part| equal && part))
}

/// Whether a value of this type is one of that type, without conversion.
fn conforms(kind: &Type, wanted: &Type) -> bool {
    match (kind, wanted) {
        (_, Type::Any) => true,
        (Type::List(kind), Type::List(wanted))
        | (Type::Set(kind), Type::Set(wanted))
        | (Type::Map(kind), Type::Map(wanted)) => conforms(kind, wanted),
        (Type::Tuple(kinds), Type::Tuple(wanted)) => {
            kinds.len() == wanted.len() && kinds.iter().zip(wanted).all(|(kind, wanted)| conforms(kind, wanted))
        }
        (Type::Object(kind), Type::Object(wanted)) => {
            kind.attributes.keys().eq(wanted.attributes.keys())
                && kind
                    .attributes
                    .values()
                    .zip(wanted.attributes.values())
                    .all(|(kind, wanted)| conforms(kind, wanted))
        }
        _ => kind == wanted,
    }
}
