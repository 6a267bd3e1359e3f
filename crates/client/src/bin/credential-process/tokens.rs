//! What the token of the login says.

use std::process::ExitCode;

use client::credentials::json;
use client::login::{PATIENCE, Person as _};
use client::oidc::Claims;
use client::oidc::jwt::Token;
use client::run::How;
use client::store::id_token::IdToken;
use client::{Error, Kind, Secret};
use client_config::{Access, Oidc};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::answer::say;
use crate::terminal::Terminal;
use crate::{Known, SOON, kept, session_of};

/// What must be left of a token that others are to be shown.
const LEFT: SignedDuration = SignedDuration::from_secs(60);
/// Exit codes of `--get-tag`.
const NO_TAG: u8 = 2;
const ENDED: u8 = 4;

fn nobody() -> Error {
    Error::new(Kind::Interaction, "nobody is signed in").advise("sign in with `credential-process login`")
}

/// That a profile has no token, whoever signs in.
pub fn none(known: &Known) -> Error {
    Error::new(
        Kind::Config,
        format!(
            "profile `{}` does not sign in at an OpenID provider, so it has no token",
            known.profile.name
        ),
    )
}

fn claims(known: &Known) -> Result<(Claims, IdToken), Error> {
    if !matches!(known.profile.access, Access::Oidc(_)) {
        return Err(none(known));
    }
    let token = kept::id_token(known)?.ok_or_else(nobody)?;
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
    say(&format!("{:#}", serde_json::json!(claims.tags.principal)))
}

/// Prints one session tag. Without a key it says which tags there are, and not their values.
pub fn get_tag(known: &Known, key: &str, terminal: &mut Terminal) -> Result<ExitCode, Error> {
    if key.is_empty() {
        let tags = match claims(known) {
            Ok((claims, _)) => format!("of tags, {}", listed("the token", &claims)),
            Err(error) => format!("there is no token whose tags could be named: {error}"),
        };
        terminal.note(&format!("`--get-tag` has no key ({tags}). Write `--get-tag KEY`."));
        // As the flags of Go end that lack a value.
        return Ok(ExitCode::from(NO_TAG));
    }
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
            let key = key.escape_debug();
            terminal.note(&format!("The token has no tag `{key}`; {}.", listed("it", &claims)));
            Ok(ExitCode::from(NO_TAG))
        }
    }
}

/// The keys of a token's session tags, in words; `who` is the token.
fn listed(who: &str, claims: &Claims) -> String {
    let keys: Vec<String> = claims
        .tags
        .principal
        .keys()
        .map(|key| format!("`{}`", key.escape_debug()))
        .collect();
    match keys.is_empty() {
        true => format!("{who} has none"),
        false => format!("{who} has {}", keys.join(", ")),
    }
}

/// A token that is still good: the one that is kept, or one that a refresh brings. A window opens only where `how` says so.
pub fn monitoring_token(known: &Known, oidc: &Oidc, how: How, terminal: &mut Terminal) -> Result<Secret, Error> {
    let now = Timestamp::now();
    if let Some(token) = kept::id_token(known)?.filter(|token| token.is_good(now, LEFT)) {
        return Ok(token.token);
    }
    terminal.debug("the token that is kept has ended");
    session_of(known, PATIENCE, SOON, terminal).token(oidc, how, terminal)
}

/// The same as the header of a request, as JSON.
pub fn mcp_header(known: &Known, oidc: &Oidc, terminal: &mut Terminal) -> Result<Zeroizing<String>, Error> {
    #[derive(Serialize)]
    struct Header<'a> {
        #[serde(rename = "Authorization")]
        authorization: &'a str,
    }
    let token = monitoring_token(known, oidc, How::Never, terminal)?;
    let bearer = Secret::new(format!("Bearer {}", token.expose()));
    let header = Header {
        authorization: bearer.expose(),
    };
    json(&header)
}
