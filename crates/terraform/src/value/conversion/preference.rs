//! Which of several types is the most general.

use std::cmp::Ordering;
use std::collections::VecDeque;

use crate::value::Type;

/// The types' positions, the most general first; those that do not compare stay in their order.
pub fn most_general_first(kinds: &[Type]) -> Vec<usize> {
    let mut less_general: Vec<Vec<usize>> = vec![Vec::new(); kinds.len()];
    let mut more_general = vec![0_usize; kinds.len()];
    for (left, left_kind) in kinds.iter().enumerate() {
        for (right, right_kind) in kinds.iter().enumerate().skip(left + 1) {
            let (general, special) = match generality(left_kind, right_kind) {
                Ordering::Less => (left, right),
                Ordering::Greater => (right, left),
                Ordering::Equal => continue,
            };
            if let Some(edges) = less_general.get_mut(general) {
                edges.push(special);
            }
            if let Some(count) = more_general.get_mut(special) {
                *count += 1;
            }
        }
    }
    let mut queue: VecDeque<usize> = more_general
        .iter()
        .enumerate()
        .filter_map(|(index, count)| (*count == 0).then_some(index))
        .collect();
    let mut sorted = Vec::with_capacity(kinds.len());
    while let Some(index) = queue.pop_front() {
        sorted.push(index);
        for special in less_general.get(index).into_iter().flatten() {
            if let Some(count) = more_general.get_mut(*special) {
                *count -= 1;
                if *count == 0 {
                    queue.push_back(*special);
                }
            }
        }
    }
    sorted
}

/// `Less` where the left one is more general. What is not known is the least general: it will become what its
/// neighbours are.
fn generality(left: &Type, right: &Type) -> Ordering {
    match (left, right) {
        (Type::Any, Type::Any) => Ordering::Equal,
        (_, Type::Any) => Ordering::Less,
        (Type::Any, _) => Ordering::Greater,
        (Type::String, Type::Bool | Type::Number) => Ordering::Less,
        (Type::Bool | Type::Number, Type::String) => Ordering::Greater,
        (Type::List(left), Type::List(right))
        | (Type::Set(left), Type::Set(right))
        | (Type::Map(left), Type::Map(right)) => generality(left, right),
        (Type::List(_), Type::Tuple(_)) | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Tuple(_), Type::List(_)) | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Tuple(_) | Type::List(_), Type::Set(_)) => Ordering::Less,
        (Type::Set(_), Type::Tuple(_) | Type::List(_)) => Ordering::Greater,
        (Type::Object(left), Type::Object(right)) => {
            if left.attributes.keys().eq(right.attributes.keys()) {
                across(left.attributes.values().zip(right.attributes.values()))
            } else {
                Ordering::Equal
            }
        }
        (Type::Tuple(left), Type::Tuple(right)) => {
            if left.len() == right.len() {
                across(left.iter().zip(right))
            } else {
                Ordering::Equal
            }
        }
        _ => Ordering::Equal,
    }
}

/// More general in one part and less so in none.
fn across<'t>(parts: impl Iterator<Item = (&'t Type, &'t Type)>) -> Ordering {
    let mut overall = Ordering::Equal;
    for (left, right) in parts {
        match (overall, generality(left, right)) {
            (_, Ordering::Equal) => {}
            (Ordering::Equal, part) => overall = part,
            (overall, part) if overall == part => {}
            _ => return Ordering::Equal,
        }
    }
    overall
}
