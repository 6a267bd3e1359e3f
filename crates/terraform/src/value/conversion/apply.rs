//! Conversions carried out. Each is known to exist for the types at hand.

use std::collections::BTreeMap;

use super::error::{Failure, mismatch};
use super::exists::{element_type, exists};
use super::unify::unify_with;
use super::{Care, ConversionError, PathStep};
use crate::value::number::Parsed;
use crate::value::{Number, ObjectType, Type, Value};

/// Converts a value to a type to which its type can be converted.
///
/// # Errors
/// When this value is not one that can be converted.
pub fn apply(value: Value, wanted: &Type) -> Result<Value, ConversionError> {
    if *wanted == Type::Any || value.is_of(wanted) {
        return Ok(value);
    }
    match (value, wanted) {
        (Value::Unknown(kind), _) => Ok(Value::Unknown(replace_any(&kind, &wanted.without_optional()))),
        (Value::Null(kind), _) => Ok(Value::Null(replace_any(&kind, &wanted.without_optional()))),
        (Value::Bool(value), Type::String) => Ok(Value::String(value.to_string())),
        (Value::Number(number), Type::String) => Ok(number.text().map_or(Value::Unknown(Type::String), Value::String)),
        (Value::String(text), Type::Number) => match Number::parse(&text) {
            Parsed::Number(number) => Ok(Value::Number(number)),
            Parsed::Unsupported => Ok(Value::Unknown(Type::Number)),
            Parsed::Invalid => Err(Failure::NotANumber.into()),
        },
        (Value::String(text), Type::Bool) => match text.as_str() {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(Failure::NotABool.into()),
        },
        (Value::Object(attributes), Type::Object(wanted)) => object_to_object(attributes, wanted),
        (Value::Tuple(elements), Type::Tuple(wanted)) => elements
            .into_iter()
            .zip(wanted)
            .enumerate()
            .map(|(index, (element, wanted))| at(PathStep::Element(index), apply(element, wanted)))
            .collect::<Result<_, _>>()
            .map(Value::Tuple),
        (Value::List(kind, elements), Type::List(wanted)) => collection_to_list(&kind, elements, wanted),
        (Value::Set(kind, elements), Type::List(wanted)) => {
            let set = Value::Set(kind.clone(), elements);
            match (set.length(), set) {
                (Some(_), Value::Set(kind, elements)) => collection_to_list(&kind, elements, wanted),
                // How many elements there are shows only when they are known.
                _ => Ok(Value::Unknown(Type::List(Box::new(kind)))),
            }
        }
        (Value::List(kind, elements) | Value::Set(kind, elements), Type::Set(wanted)) => {
            let converted = each(elements, wanted)?;
            Value::set(converted, empty_element(&kind, wanted)).map_err(|_| Failure::Mixed("set").into())
        }
        (Value::Tuple(elements), Type::List(wanted)) => {
            let converted = tuple_elements(elements, wanted, "list")?;
            let converted = if wanted.is_whole() {
                converted
            } else {
                unified(converted)?
            };
            Value::list(converted, wanted.without_optional()).map_err(|_| Failure::Mixed("list").into())
        }
        (Value::Tuple(elements), Type::Set(wanted)) => {
            Value::set(tuple_elements(elements, wanted, "set")?, wanted.without_optional())
                .map_err(|_| Failure::Mixed("set").into())
        }
        (Value::Map(kind, values), Type::Map(wanted)) => {
            let converted = each_value(values, wanted)?;
            let otherwise = empty_element(&kind, wanted);
            map(converted, wanted, otherwise, Care::Safe)
        }
        (Value::Object(attributes), Type::Map(wanted)) => object_to_map(attributes, wanted),
        (Value::Map(_, values), Type::Object(wanted)) => map_to_object(values, wanted),
        // No conversion exists, which the caller has ruled out.
        (value, _) => Err(mismatch(&value.kind(), wanted)),
    }
}

/// `wanted` with everything that it leaves open taken from `kind`.
pub fn replace_any(kind: &Type, wanted: &Type) -> Type {
    match (kind, wanted) {
        (Type::Any, _) => wanted.clone(),
        (_, Type::Any) => kind.clone(),
        (Type::Map(kind), Type::Map(wanted)) => Type::Map(Box::new(replace_any(kind, wanted))),
        (Type::Object(kind), Type::Map(wanted)) => {
            let kinds: Vec<Type> = kind.attributes.values().cloned().collect();
            Type::Map(Box::new(replace_unified(&kinds, wanted)))
        }
        (Type::Map(element), Type::Object(wanted)) => Type::Object(ObjectType::required(
            wanted
                .attributes
                .iter()
                .map(|(name, wanted)| (name.clone(), replace_any(element, wanted))),
        )),
        (Type::Object(kind), Type::Object(wanted)) => {
            Type::Object(ObjectType::required(wanted.attributes.iter().map(|(name, wanted)| {
                let replaced = kind
                    .attributes
                    .get(name)
                    .map_or_else(|| wanted.clone(), |kind| replace_any(kind, wanted));
                (name.clone(), replaced)
            })))
        }
        (Type::List(kind) | Type::Set(kind), Type::Set(wanted)) => Type::Set(Box::new(replace_any(kind, wanted))),
        (Type::List(kind) | Type::Set(kind), Type::List(wanted)) => Type::List(Box::new(replace_any(kind, wanted))),
        (Type::Tuple(kinds), Type::Set(wanted)) => Type::Set(Box::new(replace_unified(kinds, wanted))),
        (Type::Tuple(kinds), Type::List(wanted)) => Type::List(Box::new(replace_unified(kinds, wanted))),
        (Type::Tuple(kinds), Type::Tuple(wanted)) => Type::Tuple(
            kinds
                .iter()
                .zip(wanted)
                .map(|(kind, wanted)| replace_any(kind, wanted))
                .collect(),
        ),
        _ => wanted.clone(),
    }
}

