//! One module per command: what it does, in terms of the rooms beside this one.

pub mod attest;
pub mod check;
pub mod explain;
pub mod fix;
pub mod init;
pub mod man;
pub mod models;
pub mod onboard;
pub mod prove;
pub mod render;
pub mod rules;
pub mod schema;
pub mod verify;

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use catalog::Catalog;
use clap::CommandFactory as _;

use crate::cli::{Cli, Command, ProveFormat, SchemaFormat};
use crate::deployment::{self, FILE_NAME, Loaded, Places};
use crate::diagnostic::{self, Diagnostic, Style};
use crate::guardrails;
use crate::outcome::{CommandResult, Failure, Outcome};
use crate::render::manifest;

/// The command was called wrongly; ends with exit status 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageError(pub String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// Where a command writes.
pub struct Streams<'a> {
    /// Results.
    pub stdout: &'a mut dyn Write,
    /// Everything else.
    pub stderr: &'a mut dyn Write,
    /// Whether messages are coloured.
    pub style: Style,
    /// Whether results for people are.
    pub stdout_style: Style,
    /// Columns that tables may take.
    pub width: usize,
}

/// Runs a command.
pub fn run(command: &Command, streams: &mut Streams<'_>) -> CommandResult {
    match command {
        Command::Init(args) => {
            let setting = init::Setting {
                catalog: &catalog()?,
                today: today()?,
                style: streams.style,
            };
            init::run(args, &setting, streams.stderr)?;
        }
        Command::Render(args) => {
            let (loaded, folder) = load(args.file.as_deref(), streams)?;
            return render::run(args, &loaded, &folder, streams);
        }
        Command::Prove(args) => {
            let deployment = load(args.file.as_deref(), streams)?.0.deployment;
            let options = prove::Options {
                failed: args.failed,
                principal: args.principal.clone(),
                format: match args.format {
                    ProveFormat::Human => prove::Format::Human,
                    ProveFormat::Json => prove::Format::Json,
                },
                width: streams.width,
            };
            if let Some(principal) = &options.principal {
                prove::known(&deployment, principal)?;
            }
            let summary = prove::run(&deployment, &options, &mut streams.stdout)?;
            return Ok(if summary.failed == 0 {
                Outcome::Clean
            } else {
                Outcome::Findings
            });
        }
        Command::Verify(args) => {
            let subject = args.options.subject(args.file.as_deref(), streams)?;
            return verify::run(None, &args.options, &subject, streams);
        }
        Command::VerifyPhase(args) => {
            let subject = args.options.subject(args.file.as_deref(), streams)?;
            return verify::run(Some(args.phase), &args.options, &subject, streams);
        }
        Command::Attest(args) => {
            let subject = Subject::load(args.deployment_file(), streams)?;
            return attest::run(args, &subject, streams);
        }
        Command::Fix(args) => {
            let subject = Subject::load(args.deployment_file(), streams)?;
            return fix::run(args, &subject, streams);
        }
        Command::Check(args) => return check::run(args, streams),
        Command::Explain { rule } => explain::run(rule, streams.stdout_style, streams.stdout)?,
        Command::Rules(args) => rules::run(args, streams.width, streams.stdout)?,
        Command::Onboard(args) => {
            let (loaded, folder) = load(args.deployment_file(), streams)?;
            return Ok(onboard::run(
                args,
                &loaded.deployment,
                &folder,
                streams.stdout,
                streams.stderr,
            )?);
        }
        Command::Models(args) => {
            let catalog = match &args.file {
                Some(file) => deployment::catalog(file).map_err(|failure| Failure::Invalid(failure.diagnostics))?,
                None => catalog()?,
            };
            models::run(args, &catalog, today()?, streams.stdout)?;
        }
        Command::Schema { format } => {
            let format = match format {
                SchemaFormat::Json => schema::Format::Json,
                SchemaFormat::Markdown => schema::Format::Markdown,
            };
            schema::run(format, &mut streams.stdout)?;
        }
        Command::Completions { shell } => {
            // Into memory first: the generator panics when it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "tfgen", &mut script);
            streams.stdout.write_all(&script)?;
        }
        Command::Man(args) => man::run(args, streams.stdout)?,
    }
    Ok(Outcome::Clean)
}

/// The deployment that a command is about.
pub struct Subject {
    /// Its file, where it was named.
    file: Option<PathBuf>,
    /// What it says.
    pub loaded: Loaded,
    /// The folder that it stands in.
    pub folder: PathBuf,
}

