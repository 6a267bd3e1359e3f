//! Terraform files from values.
//!
//! A [`File`] holds what `hcl::Body` cannot: a header, comments and blank lines. [`to_string`] writes it so that
//! Terraform reads the same values back and `terraform fmt` has nothing to change.

mod expression;
mod file;
mod layout;
mod quoted;
mod syntax;

use std::fmt;

use hcl::{Attribute, Block};

/// A Terraform file to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// Lines of the comment at the top of the file, without the `#`. Empty: no such comment.
    pub header: Vec<String>,
    /// What the file consists of, in order.
    pub items: Vec<Item>,
}

/// One part of a [`File`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A comment without the `#`; each line of the text becomes one line. It sticks to the item that follows.
    Comment(String),
    /// A block. One blank line separates it from its neighbours, whether or not a [`Item::Blank`] asks for it.
    Block(Block),
    /// An argument, as in a `.tfvars` file.
    Attribute(Attribute),
    /// A blank line between arguments or comments; several in a row count as one.
    Blank,
}

impl From<Block> for Item {
    fn from(block: Block) -> Self {
        Self::Block(block)
    }
}

impl From<Attribute> for Item {
    fn from(attribute: Attribute) -> Self {
        Self::Attribute(attribute)
    }
}

/// A value that no Terraform source can express.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// The name of a block, argument, variable, function or attribute is no identifier.
    Identifier(String),
    /// A comment holds a character that would end it or that Terraform does not accept there.
    Comment(String),
    /// The text of a template is not valid in the template language; the second value says why.
    Template(String, String),
    /// A heredoc's text contains its own closing line, or stands where only one line is possible and its indentation
    /// is to be stripped.
    Heredoc(String),
    /// An expression that this version of hcl-rs can hold but this crate does not know.
    Unsupported(String),
    /// The written text is not valid Terraform: a fault of this crate, reported instead of written.
    Internal(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier(name) => {
                write!(
                    out,
                    "{name:?} is no identifier: letters, digits, `_` and `-`, not starting with a digit"
                )
            }
            Self::Comment(text) => write!(out, "the comment {text:?} contains a control character"),
            Self::Template(text, why) => write!(out, "the template {text:?} is invalid: {why}"),
            Self::Heredoc(delimiter) => write!(
                out,
                "the heredoc {delimiter} cannot be written here: its text contains the closing line, or it stands in \
                 an interpolation; use a quoted template"
            ),
            Self::Unsupported(what) => write!(out, "the expression cannot be written: {what}"),
            Self::Internal(why) => write!(out, "the written Terraform is invalid (a fault of this program): {why}"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes a file: valid Terraform, ending in a newline (unless empty), and left alone by `terraform fmt`.
///
/// # Errors
/// When a value cannot be expressed in Terraform's syntax: see [`WriteError`].
pub fn to_string(file: &File) -> Result<String, WriteError> {
    file::write(file)
}
