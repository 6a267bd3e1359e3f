//! `credential-process`: the program that AWS's SDKs start before their calls. Standard output carries the answer and nothing else.

mod answer;
mod explain;
mod kept;
mod line;
mod open;
mod secret;
mod status;
mod terminal;
mod tokens;

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use client::args::{self, Args, Command, Style};
use client::credentials::{Credentials, json};
use client::federation::identity_center::logins::Logins;
use client::lock::Lock;
use client::login::PATIENCE;
use client::origin::Origin;
use client::paths::{Paths, ProfilePaths};
use client::run::{How, Session};
use client::store::keyring::{Keyring, Patience};
use client::store::{Found, clear, migrate, session};
use client::{Error, Kind, Secret, bearer, version};
use client_config::{Access, Config, Profile, Storage};
use jiff::Timestamp;
use serde::Serialize;

use crate::answer::{say, say_secret};
use crate::terminal::{Nobody, Terminal, aside};

/// Longest wait for the keyring where nothing but the keyring is asked.
const KEYRING: Duration = Duration::from_secs(10);
/// Longest wait for the keyring where an SDK waits for the answer, and perhaps nobody is there who could unlock it.
const SOON: Duration = Duration::from_secs(3);
/// Longest login at IAM Identity Center: within a call of an SDK, and as Claude Code starts it, which gives it 180 seconds. Source:
/// the installations that exist.
const WITHIN_A_CALL: Duration = Duration::from_secs(120);
const AS_CLAUDE_CODE_STARTS_IT: Duration = Duration::from_secs(165);

fn main() -> ExitCode {
    let mut terminal = Terminal::new(client::paths::Environment::of_process());
    let args = match Args::parse(std::env::args_os().skip(1)) {
        Ok(args) => args,
        Err(error) => {
            terminal.fail(&error);
            return ExitCode::from(error.kind.exit_code());
        }
    };
    let ended = match answered(&args, &mut terminal) {
        Ok(code) => code,
        Err(error) => {
            terminal.fail(&error);
            match args.style {
                // What AWS's SDKs and scripts of old installations know.
                Style::Flags => ExitCode::FAILURE,
                Style::SubCommand => ExitCode::from(error.kind.exit_code()),
            }
        }
    };
    if args.command != Command::Desktop {
        terminal.serve();
    }
    ended
}

/// A profile and its places.
struct Known {
    profile: Profile,
    paths: Paths,
    files: ProfilePaths,
    /// The file that was read.
    file: PathBuf,
    /// Its fields that no program knows.
    unknown: Vec<String>,
}

