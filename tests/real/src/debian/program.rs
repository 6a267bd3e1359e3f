//! A program of a Debian package.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{Unpacked, unpack};
use crate::limit::Limit;
use crate::paths;

/// A program of this machine, or of a Debian package, with what it needs to start.
#[derive(Debug)]
pub struct Program {
    name: String,
    file: PathBuf,
    libraries: OsString,
    unpacked: Option<Unpacked>,
}

impl Program {
    /// A program on PATH, else the one in `/usr/bin` of the package, which is unpacked ([`unpack`]).
    ///
    /// # Errors
    /// When neither can be had: what is missing.
    pub fn of(package: &str, name: &str) -> Result<Self> {
        if let Some(file) = paths::program(name) {
            return Ok(Self {
                name: name.to_owned(),
                file,
                libraries: OsString::new(),
                unpacked: None,
            });
        }
        let unpacked = unpack(package)
            .with_context(|| format!("no `{name}`: put one on PATH, or let apt reach Debian's mirror"))?;
        Ok(Self {
            name: name.to_owned(),
            file: unpacked.file(&format!("/usr/bin/{name}"))?,
            libraries: unpacked.libraries()?,
            unpacked: Some(unpacked),
        })
    }

    /// It, with an empty environment.
    pub fn command(&self) -> Command {
        self.prepared(Command::new(&self.file))
    }

    /// The same for one that serves: it ends with the thread that starts it.
    ///
    /// # Errors
    /// As [`Limit::words`].
    pub fn server(&self) -> Result<Command> {
        Ok(self.prepared(Limit::EndsWithThread.command(&self.file)?))
    }

    fn prepared(&self, mut command: Command) -> Command {
        command.env_clear();
        if !self.libraries.is_empty() {
            command.env("LD_LIBRARY_PATH", &self.libraries);
        }
        command
    }

    /// What to look at when it fails, in words.
    ///
    /// # Errors
    /// When the versions of its packages cannot be read.
    pub fn failed(&self) -> Result<String> {
        let untried = match &self.unpacked {
            Some(unpacked) => unpacked.untried()?,
            None => Vec::new(),
        };
        let name = &self.name;
        Ok(match untried.as_slice() {
            [] => format!("{name} did not start"),
            untried => format!(
                "{name} did not start; other versions than those that were tried: {}",
                untried.join(", ")
            ),
        })
    }
}
