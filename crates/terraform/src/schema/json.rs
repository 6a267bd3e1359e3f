//! The output of `terraform providers schema -json`.
//!
//! Format: <https://developer.hashicorp.com/terraform/cli/commands/providers/schema#format-summary>.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value as Json;

use super::model::{
    AttributeNesting, AttributeSchema, BlockNesting, BlockSchema, FunctionSchema, NestedAttributes, NestedBlock,
    Parameter,
};
use super::{ProviderSchema, SchemaError};
use crate::value::{ObjectType, Type};

#[derive(Deserialize)]
struct Document {
    format_version: String,
    #[serde(default)]
    provider_schemas: BTreeMap<String, Provider>,
}

#[derive(Deserialize)]
struct Provider {
    provider: Option<Entry>,
    #[serde(default)]
    resource_schemas: BTreeMap<String, Entry>,
    #[serde(default)]
    data_source_schemas: BTreeMap<String, Entry>,
    #[serde(default)]
    ephemeral_resource_schemas: BTreeMap<String, Entry>,
    #[serde(default)]
    functions: BTreeMap<String, Function>,
}

#[derive(Deserialize)]
struct Entry {
    block: Option<Block>,
}

#[derive(Default, Deserialize)]
struct Block {
    #[serde(default)]
    attributes: BTreeMap<String, Attribute>,
    #[serde(default)]
    block_types: BTreeMap<String, BlockType>,
    #[serde(default)]
    deprecated: bool,
}

#[derive(Deserialize)]
struct Attribute {
    r#type: Option<Json>,
    nested_type: Option<NestedType>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    computed: bool,
    #[serde(default)]
    deprecated: bool,
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    write_only: bool,
}

#[derive(Deserialize)]
struct NestedType {
    nesting_mode: String,
    #[serde(default)]
    attributes: BTreeMap<String, Attribute>,
}

#[derive(Deserialize)]
struct BlockType {
    nesting_mode: String,
    #[serde(default)]
    min_items: u64,
    #[serde(default)]
    max_items: u64,
    block: Block,
}

#[derive(Deserialize)]
struct Function {
    return_type: Json,
    #[serde(default)]
    parameters: Vec<FunctionParameter>,
    variadic_parameter: Option<FunctionParameter>,
}

#[derive(Deserialize)]
struct FunctionParameter {
    name: String,
    r#type: Json,
    #[serde(default)]
    is_nullable: bool,
}

/// The schemas of a document, by the source address of each provider.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, ProviderSchema>, SchemaError> {
    // The whole document is typed at once; only where that fails is it read again to say what it is.
    let document: Document = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => return Err(explain(text, &error)),
    };
    if !matches!(document.format_version.split('.').next(), Some("0" | "1")) {
        return Err(SchemaError::Version(document.format_version));
    }
    if document.provider_schemas.is_empty() {
        return Err(SchemaError::OtherDocument(
            "a document without any provider (the directory has no providers, or was not initialised)".to_owned(),
        ));
    }
    document
        .provider_schemas
        .into_iter()
        .map(|(source, provider)| Ok((source.clone(), convert(&source, provider)?)))
        .collect()
}

/// Why a text cannot be typed as the document.
fn explain(text: &str, error: &serde_json::Error) -> SchemaError {
    let value: Json = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(syntax) => return SchemaError::Syntax(syntax.to_string()),
    };
    let Json::Object(object) = value else {
        return SchemaError::OtherDocument("a JSON value that is no object".to_owned());
    };
    let has = |key: &str| object.contains_key(key);
    if has("format_version") && has("provider_schemas") {
        return SchemaError::Part {
            place: format!("line {} column {}", error.line(), error.column()),
            message: error.to_string(),
        };
    }
    SchemaError::OtherDocument(
        if has("planned_values") || has("resource_changes") {
            "a plan (`terraform show -json`)"
        } else if has("diagnostics") {
            "the output of `terraform validate -json`"
        } else if has("lineage") || has("values") {
            "a state"
        } else if has("provider_schemas") {
            "a document without `format_version`"
        } else {
            "a JSON object without `format_version` and `provider_schemas`"
        }
        .to_owned(),
    )
}

fn convert(source: &str, provider: Provider) -> Result<ProviderSchema, SchemaError> {
    let entries = |kind: &str, entries: BTreeMap<String, Entry>| {
        entries
            .into_iter()
            .map(|(name, entry)| {
                let block = block(&format!("{source}, {kind} {name}"), entry.block.unwrap_or_default())?;
                Ok((name, Arc::new(block)))
            })
            .collect::<Result<BTreeMap<_, _>, SchemaError>>()
    };
    let configuration = provider.provider.and_then(|entry| entry.block).unwrap_or_default();
    Ok(ProviderSchema::from_parts(super::provider::Parts {
        configuration: Arc::new(block(&format!("{source}, provider block"), configuration)?),
        resources: entries("resource", provider.resource_schemas)?,
        data_sources: entries("data source", provider.data_source_schemas)?,
        ephemeral_resources: entries("ephemeral resource", provider.ephemeral_resource_schemas)?,
        functions: provider
            .functions
            .into_iter()
            .map(|(name, found)| {
                let found = function(&format!("{source}, function {name}"), found)?;
                Ok((name, found))
            })
            .collect::<Result<_, SchemaError>>()?,
    }))
}

