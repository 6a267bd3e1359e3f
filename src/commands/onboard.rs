//! `tfgen onboard`: what a developer must configure.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use workstation::shell::Shell;

use crate::deployment::model::{Deployment, Developer};
use crate::onboard::{self, Error, Format, Need, Options, Outputs, Planner};

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
    /// The deployment file that was named. A single argument that ends in `.hcl` is a file, not a developer.
    pub fn deployment_file(&self) -> Option<&Path> {
        match (&self.file, &self.developer) {
            (Some(file), _) => Some(file),
            (None, Some(first)) if first.ends_with(".hcl") => Some(Path::new(first)),
            _ => None,
        }
    }

    /// The developer who was named.
    fn developer(&self) -> Option<&str> {
        let first = self.developer.as_deref()?;
        (self.file.is_some() || !first.ends_with(".hcl")).then_some(first)
    }
}

/// Runs the command on a deployment whose file stands in `folder`.
///
/// # Errors
/// See [`Error`]; [`Error::exit_code`] is the exit status.
pub fn run(
    args: &OnboardArgs,
    deployment: &Deployment,
    folder: &Path,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<(), Error> {
    let chosen = onboard::choose(deployment, args.developer())?;
    let format = Format::from(args.format);
    let one_each = !matches!(format, Format::Human | Format::Json);
    if one_each && chosen.len() != 1 && args.out.is_none() {
        return Err(Error::Usage(format!(
            "this format is one file per developer, and there are {} developers: name one, or give `--out DIR`",
            chosen.len()
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
                "{}: {} developers, {} files written, {} unchanged",
                out.display(),
                done.developers,
                done.written,
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
    match printed {
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(source) => Err(Error::Io {
            action: "write to",
            path: "standard output".into(),
            source,
        }),
        Ok(()) => Ok(()),
    }
}

/// The outputs of the workload root, from where the arguments say; none are read when none are needed.
fn outputs(args: &OnboardArgs, deployment: &Deployment, folder: &Path) -> Result<Outputs, Error> {
    let need = Need::of(deployment);
    if !need.any() {
        return Ok(Outputs::default());
    }
    let (text, source) = match &args.outputs {
        Some(file) if file.as_os_str() == "-" => {
            let mut text = String::new();
            io::stdin()
                .read_to_string(&mut text)
                .map_err(|source| cannot_read("standard input".into(), source))?;
            (text, "standard input".to_owned())
        }
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|source| cannot_read(file.clone(), source))?;
            (text, file.display().to_string())
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
    Outputs::parse(&text, need, &source)
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
