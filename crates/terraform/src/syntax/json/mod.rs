//! The JSON syntax of Terraform's language.
//!
//! JSON does not tell arguments from blocks. Where the language itself fixes what a property is, the tree has blocks;
//! elsewhere, as in a resource, every property is an argument, and the schema has the last word.

mod build;
mod read;
mod respan;
mod shape;
mod text;
mod value;

use super::{MAX_SIZE, SyntaxError};
use crate::ast::{Body, Syntax};

use build::Builder;
use shape::Shape;

/// Reads a configuration or test file in the JSON syntax (`.tf.json`, `.tftest.json`).
///
/// The names of arguments and types of blocks have their span without the quotes, labels with them. A string is a
/// template, or in the places where the language wants a reference, a type or a keyword, an expression in the native
/// syntax; where Terraform reads it as it is, it is plain text. The span of a block starts at its last label, or at its
/// type if it has none: several blocks can share what stands before. Properties named `//` are comments.
///
/// JSON that is broken yields one error, and an empty body.
pub fn parse_json(source: &str) -> (Body, Vec<SyntaxError>) {
    parse(source, &shape::ROOT)
}

/// Reads a file of values for variables in the JSON syntax (`.tfvars.json`): arguments without blocks, and plain text
/// without interpolations.
pub fn parse_json_variables(source: &str) -> (Body, Vec<SyntaxError>) {
    parse(source, &shape::PLAIN)
}

fn parse(source: &str, shape: &'static Shape) -> (Body, Vec<SyntaxError>) {
    let empty = Body {
        syntax: Syntax::Json,
        ..Body::default()
    };
    if source.len() > MAX_SIZE {
        return (empty, vec![SyntaxError::too_long()]);
    }
    match read::read(source) {
        Ok(node) => {
            let mut builder = Builder::default();
            let body = builder.file(&node, shape);
            (body, builder.into_errors(source))
        }
        Err((span, message)) => (empty, vec![SyntaxError::new(source, span, message)]),
    }
}
