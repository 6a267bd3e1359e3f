//! The type that several values can be converted to.

use super::Care;
use super::exists::exists;
use super::preference::most_general_first;
use crate::value::{ObjectType, Type};

/// The most general of the types to which values of all these types can be converted, or one made up of them; `None`
/// where there is none, as for no types at all.
pub fn unify(kinds: &[Type]) -> Option<Type> {
    unify_with(kinds, Care::Unsafe)
}

/// Like [`unify`], with a choice of conversions.
pub fn unify_with(kinds: &[Type], care: Care) -> Option<Type> {
    // Which types there are counts, not how often.
    let mut distinct: Vec<Type> = Vec::new();
    for kind in kinds {
        if !distinct.contains(kind) {
            distinct.push(kind.clone());
        }
    }
    match distinct.as_slice() {
        [] => None,
        [kind] => Some(kind.clone()),
        kinds => unify_distinct(kinds, care),
    }
}

fn unify_distinct(kinds: &[Type], care: Care) -> Option<Type> {
    let count = Count::of(kinds);
    let total = kinds.len();
    if count.map > 0 && count.map + count.any == total {
        return collections(kinds, care, Type::Map);
    }
    if count.map > 0 && count.map + count.object + count.any == total {
        if let Some(kind) = as_collection(kinds, care, |kind| matches!(kind, Type::Object(_)), objects_to_map)
            .filter(|kind| matches!(kind, Type::Map(_)))
        {
            return Some(kind);
        }
    } else if count.list > 0 && count.list + count.any == total {
        return collections(kinds, care, Type::List);
    } else if count.list > 0 && count.list + count.tuple + count.any == total {
        if let Some(kind) = as_collection(kinds, care, |kind| matches!(kind, Type::Tuple(_)), tuples_to_list)
            .filter(|kind| matches!(kind, Type::List(_)))
        {
            return Some(kind);
        }
    } else if count.set > 0 && count.set + count.any == total {
        return collections(kinds, care, Type::Set);
    } else if count.object > 0 && count.object + count.any == total {
        return objects(kinds, care);
    } else if count.tuple > 0 && count.tuple + count.any == total {
        return tuples(kinds, care);
    } else if count.object > 0 && count.tuple > 0 {
        return None;
    }
    most_general_first(kinds)
        .into_iter()
        .filter_map(|index| kinds.get(index))
        .find(|wanted| kinds.iter().all(|kind| exists(kind, wanted, care)))
        .cloned()
}

#[derive(Default)]
struct Count {
    map: usize,
    list: usize,
    set: usize,
    object: usize,
    tuple: usize,
    any: usize,
}

impl Count {
    fn of(kinds: &[Type]) -> Self {
        let mut count = Self::default();
        for kind in kinds {
            match kind {
                Type::Map(_) => count.map += 1,
                Type::List(_) => count.list += 1,
                Type::Set(_) => count.set += 1,
                Type::Object(_) => count.object += 1,
                Type::Tuple(_) => count.tuple += 1,
                Type::Any => count.any += 1,
                Type::Bool | Type::Number | Type::String => {}
            }
        }
        count
    }
}

/// Collections of one kind. One that is not known leaves everything open.
fn collections(kinds: &[Type], care: Care, collection: impl Fn(Box<Type>) -> Type) -> Option<Type> {
    let mut elements = Vec::with_capacity(kinds.len());
    for kind in kinds {
        match kind {
            Type::List(element) | Type::Set(element) | Type::Map(element) => elements.push(element.as_ref().clone()),
            _ => return Some(Type::Any),
        }
    }
    let unified = collection(Box::new(unify_with(&elements, care)?));
    all_convert(kinds, &unified, care).then_some(unified)
}

/// Tuples among lists are lists in disguise, and objects among maps are maps.
fn as_collection(
    kinds: &[Type],
    care: Care,
    disguised: impl Fn(&Type) -> bool,
    reveal: impl Fn(&[Type], Care) -> Option<Type>,
) -> Option<Type> {
    let hidden: Vec<Type> = kinds.iter().filter(|kind| disguised(kind)).cloned().collect();
    let revealed = reveal(&hidden, care)?;
    let kinds: Vec<Type> = kinds
        .iter()
        .map(|kind| {
            if disguised(kind) {
                revealed.clone()
            } else {
                kind.clone()
            }
        })
        .collect();
    unify_with(&kinds, care)
}

fn objects(kinds: &[Type], care: Care) -> Option<Type> {
    let objects: Vec<&ObjectType> = kinds
        .iter()
        .filter_map(|kind| match kind {
            Type::Object(object) => Some(object),
            _ => None,
        })
        .collect();
    if objects.len() != kinds.len() {
        return Some(Type::Any);
    }
    let (first, others) = objects.split_first()?;
    if others
        .iter()
        .any(|other| !other.attributes.keys().eq(first.attributes.keys()))
    {
        return objects_to_map(kinds, care);
    }
    let mut attributes = Vec::with_capacity(first.attributes.len());
    for name in first.attributes.keys() {
        let across: Vec<Type> = objects
            .iter()
            .filter_map(|object| object.attributes.get(name).cloned())
            .collect();
        attributes.push((name.clone(), unify_with(&across, care)?));
    }
    let unified = Type::Object(ObjectType::required(attributes));
    if all_convert(kinds, &unified, care) {
        Some(unified)
    } else {
        objects_to_map(kinds, care)
    }
}

fn objects_to_map(kinds: &[Type], care: Care) -> Option<Type> {
    let mut elements = Vec::new();
    for kind in kinds {
        if let Type::Object(object) = kind {
            elements.extend(object.attributes.values().cloned());
        }
    }
    let unified = Type::Map(Box::new(unify_with(&elements, care)?));
    all_convert(kinds, &unified, care).then_some(unified)
}

fn tuples(kinds: &[Type], care: Care) -> Option<Type> {
    let tuples: Vec<&Vec<Type>> = kinds
        .iter()
        .filter_map(|kind| match kind {
            Type::Tuple(elements) => Some(elements),
            _ => None,
        })
        .collect();
    if tuples.len() != kinds.len() {
        return Some(Type::Any);
    }
    let (first, others) = tuples.split_first()?;
    if others.iter().any(|other| other.len() != first.len()) {
        return tuples_to_list(kinds, care);
    }
    let mut elements = Vec::with_capacity(first.len());
    for index in 0..first.len() {
        let across: Vec<Type> = tuples.iter().filter_map(|tuple| tuple.get(index).cloned()).collect();
        elements.push(unify_with(&across, care)?);
    }
    let unified = Type::Tuple(elements);
    if all_convert(kinds, &unified, care) {
        Some(unified)
    } else {
        tuples_to_list(kinds, care)
    }
}

fn tuples_to_list(kinds: &[Type], care: Care) -> Option<Type> {
    let mut elements = Vec::new();
    for kind in kinds {
        if let Type::Tuple(tuple) = kind {
            elements.extend(tuple.iter().cloned());
        }
    }
    let unified = Type::List(Box::new(unify_with(&elements, care)?));
    all_convert(kinds, &unified, care).then_some(unified)
}

fn all_convert(kinds: &[Type], wanted: &Type, care: Care) -> bool {
    kinds.iter().all(|kind| exists(kind, wanted, care))
}
