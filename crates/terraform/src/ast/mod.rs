//! What a file says: arguments, blocks and expressions, each with its place.
//!
//! One tree serves the native syntax and the JSON syntax. Positions are byte offsets into the source.

mod expression;

use std::ops::Range;

pub use expression::{
    Accessor, BinaryOperator, Expression, ExpressionKind, ForExpression, FunctionCall, ObjectItem, ObjectKey, Step,
    Template, TemplatePart, Traversal, UnaryOperator,
};

/// Bytes of the source.
pub type Span = Range<usize>;

/// A name with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// In which of the two syntaxes a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Syntax {
    /// HCL's native syntax.
    #[default]
    Native,
    /// JSON. Below the structure that the language itself fixes, whether a property is an argument or a block is for
    /// the schema to say; every such property stands as an argument.
    Json,
}

/// What stands at the top of a file or between the braces of a block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    /// Its arguments and blocks, in order.
    pub items: Vec<Item>,
    /// Where it stands: between the braces, or the whole file.
    pub span: Span,
    /// How it is written.
    pub syntax: Syntax,
}

impl Body {
    /// Its arguments, in order.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.items.iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(_) => None,
        })
    }

    /// Its blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute(_) => None,
        })
    }

    /// The argument of this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes().find(|attribute| attribute.name.text == name)
    }

    /// The blocks of this type.
    pub fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks().filter(move |block| block.kind.text == kind)
    }
}

/// An argument or a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// An argument.
    Attribute(Attribute),
    /// A block.
    Block(Block),
}

/// An argument, `name = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name.
    pub name: Identifier,
    /// Its value.
    pub value: Expression,
    /// From the name to the end of the value.
    pub span: Span,
}

/// A block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its type.
    pub kind: Identifier,
    /// Its labels, in order; the span of a quoted one includes the quotes.
    pub labels: Vec<Identifier>,
    /// What it holds.
    pub body: Body,
    /// From the type to the opening brace, without it: what a finding about the block as a whole underlines.
    pub header: Span,
    /// From the type to the closing brace.
    pub span: Span,
}
