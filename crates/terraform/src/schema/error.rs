//! What can be wrong with a file that should hold a schema.

use std::fmt;

/// Why a text is no provider schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaError {
    /// It is not JSON; what the reader says, with line and column.
    Syntax(String),
    /// It is JSON of another kind; what it seems to be.
    OtherDocument(String),
    /// Its format has another major version.
    Version(String),
    /// It has the right form and a part that cannot be understood: where, and what.
    Part {
        /// The provider, resource type and argument.
        place: String,
        /// What is wrong there.
        message: String,
    },
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => write!(
                formatter,
                "not JSON: {message}; write the file with `terraform providers schema -json`"
            ),
            Self::OtherDocument(what) => write!(
                formatter,
                "no provider schema, but {what}; write the file with `terraform providers schema -json` in a directory after `terraform init`"
            ),
            Self::Version(version) => write!(
                formatter,
                "format version {version} of the schema is not known; versions 0.x and 1.x are"
            ),
            Self::Part { place, message } => write!(formatter, "{place}: {message}"),
        }
    }
}

impl std::error::Error for SchemaError {}
