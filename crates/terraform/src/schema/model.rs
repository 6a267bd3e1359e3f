//! The parts of a schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::Type;

/// The arguments and blocks that a block may hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockSchema {
    /// Its arguments, by name.
    pub attributes: BTreeMap<String, AttributeSchema>,
    /// The blocks in it, by type.
    pub blocks: BTreeMap<String, NestedBlock>,
    /// Whether the provider warns of its use.
    pub deprecated: bool,
}

/// An argument, or an attribute that can only be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeSchema {
    /// The type of its value; of a nested one the type that its attributes make.
    pub kind: Type,
    /// Whether it must be set.
    pub required: bool,
    /// Whether it may be set.
    pub optional: bool,
    /// Whether the provider sets it, where the configuration does not.
    pub computed: bool,
    /// Whether the provider warns of its use.
    pub deprecated: bool,
    /// Whether Terraform hides its value.
    pub sensitive: bool,
    /// Whether its value is handed to the provider and kept nowhere.
    pub write_only: bool,
    /// The attributes in it, where they have properties of their own.
    pub nested: Option<NestedAttributes>,
}

impl AttributeSchema {
    /// Whether a configuration may set it.
    pub const fn configurable(&self) -> bool {
        self.required || self.optional
    }
}

/// Attributes inside an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedAttributes {
    /// How many objects there are, and in what.
    pub nesting: AttributeNesting,
    /// The attributes of each object.
    pub attributes: BTreeMap<String, AttributeSchema>,
}

/// How objects are nested in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttributeNesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

/// A kind of block in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedBlock {
    /// How the blocks are collected.
    pub nesting: BlockNesting,
    /// The least number of blocks.
    pub min: u64,
    /// The greatest number of blocks, where there is one.
    pub max: Option<u64>,
    /// What each holds.
    pub block: Arc<BlockSchema>,
}

/// How blocks of one type are collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BlockNesting {
    /// At most one block; its value is null without it.
    Single,
    /// At most one block; its value is an object of nulls without it.
    Group,
    /// A list.
    List,
    /// A set.
    Set,
    /// A map, by the label of each block.
    Map,
}

/// A function of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionSchema {
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// The parameter that takes all further arguments.
    pub variadic: Option<Parameter>,
    /// The type of its result.
    pub returns: Type,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The type of the argument.
    pub kind: Type,
    /// Whether the argument may be null.
    pub nullable: bool,
}