fn block(place: &str, read: Block) -> Result<BlockSchema, SchemaError> {
    let blocks = read
        .block_types
        .into_iter()
        .map(|(name, nested)| {
            let place = format!("{place}.{name}");
            let nesting = match nested.nesting_mode.as_str() {
                "single" => BlockNesting::Single,
                "group" => BlockNesting::Group,
                "list" => BlockNesting::List,
                "set" => BlockNesting::Set,
                "map" => BlockNesting::Map,
                other => return Err(part(&place, format!("unknown nesting mode {other:?} of a block"))),
            };
            let block = Arc::new(block(&place, nested.block)?);
            let nested = NestedBlock {
                nesting,
                min: nested.min_items,
                // Terraform writes no limit as an absent or zero number.
                max: (nested.max_items > 0).then_some(nested.max_items),
                block,
            };
            Ok((name, nested))
        })
        .collect::<Result<_, SchemaError>>()?;
    Ok(BlockSchema {
        attributes: attributes(place, read.attributes)?,
        blocks,
        deprecated: read.deprecated,
    })
}

fn attributes(
    place: &str,
    read: BTreeMap<String, Attribute>,
) -> Result<BTreeMap<String, AttributeSchema>, SchemaError> {
    read.into_iter()
        .map(|(name, found)| {
            let found = attribute(&format!("{place}.{name}"), found)?;
            Ok((name, found))
        })
        .collect()
}

fn attribute(place: &str, read: Attribute) -> Result<AttributeSchema, SchemaError> {
    let nested = read
        .nested_type
        .map(|nested| {
            let nesting = match nested.nesting_mode.as_str() {
                "single" => AttributeNesting::Single,
                "list" => AttributeNesting::List,
                "set" => AttributeNesting::Set,
                "map" => AttributeNesting::Map,
                other => return Err(part(place, format!("unknown nesting mode {other:?} of an attribute"))),
            };
            Ok(NestedAttributes {
                nesting,
                attributes: attributes(place, nested.attributes)?,
            })
        })
        .transpose()?;
    let kind = match (&nested, &read.r#type) {
        (Some(nested), _) => nested.kind(),
        (None, Some(json)) => kind(place, json)?,
        (None, None) => return Err(part(place, "an attribute without `type` and `nested_type`".to_owned())),
    };
    Ok(AttributeSchema {
        kind,
        required: read.required,
        optional: read.optional,
        computed: read.computed,
        deprecated: read.deprecated,
        sensitive: read.sensitive,
        write_only: read.write_only,
        nested,
    })
}

impl NestedAttributes {
    /// The type of the attribute that holds them.
    pub(super) fn kind(&self) -> Type {
        let object = Type::Object(ObjectType::required(
            self.attributes
                .iter()
                .map(|(name, attribute)| (name.clone(), attribute.kind.clone())),
        ));
        match self.nesting {
            AttributeNesting::Single => object,
            AttributeNesting::List => Type::List(Box::new(object)),
            AttributeNesting::Set => Type::Set(Box::new(object)),
            AttributeNesting::Map => Type::Map(Box::new(object)),
        }
    }
}

fn function(place: &str, read: Function) -> Result<FunctionSchema, SchemaError> {
    let parameter = |read: FunctionParameter| {
        Ok(Parameter {
            kind: kind(&format!("{place}, parameter {}", read.name), &read.r#type)?,
            name: read.name,
            nullable: read.is_nullable,
        })
    };
    Ok(FunctionSchema {
        parameters: read.parameters.into_iter().map(parameter).collect::<Result<_, _>>()?,
        variadic: read.variadic_parameter.map(parameter).transpose()?,
        returns: kind(place, &read.return_type)?,
    })
}

/// A type in cty's JSON form: a name, or a list of a name and what it is made of.
fn kind(place: &str, json: &Json) -> Result<Type, SchemaError> {
    let unknown = || part(place, format!("unknown type {json}"));
    match json {
        Json::String(name) => match name.as_str() {
            "string" => Ok(Type::String),
            "number" => Ok(Type::Number),
            "bool" => Ok(Type::Bool),
            "dynamic" => Ok(Type::Any),
            _ => Err(unknown()),
        },
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(name), element] if name == "list" => Ok(Type::List(Box::new(kind(place, element)?))),
            [Json::String(name), element] if name == "set" => Ok(Type::Set(Box::new(kind(place, element)?))),
            [Json::String(name), element] if name == "map" => Ok(Type::Map(Box::new(kind(place, element)?))),
            [Json::String(name), Json::Array(elements)] if name == "tuple" => Ok(Type::Tuple(
                elements
                    .iter()
                    .map(|element| kind(place, element))
                    .collect::<Result<_, _>>()?,
            )),
            [Json::String(name), Json::Object(attributes), rest @ ..] if name == "object" => {
                let optional = match rest {
                    [] => BTreeSet::new(),
                    [Json::Array(names)] => names.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
                    _ => return Err(unknown()),
                };
                Ok(Type::Object(ObjectType {
                    attributes: attributes
                        .iter()
                        .map(|(name, found)| Ok((name.clone(), kind(place, found)?)))
                        .collect::<Result<_, SchemaError>>()?,
                    optional,
                }))
            }
            _ => Err(unknown()),
        },
        _ => Err(unknown()),
    }
}

fn part(place: &str, message: String) -> SchemaError {
    SchemaError::Part {
        place: place.to_owned(),
        message,
    }
}
