//! Arguments of `tfgen check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use findings::{Family, Severity};

/// Arguments of `tfgen check`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CheckArgs {
    /// Folders and files; `-` is standard input [default: this folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Form of the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: CheckFormat,

    /// Write the report to FILE, and a summary to standard error
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Apply the fixes of findings that have one, and report what is left
    #[arg(long)]
    pub fix: bool,

    /// Print what --fix would change, and write nothing
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub diff: bool,

    /// The least severity of findings that make the exit status 10 [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,

    /// Exit with 0, not 11, where nothing failed but something could not be checked
    #[arg(long)]
    pub allow_undetermined: bool,

    /// Run this rule only, whatever the deployment file lists; may be repeated, or list several with commas
    #[arg(long = "rule", value_name = "RULE", value_delimiter = ',')]
    pub rules: Vec<String>,

    /// Run the rules of this family only; may be repeated, or list several with commas
    #[arg(long = "family", value_enum, value_name = "FAMILY", value_delimiter = ',')]
    pub families: Vec<FamilyArg>,

    /// Do not run this rule, instead of those that the deployment file ignores; may be repeated, or list several with commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// Check against FILE, the output of `terraform providers schema -json`, not against the schema that tfgen brings
    #[arg(long, value_name = "FILE")]
    pub provider_schema: Option<PathBuf>,

    /// Values of variables, as `terraform plan -var-file` takes them; may be repeated, the later ones win
    #[arg(long = "var-file", value_name = "FILE")]
    pub var_files: Vec<PathBuf>,

    /// Name of standard input in the report; its ending decides what it is
    #[arg(long, value_name = "NAME", default_value = "stdin.tf")]
    pub stdin_filename: String,

    /// Print findings alone: no summary, nothing about what could not be checked
    #[arg(long, short)]
    pub quiet: bool,
}

const AFTER_HELP: &str = "\
A `check` block of the tfgen.hcl in or above what is checked holds defaults of these options.
A list on the command line takes the place of the block's: --ignore of `ignore`, --var-file of `var_files`, --rule or --family of both `rules` and `families`. A rule that --rule names runs even where the block ignores it.
A comment `# tfgen:ignore RULE: reason` suppresses a finding on its line, or in the argument or block below it.
Exit status: 0 nothing of that severity; 1 tfgen failed; 2 wrong usage; 10 findings; 11 nothing failed, but something could not be checked.";

/// Forms of the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Excerpts with the place underlined, help, a summary
    #[default]
    Human,
    /// One versioned document, docs/check.schema.json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// For the comment on a pull request
    Markdown,
}

/// From which severity on a finding is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors alone
    Error,
    /// Errors and warnings
    Warning,
    /// Every finding
    Info,
    /// No finding
    Never,
}

impl FailOn {
    /// The least severity that is a failure, where there is one.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

/// Families of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FamilyArg {
    /// What `terraform validate` decides
    Language,
    /// What the provider refuses at plan, or AWS at apply
    Apply,
    /// IAM policy documents
    Policy,
    /// Claude Code on Amazon Bedrock
    Bedrock,
    /// What is open that should not be
    Security,
    /// The check itself
    Check,
}

impl From<FamilyArg> for Family {
    fn from(family: FamilyArg) -> Self {
        match family {
            FamilyArg::Language => Self::Language,
            FamilyArg::Apply => Self::Apply,
            FamilyArg::Policy => Self::Policy,
            FamilyArg::Bedrock => Self::Bedrock,
            FamilyArg::Security => Self::Security,
            FamilyArg::Check => Self::Check,
        }
    }
}
