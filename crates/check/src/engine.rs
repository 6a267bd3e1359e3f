//! From inputs to a report.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use findings::suppress::{self, Comment};
use findings::{Finding, Report, Source};

use crate::{Error, Input, Options, comments, language, rules};

/// Looks at everything that is named, and at what lies below it.
///
/// # Errors
/// When an input does not exist or cannot be read.
pub fn run(inputs: &[Input], options: &Options) -> Result<Report, Error> {
    let mut sources: Vec<Arc<Source>> = Vec::new();
    let mut paths: BTreeSet<PathBuf> = BTreeSet::new();
    for input in inputs {
        match input {
            Input::Text { name, text } => sources.push(Source::new(name, text)),
            Input::Path(path) => collect(path, true, &mut paths)?,
        }
    }
    for path in paths {
        let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
        let name = path.to_string_lossy().replace('\\', "/");
        let name = name.strip_prefix("./").unwrap_or(&name);
        sources.push(Source::new(name, String::from_utf8_lossy(&bytes)));
    }
    let mut found: Vec<Finding> = Vec::new();
    let mut notes: Vec<Comment> = Vec::new();
    for source in &sources {
        found.extend(language::check(source));
        notes.extend(comments::comments(source));
    }
    found.retain(|finding| options.wants(finding.rule));
    let mut sifted = suppress::sift(found, &notes, rules(), &|rule| options.wants(rule));
    sifted.findings.retain(|finding| options.wants(finding.rule));
    let mut report = Report {
        files: sources.len(),
        findings: sifted.findings,
        suppressed: sifted.suppressed,
        ..Report::default()
    };
    report.sort();
    Ok(report)
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::Missing(path.to_owned()),
        _ => Error::Unreadable {
            path: path.to_owned(),
            error,
        },
    }
}

/// The files that a path stands for: itself where it was named, and what is Terraform below it.
fn collect(path: &Path, is_named: bool, paths: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    let metadata = match is_named {
        true => fs::metadata(path),
        false => fs::symlink_metadata(path),
    };
    let metadata = metadata.map_err(|error| unreadable(path, error))?;
    if !metadata.is_dir() {
        if is_named || path.extension().is_some_and(|ending| ending == "tf") {
            paths.insert(path.to_owned());
        }
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(|error| unreadable(path, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(path, error))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            collect(&entry.path(), false, paths)?;
        }
    }
    Ok(())
}
