//! `tfgen schema`: what a deployment file may hold.

use std::io::{self, Write};

use crate::deployment::{reference, schema};

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON Schema, draft 2020-12, for editors and validators: blocks are objects, labelled blocks objects by label.
    Json,
    /// The reference for people.
    Markdown,
}

/// Writes the schema.
///
/// # Errors
/// When `out` cannot be written to.
pub fn run(format: Format, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &schema())?;
            writeln!(out)
        }
        Format::Markdown => out.write_all(reference::markdown().as_bytes()),
    }
}
