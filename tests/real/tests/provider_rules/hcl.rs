//! Resources as files, and messages about them.

use std::collections::BTreeSet;

use ::terraform::schema::validators::Demand;
use ::terraform::schema::{BlockNesting, BlockSchema};
use ::terraform::value::Type;

/// The steps of a path of the rules: names, and `[]` for the elements of a collection.
pub fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let name = part.trim_end_matches("[]");
        steps.push(name.to_owned());
        steps.extend(std::iter::repeat_n("[]".to_owned(), (part.len() - name.len()) / 2));
    }
    steps
}

pub fn names(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

pub fn join(block: &[String], path: &str) -> String {
    block
        .iter()
        .map(String::as_str)
        .chain([path])
        .collect::<Vec<_>>()
        .join(".")
}

/// A quoted text.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if character.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => quoted.push(character),
        }
    }
    quoted.replace("${", "$${").replace("%{", "%%{") + "\""
}

pub fn in_block(schema: &BlockSchema, steps: &[String]) -> bool {
    let mut schema = schema;
    for name in steps {
        let Some(nested) = schema.blocks.get(name) else {
            return false;
        };
        if matches!(nested.nesting, BlockNesting::Set | BlockNesting::List) {
            return true;
        }
        schema = &nested.block;
    }
    false
}

pub fn is_number(schema: &BlockSchema, steps: &[String]) -> bool {
    let (first, rest) = steps.split_first().unwrap();
    match schema.blocks.get(first) {
        Some(nested) => is_number(&nested.block, rest),
        None => rest.iter().fold(&schema.attributes[first].kind, inside) == &Type::Number,
    }
}

fn inside<'t>(kind: &'t Type, step: &String) -> &'t Type {
    match kind {
        Type::List(element) | Type::Set(element) | Type::Map(element) => element,
        Type::Object(object) => &object.attributes[step],
        _ => panic!("{step} in {kind:?}"),
    }
}

/// A plain value for an argument or, for a block, nothing.
pub fn plain_at(schema: &BlockSchema, place: &[String]) -> String {
    let (first, rest) = place.split_first().unwrap();
    match schema.blocks.get(first) {
        Some(_) if rest.is_empty() => String::new(),
        Some(nested) => plain_at(&nested.block, rest),
        None => plain(&schema.attributes[first].kind),
    }
}

fn plain(kind: &Type) -> String {
    match kind {
        Type::Bool => "true".to_owned(),
        Type::Number => "1".to_owned(),
        Type::List(element) | Type::Set(element) => format!("[{}]", plain(element)),
        Type::Map(element) => format!("{{ x = {} }}", plain(element)),
        Type::Object(object) => {
            let attributes: Vec<String> = object
                .attributes
                .iter()
                .map(|(name, kind)| format!("{name} = {}", plain(kind)))
                .collect();
            format!("{{ {} }}", attributes.join(", "))
        }
        _ => "\"x\"".to_owned(),
    }
}

/// The body of a block in which places have values. What must be set as well is not known, or, where `known`, in nested
/// blocks what `fill` gives for its path.
pub fn block(
    schema: &BlockSchema,
    settings: &[(Vec<String>, String)],
    beside: &[Vec<String>],
    known: bool,
    fill: &mut dyn FnMut(&str, bool) -> String,
) -> String {
    let mut all = settings.to_vec();
    all.extend(beside.iter().map(|place| (place.clone(), "var.unknown".to_owned())));
    let mut text = String::new();
    body(
        schema,
        &all,
        "",
        if known { Fill::InBlocks } else { Fill::Unknown },
        fill,
        &mut text,
    );
    text
}

#[derive(Clone, Copy, PartialEq)]
enum Fill {
    Unknown,
    InBlocks,
    Known,
}

