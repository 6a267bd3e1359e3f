//! The deployment file: decoding, validation, defaults, roster, names.
//!
//! [`load`] is the one way in. It reads the file and its roster, reports every fault of both in one run, and yields a
//! [`model::Deployment`] in which nothing is invalid any more.

pub mod analysis;
mod check;
pub mod model;
pub mod names;
pub mod people;
pub mod read;
pub mod reference;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use catalog::{Catalog, FileError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, Severity, Source, Style, render};
pub use check::text;
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
    /// Where the arguments stand whose sum can be too much.
    pub places: Places,
}

/// Places of arguments, by path.
pub type Places = BTreeMap<&'static str, (Arc<Source>, Range<usize>)>;

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
    let source = open(path)?;
    let directory = path.parent().unwrap_or(Path::new(""));
    load_text(&source, directory, today)
}

/// The catalogue of this release with the `model` blocks of the deployment file at `path`.
///
/// # Errors
/// When the file cannot be read, or a part of it that counts here is faulty.
pub fn catalog(path: &Path) -> Result<Catalog, Failure> {
    let source = open(path)?;
    let mut diagnostics = Vec::new();
    let catalog = embedded(&mut diagnostics).zip(read::read(&source, &mut diagnostics));
    let catalog = catalog.map(|(catalog, read)| {
        let directory = path.parent().unwrap_or(Path::new(""));
        let mut check = check::Check::new(&source, directory, catalog, &read.faulty, &mut diagnostics);
        check::catalog(&mut check, &read.file)
    });
    match catalog {
        Some(catalog) if diagnostics.iter().all(|fault| fault.severity == Severity::Warning) => Ok(catalog),
        _ => Err(Failure { diagnostics }),
    }
}

fn open(path: &Path) -> Result<Arc<Source>, Failure> {
    let text = read::read_text(path).map_err(|fault| {
        let diagnostic = Diagnostic::error(format!("`{}` {}", path.display(), fault.what()));
        let diagnostic = match fault.place(&path.display().to_string()) {
            Some((source, span)) => diagnostic.at(&source, span, "expected text in UTF-8"),
            None => diagnostic,
        };
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
    Ok(Source::new(path.display().to_string(), text))
}

/// Reads a deployment file that is text already; `directory` is where its roster is looked for.
///
/// # Errors
/// As [`load`].
pub fn load_text(source: &Arc<Source>, directory: &Path, today: Date) -> Result<Loaded, Failure> {
    let mut diagnostics = Vec::new();
    let mut places = Places::new();
    let deployment = deployment(source, directory, today, &mut diagnostics, &mut places);
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
            places,
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
    places: &mut Places,
) -> Option<Deployment> {
    let catalog = embedded(diagnostics)?;
    let read = read::read(source, diagnostics)?;
    let at = |(path, span): (&'static str, Option<Range<usize>>)| Some((path, (Arc::clone(source), span?)));
    *places = growing(&read.file).into_iter().filter_map(at).collect();
    let mut check = check::Check::new(source, directory, catalog, &read.faulty, diagnostics);
    check::deployment(&mut check, &read, today)
}

/// The catalogue of this release.
fn embedded(diagnostics: &mut Vec<Diagnostic>) -> Option<&'static Catalog> {
    static CATALOG: LazyLock<Result<Catalog, FileError>> = LazyLock::new(Catalog::embedded);
    match &*CATALOG {
        Ok(catalog) => Some(catalog),
        Err(fault) => {
            let message = format!("tfgen's own catalogue of models is faulty: {fault}");
            diagnostics.push(Diagnostic::error(message));
            None
        }
    }
}

/// The arguments that policy documents grow with.
fn growing(file: &read::raw::File) -> [(&'static str, Option<Range<usize>>); 8] {
    fn span<T>(value: Option<&read::Spanned<T>>) -> Option<Range<usize>> {
        value.map(|value| value.span.clone())
    }
    let deploy = file.deploy.as_ref().and_then(|block| block.principals.as_ref());
    let roles = file.roles.as_ref();
    let federation = file.federation.as_ref();
    [
        ("name", span(file.name.as_ref())),
        (
            "models.allow",
            span(file.models.as_ref().and_then(|block| block.allow.as_ref())),
        ),
        ("deploy.principals", span(deploy)),
        ("roles.trusted", span(roles.and_then(|block| block.trusted.as_ref()))),
        ("roles.admins", span(roles.and_then(|block| block.admins.as_ref()))),
        ("roles.analysts", span(roles.and_then(|block| block.analysts.as_ref()))),
        (
            "federation.audiences",
            span(federation.and_then(|block| block.audiences.as_ref())),
        ),
        (
            "federation.groups",
            span(federation.and_then(|block| block.groups.as_ref())),
        ),
    ]
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
