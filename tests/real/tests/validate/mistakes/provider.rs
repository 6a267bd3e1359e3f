//! Mistakes that the provider's schema tells of, or its validators alone.

use ::terraform::ast::Block;
use ::terraform::schema::{AttributeSchema, BlockSchema, Kind, ProviderSchema};
use ::terraform::value::Type;

use super::{Edit, Plant, after};
use crate::sites::Text;

/// Arguments and blocks that the schema has, and that may not fit beside the others.
pub const ADDITIONS: &[(&str, Plant)] = &[
    ("argument of the schema added", |text| {
        let mut edits = Vec::new();
        for block in text.body.blocks() {
            let Some(schema) = schema_of(block) else { continue };
            for (name, attribute) in &schema.attributes {
                if block.body.attribute(name).is_none() && !MEANT.contains(&name.as_str()) {
                    edits.extend(added_to(block, &format!("{name} = {}", plain(attribute))));
                }
            }
        }
        edits
    }),
    ("block of the schema added", |text| {
        let mut edits = Vec::new();
        for block in text.body.blocks() {
            let Some(schema) = schema_of(block) else { continue };
            edits.extend(
                schema
                    .blocks
                    .keys()
                    .flat_map(|name| added_to(block, &format!("{name} {{\n  }}"))),
            );
        }
        edits
    }),
];

/// Values that the provider's validators are there for, in place of those of resources and data sources.
pub const VALUES: &[(&str, Plant)] = &[
    ("text with signs for a value", |text| {
        of_resources(text, "\"no! such? value\"")
    }),
    ("long text for a value", |text| {
        of_resources(text, &format!("\"{}\"", "long-".repeat(500)))
    }),
    ("empty text for a value", |text| of_resources(text, "\"\"")),
    ("word for a value", |text| of_resources(text, "\"UNHEARD_OF\"")),
    ("negative number for a value", |text| of_resources(text, "-1")),
    ("large number for a value", |text| of_resources(text, "4294967296")),
    ("malformed ARN for a value", |text| {
        of_resources(text, "\"arn:aws:iam:role/x\"")
    }),
    ("malformed JSON for a value", |text| {
        of_resources(text, "\"{\\\"a\\\": }\"")
    }),
    ("list of texts for a value", |text| {
        of_resources(text, "[\"no! such? value\", \"\"]")
    }),
];

/// Arguments that the language itself gives a meaning.
const MEANT: [&str; 5] = ["id", "count", "for_each", "provider", "depends_on"];

fn schema_of(block: &Block) -> Option<&'static BlockSchema> {
    let kind = match block.kind.text.as_str() {
        "resource" => Kind::Resource,
        "data" => Kind::DataSource,
        _ => return None,
    };
    let name = &block.labels.first()?.text;
    ProviderSchema::aws().block(kind, name)
}

/// A value of the type of an argument.
fn plain(attribute: &AttributeSchema) -> &'static str {
    match &attribute.kind {
        Type::Bool => "true",
        Type::Number => "1",
        Type::String | Type::Any => "\"text\"",
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "[]",
        Type::Map(_) | Type::Object(_) => "{}",
    }
}

fn added_to(block: &Block, line: &str) -> Option<Edit> {
    Some(after(block.body.span.start, &format!("\n  {line}\n")))
}

/// Other values for arguments of resources and data sources, and of the blocks in them.
fn of_resources(text: &Text<'_>, with: &str) -> Vec<Edit> {
    let attributes = text.attributes().into_iter().filter(|(above, it)| {
        above
            .first()
            .is_some_and(|block| matches!(block.kind.text.as_str(), "resource" | "data"))
            && !matches!(it.name.text.as_str(), "count" | "for_each" | "provider" | "depends_on")
    });
    attributes
        .map(|(_, it)| (it.value.span.clone(), with.to_owned()))
        .collect()
}