fn answered(args: &Args, terminal: &mut Terminal) -> Result<ExitCode, Error> {
    match &args.command {
        Command::Version => {
            say(&version::line("credential-process"))?;
        }
        Command::CheckExpiration => {
            let known = known(args, terminal)?;
            return check_expiration(&known, terminal);
        }
        Command::ClearCache => clear_cache(args, terminal)?,
        Command::Run => {
            let known = known(args, terminal)?;
            say_secret(&credentials(&known, how(&known), WITHIN_A_CALL, terminal)?.to_json()?)?;
        }
        Command::Login { paste, device } => login(args, *paste, *device, terminal)?,
        Command::RefreshIfNeeded => {
            let known = known(args, terminal)?;
            let session = session_of(&known, WITHIN_A_CALL, SOON, terminal);
            let mut nobody = Nobody::new(terminal);
            session.credentials(How::Never, &mut nobody)?;
            if nobody.has_lost() {
                return Err(
                    Error::new(Kind::Storage, "not everything that was renewed could be kept")
                        .advise("mend what is named above: the next renewal may need a login"),
                );
            }
        }
        Command::Desktop => desktop(args, terminal)?,
        Command::SetClientSecret => secret::set(args, terminal)?,
        Command::Help => say(include_str!("help.txt").trim_end())?,
        Command::Explain => {
            let known = match known(args, terminal) {
                Ok(known) => known,
                Err(error) => {
                    say(&format!("{:#}", explain::refused(&error, terminal)))?;
                    return Err(error);
                }
            };
            let session = session_of(&known, PATIENCE, SOON, terminal);
            let checked = session.check();
            let fault = checked.as_ref().err();
            say(&format!("{:#}", explain::explained(&known, &session, fault, terminal)))?;
            checked?;
        }
        Command::ShowClaims => tokens::show_claims(&known(args, terminal)?)?,
        Command::ShowTags => tokens::show_tags(&known(args, terminal)?)?,
        Command::GetTag(key) => return tokens::get_tag(&known(args, terminal)?, key, terminal),
        Command::GetMonitoringToken => {
            let known = known(args, terminal)?;
            match &known.profile.access {
                Access::Oidc(oidc) => {
                    let given = terminal
                        .environment()
                        .text("CLAUDE_CODE_MONITORING_TOKEN")
                        .map(Secret::new);
                    match given {
                        Some(given) => say_secret(given.expose())?,
                        None => {
                            let token = tokens::monitoring_token(&known, oidc, How::Browser, terminal)?;
                            say_secret(token.expose())?;
                        }
                    }
                }
                // There is no id_token, which is no failure: telemetry knows it by the empty line.
                Access::IdentityCenter(_) | Access::Ambient => say("")?,
            }
        }
        Command::GetMcpAuthHeader => {
            let known = known(args, terminal)?;
            let Access::Oidc(oidc) = &known.profile.access else {
                return Err(tokens::none(&known));
            };
            say_secret(&tokens::mcp_header(&known, oidc, terminal)?)?;
        }
        Command::Status { json } => {
            let known = known(args, terminal)?;
            session_of(&known, PATIENCE, SOON, terminal).check()?;
            return status::status(&known, *json, terminal);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn known(args: &Args, terminal: &Terminal) -> Result<Known, Error> {
    let executable = std::env::current_exe().ok();
    let paths = Paths::new(terminal.environment(), executable.as_deref())?;
    let file = paths.find_config()?;
    let shown = file.display();
    let unreadable = |why: &str, advice: &str| {
        Error::new(Kind::Config, format!("{shown} cannot be read: {why}")).advise(advice.to_owned())
    };
    // A pipe of this name would be waited for.
    if std::fs::metadata(&file).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(unreadable(
            "it is no file",
            "move it away, and install the package again",
        ));
    }
    let bytes = std::fs::read(&file).map_err(|error| {
        unreadable(
            &error.to_string(),
            "look who owns it and its folder: you must be able to read it",
        )
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        // What Windows PowerShell writes with `>`, and its editor calls Unicode.
        let why = match error.as_bytes() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it is written in UTF-16",
            _ => "it is no text in UTF-8",
        };
        unreadable(why, "save it as UTF-8, or take it from the package once more")
    })?;
    let wrong =
        |error: client_config::Error| Error::new(Kind::Config, format!("{shown}: {error}")).advise(error.advice());
    let config = Config::parse(&text).map_err(wrong)?;
    let name = args.profile_name(terminal.environment(), Some(&config));
    let profile = config.profile(&name).map_err(wrong)?;
    let mut files = paths.of_profile(&name)?;
    files.origin = Origin::of(&profile);
    let unknown = config
        .unknown()
        .into_iter()
        .filter(|unknown| unknown.profile == name)
        .map(|unknown| unknown.field)
        .collect();
    Ok(Known {
        profile,
        paths,
        files,
        file,
        unknown,
    })
}

/// The files of the profile that is meant, and the configuration where it can be read: here it only names a profile that nobody else
/// named.
fn named(args: &Args, terminal: &Terminal) -> Result<(ProfilePaths, Option<Config>), Error> {
    let executable = std::env::current_exe().ok();
    let paths = Paths::new(terminal.environment(), executable.as_deref())?;
    let config = paths
        .find_config()
        .ok()
        .filter(|file| file.is_file())
        .and_then(|file| std::fs::read_to_string(file).ok())
        .and_then(|text| Config::parse(&text).ok());
    let files = paths.of_profile(&args.profile_name(terminal.environment(), config.as_ref()))?;
    Ok((files, config))
}

/// Credentials of a profile, where an SDK waits for them.
fn credentials(known: &Known, how: How, patience: Duration, terminal: &mut Terminal) -> Result<Credentials, Error> {
    session_of(known, patience, SOON, terminal).credentials(how, terminal)
}

fn session_of<'a>(
    known: &'a Known,
    patience: Duration,
    keyring: impl Into<Patience>,
    terminal: &Terminal,
) -> Session<'a> {
    Session {
        profile: &known.profile,
        paths: &known.paths,
        files: &known.files,
        environment: terminal.shared_environment(),
        patience: match known.profile.access {
            Access::Oidc(_) => patience.max(PATIENCE),
            Access::IdentityCenter(_) | Access::Ambient => patience,
        },
        keyring: keyring.into(),
    }
}

