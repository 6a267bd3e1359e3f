//! Import of an installation that `ccwb` made: of the administrator's profile, or of the `config.json` of its package.
//!
//! Forms: one profile in a file of its own (`~/.ccwb/profiles/NAME.json`); profiles under `profiles` (the administrator's file of
//! earlier versions, and the newer form of `config.json`); profiles at the top level (the older form of `config.json`).
//! Source: `source/claude_code_with_bedrock/config.py` and `migration.py` of
//! <https://github.com/aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock>, as of July 2026.

mod fields;
mod file;
mod map;
mod provider;
#[cfg(test)]
mod tests;
mod values;

use std::path::Path;
use std::sync::Arc;

use catalog::Catalog;

use super::discover::Asker;
use super::draft::Draft;
use crate::diagnostic::{Diagnostic, Source};

/// What could be made of a profile; `wanted` is its name, needed where there are several. The network is asked only where the
/// profile does not settle the issuer.
///
/// # Errors
/// Everything that is wrong with the file itself, with its places.
pub fn import(
    path: &Path,
    text: &str,
    wanted: Option<&str>,
    catalog: &Catalog,
    asker: &Asker,
) -> Result<Draft, Vec<Diagnostic>> {
    let source = Source::new(path.display().to_string(), text);
    let mut faults = Vec::new();
    let Some(profile) = file::read(&source, wanted, &mut faults) else {
        return Err(faults);
    };
    let mut draft = map::map(&source, &profile, catalog, asker, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    draft.imported_from = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(draft)
}

/// A value of a profile.
#[derive(Debug, Clone)]
struct Field {
    value: serde_json::Value,
    /// Where the value stands.
    span: std::ops::Range<usize>,
}

/// A profile of the file.
#[derive(Debug, Clone)]
struct Profile {
    /// Its name, where the form of the file gives it one.
    name: Option<String>,
    /// Its fields under the names of today, in the order of the file.
    fields: indexmap::IndexMap<String, Field>,
}

/// Reports values that are not of the expected type.
struct Reader<'a> {
    source: &'a Arc<Source>,
    faults: &'a mut Vec<Diagnostic>,
    profile: &'a Profile,
}