impl Subject {
    /// Reads the deployment in `file`, or in the nearest `tfgen.hcl`. A warning goes to standard error; several are only
    /// counted there, since what follows is not about them.
    fn load(file: Option<&Path>, streams: &mut Streams<'_>) -> Result<Self, Failure> {
        let (loaded, folder) = read(file)?;
        let subject = Self {
            file: file.map(Path::to_path_buf),
            loaded,
            folder,
        };
        match subject.loaded.warnings.as_slice() {
            several @ [_, _, ..] => writeln!(
                streams.stderr,
                "warning: {} warnings about the deployment file; `{}` shows them",
                several.len(),
                subject.places(None).command("tfgen render --check")
            )?,
            warnings => warn(warnings, streams)?,
        }
        Ok(subject)
    }

    /// The folder of the rendered tree.
    ///
    /// # Errors
    /// When `--root` names none.
    pub fn tree<'a>(&'a self, root: Option<&'a Path>) -> Result<&'a Path, Failure> {
        match root {
            Some(root) if !root.is_dir() => Err(Failure::Usage(format!(
                "--root {}: there is no such folder; name the one that `tfgen render` wrote to",
                root.display()
            ))),
            Some(root) if !root.join(manifest::PATH).exists() => Err(Failure::Usage(format!(
                "--root {}: `tfgen render` has written nothing there; name the folder that it wrote to",
                root.display()
            ))),
            Some(root) => Ok(root),
            None => Ok(&self.folder),
        }
    }

    /// How commands name the deployment and its rendered tree.
    pub fn places(&self, root: Option<&Path>) -> crate::verify::next::Places {
        crate::verify::next::Places::new(self.file.as_deref(), root, &self.folder)
    }
}

/// The deployment in `file`, or in the nearest `tfgen.hcl`, and the folder that it stands in. Warnings go to standard error.
fn load(file: Option<&Path>, streams: &mut Streams<'_>) -> Result<(Loaded, PathBuf), Failure> {
    let (loaded, folder) = read(file)?;
    warn(&loaded.warnings, streams)?;
    Ok((loaded, folder))
}

fn warn(warnings: &[Diagnostic], streams: &mut Streams<'_>) -> std::io::Result<()> {
    match warnings {
        [] => Ok(()),
        warnings => writeln!(streams.stderr, "{}", diagnostic::render(warnings, streams.style)),
    }
}

/// The deployment in `file`, or in the nearest `tfgen.hcl`, and the folder that it stands in.
fn read(file: Option<&Path>) -> Result<(Loaded, PathBuf), Failure> {
    let path = match file {
        Some(path) => path.to_owned(),
        None => nearest()?,
    };
    let loaded = deployment::load(&path, today()?).map_err(|failure| Failure::Invalid(failure.diagnostics))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    Ok((loaded, folder.to_owned()))
}

/// Two optional arguments, of which the second is the deployment file: one alone that ends in `.hcl` is the file.
fn file_or_first<'a>(first: Option<&'a str>, file: Option<&'a Path>) -> (Option<&'a str>, Option<&'a Path>) {
    match (first, file) {
        (Some(first), None) if first.ends_with(".hcl") => (None, Some(Path::new(first))),
        named => named,
    }
}

/// Documents that AWS would not accept, at the argument that takes the space.
fn too_large(faults: &[guardrails::TooLarge], places: &Places) -> Vec<Diagnostic> {
    let diagnostic = |fault: &guardrails::TooLarge| {
        let (characters, most) = (fault.size.characters, fault.size.limit.characters);
        let message = format!("{} has {characters} characters, AWS accepts {most}", fault.name);
        let found = fault.causes().iter().find_map(|path| places.get(path));
        let diagnostic = Diagnostic::error(message).help(&fault.advice);
        match found {
            Some((source, span)) => diagnostic.at(source, span.clone(), "this takes the space"),
            None => diagnostic,
        }
    };
    faults.iter().map(diagnostic).collect()
}

fn nearest() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().context("the current folder cannot be determined")?;
    deployment::find(&here)?.ok_or_else(|| {
        Failure::Usage(format!(
            "there is no {FILE_NAME} in {} or a folder above it; name the deployment file, or write one with `tfgen init`",
            here.display()
        ))
    })
}

fn today() -> Result<jiff::civil::Date, Failure> {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok();
    deployment::today(epoch.as_deref()).map_err(Failure::Usage)
}

fn catalog() -> anyhow::Result<Catalog> {
    Catalog::embedded().context("tfgen's own catalogue of models is faulty, please report it")
}