/// How somebody signs in when an SDK asks. The code of IAM Identity Center is to be compared with what the browser shows, so
/// nobody is led there who cannot read it. Source: the installations that exist.
fn how(known: &Known) -> How {
    match known.profile.access {
        Access::IdentityCenter(_) if !io::stderr().is_terminal() => How::Never,
        _ => How::Browser,
    }
}

fn login(args: &Args, paste: bool, device: bool, terminal: &mut Terminal) -> Result<(), Error> {
    let known = known(args, terminal)?;
    if known.profile.access == Access::Ambient {
        return Err(Error::new(
            Kind::Config,
            format!(
                "profile `{}` takes the machine's own credentials: there is nothing to sign in to",
                known.profile.name
            ),
        )
        .advise("sign in where they come from, for instance with `aws sso login`"));
    }
    let how = match (paste, device) {
        (true, _) => How::Paste,
        (_, true) => How::Device,
        _ => How::Browser,
    };
    let patience = match (args.style, how) {
        (Style::Flags, _) => AS_CLAUDE_CODE_STARTS_IT,
        (Style::SubCommand, How::Device) => PATIENCE * 3,
        (Style::SubCommand, _) => PATIENCE,
    };
    let session = session_of(&known, patience, Patience::with_person(aside), terminal);
    session.check()?;
    for exposed in session.exposed(&known.file) {
        terminal.note(&exposed);
    }
    let credentials = session.credentials(how, terminal)?;
    // Why not was said before. Without the credentials each call takes new ones, without the login it cannot.
    if kept::credentials(&known)?.is_none() && !kept::has_login(&known)? {
        return Err(Error::new(
            Kind::Storage,
            "you have signed in, and nothing of it could be kept: the next call needs a login again",
        )
        .advise("mend what is named above, then sign in once more"));
    }
    match terminal.has_begun() {
        true => terminal.note(&format!("Signed in{}.", until(&credentials))),
        false => {
            let who = match kept::id_token(&known)? {
                Some(token) if !token.email.is_empty() => format!(" as {}", token.email.escape_debug()),
                _ => String::new(),
            };
            terminal.note(&format!(
                "Already signed in{who}{}. Somebody else signs in after `credential-process logout`.",
                until(&credentials)
            ));
        }
    }
    match migrate::has_foreign(&known.files) {
        Ok(true) => terminal.note(&migrate::foreign(&known.files)),
        Ok(false) => {}
        Err(error) => terminal.note(&error.to_string()),
    }
    Ok(())
}

/// What Claude Desktop reads.
#[derive(Serialize)]
struct Helped<'a> {
    token: &'a str,
    headers: BTreeMap<&'a str, &'a str>,
}

/// What Claude Desktop takes: a key for Amazon Bedrock, and headers. Nobody is asked to sign in where it says that nobody is there.
fn desktop(args: &Args, terminal: &mut Terminal) -> Result<(), Error> {
    let known = known(args, terminal)?;
    let how = match terminal.environment().text("CLAUDE_HELPER_CONTEXT") {
        None | Some("interactive") => How::Browser,
        Some(_) => How::Never,
    };
    let credentials = credentials(&known, how, WITHIN_A_CALL, terminal)?;
    let key = bearer::key(&credentials, &known.profile.region, Timestamp::now());
    say_secret(&json(&Helped {
        token: key.expose(),
        headers: BTreeMap::new(),
    })?)
}

