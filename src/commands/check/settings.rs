//! What a run is to do: the command line over the `check` block of the deployment file.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use check::{Input, Options};
use findings::{Family, Severity};
use terraform::module::LARGEST;

use super::args::CheckArgs;
use crate::commands::UsageError;
use crate::deployment;
use crate::deployment::analysis::{self, Analysis};
use crate::outcome::Failure;

/// What `-` stands for among the paths.
const STANDARD_INPUT: &str = "-";

/// A run.
#[derive(Debug)]
pub struct Settings {
    /// What to look at.
    pub inputs: Vec<Input>,
    /// Which rules, and what they need to know.
    pub options: Options,
    /// The least severity that is a failure; none for `never`.
    pub fail_on: Option<Severity>,
    /// Whether what is undetermined is no failure.
    pub allow_undetermined: bool,
}

/// Puts arguments and deployment file together.
///
/// # Errors
/// Wrong usage, a faulty `check` block, or standard input that cannot be read.
pub fn resolve(args: &CheckArgs) -> Result<Settings, Failure> {
    known(&args.rules)?;
    known(&args.ignore)?;
    let is_standard_input = args.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT);
    if is_standard_input && args.paths.len() > 1 {
        return Err(
            UsageError("`-` stands alone: standard input cannot be checked together with files".to_owned()).into(),
        );
    }
    if is_standard_input && args.fix && !args.diff {
        return Err(UsageError("--fix needs files; for standard input, --diff prints the change".to_owned()).into());
    }
    let here = Path::new(".").to_owned();
    let paths = match args.paths.as_slice() {
        [] => vec![here.clone()],
        _ if is_standard_input => vec![here],
        paths => paths.to_vec(),
    };
    let defaults = match deployment::find(&common_folder(&paths)?)? {
        Some(file) => analysis::load(&file).map_err(Failure::Invalid)?,
        None => Analysis::default(),
    };
    let inputs = if is_standard_input {
        vec![standard_input(&args.stdin_filename)?]
    } else {
        paths.into_iter().map(Input::Path).collect()
    };
    Ok(merge(args, defaults, inputs))
}

/// A list of the command line replaces the list of the file; what both may do without keeps its default.
fn merge(args: &CheckArgs, mut defaults: Analysis, inputs: Vec<Input>) -> Settings {
    // Who asks for a rule by its name gets it.
    defaults.ignore.retain(|id| !args.rules.contains(id));
    let or = |given: &[String], default: Vec<String>| match given {
        [] => default,
        given => given.to_vec(),
    };
    // Rules and families both say what to run: who names either on the command line means it alone.
    let (rules, families) = match (args.rules.as_slice(), args.families.as_slice()) {
        ([], []) => (defaults.rules, defaults.families),
        (rules, families) => (rules.to_vec(), families.iter().copied().map(Family::from).collect()),
    };
    let mut only = rules;
    if !families.is_empty() {
        let of_family = check::rules().iter().filter(|rule| families.contains(&rule.family));
        only.extend(of_family.map(|rule| rule.id.to_owned()));
        // A family without rules is no wish for all of them.
        if only.is_empty() {
            only.push(String::new());
        }
    }
    Settings {
        inputs,
        options: Options {
            provider_schema: args.provider_schema.clone().or(defaults.provider_schema),
            var_files: match args.var_files.as_slice() {
                [] => defaults.var_files,
                given => given.to_vec(),
            },
            only,
            ignore: or(&args.ignore, defaults.ignore),
        },
        fail_on: match args.fail_on {
            Some(fail_on) => fail_on.severity(),
            None => defaults.fail_on.unwrap_or(Some(Severity::Warning)),
        },
        allow_undetermined: args.allow_undetermined || defaults.allow_undetermined,
    }
}

fn known(ids: &[String]) -> Result<(), UsageError> {
    let unknown: Vec<String> = ids
        .iter()
        .filter(|id| !check::rules().iter().any(|rule| rule.id == **id))
        .map(|id| unknown_rule(id))
        .collect();
    match unknown.is_empty() {
        true => Ok(()),
        false => Err(UsageError(unknown.join("\nerror: "))),
    }
}

/// That a rule does not exist, and which may have been meant.
pub fn unknown_rule(id: &str) -> String {
    let near = findings::nearest_few(id, check::rules().iter().map(|rule| rule.id), 3);
    match near.as_slice() {
        [] => format!("there is no rule `{id}`; `tfgen rules` lists all rules"),
        near => format!("there is no rule `{id}`; did you mean `{}`?", near.join("`, `")),
    }
}

/// The folder that all paths lie in. A path that does not exist is left to the check, which says so.
fn common_folder(paths: &[PathBuf]) -> anyhow::Result<PathBuf> {
    let mut common: Option<PathBuf> = None;
    for path in paths.iter().filter_map(|path| fs::canonicalize(path).ok()) {
        let folder = match path.is_dir() {
            true => path.as_path(),
            false => path.parent().unwrap_or(&path),
        };
        common = Some(match common {
            None => folder.to_owned(),
            Some(common) => common
                .components()
                .zip(folder.components())
                .take_while(|(one, other)| one == other)
                .map(|(one, _)| one)
                .collect(),
        });
    }
    match common {
        Some(common) => Ok(common),
        None => std::env::current_dir().context("the current folder cannot be determined"),
    }
}

/// # Errors
/// When it cannot be read, is larger than any file that is read, or is not UTF-8.
fn standard_input(name: &str) -> Result<Input, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .context("standard input cannot be read")?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("standard input cannot be checked: it has more than {LARGEST} bytes");
        return Err(UsageError(message).into());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to());
        let line = before.map_or(0, |before| before.iter().filter(|byte| **byte == b'\n').count()) + 1;
        UsageError(format!(
            "standard input cannot be checked: it is not UTF-8 in line {line}"
        ))
    })?;
    Ok(Input::Text {
        name: name.to_owned(),
        text,
    })
}
