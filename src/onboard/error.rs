//! What can go wrong, with what to do about it.

use std::fmt;
use std::path::PathBuf;

use crate::steps::word;

/// At most this many items of a list stand in a message.
const SHOWN: usize = 10;

/// A failure of onboarding. Its text says what happened and what to do next.
#[derive(Debug)]
pub enum Error {
    /// The arguments do not fit together.
    Usage(String),
    /// Nobody in the roster has this id.
    UnknownDeveloper {
        /// What was asked for.
        asked: String,
        /// The nearest id, where one is near.
        nearest: Option<String>,
    },
    /// The workload root is not where render puts it.
    NoRoot {
        /// Where it was looked for.
        root: PathBuf,
    },
    /// Neither `terraform` nor `tofu` is on PATH.
    NoTerraform {
        /// The root whose outputs are wanted.
        root: PathBuf,
    },
    /// The root was never initialised, or its backend changed.
    NotInitialised {
        /// The root.
        root: PathBuf,
        /// What Terraform printed.
        stderr: String,
    },
    /// Terraform failed in another way.
    Terraform {
        /// The command, as it can be repeated.
        command: String,
        /// Its exit status.
        status: String,
        /// What it printed.
        stderr: String,
    },
    /// The outputs are not JSON, or not an object.
    NotOutputs {
        /// Where they came from.
        source: String,
        /// What is wrong.
        reason: String,
    },
    /// There is no output at all.
    NothingApplied {
        /// Where they came from.
        source: String,
    },
    /// There are outputs, but not those of the workload root of a deployment like this.
    WrongRoot {
        /// Where they came from.
        source: String,
        /// The output that is missing.
        missing: &'static str,
        /// The outputs that are there.
        found: Vec<String>,
    },
    /// Application inference profiles that the deployment has and the outputs lack.
    NotApplied {
        /// Keys of the missing profiles.
        missing: Vec<String>,
    },
    /// ARNs that are none of this deployment's application inference profiles.
    ForeignProfiles {
        /// Key and ARN of each.
        profiles: Vec<(String, String)>,
        /// What such an ARN begins with.
        expected: String,
    },
    /// The outputs name another deployment.
    OtherDeployment {
        /// Where they came from.
        source: String,
        /// The output that says so.
        output: &'static str,
        /// What it says.
        found: String,
        /// What it would say for this deployment.
        expected: String,
    },
    /// One application inference profile under several keys.
    SharedProfile {
        /// Where the outputs came from.
        source: String,
        /// Its ARN.
        arn: String,
        /// The keys.
        keys: Vec<String>,
    },
    /// Developers without a team, where profiles are per team.
    NoTeam {
        /// Their ids.
        developers: Vec<String>,
    },
    /// Developers who may not assume the developer role.
    NotTrusted {
        /// Their ids.
        developers: Vec<String>,
    },
    /// A value that `~/.aws/config` cannot carry.
    AwsConfig(workstation::aws_config::Error),
    /// An id that cannot be the name of a directory.
    DirectoryName {
        /// The id.
        developer: String,
    },
    /// Files that exist with other content.
    Differs {
        /// Their paths.
        files: Vec<PathBuf>,
    },
    /// A file or directory could not be read or written.
    Io {
        /// What was being done.
        action: &'static str,
        /// To what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Error {
    /// The process's exit status for this failure: 2 where what was given cannot be used, 10 where the deployment or
    /// the folder is not as it would have to be, 1 where tfgen could not do its work.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_)
            | Self::UnknownDeveloper { .. }
            | Self::NoRoot { .. }
            | Self::NotOutputs { .. }
            | Self::WrongRoot { .. }
            | Self::ForeignProfiles { .. }
            | Self::OtherDeployment { .. }
            | Self::SharedProfile { .. }
            | Self::AwsConfig(_)
            | Self::DirectoryName { .. } => 2,
            Self::NothingApplied { .. }
            | Self::NotApplied { .. }
            | Self::NoTeam { .. }
            | Self::NotTrusted { .. }
            | Self::Differs { .. } => 10,
            Self::NoTerraform { .. } | Self::NotInitialised { .. } | Self::Terraform { .. } | Self::Io { .. } => 1,
        }
    }
}

/// `a, b, c and 4 more`.
fn list<T: fmt::Display>(items: &[T]) -> String {
    let shown: Vec<String> = items.iter().take(SHOWN).map(ToString::to_string).collect();
    let mut text = shown.join(", ");
    if items.len() > SHOWN {
        text.push_str(&format!(" and {} more", items.len() - SHOWN));
    }
    text
}

