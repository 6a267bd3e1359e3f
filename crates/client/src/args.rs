//! The command line. It is read by hand: the program starts before every call, and its flags are those of Go, where `-x` and
//! `--x` are the same.

use std::ffi::OsString;

use client_config::Config;

use crate::error::{Error, Kind};
use crate::paths::Environment;

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
    /// Prints one session tag.
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
        let known: Vec<&Flag> = FLAGS.iter().filter(|flag| flag.fits(word)).collect();
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
            let flag = find(name, &known, word)?;
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
                    let value = match value {
                        Some(value) => Some(value),
                        None => arguments
                            .next()
                            .map(|(at, value)| {
                                value
                                    .into_string()
                                    .map_err(|_| usage(format!("argument {} is no valid text", at + 1)))
                            })
                            .transpose()?,
                    };
                    let value = value.filter(|value| !value.is_empty()).ok_or_else(|| {
                        usage(format!("`{name}` has no value")).advise(format!("write `{name} {what}`"))
                    })?;
                    set(&mut flags, value);
                }
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

/// What the flags of a command line said.
#[derive(Debug, Default)]
struct Flags {
    profile: Option<String>,
    get_tag: Option<String>,
    help: bool,
    version: bool,
    json: bool,
    set_client_secret: bool,
    explain: bool,
    clear_cache: bool,
    show_tags: bool,
    show_claims: bool,
    get_monitoring_token: bool,
    get_mcp_auth_header: bool,
    desktop: bool,
    check_expiration: bool,
    login: bool,
    refresh_if_needed: bool,
    paste: bool,
    device: bool,
}

impl Flags {
    /// What to do. Several flags at once have an order, which is that of existing installations.
    fn finish(self, word: Option<Word>) -> Result<Args, Error> {
        let Self {
            json, paste, device, ..
        } = self;
        if paste && device {
            return Err(usage("`--paste` and `--device` are two ways to sign in").advise("choose one"));
        }
        let ordered = [
            (self.help, Command::Help),
            (self.version, Command::Version),
            (self.set_client_secret, Command::SetClientSecret),
            (self.explain, Command::Explain),
            (self.clear_cache, Command::ClearCache),
            (self.show_tags, Command::ShowTags),
            (self.show_claims, Command::ShowClaims),
        ];
        let later = [
            (self.get_monitoring_token, Command::GetMonitoringToken),
            (self.get_mcp_auth_header, Command::GetMcpAuthHeader),
            (self.desktop, Command::Desktop),
            (self.check_expiration, Command::CheckExpiration),
            (
                self.login,
                Command::Login {
                    paste: false,
                    device: false,
                },
            ),
            (self.refresh_if_needed, Command::RefreshIfNeeded),
        ];
        let tag = self.get_tag.map(|key| (true, Command::GetTag(key)));
        let by_flag = ordered
            .into_iter()
            .chain(tag)
            .chain(later)
            .find_map(|(given, command)| given.then_some(command));
        let by_word = word.map(|word| match word {
            Word::Login => Command::Login { paste, device },
            Word::Logout => Command::ClearCache,
            Word::Status => Command::Status { json },
            Word::Explain => Command::Explain,
        });
        Ok(Args {
            profile: self.profile,
            command: by_flag.or(by_word).unwrap_or(Command::Run),
            style: if word.is_some() {
                Style::SubCommand
            } else {
                Style::Flags
            },
        })
    }
}

/// A sub-command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Login,
    Logout,
    Status,
    Explain,
}

const WORDS: [(&str, Word); 4] = [
    ("login", Word::Login),
    ("logout", Word::Logout),
    ("status", Word::Status),
    ("explain", Word::Explain),
];

/// A flag.
struct Flag {
    names: &'static [&'static str],
    with: With,
    takes: Takes,
}

/// What a flag can be given with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum With {
    /// Everything.
    Anything,
    /// No sub-command: it is one itself.
    Alone,
    /// One sub-command.
    Word(Word),
}

/// What a flag takes.
enum Takes {
    /// Nothing, or whether it is on.
    Switch(fn(&mut Flags, bool)),
    /// A text, which is called this.
    Text(&'static str, fn(&mut Flags, String)),
}

impl Flag {
    fn fits(&self, word: Option<Word>) -> bool {
        match self.with {
            With::Anything => true,
            With::Alone => word.is_none(),
            With::Word(only) => word == Some(only),
        }
    }
}

const fn switch(names: &'static [&'static str], with: With, set: fn(&mut Flags, bool)) -> Flag {
    Flag {
        names,
        with,
        takes: Takes::Switch(set),
    }
}

