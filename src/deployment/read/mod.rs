//! From text to [`raw::File`]: syntax, then structure by the schema, then typed values that know their places.

mod evaluate;
mod node;
pub mod raw;
mod recover;
mod scan;
pub mod shape;
mod source;
mod spanned;
mod structure;
pub mod syntax;
mod syntax_fault;
mod values;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::structure::Structure;
use serde::Deserialize as _;

pub use shape::schema;
pub use source::{ReadError, read_text};
pub use spanned::{Labelled, Spanned};

use crate::diagnostic::{Diagnostic, Source};
use syntax::Parsed;

/// What could be read of a deployment file, beside the faults that were found on the way.
#[derive(Debug, Default)]
pub struct Read {
    /// Everything that is well-formed; what is not is absent.
    pub file: raw::File,
    /// Paths (`budgets.emails`) that stand in the file but not, or not wholly, in `file`: no later check may conclude
    /// anything from their absence.
    pub faulty: Faulty,
}

/// Paths of what was dropped because it is faulty.
#[derive(Debug, Default)]
pub struct Faulty(BTreeSet<String>);

impl Faulty {
    /// Whether the element at `path` was dropped or lost a part.
    pub fn contains(&self, path: &str) -> bool {
        self.0.contains(path)
    }

    fn insert(&mut self, path: &str) {
        self.0.insert(path.to_owned());
    }
}

/// Reads a deployment file; `None` when nothing can be made of it.
pub fn read(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Option<Read> {
    decode(source, &syntax::parse(source, diagnostics)?, shape::root(), diagnostics)
}

/// Reads a deployment file for one of its blocks: only faults in blocks of this name are reported.
pub fn block(source: &Arc<Source>, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<raw::File> {
    let parsed = syntax::parse(source, diagnostics)?;
    let places: Vec<Range<usize>> = parsed
        .body
        .iter()
        .filter(|structure| match structure {
            Structure::Attribute(attribute) => attribute.key.as_str() == name,
            Structure::Block(block) => block.ident.as_str() == name,
        })
        .filter_map(hcl_edit::Span::span)
        .collect();
    let mut found = Vec::new();
    // What is missing beside the block is another command's concern.
    let mut root = shape::root().clone();
    root.fields.values_mut().for_each(|field| field.required = false);
    let read = decode(source, &parsed, &root, &mut found);
    diagnostics.extend(found.into_iter().filter(|fault| {
        let primary = fault.primary.as_ref();
        primary.is_none_or(|label| places.iter().any(|place| place.contains(&label.span.start)))
    }));
    read.map(|read| read.file)
}

fn decode(
    source: &Arc<Source>,
    parsed: &Parsed,
    root: &shape::Table,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Read> {
    let mut faulty = Faulty::default();
    let node = structure::check(source, parsed, root, &mut faulty, diagnostics);
    match raw::File::deserialize(node) {
        Ok(file) => Some(Read { file, faulty }),
        // The structural pass lets only through what the types take; should it ever not, that is no fault of the file.
        Err(fault) => {
            diagnostics.push(
                Diagnostic::error(format!("tfgen could not read its own result: {fault}"))
                    .help("this is a fault of tfgen, please report it together with the deployment file"),
            );
            None
        }
    }
}
