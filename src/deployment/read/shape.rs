//! The deployment file's schema, as JSON Schema for others and in a compact form for the structural pass and the
//! reference page. Both are taken from the types in [`super::raw`].

use std::sync::LazyLock;

use indexmap::IndexMap;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::raw;

/// What may stand at a place.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A string; where `choices` is not empty, one of them.
    Text {
        /// The values that are allowed.
        choices: Vec<Choice>,
    },
    /// A whole number.
    Integer {
        /// Least value.
        least: u64,
        /// Greatest value.
        greatest: u64,
    },
    /// A number.
    Number {
        /// It must be greater than this.
        above: Option<f64>,
    },
    /// `true` or `false`.
    Bool,
    /// A list, or repeated blocks where the items are tables.
    List(Box<Shape>),
    /// A block.
    Table(Table),
    /// Blocks by label where the values are tables, otherwise an object.
    Map {
        /// What each label or key leads to.
        value: Box<Shape>,
        /// What the label stands for, for the reference.
        label: String,
    },
}

/// One of the values that are allowed.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// What it means.
    pub description: String,
}

/// Content of a block.
#[derive(Debug, Clone)]
pub struct Table {
    /// Arguments and blocks, in the order of the reference.
    pub fields: IndexMap<String, Field>,
}

/// An argument or a block.
#[derive(Debug, Clone)]
pub struct Field {
    /// What may stand there.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub description: String,
    /// Value that holds when it is absent.
    pub default: Option<Value>,
    /// A value as it might stand there.
    pub example: Option<Value>,
}

/// More choices than this are not named in one line.
pub const MOST_NAMED: usize = 10;

/// A value as HCL writes it on one line.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{key} = {}", literal(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

impl Field {
    /// First sentence of the description, on one line and without its full stop.
    pub fn summary(&self) -> String {
        let line = self.description.replace('\n', " ");
        let sentence = line.split_inclusive(". ").next().unwrap_or(&line);
        sentence.trim_end().trim_end_matches('.').to_owned()
    }

    /// A value as it might stand there.
    pub fn sample(&self) -> String {
        let value = self.example.as_ref().or(self.default.as_ref());
        value.map_or_else(|| "…".to_owned(), literal)
    }
}

impl Shape {
    /// Whether it is written as a block.
    pub fn is_block(&self) -> bool {
        match self {
            Self::Table(_) => true,
            Self::Map { value: inner, .. } | Self::List(inner) => matches!(**inner, Self::Table(_)),
            Self::Text { .. } | Self::Integer { .. } | Self::Number { .. } | Self::Bool => false,
        }
    }

    /// What it is, with its article, for messages.
    pub fn describe(&self) -> String {
        match self {
            Self::Text { choices } if choices.is_empty() => "a string".to_owned(),
            Self::Text { choices } => {
                let quoted: Vec<String> = choices.iter().map(|choice| format!("\"{}\"", choice.value)).collect();
                match quoted.as_slice() {
                    [only] => only.clone(),
                    many if many.len() > MOST_NAMED => format!("one of {} values", many.len()),
                    _ => format!("one of {}", quoted.join(", ")),
                }
            }
            Self::Integer { least, greatest } if *greatest == u64::MAX => format!("a whole number from {least} on"),
            Self::Integer { least, greatest } => format!("a whole number from {least} to {greatest}"),
            Self::Number { above: Some(above) } => format!("a number above {above}"),
            Self::Number { above: None } => "a number".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::List(inner) => match &**inner {
                Self::Text { choices } if choices.is_empty() => "a list of strings".to_owned(),
                Self::Integer { .. } => "a list of whole numbers".to_owned(),
                _ => "a list".to_owned(),
            },
            Self::Table(_) => "a block".to_owned(),
            Self::Map { value, .. } => format!("an object whose values are {}", value.describe_plural()),
        }
    }

    fn describe_plural(&self) -> String {
        match self {
            Self::List(_) => "lists of strings".to_owned(),
            _ => "strings".to_owned(),
        }
    }
}

/// The JSON Schema of a deployment file, written as data: a block is an object, labelled blocks are an object by label.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<raw::File>()
        .to_value()
}

/// The top level of a deployment file.
pub fn root() -> &'static Table {
    static ROOT: LazyLock<Table> = LazyLock::new(|| {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        table(settings.into_generator().into_root_schema_for::<raw::File>().as_value())
    });
    &ROOT
}

fn table(schema: &Value) -> Table {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let no_fields = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&no_fields);
    Table {
        fields: properties
            .iter()
            .map(|(name, property)| (name.clone(), field(property, required.contains(&name.as_str()))))
            .collect(),
    }
}

fn field(property: &Value, required: bool) -> Field {
    Field {
        shape: shape(property),
        required,
        description: text(property, "description"),
        default: property.get("default").filter(|default| !default.is_null()).cloned(),
        example: property["examples"].get(0).cloned(),
    }
}

/// The shape that a schema describes; `null`, which every argument that is not required accepts, is left out.
fn shape(schema: &Value) -> Shape {
    if let Some(variants) = schema["anyOf"].as_array() {
        // An optional choice: the choice or null.
        if let Some(inner) = variants.iter().find(|variant| variant["type"] != "null") {
            return shape(inner);
        }
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        return Shape::Text {
            choices: variants.iter().flat_map(choices).collect(),
        };
    }
    match type_of(schema) {
        "object" if schema.get("properties").is_some() => Shape::Table(table(schema)),
        "object" => Shape::Map {
            value: Box::new(shape(&schema["additionalProperties"])),
            label: text(schema, "x-label"),
        },
        "array" => Shape::List(Box::new(shape(&schema["items"]))),
        "integer" => Shape::Integer {
            least: schema["minimum"].as_u64().unwrap_or(0),
            greatest: schema["maximum"].as_u64().unwrap_or(match schema["format"].as_str() {
                Some("uint32") => u64::from(u32::MAX),
                _ => u64::MAX,
            }),
        },
        "number" => Shape::Number {
            above: schema["exclusiveMinimum"].as_f64(),
        },
        "boolean" => Shape::Bool,
        _ => Shape::Text {
            choices: choices(schema),
        },
    }
}

fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null")
            .unwrap_or(""),
        _ => "",
    }
}

fn choices(schema: &Value) -> Vec<Choice> {
    let values = schema["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .chain(schema.get("const"));
    values
        .filter_map(Value::as_str)
        .map(|value| Choice {
            value: value.to_owned(),
            description: text(schema, "description"),
        })
        .collect()
}

fn text(schema: &Value, key: &str) -> String {
    schema[key].as_str().unwrap_or("").to_owned()
}