fn body(
    schema: &BlockSchema,
    settings: &[(Vec<String>, String)],
    path: &str,
    how: Fill,
    fill: &mut dyn FnMut(&str, bool) -> String,
    text: &mut String,
) {
    let below = |name: &str| -> Vec<(Vec<String>, String)> {
        settings
            .iter()
            .filter(|(steps, _)| steps.first().is_some_and(|first| first == name))
            .map(|(steps, value)| (steps[1..].to_vec(), value.clone()))
            .collect()
    };
    let at = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    for (name, attribute) in &schema.attributes {
        let inner = below(name);
        if let Some((steps, value)) = inner.first() {
            text.push_str(&format!("{name} = {}\n", expression(&attribute.kind, steps, value)));
        } else if attribute.required {
            let value = match (&attribute.kind, how) {
                (_, Fill::Unknown | Fill::InBlocks) => "var.unknown".to_owned(),
                (Type::String | Type::Number, Fill::Known) => fill(&at(name), attribute.kind == Type::Number),
                (Type::List(element) | Type::Set(element), Fill::Known)
                    if matches!(**element, Type::String | Type::Number) =>
                {
                    format!("[{}]", fill(&format!("{}[]", at(name)), **element == Type::Number))
                }
                (kind, Fill::Known) => plain(kind),
            };
            text.push_str(&format!("{name} = {value}\n"));
        }
    }
    for (name, nested) in &schema.blocks {
        let inner = below(name);
        let how = if how == Fill::InBlocks && matches!(nested.nesting, BlockNesting::Set | BlockNesting::List) {
            Fill::Known
        } else {
            how
        };
        for number in 0..nested.min.max(u64::from(!inner.is_empty())) {
            text.push_str(&format!("{name} {{\n"));
            body(
                &nested.block,
                if number == 0 { &inner } else { &[] },
                &at(name),
                how,
                fill,
                text,
            );
            text.push_str("}\n");
        }
    }
}

/// The value of an argument in which a place has a value.
fn expression(kind: &Type, steps: &[String], value: &str) -> String {
    let Some((_, rest)) = steps.split_first() else {
        return value.to_owned();
    };
    match kind {
        Type::List(element) | Type::Set(element) => format!("[{}]", expression(element, rest, value)),
        Type::Map(element) => format!("{{ key = {} }}", expression(element, rest, value)),
        Type::Object(object) => {
            let attributes: Vec<String> = object
                .attributes
                .iter()
                .map(|(name, kind)| {
                    let value = if *name == steps[0] {
                        expression(kind, rest, value)
                    } else {
                        "null".to_owned()
                    };
                    format!("{name} = {value}")
                })
                .collect();
            format!("{{ {} }}", attributes.join(", "))
        }
        _ => panic!("{steps:?} in {kind:?}"),
    }
}

/// Whether a message is about what is missing or too much.
pub fn is_demand(message: &str) -> bool {
    let summary = message.lines().next().unwrap_or_default();
    [
        "Conflicting configuration arguments",
        "Invalid combination of arguments",
        "Missing required argument",
        "Invalid Attribute Combination",
        "Missing Attribute Configuration",
        "Missing Configuration for Required Attribute",
        "Invalid Block",
    ]
    .contains(&summary)
        || message.contains("is required, but no definition was found")
}

/// What a demand names.
pub fn members(demand: &Demand) -> BTreeSet<&String> {
    match demand {
        Demand::Conflict(one, two) => [one, two].into(),
        Demand::ExactlyOne(names) | Demand::AtLeastOne(names) => names.iter().collect(),
        Demand::Together(first, others) => std::iter::once(first).chain(others).collect(),
    }
}

/// Whether a message is about this demand: it names everything in it.
pub fn about(demand: &Demand, message: &str) -> bool {
    let members = members(demand);
    if let Some((_, rest)) = message.split_once("Invalid Block\nBlock ") {
        let block = rest
            .split(' ')
            .next()
            .unwrap_or_default()
            .rsplit('.')
            .next()
            .unwrap_or_default();
        return members.iter().all(|member| member.rsplit('.').next() == Some(block));
    }
    let words: Vec<&str> = message
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .collect();
    let excludes = [
        "conflicts with",
        "cannot be specified",
        "cannot be configured together",
        "only one",
    ]
    .iter()
    .any(|words| message.contains(words));
    is_demand(message)
        && (excludes || !matches!(demand, Demand::Conflict(..)))
        && members
            .iter()
            .all(|member| words.contains(&member.rsplit('.').next().unwrap_or(member)))
}

/// Whether Terraform refuses the file before the provider sees it.
pub fn is_ours(message: &str) -> bool {
    let summary = message.lines().next().unwrap_or_default();
    [
        "Unsupported argument",
        "Unsupported block type",
        "Invalid expression",
        "Argument or block definition required",
        "Incorrect attribute value type",
        "Invalid escape sequence",
    ]
    .contains(&summary)
}

/// The texts in the list of a message: `one of ["a" "b"]`. Lists of numbers and of bare words are not read.
pub fn listed(message: &str) -> Vec<String> {
    let Some((_, rest)) = message
        .split_once("one of [")
        .or_else(|| message.split_once("one of: ["))
    else {
        return Vec::new();
    };
    let list = rest.split(']').next().unwrap_or_default();
    let quoted = list.split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}
