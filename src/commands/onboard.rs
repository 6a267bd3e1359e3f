//! `tfgen onboard`: what a developer must configure.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use workstation::shell::Shell;

use super::file_or_first;
use crate::deployment::model::{Deployment, Developer};
use crate::onboard::{self, Error, Format, Need, Options, Outputs, Planner};
use crate::outcome::Outcome;

/// Arguments of `tfgen onboard`.
#[derive(Debug, Args)]
pub struct OnboardArgs {
    /// Id or e-mail address of a developer; all developers when left out
    pub developer: Option<String>,

    /// Deployment file [default: tfgen.hcl in this folder or the nearest folder above]
    pub file: Option<PathBuf>,

    /// Read the outputs of terraform/workload from FILE (`-`: standard input) instead of running Terraform
    #[arg(long, value_name = "FILE")]
    pub outputs: Option<PathBuf>,

    /// Folder that `tfgen render` wrote to [default: the deployment file's folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: FormatArg,

    /// Write one folder per developer into DIR instead of printing
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// With --out, overwrite files that have other content
    #[arg(long, requires = "out")]
    pub force: bool,

    /// Profile whose credentials assume the developer role; only where the deployment uses roles
    #[arg(long, value_name = "PROFILE", default_value = "default")]
    pub source_profile: String,
}

/// Values of `--format`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Every file with its place, and notes
    #[default]
    Human,
    /// One document with everything
    Json,
    /// ~/.claude/settings.json
    Settings,
    /// Sections of ~/.aws/config
    AwsConfig,
    /// Environment for bash and zsh
    Env,
    /// Environment for fish
    EnvFish,
    /// Environment for PowerShell
    EnvPowershell,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Human => Self::Human,
            FormatArg::Json => Self::Json,
            FormatArg::Settings => Self::Settings,
            FormatArg::AwsConfig => Self::AwsConfig,
            FormatArg::Env => Self::Environment(Shell::Posix),
            FormatArg::EnvFish => Self::Environment(Shell::Fish),
            FormatArg::EnvPowershell => Self::Environment(Shell::PowerShell),
        }
    }
}

impl OnboardArgs {
    /// The deployment file that was named.
    pub fn deployment_file(&self) -> Option<&Path> {
        file_or_first(self.developer.as_deref(), self.file.as_deref()).1
    }

    /// The developer who was named.
    fn developer(&self) -> Option<&str> {
        file_or_first(self.developer.as_deref(), self.file.as_deref()).0
    }
}

/// Runs the command on a deployment whose file stands in `folder`.
///
/// Returns whether everybody who was asked for has a configuration; who has none is named on standard error.
///
/// # Errors
/// See [`Error`]; [`Error::exit_code`] is the exit status.
pub fn run(
    args: &OnboardArgs,
    deployment: &Deployment,
    folder: &Path,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<Outcome, Error> {
    let mut chosen = onboard::choose(deployment, args.developer())?;
    let mut strangers = Vec::new();
    // Whoever was named is told what is wrong with them; among all, nobody has to wait for somebody else.
    if args.developer().is_none() {
        let (trusted, others) = onboard::trusted(deployment, &chosen);
        if !trusted.is_empty() {
            (chosen, strangers) = (trusted, others);
        }
    }
    let format = Format::from(args.format);
    let one_each = !matches!(format, Format::Human | Format::Json);
    if one_each && chosen.len() != 1 && args.out.is_none() {
        return Err(Error::Usage(format!(
            "this format is one file per developer, and there are {} developers: name one, or give `--out DIR`",
            chosen.len()
        )));
    }
    if !is_profile_name(&args.source_profile) {
        return Err(Error::Usage(format!(
            "`--source-profile {}`: that is no name of a profile; expected letters, digits and . _ - + @ / :, without spaces",
            args.source_profile.escape_debug()
        )));
    }
    let outputs = outputs(args, deployment, folder)?;
    let options = Options {
        source_profile: args.source_profile.clone(),
    };
    let planner = Planner::new(deployment, &outputs, &chosen, &options)?;
    let printed = match &args.out {
        Some(out) => {
            let done = onboard::write_bundles(&planner, &chosen, format, out, args.force)?;
            writeln!(
                stderr,
                "{}: {}, {} written, {} unchanged",
                out.display(),
                count(done.developers, "developer"),
                count(done.written, "file"),
                done.unchanged
            )
        }
        None => {
            let printed = print(&planner, &chosen, format, stdout)?;
            if one_each {
                printed.and_then(|()| {
                    planner
                        .notes()
                        .iter()
                        .try_for_each(|note| writeln!(stderr, "note: {note}"))
                })
            } else {
                printed
            }
        }
    };
    let printed = printed.and_then(|()| {
        if strangers.is_empty() {
            return Ok(Outcome::Clean);
        }
        let developers = std::mem::take(&mut strangers);
        writeln!(stderr, "error: {}", Error::NotTrusted { developers })?;
        Ok(Outcome::Findings)
    });
    match printed {
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Outcome::Clean),
        Err(source) => Err(Error::Io {
            action: "write to",
            path: "standard output".into(),
            source,
        }),
        Ok(outcome) => Ok(outcome),
    }
}

