//! What the token of the login says.

use std::process::ExitCode;

use client::login::{PATIENCE, Person as _};
use client::oidc::Claims;
use client::oidc::jwt::Token;
use client::run::How;
use client::store::id_token::{self, IdToken};
use client::store::keyring::Keyring;
use client::store::{Place, session};
use client::{Error, Kind};
use client_config::{Access, Oidc, Storage};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::terminal::Terminal;
use crate::{KEYRING, Known, say, session_of};

/// What must be left of a token that others are to be shown.
const LEFT: SignedDuration = SignedDuration::from_secs(60);
/// Exit codes of `--get-tag`.
const NO_TAG: u8 = 2;
const ENDED: u8 = 4;

/// The token that is kept, good or not.
fn kept(known: &Known) -> Result<Option<IdToken>, Error> {
    let keyring = match known.profile.storage {
        Storage::Session => None,
        Storage::Keyring => Some(Keyring::open(KEYRING)?),
    };
    let place = keyring.as_ref().map_or(Place::Files, Place::Keyring);
    Ok(id_token::load(&known.files, place)?.ok())
}

fn nobody() -> Error {
    Error::new(Kind::Interaction, "nobody is signed in").advise("sign in with `credential-process login`")
}

fn claims(known: &Known) -> Result<(Claims, IdToken), Error> {
    let token = kept(known)?.ok_or_else(nobody)?;
    let claims = Token::parse(token.token.expose()).and_then(Token::unverified)?;
    Ok((claims, token))
}

/// Prints every claim.
pub fn show_claims(known: &Known) -> Result<(), Error> {
    let (claims, _) = claims(known)?;
    say(&format!("{:#}", Value::Object(claims.raw)))
}

/// Prints the session tags.
pub fn show_tags(known: &Known) -> Result<(), Error> {
    let (claims, _) = claims(known)?;
    say(&format!("{:#}", json!(claims.tags.principal)))
}

/// Prints one session tag.
pub fn get_tag(known: &Known, key: &str, terminal: &mut Terminal) -> Result<ExitCode, Error> {
    let (claims, token) = claims(known)?;
    if !token.is_good(Timestamp::now(), SignedDuration::ZERO) {
        terminal.note("The token has ended.");
        return Ok(ExitCode::from(ENDED));
    }
    match claims.tags.principal.get(key) {
        Some(value) => {
            say(value)?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            terminal.note(&format!("The token has no tag `{key}`."));
            Ok(ExitCode::from(NO_TAG))
        }
    }
}

/// A token that is still good: the one that is kept, or one that a refresh brings. A window opens only where `how` says so.
pub fn monitoring_token(known: &Known, oidc: &Oidc, how: How, terminal: &mut Terminal) -> Result<String, Error> {
    let now = Timestamp::now();
    if let Some(token) = kept(known)?.filter(|token| token.is_good(now, LEFT)) {
        return Ok(token.token.expose().to_owned());
    }
    terminal.debug("the token that is kept has ended");
    session_of(known, PATIENCE, terminal)
        .token(oidc, how, terminal)
        .map(|token| token.expose().to_owned())
}

/// Who is signed in, and for how long.
pub fn status(known: &Known, as_json: bool, terminal: &mut Terminal) -> Result<ExitCode, Error> {
    let keyring = match known.profile.storage {
        Storage::Session => None,
        Storage::Keyring => Some(Keyring::open(KEYRING)?),
    };
    let place = keyring.as_ref().map_or(Place::Files, Place::Keyring);
    let now = Timestamp::now();
    let credentials = session::load(&known.files, place)?
        .ok()
        .filter(|kept| kept.is_good(now));
    let until = credentials.as_ref().and_then(|kept| kept.expiration);
    let token = kept(known)?;
    let email = token
        .as_ref()
        .map(|token| token.email.clone())
        .filter(|email| !email.is_empty());
    let way = match known.profile.access {
        Access::Oidc(_) => "oidc",
        Access::IdentityCenter(_) => "idc",
        Access::Ambient => "none",
    };
    let is_signed_in = token
        .as_ref()
        .is_some_and(|token| token.is_good(now, SignedDuration::ZERO));
    let code = match credentials.is_some() || is_signed_in {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(Kind::Interaction.exit_code()),
    };
    if as_json {
        say(&format!(
            "{:#}",
            json!({
                "version": 1,
                "profile": known.profile.name,
                "auth": way,
                "email": email,
                "credentials": { "valid": credentials.is_some(), "expires": until },
                "token": {
                    "valid": is_signed_in,
                    "expires": token.as_ref().map(|token| token.expires),
                },
            })
        ))?;
        return Ok(code);
    }
    let what = match (credentials.is_some(), until) {
        (true, Some(until)) => format!("credentials until {until}"),
        (true, None) => "credentials without an end".to_owned(),
        (false, _) if is_signed_in => "signed in; the next call takes new credentials".to_owned(),
        (false, _) => "no credentials that are still good".to_owned(),
    };
    let who = email.map(|email| format!("{email}, ")).unwrap_or_default();
    say(&format!("profile {}: {who}{what}", known.profile.name))?;
    if credentials.is_none() && !is_signed_in {
        terminal.note("  `credential-process login` signs in");
    }
    Ok(code)
}
