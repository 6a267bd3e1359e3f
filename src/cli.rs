//! The command line: types only.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::commands::{
    attest::AttestArgs,
    check::CheckArgs,
    fix::FixArgs,
    init::InitArgs,
    models::ModelsArgs,
    onboard::OnboardArgs,
    render::RenderArgs,
    rules::RulesArgs,
    verify::args::{VerifyArgs, VerifyPhaseArgs},
};

/// Carries a rollout of Claude Code on Amazon Bedrock from one typed file to proven Terraform.
#[derive(Debug, Parser)]
#[command(name = "tfgen", version, about, max_term_width = 100, propagate_version = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,

    /// Colour in messages
    #[arg(
        long,
        value_enum,
        default_value_t,
        global = true,
        value_name = "WHEN",
        display_order = 900
    )]
    pub color: ColorChoice,
}

/// Exit statuses hold for every command.
const AFTER_HELP: &str = "\
Exit status: 0 clean; 1 tfgen failed; 2 wrong usage or an invalid deployment file; 10 findings, failed proofs or checks, or \
changes; 11 nothing failed, but something could not be determined, is pending or still to be done by hand.
Results go to standard output, everything else to standard error.";

/// When messages are coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a deployment file: asked for on a terminal, from flags, or imported
    Init(Box<InitArgs>),
    /// Write the deployment's Terraform, policies and checklist
    Render(RenderArgs),
    /// Print what the policies allow and deny, and whether that is as it must be
    Prove(ProveArgs),
    /// Find mistakes in Terraform, policies, settings.json and AWS configuration, without network or credentials
    Check(CheckArgs),
    /// Print the page of a rule: what it finds, why it matters, how to fix it
    Explain {
        /// Id of the rule
        rule: String,
    },
    /// List the rules of `tfgen check`
    Rules(RulesArgs),
    /// Compare the whole checklist with what is in AWS
    Verify(Box<VerifyArgs>),
    /// Compare one phase of the checklist with what is in AWS
    VerifyPhase(Box<VerifyPhaseArgs>),
    /// Record a person's word for a step that no API tells, list the words, or take one back
    Attest(AttestArgs),
    /// Do a step through an API, where Terraform does not: shows what it will call, and asks
    Fix(Box<FixArgs>),
    /// Print what developers must configure
    Onboard(OnboardArgs),
    /// List the Claude models on Bedrock: ids, geographies, destination regions, prices
    Models(ModelsArgs),
    /// Print the JSON Schema of the deployment file, or its reference
    Schema {
        /// Form of the output
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: SchemaFormat,
    },
    /// Print a completion script for a shell
    Completions {
        /// Shell
        shell: Shell,
    },
    /// Print a manual page, or write all of them
    Man(ManArgs),
}

/// Arguments of `tfgen man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Command whose page to print, as `render` [default: the page of tfgen]
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub page: Option<String>,

    /// Write the pages of tfgen and of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `tfgen prove`.
#[derive(Debug, Args)]
pub struct ProveArgs {
    /// Deployment file [default: tfgen.hcl in this folder or the nearest folder above]
    pub file: Option<PathBuf>,

    /// Show only rows that fail
    #[arg(long)]
    pub failed: bool,

    /// Show only rows of this principal, as `developer`
    #[arg(long, value_name = "NAME")]
    pub principal: Option<String>,

    /// Form of the output
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: ProveFormat,
}

/// Forms of `tfgen prove`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ProveFormat {
    /// Tables, grouped by what they are about
    #[default]
    Human,
    /// One versioned document
    Json,
}

/// Forms of `tfgen schema`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    /// JSON Schema, draft 2020-12
    #[default]
    Json,
    /// The reference for people
    Markdown,
}

/// Options whose value may be left out, so that it must come after `=`.
const OPTIONAL_VALUES: [&str; 2] = ["--wait", "--print-policy"];

/// What to type where a value was given to such an option as a word of its own.
pub fn missing_equals(arguments: &[String]) -> Option<String> {
    let pair = arguments.windows(2).find_map(|pair| match pair {
        [option, value] if OPTIONAL_VALUES.contains(&option.as_str()) && !value.starts_with('-') => {
            Some((option, value))
        }
        _ => None,
    });
    pair.map(|(option, value)| format!("a value of `{option}` comes after `=`, as `{option}={value}`"))
}

#[cfg(test)]
mod tests {
    use super::missing_equals;

    #[test]
    fn a_value_without_its_equals_sign_is_explained() {
        let tip = |words: &[&str]| missing_equals(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            tip(&["verify", "acme.hcl", "--wait", "20s"]).as_deref(),
            Some("a value of `--wait` comes after `=`, as `--wait=20s`")
        );
        assert_eq!(tip(&["verify", "--wait"]), None);
        assert_eq!(tip(&["verify", "--wait", "--list"]), None);
        assert_eq!(tip(&["verify", "--wait=20s", "x"]), None);
    }
}