/// Indents what another program printed.
fn quoted(stderr: &str) -> String {
    stderr.trim().lines().map(|line| format!("  | {line}\n")).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::UnknownDeveloper { asked, nearest } => {
                write!(f, "no developer has the id `{asked}`")?;
                if let Some(nearest) = nearest {
                    write!(f, "; did you mean `{nearest}`?")?;
                }
                Ok(())
            }
            Self::NoRoot { root } => write!(
                f,
                "{} does not exist: run `tfgen render` first, name the rendered tree with `--root DIR`, or give the \
                 outputs with `--outputs FILE`",
                root.display()
            ),
            Self::NoTerraform { root } => write!(
                f,
                "neither `terraform` nor `tofu` is on PATH; install one, or run `terraform -chdir={} output -json` \
                 where it is and give the result with `--outputs FILE` (`-` for standard input)",
                word(&root.display().to_string())
            ),
            Self::NotInitialised { root, stderr } => write!(
                f,
                "{} is not initialised; run `terraform -chdir={} init`, then this command again\n{}",
                root.display(),
                word(&root.display().to_string()),
                quoted(stderr).trim_end()
            ),
            Self::Terraform {
                command,
                status,
                stderr,
            } => write!(f, "`{command}` failed ({status})\n{}", quoted(stderr).trim_end()),
            Self::NotOutputs { source, reason } => {
                write!(f, "{source} is not what `terraform output -json` prints: {reason}")
            }
            Self::NothingApplied { source } => write!(
                f,
                "{source} has no outputs: nothing has been applied yet, or the state is elsewhere. Apply \
                 terraform/workload, then run this command again"
            ),
            Self::WrongRoot { source, missing, found } => write!(
                f,
                "{source} has no output `{missing}`, which terraform/workload of this deployment has. It has: {}. \
                 Either it belongs to another root, or the workload root was last applied before the deployment file \
                 changed: render and apply it",
                if found.is_empty() {
                    "none".to_owned()
                } else {
                    list(found)
                }
            ),
            Self::NotApplied { missing } => write!(
                f,
                "the outputs lack {} application inference profile{} of this deployment: {}. Apply terraform/workload \
                 first, then run this command again; without them the usage would not be attributed",
                missing.len(),
                if missing.len() == 1 { "" } else { "s" },
                list(missing)
            ),
            Self::ForeignProfiles { profiles, expected } => {
                let shown: Vec<String> = profiles.iter().map(|(key, arn)| format!("{key} = {arn}")).collect();
                write!(
                    f,
                    "these outputs are of another deployment: an application inference profile of this one begins \
                     with {expected}, but there is {}",
                    list(&shown)
                )
            }
            Self::OtherDeployment {
                source,
                output,
                found,
                expected,
            } => write!(
                f,
                "{source} has the outputs of another deployment: `{output}` is \"{found}\", and would be \"{expected}\" \
                 for this one. Name this deployment's tree with `--root DIR`, or give its own outputs"
            ),
            Self::SharedProfile { source, arn, keys } => write!(
                f,
                "{source} has one application inference profile under several keys: {arn} stands for {}. Whose usage it \
                 carries could not be told; run `terraform output -json` in terraform/workload again",
                list(keys)
            ),
            Self::NoTeam { developers } => write!(
                f,
                "profiles are per team, but no team is stated for: {}",
                list(developers)
            ),
            Self::NotTrusted { developers } => write!(
                f,
                "the developer role trusts only IAM users, and none of them is named like the id, the e-mail address \
                 or its local part of: {}. Add the user's ARN to the trusted callers and apply, or rename the \
                 developer's id to the user name",
                list(developers)
            ),
            Self::AwsConfig(error) => error.fmt(f),
            Self::DirectoryName { developer } => write!(
                f,
                "the id `{}` cannot be the name of a directory, so `--out` cannot be used with it",
                developer.escape_debug()
            ),
            Self::Differs { files } => {
                let shown: Vec<_> = files.iter().map(|file| file.display()).collect();
                write!(
                    f,
                    "{} file{} would be overwritten with other content: {}. Nothing was written; `--force` overwrites",
                    files.len(),
                    if files.len() == 1 { "" } else { "s" },
                    list(&shown)
                )
            }
            Self::Io { action, path, source } => write!(f, "cannot {action} {}: {source}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Its text is part of ours already.
            Self::Io { source, .. } => source.source(),
            _ => None,
        }
    }
}

impl From<workstation::aws_config::Error> for Error {
    fn from(error: workstation::aws_config::Error) -> Self {
        Self::AwsConfig(error)
    }
}
