//! The deployment file: decoding, validation, defaults, roster, names.
//!
//! [`load`] is the one way in. It reads the file and its roster, reports every fault of both in one run, and yields a
//! [`model::Deployment`] in which nothing is invalid any more.

pub mod analysis;
mod check;
pub mod model;
pub mod names;
pub mod read;
pub mod reference;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use catalog::{Catalog, FileError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, Severity, Source, Style, render};
use model::Deployment;
pub use read::schema;

/// Name that the deployment file has unless another is given.
pub const FILE_NAME: &str = "tfgen.hcl";

/// A deployment, with what should be told about its file.
#[derive(Debug)]
pub struct Loaded {
    /// The deployment.
    pub deployment: Deployment,
    /// Warnings, in the order of the file.
    pub warnings: Vec<Diagnostic>,
}

/// A deployment file that describes no deployment.
#[derive(Debug)]
pub struct Failure {
    /// All faults, errors and warnings, in the order of the file; those of the roster come last.
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// All faults for people, closed by their number.
    pub fn render(&self, style: Style) -> String {
        let errors = self
            .diagnostics
            .iter()
            .filter(|fault| fault.severity == Severity::Error)
            .count();
        let noun = if errors == 1 { "error" } else { "errors" };
        format!("{}\n{errors} {noun}\n", render(&self.diagnostics, style))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl std::error::Error for Failure {}

/// Reads the deployment file at `path` with the roster that it names.
///
/// `today` is the day that the age of the catalogue is measured against; [`today`] tells it.
///
/// # Errors
/// When the file cannot be read or is faulty: all of its faults, and those of its roster.
pub fn load(path: &Path, today: Date) -> Result<Loaded, Failure> {
    let text = read::read_text(path).map_err(|fault| {
        let diagnostic = Diagnostic::error(format!("`{}` {}", path.display(), fault.what()));
        let diagnostic = match fault.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        let diagnostic = match fault {
            read::ReadError::Missing => diagnostic.help("`tfgen init` writes a deployment file"),
            read::ReadError::Directory => {
                diagnostic.help(format!("name the file in it, as `{}`", path.join(FILE_NAME).display()))
            }
            _ => diagnostic,
        };
        Failure {
            diagnostics: vec![diagnostic],
        }
    })?;
    let directory = path.parent().unwrap_or(Path::new(""));
    load_text(&Source::new(path.display().to_string(), text), directory, today)
}

/// Reads a deployment file that is text already; `directory` is where its roster is looked for.
///
/// # Errors
/// As [`load`].
pub fn load_text(source: &Arc<Source>, directory: &Path, today: Date) -> Result<Loaded, Failure> {
    let mut diagnostics = Vec::new();
    let deployment = deployment(source, directory, today, &mut diagnostics);
    // The roster's source is made later than the file's, and its faults are read after them.
    diagnostics.sort_by_key(|fault| {
        fault
            .primary
            .as_ref()
            .map(|label| (!Arc::ptr_eq(&label.source, source), label.span.start, label.span.end))
    });
    let is_sound = diagnostics.iter().all(|fault| fault.severity == Severity::Warning);
    match deployment {
        Some(deployment) if is_sound => Ok(Loaded {
            deployment,
            warnings: diagnostics,
        }),
        _ => {
            if is_sound {
                diagnostics.push(
                    Diagnostic::error("tfgen refused this deployment file without saying why")
                        .help("this is a fault of tfgen, please report it together with the deployment file"),
                );
            }
            Err(Failure { diagnostics })
        }
    }
}

fn deployment(
    source: &Arc<Source>,
    directory: &Path,
    today: Date,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Deployment> {
    static CATALOG: LazyLock<Result<Catalog, FileError>> = LazyLock::new(Catalog::embedded);
    let catalog = match &*CATALOG {
        Ok(catalog) => catalog,
        Err(fault) => {
            diagnostics.push(Diagnostic::error(format!(
                "tfgen's own catalogue of models is faulty: {fault}"
            )));
            return None;
        }
    };
    let read = read::read(source, diagnostics)?;
    let mut check = check::Check::new(source, directory, catalog, &read.faulty, diagnostics);
    check::deployment(&mut check, &read, today)
}

/// The deployment file in `start` or the nearest folder above it.
///
/// # Errors
/// When the current folder cannot be determined.
pub fn find(start: &Path) -> io::Result<Option<PathBuf>> {
    // Relative folders have too few parents.
    let start = std::path::absolute(start)?;
    Ok(start
        .ancestors()
        .map(|folder| folder.join(FILE_NAME))
        .find(|path| path.is_file()))
}

/// The day that everything is dated with: that of `SOURCE_DATE_EPOCH` (seconds since 1970, UTC) where `epoch` holds its
/// value, otherwise today's in UTC.
///
/// # Errors
/// When `epoch` is no number of seconds.
///
/// Source: <https://reproducible-builds.org/specs/source-date-epoch/>
pub fn today(epoch: Option<&str>) -> Result<Date, String> {
    let now = match epoch {
        None | Some("") => Timestamp::now(),
        Some(epoch) => {
            let seconds = epoch
                .parse()
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok());
            seconds.ok_or_else(|| format!("SOURCE_DATE_EPOCH is \"{epoch}\": expected seconds since 1970"))?
        }
    };
    Ok(now.to_zoned(TimeZone::UTC).date())
}
