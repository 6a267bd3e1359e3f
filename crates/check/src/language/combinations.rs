//! Arguments and blocks of a resource that exclude or demand each other.

use terraform::ast::{Block, Expression, ExpressionKind, Span};
use terraform::module::{FileId, View};
use terraform::schema::validators::{self, Breach, Demand, Presence, Present};
use terraform::schema::{BlockNesting, BlockSchema};
use terraform::value::Value;

use super::body::Setting;
use super::walk::Walk;
use crate::apply;

impl Walk<'_, '_> {
    /// Reports combinations of what a resource sets that its provider refuses.
    pub fn combinations(&mut self, view: &View<'_>, schema: &BlockSchema, present: &Present, setting: Setting<'_>) {
        let Some((kind, resource_type)) = setting.subject else {
            return;
        };
        for breach in validators::conflicts(kind, resource_type, present) {
            if !validated(schema, present, &breach.block, setting.legacy) {
                continue;
            }
            let what = match breach.block.last() {
                Some((block, _)) => format!("block `{block}` of {}", setting.what),
                None => setting.what.to_owned(),
            };
            let (file, span) = place(view, &breach).unwrap_or((setting.header.0, setting.header.1.clone()));
            let finding = self
                .finding(&apply::ARGUMENT_COMBINATION, file, &span, message(&what, &breach))
                .help("leave out what is too much, or add what is missing");
            self.push(finding);
        }
    }
}

/// Whether the provider looks at a block: it does not where the block, or the set that it is in, has a part that is not
/// known yet.
fn validated(schema: &BlockSchema, present: &Present, way: &[(String, usize)], legacy: bool) -> bool {
    let Some(((name, position), rest)) = way.split_first() else {
        return true;
    };
    let (Some(nested), Some(blocks)) = (schema.blocks.get(name), present.blocks.get(name)) else {
        return true;
    };
    let unknown = present.dynamic.contains(name) || blocks.iter().any(|block| block.unknown);
    if (legacy || nested.nesting == BlockNesting::Set) && unknown {
        return false;
    }
    blocks
        .get(*position)
        .is_none_or(|block| validated(&nested.block, block, rest, legacy))
}

/// Whether an argument of this value is set, in the provider's eyes.
pub fn presence(value: &Value) -> Presence {
    match value {
        Value::Null(_) => Presence::Absent,
        Value::Unknown(_) => Presence::Unknown,
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) if elements.is_empty() => {
            Presence::Maybe
        }
        Value::Map(_, entries) | Value::Object(entries) if entries.is_empty() => Presence::Maybe,
        _ => Presence::Set,
    }
}

/// The keys of an object in JSON.
pub fn keys(object: &Expression) -> impl Iterator<Item = String> {
    let items = match &object.kind {
        ExpressionKind::Object(items) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(|item| item.key.literal().map(str::to_owned))
}

fn message(what: &str, breach: &Breach) -> String {
    let set: Vec<String> = breach.set.iter().map(|path| format!("`{path}`")).collect();
    match &breach.demand {
        demand @ Demand::ExactlyOne(_) if !set.is_empty() => {
            format!("{what}: {demand}, and {} are", set.join(" and "))
        }
        demand => format!("{what}: {demand}"),
    }
}

/// Where the last of the arguments stands that are at fault; the head of their block where one is missing.
fn place(view: &View<'_>, breach: &Breach) -> Option<(FileId, Span)> {
    let Some(((first, position), rest)) = breach.block.split_first() else {
        let name = first_name(breach)?;
        return match view.attribute(name) {
            Some((file, attribute)) => Some((file, attribute.name.span.clone())),
            None => {
                let (file, block) = view.blocks_of(name).into_iter().next()?;
                Some((file, block.header.clone()))
            }
        };
    };
    let (file, mut block) = view.blocks_of(first).into_iter().nth(*position)?;
    for (name, position) in rest {
        block = block.body.blocks_of(name).nth(*position)?;
    }
    let inside = first_name(breach).and_then(|name| within(block, name));
    Some((file, inside.unwrap_or_else(|| block.header.clone())))
}

fn first_name(breach: &Breach) -> Option<&str> {
    breach.set.last()?.split('.').next()
}

fn within(block: &Block, name: &str) -> Option<Span> {
    match block.body.attribute(name) {
        Some(attribute) => Some(attribute.name.span.clone()),
        None => block.body.blocks_of(name).next().map(|block| block.header.clone()),
    }
}
