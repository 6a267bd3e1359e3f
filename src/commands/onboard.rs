//! `tfgen onboard`: what a developer must configure.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use workstation::shell::Shell;

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
            String::from_utf16(&units).ok().filter(|_| bytes.len() % 2 == 0)
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
mod tests {
    use clap::Parser;

    use super::*;
    use crate::onboard::fixtures;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: OnboardArgs,
    }

    /// Runs the command with the outputs of the deployment in a file.
    fn onboard(deployment: &Deployment, arguments: &[&str]) -> (Result<Outcome, Error>, String, String) {
        let folder = tempfile::tempdir().unwrap();
        let outputs = folder.path().join("outputs.json");
        std::fs::write(&outputs, fixtures::outputs(deployment)).unwrap();
        let outputs = outputs.into_os_string().into_string().unwrap();
        let given = ["onboard", "--outputs", &outputs];
        let all = given.iter().chain(arguments);
        let args = Cli::try_parse_from(all).unwrap().args;
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let result = run(&args, deployment, folder.path(), &mut stdout, &mut stderr);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (result, text(stdout), text(stderr))
    }

    #[test]
    fn one_argument_is_a_developer_unless_it_is_a_file() {
        let parse = |arguments: &[&str]| {
            let args = Cli::try_parse_from(["onboard"].iter().chain(arguments)).unwrap().args;
            let file = args.deployment_file().map(Path::to_path_buf);
            (args.developer().map(str::to_owned), file)
        };
        assert_eq!(parse(&[]), (None, None));
        assert_eq!(parse(&["alice"]), (Some("alice".into()), None));
        assert_eq!(parse(&["x/acme.hcl"]), (None, Some("x/acme.hcl".into())));
        assert_eq!(parse(&["alice", "acme"]), (Some("alice".into()), Some("acme".into())));
    }

    #[test]
    fn a_single_file_goes_to_stdout_and_the_notes_to_stderr() {
        let deployment = fixtures::identity_center();
        let (result, stdout, stderr) = onboard(&deployment, &["alice", "--format", "settings"]);
        result.unwrap();
        let settings: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(settings["env"]["AWS_PROFILE"], "claude-code");
        assert!(stderr.contains("note: Do not set `AWS_BEARER_TOKEN_BEDROCK`"));
    }

    #[test]
    fn a_format_of_one_file_needs_one_developer_or_a_directory() {
        let deployment = fixtures::identity_center();
        let error = onboard(&deployment, &["--format", "env-fish"]).0.unwrap_err();
        assert_eq!(error.exit_code(), 2);
        insta::assert_snapshot!(error, @"this format is one file per developer, and there are 2 developers: name one, or give `--out DIR`");
    }

    #[test]
    fn json_of_everybody_is_one_document() {
        let (result, stdout, _) = onboard(&fixtures::full(), &["--format", "json"]);
        result.unwrap();
        let document: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        let ids: Vec<&str> = document["developers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|developer| developer["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["alice", "bob"]);
    }

    #[test]
    fn out_writes_and_says_so() {
        let out = tempfile::tempdir().unwrap();
        let directory = out.path().join("new/onboarding");
        let (result, stdout, stderr) = onboard(&fixtures::roles(), &["--out", directory.to_str().unwrap()]);
        result.unwrap();
        assert_eq!(stdout, "");
        assert!(
            stderr.ends_with("2 developers, 12 files written, 0 unchanged\n"),
            "{stderr}"
        );
        assert!(directory.join("bob/settings.json").is_file());
    }

    #[test]
    fn the_source_profile_can_be_named() {
        let arguments = ["alice", "--format", "aws-config", "--source-profile", "work"];
        let (result, stdout, _) = onboard(&fixtures::roles(), &arguments);
        result.unwrap();
        assert!(stdout.contains("source_profile = work\n"));
    }

    #[test]
    fn a_source_profile_that_no_file_can_hold_is_refused() {
        for name in ["a b]", "", "a\nb", "x]"] {
            let error = onboard(&fixtures::roles(), &["alice", "--source-profile", name])
                .0
                .unwrap_err();
            assert_eq!(error.exit_code(), 2, "{error}");
            assert!(error.to_string().contains("--source-profile"), "{error}");
        }
    }

    /// Among all, whoever may assume the role gets a configuration, and the others are named.
    #[test]
    fn those_whom_nobody_trusts_are_named_and_the_others_served() {
        use crate::deployment::model::{Access, Trusted};
        let mut deployment = fixtures::roles();
        if let Access::Roles(roles) = &mut deployment.access {
            roles
                .developers
                .retain(|trusted| matches!(trusted, Trusted::User { .. }));
        }
        let (result, stdout, stderr) = onboard(&deployment, &["--format", "json"]);
        assert_eq!(result.unwrap(), Outcome::Findings);
        assert!(stdout.contains("\"alice\"") && !stdout.contains("\"bob\""), "{stdout}");
        assert!(
            stderr.starts_with("error: the developer role trusts only IAM users"),
            "{stderr}"
        );
        assert!(stderr.contains("local part of: bob."), "{stderr}");
        let (named, _, _) = onboard(&deployment, &["bob"]);
        assert!(matches!(named, Err(Error::NotTrusted { .. })));
    }

    #[test]
    fn outputs_in_the_encoding_of_powershell_are_read() {
        let deployment = fixtures::full();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("outputs.json");
        let text = fixtures::outputs(&deployment);
        let little = text.encode_utf16().flat_map(u16::to_le_bytes);
        let big = text.encode_utf16().flat_map(u16::to_be_bytes);
        for bytes in [
            [0xff, 0xfe].into_iter().chain(little).collect::<Vec<u8>>(),
            [0xfe, 0xff].into_iter().chain(big).collect(),
        ] {
            std::fs::write(&file, bytes).unwrap();
            let arguments = ["onboard", "alice", "--outputs", file.to_str().unwrap()];
            let args = Cli::try_parse_from(arguments).unwrap().args;
            run(&args, &deployment, folder.path(), &mut Vec::new(), &mut Vec::new()).unwrap();
        }
        std::fs::write(&file, b"{\xff}").unwrap();
        let arguments = ["onboard", "alice", "--outputs", file.to_str().unwrap()];
        let args = Cli::try_parse_from(arguments).unwrap().args;
        let error = run(&args, &deployment, folder.path(), &mut Vec::new(), &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("neither UTF-8 nor UTF-16"), "{error}");
    }

    #[test]
    fn without_profiles_and_guardrail_no_outputs_are_read() {
        let deployment = fixtures::bare();
        let args = Cli::try_parse_from(["onboard", "alice", "--outputs", "/nowhere/x.json"])
            .unwrap()
            .args;
        let mut sink = Vec::new();
        run(&args, &deployment, Path::new("."), &mut sink, &mut Vec::new()).unwrap();
        assert!(!sink.is_empty());
        let error = run(
            &args,
            &fixtures::full(),
            Path::new("."),
            &mut Vec::new(),
            &mut Vec::new(),
        );
        assert!(
            error
                .unwrap_err()
                .to_string()
                .starts_with("cannot read /nowhere/x.json")
        );
    }

    /// A reader that has seen enough.
    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_success() {
        for format in ["human", "json", "env"] {
            let args = Cli::try_parse_from(["onboard", "alice", "--format", format])
                .unwrap()
                .args;
            run(&args, &fixtures::bare(), Path::new("."), &mut Closed, &mut Vec::new()).unwrap();
        }
    }
}