const fn text(names: &'static [&'static str], with: With, what: &'static str, set: fn(&mut Flags, String)) -> Flag {
    Flag {
        names,
        with,
        takes: Takes::Text(what, set),
    }
}

const FLAGS: &[Flag] = &[
    text(&["profile", "p"], With::Anything, "NAME", |f, value| {
        f.profile = Some(value)
    }),
    switch(&["help", "h"], With::Anything, |f, on| f.help = on),
    switch(&["version", "v"], With::Alone, |f, on| f.version = on),
    switch(&["json"], With::Word(Word::Status), |f, on| f.json = on),
    switch(&["paste"], With::Word(Word::Login), |f, on| f.paste = on),
    switch(&["device"], With::Word(Word::Login), |f, on| f.device = on),
    switch(&["set-client-secret"], With::Alone, |f, on| f.set_client_secret = on),
    switch(&["explain"], With::Alone, |f, on| f.explain = on),
    switch(&["clear-cache"], With::Alone, |f, on| f.clear_cache = on),
    switch(&["show-tags"], With::Alone, |f, on| f.show_tags = on),
    switch(&["show-claims"], With::Alone, |f, on| f.show_claims = on),
    text(&["get-tag"], With::Alone, "KEY", |f, value| f.get_tag = Some(value)),
    switch(&["get-monitoring-token"], With::Alone, |f, on| {
        f.get_monitoring_token = on
    }),
    switch(&["get-mcp-auth-header"], With::Alone, |f, on| {
        f.get_mcp_auth_header = on
    }),
    switch(&["desktop"], With::Alone, |f, on| f.desktop = on),
    switch(&["check-expiration"], With::Alone, |f, on| f.check_expiration = on),
    switch(&["login"], With::Alone, |f, on| f.login = on),
    switch(&["refresh-if-needed"], With::Alone, |f, on| f.refresh_if_needed = on),
];

/// A single `-` is no flag, as in Go.
fn is_flag(argument: &OsString) -> bool {
    let bytes = argument.as_encoded_bytes();
    bytes.len() > 1 && bytes.starts_with(b"-")
}

/// The flag of an argument's name, dashes included.
fn find<'a>(argument: &str, known: &[&'a Flag], word: Option<Word>) -> Result<&'a Flag, Error> {
    let name = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-'));
    let name = name.unwrap_or(argument);
    if let Some(flag) = known.iter().find(|flag| flag.names.contains(&name)) {
        return Ok(flag);
    }
    let all = || known.iter().flat_map(|flag| flag.names.iter().copied());
    let error = usage(format!(
        "there is no flag `{}`{}",
        argument.escape_debug(),
        spoken(word)
    ));
    Err(match nearest(name, all()) {
        Some(near) => error.advise(format!("did you mean `--{near}`?")),
        None => error.advise("`--help` lists all of them"),
    })
}

fn spoken(word: Option<Word>) -> String {
    let name = WORDS.iter().find(|(_, known)| Some(*known) == word);
    name.map(|(name, _)| format!(" of `{name}`")).unwrap_or_default()
}

fn sub_command(word: &OsString) -> Result<Word, Error> {
    let text = word.to_string_lossy();
    if let Some((_, word)) = WORDS.iter().find(|(name, _)| *name == text) {
        return Ok(*word);
    }
    let error = usage("the first word is no sub-command");
    Err(match nearest(&text, WORDS.iter().map(|(name, _)| *name)) {
        Some(near) => error.advise(format!("did you mean `{near}`?")),
        None => {
            error.advise("the sub-commands are `login`, `logout`, `status` and `explain`; everything else is a flag")
        }
    })
}

/// A word where none belongs. It is not repeated: somebody may have written a secret there.
fn stray(at: usize) -> Error {
    usage(format!("argument {} belongs to no flag", at + 1))
        .advise("a sub-command stands first, and everything after it is a flag; `--help` lists all of them")
}

fn usage(message: impl Into<String>) -> Error {
    Error::new(Kind::Usage, message)
}

/// The known name that is meant, if one is near enough: a third of the letters may be wrong.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any name, it is none of them; the distance of very long texts takes long.
    if name.len() > 64 {
        return None;
    }
    known
        .filter(|known| known.len() > 1)
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= known.len().max(3) / 3)
        .min()
        .map(|(_, known)| known)
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
