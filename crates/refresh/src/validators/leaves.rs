//! The places of a block that a configuration can set.

use terraform::schema::BlockSchema;
use terraform::value::Type;

use super::config::{Place, Step};

/// How deep blocks are followed. Deeper ones repeat those above them (expressions in expressions).
const DEPTH: usize = 7;

/// A place for one text or number.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Where it is.
    pub place: Place,
    /// Whether it is a number.
    pub number: bool,
}

/// All places for a text or number in a block, including elements of collections.
pub fn leaves(schema: &BlockSchema) -> Vec<Leaf> {
    let mut found = Vec::new();
    in_block(schema, &Place::default(), 0, &mut found);
    found
}

fn in_block(schema: &BlockSchema, place: &Place, depth: usize, found: &mut Vec<Leaf>) {
    for (name, attribute) in &schema.attributes {
        if attribute.configurable() {
            in_value(&attribute.kind, &place.name(name), found);
        }
    }
    if depth < DEPTH {
        for (name, nested) in &schema.blocks {
            in_block(&nested.block, &place.name(name), depth + 1, found);
        }
    }
}

fn in_value(kind: &Type, place: &Place, found: &mut Vec<Leaf>) {
    match kind {
        Type::String | Type::Number => found.push(Leaf {
            place: place.clone(),
            number: *kind == Type::Number,
        }),
        Type::List(element) | Type::Set(element) | Type::Map(element) => {
            in_value(element, &place.then(Step::Element), found);
        }
        Type::Object(object) => {
            for (name, kind) in &object.attributes {
                in_value(kind, &place.name(name), found);
            }
        }
        Type::Any | Type::Bool | Type::Tuple(_) => {}
    }
}

/// An argument or block that can be left out, with a value that sets it.
#[derive(Debug, Clone)]
pub struct Member {
    /// Where it is.
    pub place: Place,
    /// Whether it is a block.
    pub block: bool,
}

/// Everything in a block that can be left out, at every depth.
pub fn members(schema: &BlockSchema) -> Vec<Member> {
    let mut found = Vec::new();
    optional(schema, &Place::default(), 0, &mut found);
    found
}

fn optional(schema: &BlockSchema, place: &Place, depth: usize, found: &mut Vec<Member>) {
    for (name, attribute) in &schema.attributes {
        if attribute.optional {
            found.push(Member {
                place: place.name(name),
                block: false,
            });
        }
    }
    if depth < DEPTH {
        for (name, nested) in &schema.blocks {
            let place = place.name(name);
            if nested.min == 0 {
                found.push(Member {
                    place: place.clone(),
                    block: true,
                });
            }
            optional(&nested.block, &place, depth + 1, found);
        }
    }
}