/// `1 file`, `2 files`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Whether the AWS CLI and SDKs all read a section `[profile NAME]` of this name.
fn is_profile_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+@/:".contains(c);
    !name.is_empty() && name.len() <= 128 && name.chars().all(plain)
}

/// The outputs of the workload root, from where the arguments say; none are read when none are needed.
fn outputs(args: &OnboardArgs, deployment: &Deployment, folder: &Path) -> Result<Outputs, Error> {
    let need = Need::of(deployment);
    if !need.any() {
        return Ok(Outputs::default());
    }
    let (text, source) = match &args.outputs {
        Some(file) if file.as_os_str() == "-" => {
            let mut bytes = Vec::new();
            io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|source| cannot_read("standard input".into(), source))?;
            (decoded("standard input".into(), bytes)?, "standard input".to_owned())
        }
        Some(file) => {
            let bytes = std::fs::read(file).map_err(|source| cannot_read(file.clone(), source))?;
            (decoded(file.clone(), bytes)?, file.display().to_string())
        }
        None => {
            let root = args
                .root
                .as_deref()
                .unwrap_or(folder)
                .join("terraform")
                .join("workload");
            (onboard::read_outputs(&root)?, root.display().to_string())
        }
    };
    let outputs = Outputs::parse(&text, need, &source)?;
    outputs.belong_to(deployment, &source)?;
    Ok(outputs)
}

/// Text in UTF-8, or in the UTF-16 that PowerShell 5 redirects into files.
fn decoded(path: PathBuf, bytes: Vec<u8>) -> Result<String, Error> {
    let unit: Option<fn([u8; 2]) -> u16> = match bytes.get(..2) {
        Some([0xff, 0xfe]) => Some(u16::from_le_bytes),
        Some([0xfe, 0xff]) => Some(u16::from_be_bytes),
        _ => None,
    };
    let text = match unit {
        Some(unit) => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .filter_map(|pair| pair.try_into().ok().map(unit))
                .collect();
            String::from_utf16(&units)
                .ok()
                .filter(|_| bytes.len().is_multiple_of(2))
        }
        None => String::from_utf8(bytes).ok(),
    };
    text.ok_or_else(|| {
        cannot_read(
            path,
            io::Error::new(io::ErrorKind::InvalidData, "it is neither UTF-8 nor UTF-16"),
        )
    })
}

fn cannot_read(path: PathBuf, source: io::Error) -> Error {
    Error::Io {
        action: "read",
        path,
        source,
    }
}

/// Prints the configurations; the outer result is about computing them, the inner about printing.
fn print(
    planner: &Planner<'_>,
    chosen: &[&Developer],
    format: Format,
    stdout: &mut dyn Write,
) -> Result<io::Result<()>, Error> {
    if format == Format::Json {
        return print_json(planner, chosen, stdout);
    }
    let configurations = chosen
        .iter()
        .map(|developer| planner.configuration(developer))
        .collect::<Result<Vec<_>, _>>()?;
    let text = match format {
        Format::Human | Format::Json => onboard::human(planner, &configurations),
        Format::Settings => configurations.iter().map(onboard::settings).collect(),
        Format::AwsConfig => configurations.iter().map(onboard::aws_config).collect(),
        Format::Environment(shell) => configurations
            .iter()
            .map(|configuration| onboard::environment(configuration, shell))
            .collect(),
    };
    Ok(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Streams the document, so that its size does not matter.
fn print_json(planner: &Planner<'_>, chosen: &[&Developer], stdout: &mut dyn Write) -> Result<io::Result<()>, Error> {
    let mut stdout = io::BufWriter::new(stdout);
    let mut printed = write!(stdout, "{}", onboard::json_open(planner));
    for (i, developer) in chosen.iter().enumerate() {
        let configuration = planner.configuration(developer)?;
        let separator = if i == 0 { "" } else { ",\n" };
        printed = printed.and_then(|()| write!(stdout, "{separator}{}", onboard::json_developer(&configuration)));
        if printed.is_err() {
            break;
        }
    }
    Ok(printed
        .and_then(|()| write!(stdout, "{}", onboard::json_close()))
        .and_then(|()| stdout.flush()))
}

#[cfg(test)]
mod tests;