fn replace_unified(kinds: &[Type], wanted: &Type) -> Type {
    let kind = unify_with(kinds, Care::Unsafe).unwrap_or(Type::Any);
    replace_any(&kind, wanted)
}

fn at<T>(step: PathStep, result: Result<T, ConversionError>) -> Result<T, ConversionError> {
    result.map_err(|error| error.within(step))
}

fn each(elements: Vec<Value>, wanted: &Type) -> Result<Vec<Value>, ConversionError> {
    elements
        .into_iter()
        .enumerate()
        .map(|(index, element)| at(PathStep::Element(index), apply(element, wanted)))
        .collect()
}

fn each_value(values: BTreeMap<String, Value>, wanted: &Type) -> Result<BTreeMap<String, Value>, ConversionError> {
    values
        .into_iter()
        .map(|(key, value)| {
            let value = at(PathStep::Key(key.clone()), apply(value, wanted))?;
            Ok((key, value))
        })
        .collect()
}

/// The element type of an empty collection after conversion.
fn empty_element(kind: &Type, wanted: &Type) -> Type {
    if *wanted == Type::Any {
        kind.clone()
    } else {
        wanted.without_optional()
    }
}

fn collection_to_list(kind: &Type, elements: Vec<Value>, wanted: &Type) -> Result<Value, ConversionError> {
    let converted = each(elements, wanted)?;
    Value::list(converted, empty_element(kind, wanted)).map_err(|_| Failure::Mixed("list").into())
}

fn tuple_elements(
    elements: Vec<Value>,
    wanted: &Type,
    collection: &'static str,
) -> Result<Vec<Value>, ConversionError> {
    if *wanted != Type::Any && !elements.is_empty() {
        return each(elements, wanted);
    }
    let kinds: Vec<Type> = elements.iter().map(Value::kind).collect();
    match element_type(&kinds, wanted, Care::Unsafe, true) {
        Some(element) => each(elements, &element),
        None => Err(Failure::Mixed(collection).into()),
    }
}

fn object_to_map(attributes: BTreeMap<String, Value>, wanted: &Type) -> Result<Value, ConversionError> {
    let element = if *wanted == Type::Any || attributes.is_empty() {
        let kinds: Vec<Type> = attributes.values().map(Value::kind).collect();
        element_type(&kinds, wanted, Care::Unsafe, false).ok_or(Failure::Mixed("map"))?
    } else {
        wanted.clone()
    };
    let converted = each_value(attributes, &element)?;
    map(converted, &element, wanted.without_optional(), Care::Unsafe)
}

/// A map of these values. Those that are of several types after conversion to `element`, because that leaves a part
/// open, are brought to one.
fn map(values: BTreeMap<String, Value>, element: &Type, otherwise: Type, care: Care) -> Result<Value, ConversionError> {
    let values = match element {
        Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Object(_) if !values.is_empty() && !element.is_whole() => {
            let kinds: Vec<Type> = values.values().map(Value::kind).collect();
            let kind = unify_with(&kinds, care).ok_or(Failure::Mixed("map"))?;
            each_value(values, &kind)?
        }
        _ => values,
    };
    Value::map(values, otherwise).map_err(|_| Failure::Mixed("map").into())
}

/// List elements that are of several types after conversion, because the wanted type leaves a part open, are brought to
/// one.
fn unified(elements: Vec<Value>) -> Result<Vec<Value>, ConversionError> {
    if elements.is_empty() {
        return Ok(elements);
    }
    let kinds: Vec<Type> = elements.iter().map(Value::kind).collect();
    let kind = unify_with(&kinds, Care::Unsafe).ok_or(Failure::Mixed("list"))?;
    each(elements, &kind)
}

fn object_to_object(mut attributes: BTreeMap<String, Value>, wanted: &ObjectType) -> Result<Value, ConversionError> {
    let mut converted = BTreeMap::new();
    for (name, kind) in &wanted.attributes {
        let value = match attributes.remove(name) {
            Some(value) => at(PathStep::Attribute(name.clone()), apply(value, kind))?,
            None => Value::Null(kind.without_optional()),
        };
        converted.insert(name.clone(), value);
    }
    Ok(Value::Object(converted))
}

fn map_to_object(mut values: BTreeMap<String, Value>, wanted: &ObjectType) -> Result<Value, ConversionError> {
    let mut converted = BTreeMap::new();
    for (name, kind) in &wanted.attributes {
        let value = match values.remove(name) {
            Some(value) if !exists(&value.kind(), kind, Care::Unsafe) => {
                return at(PathStep::Attribute(name.clone()), Err(mismatch(&value.kind(), kind)));
            }
            Some(value) => at(PathStep::Attribute(name.clone()), apply(value, kind))?,
            None if wanted.optional.contains(name) => Value::Null(kind.without_optional()),
            None => return Err(Failure::Missing(vec![name.clone()]).into()),
        };
        converted.insert(name.clone(), value);
    }
    Ok(Value::Object(converted))
}
