//! The command line. It is read by hand: the program starts before every call, and its flags are those of Go, where `-x` and
//! `--x` are the same.

mod flags;
mod words;

use std::ffi::OsString;

use client_config::Config;

use crate::error::{Error, Kind};
use crate::paths::Environment;
use flags::{Flags, Takes, find};
use words::sub_command;

/// Profile that is meant where nothing names one. Source: the installations that exist.
const DEFAULT_PROFILE: &str = "ClaudeCode";
/// Variable that names one. Source: likewise.
const PROFILE_VARIABLE: &str = "CCWB_PROFILE";

/// What the program was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args {
    /// The profile that was named.
    pub profile: Option<String>,
    /// What to do.
    pub command: Command,
    /// Whether it was asked for by a sub-command, which has exit codes of its own, or by flags, which end with 0 or 1.
    pub style: Style,
}

/// How the program was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// By flags, as installations that exist do.
    Flags,
    /// By a first word.
    SubCommand,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Says how the program is called.
    Help,
    /// Says which version it is.
    Version,
    /// Keeps an application's secret for Microsoft Entra ID.
    SetClientSecret,
    /// Says what the configuration comes to.
    Explain,
    /// Removes everything that is kept of the profile.
    ClearCache,
    /// Prints the session tags in the token.
    ShowTags,
    /// Prints the claims of the token.
    ShowClaims,
    /// Prints one session tag; without a name it says which there are.
    GetTag(String),
    /// Prints the token.
    GetMonitoringToken,
    /// Prints a header for a server of tools.
    GetMcpAuthHeader,
    /// Prints what Claude Desktop takes.
    Desktop,
    /// Says whether there are credentials that are still good.
    CheckExpiration,
    /// Signs in. By flag it is meant for IAM Identity Center alone, by sub-command for every profile.
    Login {
        /// With a browser of another machine.
        paste: bool,
        /// With a code on any device.
        device: bool,
    },
    /// Says who is signed in and for how long.
    Status {
        /// As JSON.
        json: bool,
    },
    /// Prints credentials after they were renewed without the user, if they have ended.
    RefreshIfNeeded,
    /// Prints credentials.
    Run,
}

impl Args {
    /// Reads a command line, without the program's own name.
    ///
    /// # Errors
    /// When it has something that is not known. Nothing of it is repeated but names of flags: values may be secrets.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        let mut flags = Flags::default();
        let mut arguments = arguments.into_iter().enumerate().peekable();
        let word = arguments.next_if(|(_, first)| !is_flag(first));
        let word = word.map(|(_, word)| sub_command(&word)).transpose()?;
        while let Some((at, argument)) = arguments.next() {
            if argument == "--" {
                return match arguments.next() {
                    Some((at, _)) => Err(stray(at)),
                    None => flags.finish(word),
                };
            }
            if !is_flag(&argument) {
                return Err(stray(at));
            }
            let text = argument
                .to_str()
                .ok_or_else(|| usage(format!("argument {} is no valid text", at + 1)).advise("write it in UTF-8"))?;
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (text, None),
            };
            let flag = find(name, word)?;
            match (&flag.takes, value) {
                (Takes::Switch(set), None) => set(&mut flags, true),
                (Takes::Switch(set), Some(value)) => {
                    let value = truth(&value).ok_or_else(|| {
                        usage(format!("`{name}` is either on or off"))
                            .advise(format!("write `{name}` or `{name}=false`"))
                    })?;
                    set(&mut flags, value);
                }
                (Takes::Text(what, set), value) => {
                    let value = valued(value, &mut arguments)?;
                    let value = value.ok_or_else(|| {
                        usage(format!("`{name}` has no value")).advise(format!("write `{name} {what}`"))
                    })?;
                    set(&mut flags, value);
                }
                (Takes::Choice(set), value) => set(&mut flags, valued(value, &mut arguments)?.unwrap_or_default()),
            }
        }
        flags.finish(word)
    }

    /// The profile that is meant: the one that was named, else that of `CCWB_PROFILE`, else the only one of the file if there is
    /// one, else `ClaudeCode`.
    pub fn profile_name(&self, environment: &Environment, config: Option<&Config>) -> String {
        let named = self.profile.as_deref();
        named
            .or_else(|| environment.text(PROFILE_VARIABLE))
            .or_else(|| config.and_then(Config::only))
            .unwrap_or(DEFAULT_PROFILE)
            .to_owned()
    }
}

/// A single `-` is no flag, as in Go.
fn is_flag(argument: &OsString) -> bool {
    let bytes = argument.as_encoded_bytes();
    bytes.len() > 1 && bytes.starts_with(b"-")
}

/// The value of a flag: behind its equals sign, else the next argument. An empty one is none.
fn valued(given: Option<String>, rest: &mut impl Iterator<Item = (usize, OsString)>) -> Result<Option<String>, Error> {
    let next = |(at, value): (usize, OsString)| {
        value
            .into_string()
            .map_err(|_| usage(format!("argument {} is no valid text", at + 1)))
    };
    let value = match given {
        Some(given) => Some(given),
        None => rest.next().map(next).transpose()?,
    };
    Ok(value.filter(|value| !value.is_empty()))
}

/// A word where none belongs. It is not repeated: somebody may have written a secret there.
fn stray(at: usize) -> Error {
    usage(format!("argument {} belongs to no flag", at + 1))
        .advise("a sub-command stands first, and everything after it is a flag; `--help` lists all of them")
}

fn usage(message: impl Into<String>) -> Error {
    Error::new(Kind::Usage, message)
}

/// Words for on and off. Source: <https://pkg.go.dev/strconv#ParseBool>
fn truth(word: &str) -> Option<bool> {
    match word {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
