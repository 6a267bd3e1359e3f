//! What a program is started under, and cannot be given from outside without leave that tests do not have. Python, which the tests
//! need anyway, takes it upon itself and then becomes the program.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::paths;

/// What a program is started under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// It ends with the thread that starts it.
    EndsWithThread,
    /// No more bytes than these go into any file (`EFBIG`), which is what a full disk comes to and needs no disk of its own.
    Bytes(u32),
    /// Permissions of files hold for it, whoever starts it: root's leave to ignore them is gone.
    PermissionsHold,
}

impl Limit {
    /// The words before those of the program.
    ///
    /// # Errors
    /// When there is no Python.
    pub fn words(self) -> Result<[String; 4]> {
        let limit = match self {
            // PR_SET_PDEATHSIG, SIGKILL.
            Self::EndsWithThread => "ctypes.CDLL(None).prctl(1, 9)".to_owned(),
            Self::Bytes(most) => format!(
                "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
            ),
            // PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH. Whoever may not do that has neither.
            Self::PermissionsHold => "[ctypes.CDLL(None).prctl(24, right) for right in (1, 2)]".to_owned(),
        };
        let python = paths::program("python3").context("there is no `python3` on PATH, which the tests need")?;
        let python = python.to_str().context("the path of python3 is no text")?.to_owned();
        let script = format!("import ctypes, os, resource, signal, sys; {limit}; os.execv(sys.argv[1], sys.argv[1:])");
        // Nothing of the user's, and no packages.
        Ok([python, "-IS".to_owned(), "-c".to_owned(), script])
    }

    /// A program under the limit.
    ///
    /// # Errors
    /// As [`Limit::words`].
    pub fn command(self, program: &Path) -> Result<Command> {
        let [python, words @ ..] = self.words()?;
        let mut command = Command::new(python);
        command.args(words).arg(program);
        Ok(command)
    }
}
