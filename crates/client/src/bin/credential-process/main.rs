//! `credential-process`: the program that AWS's SDKs start before their calls. Standard output carries the answer and nothing else.

mod explain;
mod terminal;
mod tokens;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use client::args::{Args, Command, Style};
use client::lock::Lock;
use client::login::browser::Surroundings;
use client::paths::{Environment, Paths, ProfilePaths};
use client::run::{How, Session};
use client::store::keyring::Keyring;
use client::store::{Place, clear, session};
use client::{Error, Kind};
use client_config::{Access, Config, Profile, Storage};
use jiff::Timestamp;

use crate::terminal::Terminal;

/// Longest wait for the keyring where nothing but the keyring is asked.
const KEYRING: std::time::Duration = std::time::Duration::from_secs(10);

fn main() -> ExitCode {
    let mut terminal = Terminal::new(Environment::of_process());
    let args = match Args::parse(std::env::args_os().skip(1)) {
        Ok(args) => args,
        Err(error) => {
            terminal.fail(&error);
            return ExitCode::from(error.kind.exit_code());
        }
    };
    match answered(&args, &mut terminal) {
        Ok(code) => code,
        Err(error) => {
            terminal.fail(&error);
            match args.style {
                // What AWS's SDKs and scripts of old installations know.
                Style::Flags => ExitCode::FAILURE,
                Style::SubCommand => ExitCode::from(error.kind.exit_code()),
            }
        }
    }
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
            say(&format!(
                "credential-process {} ({})",
                env!("CARGO_PKG_VERSION"),
                std::env::consts::ARCH
            ))?;
        }
        Command::CheckExpiration => {
            let known = known(args, terminal)?;
            return check_expiration(&known, terminal);
        }
        Command::ClearCache => clear_cache(&known(args, terminal)?, terminal)?,
        Command::Run => {
            let known = known(args, terminal)?;
            let credentials = session_of(&known, terminal)?.credentials(How::Browser, terminal)?;
            say(&credentials.to_json()?)?;
        }
        Command::Login { paste, device } => {
            let known = known(args, terminal)?;
            let how = match (paste, device) {
                (true, _) => How::Paste,
                (_, true) => How::Device,
                _ => How::Browser,
            };
            let credentials = session_of(&known, terminal)?.credentials(how, terminal)?;
            let until = credentials
                .expiration
                .map_or_else(String::new, |end| format!(" until {end}"));
            terminal.note(&format!("Signed in{until}."));
        }
        Command::RefreshIfNeeded => {
            let known = known(args, terminal)?;
            let credentials = session_of(&known, terminal)?.credentials(How::Never, terminal)?;
            say(&credentials.to_json()?)?;
        }
        Command::Help => say(include_str!("help.txt").trim_end())?,
        Command::Explain => {
            let known = known(args, terminal)?;
            say(&format!("{:#}", explain::explained(&known, terminal)))?;
        }
        Command::ShowClaims => tokens::show_claims(&known(args, terminal)?)?,
        Command::ShowTags => tokens::show_tags(&known(args, terminal)?)?,
        Command::GetTag(key) => return tokens::get_tag(&known(args, terminal)?, key, terminal),
        Command::GetMonitoringToken => {
            let known = known(args, terminal)?;
            say(&tokens::monitoring_token(&known, How::Browser, terminal)?)?;
        }
        Command::GetMcpAuthHeader => {
            let known = known(args, terminal)?;
            let token = tokens::monitoring_token(&known, How::Never, terminal)?;
            say(&serde_json::json!({ "Authorization": format!("Bearer {token}") }).to_string())?;
        }
        Command::Status { json } => tokens::status(&known(args, terminal)?, *json, terminal)?,
        other => {
            return Err(Error::new(Kind::Usage, format!("{other:?} is not built yet")));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn known(args: &Args, terminal: &Terminal) -> Result<Known, Error> {
    let executable = std::env::current_exe().ok();
    let paths = Paths::new(terminal.environment(), executable.as_deref())?;
    let file = paths.find_config()?;
    let shown = file.display();
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Error::new(Kind::Config, format!("{shown} cannot be read: {error}")))?;
    let wrong = |error: client_config::Error| {
        Error::new(Kind::Config, format!("{shown}: {error}")).advise("ask whoever gave you the package for a new one")
    };
    let config = Config::parse(&text).map_err(wrong)?;
    let name = args.profile_name(terminal.environment(), &config);
    let profile = config.profile(&name).map_err(wrong)?;
    let files = paths.of_profile(&name)?;
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

fn session_of<'a>(known: &'a Known, terminal: &Terminal) -> Result<Session<'a>, Error> {
    match &known.profile.access {
        Access::Oidc(oidc) => Ok(Session {
            profile: &known.profile,
            oidc,
            paths: &known.paths,
            files: &known.files,
            environment: terminal.shared_environment(),
        }),
        Access::IdentityCenter(_) | Access::Ambient => Err(Error::new(
            Kind::Config,
            format!(
                "profile `{}` does not sign in at an OpenID provider",
                known.profile.name
            ),
        )),
    }
}

/// Whether what is kept is still good: 0 where it is, 1 where it is not, as scripts ask for it.
fn check_expiration(known: &Known, terminal: &mut Terminal) -> Result<ExitCode, Error> {
    let keyring = match known.profile.storage {
        Storage::Session => None,
        Storage::Keyring => Some(Keyring::open(KEYRING)?),
    };
    let place = keyring.as_ref().map_or(Place::Files, Place::Keyring);
    let kept = session::load(&known.files, place)?.ok();
    let now = Timestamp::now();
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

fn clear_cache(known: &Known, terminal: &mut Terminal) -> Result<(), Error> {
    let keyring = Keyring::open(KEYRING);
    if let (Err(error), Storage::Keyring) = (&keyring, known.profile.storage) {
        terminal.note(&error.to_string());
    }
    let lock = Lock::acquire(&known.files, "signing out", KEYRING, &mut |holder| {
        let who = holder.map_or_else(|| "another process".to_owned(), ToString::to_string);
        terminal.note(&format!("Waiting for {who}."));
    })?;
    let cleared = clear::clear(&lock, &known.files, keyring.as_ref().ok());
    for removed in &cleared.removed {
        terminal.note(&format!("Removed: {} ({})", removed.what.spoken(), removed.place));
    }
    if cleared.removed.is_empty() && cleared.failed.is_empty() {
        terminal.note("There was nothing to remove.");
    }
    if cleared.foreign_section {
        terminal.note(&format!(
            "{} has a section [{}] of its own, which stays.",
            known.files.aws_credentials.display(),
            known.profile.name
        ));
    }
    match cleared.failed.into_iter().next() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Writes the answer.
fn say(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| Error::new(Kind::Storage, format!("the answer cannot be written: {error}")))
}

impl Terminal {
    fn opens(&self) -> Surroundings {
        Surroundings::of(|name| self.environment().text(name).map(str::to_owned))
    }
}
