//! Import of Terraform variables: of the manual checklist that tfgen replaces, and of the module that it belongs to.

mod map;
mod profiles;
mod values;

use std::path::Path;
use std::sync::Arc;

use catalog::Catalog;

use super::draft::Draft;
use crate::diagnostic::{Diagnostic, Source};

/// What could be made of a variables file.
///
/// # Errors
/// Everything that is wrong with the file itself, with its places.
pub fn import(path: &Path, text: &str, catalog: &Catalog) -> Result<Draft, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let source = Source::new(name, text);
    let mut faults = Vec::new();
    let variables = values::read(&source, &mut faults);
    let mut draft = map::map(&source, &variables, catalog, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    draft.imported_from = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(draft)
}

/// A variable with the place of its value.
#[derive(Debug, Clone)]
struct Variable {
    value: hcl::Value,
    span: std::ops::Range<usize>,
}

/// Variables in the order of the file.
type Variables = indexmap::IndexMap<String, Variable>;

/// Reports values that are not of the expected type.
struct Reader<'a> {
    source: &'a Arc<Source>,
    faults: &'a mut Vec<Diagnostic>,
}
