//! Which conversions there are.

use super::Care;
use super::unify::unify_with;
use crate::value::{ObjectType, Type, Value};

/// Whether there is a conversion between these types.
pub fn exists(kind: &Type, wanted: &Type, care: Care) -> bool {
    match (kind, wanted) {
        (_, Type::Any) => true,
        (Type::Any, _) => care == Care::Unsafe,
        _ if kind == wanted => true,
        (Type::Bool | Type::Number, Type::String) => true,
        (Type::String, Type::Bool | Type::Number) => care == Care::Unsafe,
        (Type::Object(kind), Type::Object(wanted)) => object_to_object(kind, wanted, care),
        (Type::Tuple(kinds), Type::Tuple(wanted)) => {
            kinds.len() == wanted.len()
                && kinds
                    .iter()
                    .zip(wanted)
                    .all(|(kind, wanted)| exists(kind, wanted, care))
        }
        (Type::List(kind) | Type::Set(kind), Type::List(wanted))
        | (Type::Set(kind), Type::Set(wanted))
        | (Type::Map(kind), Type::Map(wanted)) => exists(kind, wanted, care),
        (Type::List(kind), Type::Set(wanted)) => care == Care::Unsafe && exists(kind, wanted, care),
        (Type::Tuple(kinds), Type::List(wanted) | Type::Set(wanted)) => {
            element_type(kinds, wanted, care, true).is_some()
        }
        (Type::Object(object), Type::Map(wanted)) => {
            let kinds: Vec<Type> = object.attributes.values().cloned().collect();
            element_type(&kinds, wanted, care, false).is_some()
        }
        (Type::Map(element), Type::Object(wanted)) => {
            care == Care::Unsafe
                && wanted
                    .attributes
                    .iter()
                    .all(|(name, kind)| wanted.optional.contains(name) || exists(element, kind, care))
        }
        _ => false,
    }
}

/// Whether there is a conversion, at whatever care, of this value: [`exists`] of its type, without building the type of
/// thousands of elements that are looked at one by one anyway.
pub fn exists_for(value: &Value, wanted: &Type) -> bool {
    match (value, wanted) {
        (Value::Object(attributes), Type::Map(element)) if **element != Type::Any => {
            attributes.values().all(|value| exists_for(value, element))
        }
        (Value::Tuple(elements), Type::List(element) | Type::Set(element)) if **element != Type::Any => {
            elements.iter().all(|value| exists_for(value, element))
        }
        _ => exists(&value.kind(), wanted, Care::Unsafe),
    }
}

fn object_to_object(kind: &ObjectType, wanted: &ObjectType, care: Care) -> bool {
    wanted
        .attributes
        .iter()
        .all(|(name, wanted_kind)| match kind.attributes.get(name) {
            Some(kind) => exists(kind, wanted_kind, care),
            None => wanted.optional.contains(name),
        })
}

/// The type that elements of these types have in a collection of `wanted`; `None` where there is none.
///
/// `strict` refuses elements that agree only in that one of them is not known.
pub fn element_type(kinds: &[Type], wanted: &Type, care: Care, strict: bool) -> Option<Type> {
    if kinds.is_empty() {
        return Some(wanted.without_optional());
    }
    let element = if *wanted == Type::Any {
        let element = unify_with(kinds, care)?;
        if strict && element == Type::Any && kinds.iter().any(|kind| *kind != Type::Any) {
            return None;
        }
        element
    } else {
        wanted.clone()
    };
    kinds.iter().all(|kind| exists(kind, &element, care)).then_some(element)
}
