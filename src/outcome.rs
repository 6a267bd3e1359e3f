//! How a command ended, and the exit status that says so.

use std::process::ExitCode;

use crate::commands::UsageError;
use crate::diagnostic::{self, Diagnostic, Severity, Style};
use crate::onboard;

/// A command that did what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to report.
    Clean,
    /// Findings, failed proofs, or changes that `--check` saw.
    Findings,
    /// Nothing failed, but something could not be determined.
    Undetermined,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => Self::SUCCESS,
            Outcome::Findings => Self::from(10),
            Outcome::Undetermined => Self::from(11),
        }
    }
}

/// A command that could not do what it was asked to.
#[derive(Debug)]
pub enum Failure {
    /// The deployment file is invalid: all that is wrong with it.
    Invalid(Vec<Diagnostic>),
    /// The command was used wrongly, or does not fit the deployment.
    Usage(String),
    /// What the command looked at is not as it would have to be: nothing was done.
    Refused(String),
    /// Anything else.
    Failed(anyhow::Error),
}

impl Failure {
    /// Exit status: 2 for wrong usage and invalid files, 10 for what was found, 1 otherwise.
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Invalid(_) | Self::Usage(_) => ExitCode::from(2),
            Self::Refused(_) => Outcome::Findings.into(),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        match error.downcast::<UsageError>() {
            Ok(UsageError(message)) => Self::Usage(message),
            Err(error) => match error.downcast::<onboard::Error>() {
                Ok(error) => match error.exit_code() {
                    2 => Self::Usage(error.to_string()),
                    10 => Self::Refused(error.to_string()),
                    _ => Self::Failed(error.into()),
                },
                Err(error) => Self::Failed(error),
            },
        }
    }
}

/// What was written, unless the reader of the output has gone: whoever closes it has read enough.
///
/// # Errors
/// Whatever else went wrong.
pub fn unless_closed(written: anyhow::Result<()>) -> Result<(), Failure> {
    match written.map_err(Failure::from) {
        Err(failure) if failure.is_closed_pipe() => Ok(()),
        other => other,
    }
}

/// What every command returns.
pub type CommandResult = Result<Outcome, Failure>;

impl Failure {
    /// Whether the reader of the output has gone, as `head` does: no failure of ours.
    pub fn is_closed_pipe(&self) -> bool {
        let Self::Failed(error) = self else { return false };
        error
            .chain()
            .filter_map(|cause| match cause.downcast_ref::<serde_json::Error>() {
                // It does not give away the error of the writer as its source.
                Some(error) => error.io_error_kind(),
                None => cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind),
            })
            .any(|kind| kind == std::io::ErrorKind::BrokenPipe)
    }

    /// Says what went wrong.
    ///
    /// # Errors
    /// When `stderr` cannot be written to.
    pub fn print(&self, stderr: &mut dyn std::io::Write, style: Style) -> std::io::Result<()> {
        match self {
            Self::Invalid(diagnostics) => {
                let errors = diagnostics
                    .iter()
                    .filter(|found| found.severity == Severity::Error)
                    .count();
                let noun = if errors == 1 { "error" } else { "errors" };
                writeln!(stderr, "{}", diagnostic::render(diagnostics, style).trim_end())?;
                // A file that could not be read has nothing in it to count.
                if diagnostics.iter().any(|found| found.primary.is_some()) {
                    writeln!(stderr, "\ninvalid deployment file: {errors} {noun}")?;
                }
                Ok(())
            }
            Self::Usage(message) | Self::Refused(message) => writeln!(stderr, "error: {message}"),
            Self::Failed(error) => writeln!(stderr, "error: {error:#}"),
        }
    }
}
