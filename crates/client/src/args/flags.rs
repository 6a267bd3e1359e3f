//! The flags, and what a command line of them comes to.

use super::words::{Word, nearest, spoken};
use super::{Args, Command, Style, usage};
use crate::error::Error;

/// What the flags of a command line said.
#[derive(Debug, Default)]
pub(super) struct Flags {
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
    pub(super) fn finish(self, word: Option<Word>) -> Result<Args, Error> {
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

/// A flag.
pub(super) struct Flag {
    names: &'static [&'static str],
    with: With,
    pub(super) takes: Takes,
}

/// What a flag can be given with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum With {
    /// Everything.
    Anything,
    /// No sub-command: it is one itself.
    Alone,
    /// These sub-commands.
    Words(&'static [Word]),
}

/// What a flag takes.
pub(super) enum Takes {
    /// Nothing, or whether it is on.
    Switch(fn(&mut Flags, bool)),
    /// A text, which is called this.
    Text(&'static str, fn(&mut Flags, String)),
    /// Likewise; without one it says what there is to choose from.
    Choice(fn(&mut Flags, String)),
}

impl Flag {
    pub(super) fn fits(&self, word: Option<Word>) -> bool {
        match self.with {
            With::Anything => true,
            With::Alone => word.is_none(),
            With::Words(all) => word.is_some_and(|word| all.contains(&word)),
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
    switch(&["json"], With::Words(&[Word::Status, Word::Explain]), |f, on| {
        f.json = on
    }),
    switch(&["paste"], With::Words(&[Word::Login]), |f, on| f.paste = on),
    switch(&["device"], With::Words(&[Word::Login]), |f, on| f.device = on),
    switch(&["set-client-secret"], With::Alone, |f, on| f.set_client_secret = on),
    switch(&["explain"], With::Alone, |f, on| f.explain = on),
    switch(&["clear-cache"], With::Alone, |f, on| f.clear_cache = on),
    switch(&["show-tags"], With::Alone, |f, on| f.show_tags = on),
    switch(&["show-claims"], With::Alone, |f, on| f.show_claims = on),
    Flag {
        names: &["get-tag"],
        with: With::Alone,
        takes: Takes::Choice(|f, value| f.get_tag = Some(value)),
    },
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

/// The flag of an argument's name, dashes included.
pub(super) fn find(argument: &str, word: Option<Word>) -> Result<&'static Flag, Error> {
    let known: Vec<&Flag> = FLAGS.iter().filter(|flag| flag.fits(word)).collect();
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