fn until(credentials: &Credentials) -> String {
    credentials
        .expiration
        .map_or_else(String::new, |end| format!(" until {end}"))
}

/// Whether what is kept is still good: 0 where it is, 1 where it is not, as scripts ask for it.
fn check_expiration(known: &Known, terminal: &mut Terminal) -> Result<ExitCode, Error> {
    let keyring = kept::keyring_of(known)?;
    let place = kept::place_of(keyring.as_ref());
    let now = Timestamp::now();
    let found = session::load(&known.files, place)?;
    if let Found::Unusable(why) = &found {
        terminal.note(&why.to_string());
    }
    let kept = match found.ok() {
        Some(kept) => Some(kept),
        None => session_of(known, PATIENCE, SOON, terminal).taken_over(place, terminal)?,
    };
    let (text, code) = match kept {
        Some(kept) if kept.is_good(now) => {
            let end = kept.expiration.map_or_else(String::new, |end| format!(" until {end}"));
            (format!("Credentials are valid{end}."), ExitCode::SUCCESS)
        }
        Some(_) => ("Credentials have expired.".to_owned(), ExitCode::FAILURE),
        None => ("There are no credentials.".to_owned(), ExitCode::FAILURE),
    };
    terminal.note(&text);
    Ok(code)
}

/// Removes what is kept. Whatever config.json says by now: whoever signs out must not be kept from it by a damaged file.
fn clear_cache(args: &Args, terminal: &mut Terminal) -> Result<(), Error> {
    let (files, known) = match known(args, terminal) {
        Ok(known) => (known.files.clone(), Some(known)),
        Err(error) if error.kind == Kind::Config => {
            let (files, config) = named(args, terminal)?;
            if config.is_some_and(|config| !config.names().any(|name| name == files.name)) {
                // A name that was meant otherwise.
                return Err(error);
            }
            terminal.note(&format!(
                "What is kept of profile {} goes all the same. {error}",
                files.name
            ));
            (files, None)
        }
        Err(error) => return Err(error),
    };
    let storage = known.as_ref().map(|known| known.profile.storage);
    let keyring = Keyring::open(Patience::with_person(aside));
    let lock = Lock::acquire(&files, "signing out", KEYRING, &mut |holder| {
        let who = holder.map_or_else(|| "another process".to_owned(), ToString::to_string);
        terminal.note(&format!("Waiting for {who}, {} seconds at most.", KEYRING.as_secs()));
    })?;
    let mut cleared = clear::clear(&lock, &files, keyring.as_ref().ok());
    if let Some(known) = &known
        && let Access::IdentityCenter(center) = &known.profile.access
    {
        let logins = Logins::of(&known.paths, center);
        session_of(known, PATIENCE, SOON, terminal).end_logins(center, &logins, terminal);
        cleared.logins(&logins);
    }
    for removed in &cleared.removed {
        terminal.note(&format!("Removed: {} ({})", removed.what.spoken(), removed.place));
    }
    if cleared.removed.is_empty() && cleared.failed.is_empty() {
        terminal.note("There was nothing to remove.");
    }
    if cleared.foreign_section {
        terminal.note(&format!(
            "{} has a section [{}] of its own, which stays.",
            files.aws_credentials.display(),
            files.name
        ));
    }
    if let Some(error) = cleared.failed.into_iter().next() {
        return Err(error);
    }
    match (keyring, storage) {
        (Ok(_), _) => Ok(()),
        (Err(error), Some(Storage::Keyring)) => Err(error),
        (Err(error), Some(Storage::Session) | None) => {
            // Most machines without a screen have none, and then nothing was ever kept there.
            terminal.note(&format!(
                "The keyring was not looked at, which may hold what renews the login: {}",
                error.message
            ));
            Ok(())
        }
    }
}
