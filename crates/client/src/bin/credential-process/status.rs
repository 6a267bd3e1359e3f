//! Who is signed in, for how long, and what keeps it from working.

use std::process::ExitCode;

use client::federation::identity_center::logins::Logins;
use client::login::PATIENCE;
use client::store::{Found, id_token, migrate, quota_state, refresh, session};
use client::{Error, Kind};
use client_config::Access;
use jiff::Timestamp;
use serde_json::json;

use crate::answer::say;
use crate::terminal::Terminal;
use crate::{Known, SOON, kept, session_of};

/// What is in the way.
#[derive(Default)]
struct Troubles(Vec<String>);

impl Troubles {
    /// What was found, if it can be used; why not, is noted.
    fn of<T>(&mut self, found: Found<T>) -> Option<T> {
        if let Found::Unusable(why) = &found {
            self.0.push(why.to_string());
        }
        found.ok()
    }
}

/// Says it, as JSON or in words.
pub fn status(known: &Known, as_json: bool, terminal: &mut Terminal) -> Result<ExitCode, Error> {
    let keyring = kept::keyring_of(known)?;
    let place = kept::place_of(keyring.as_ref());
    let now = Timestamp::now();
    let mut troubles = Troubles::default();
    let credentials = troubles
        .of(session::load(&known.files, place)?)
        .filter(|kept| kept.is_good(now));
    let until = credentials.as_ref().and_then(|kept| kept.expiration);
    let token = troubles.of(id_token::load(&known.files, place)?);
    let any = match (&known.profile.access, &keyring) {
        (Access::Oidc(_), None) => kept::any_keyring(),
        _ => None,
    };
    let renewal = refresh::load(&known.files, keyring.as_ref().or(any.as_ref()));
    troubles.0.extend(renewal.trouble.map(|trouble| trouble.to_string()));
    let mut is_renewable = troubles.of(renewal.token).is_some();
    troubles.of(quota_state::load(&known.files));
    troubles
        .0
        .extend(session_of(known, PATIENCE, SOON, terminal).exposed(&known.file));
    match migrate::has_foreign(&known.files) {
        Ok(true) => troubles.0.push(migrate::foreign(&known.files)),
        Ok(false) => {}
        Err(error) => troubles.0.push(error.to_string()),
    }
    let email = token
        .as_ref()
        .map(|token| token.email.clone())
        .filter(|email| !email.is_empty());
    let way = match known.profile.access {
        Access::Oidc(_) => "oidc",
        Access::IdentityCenter(_) => "idc",
        Access::Ambient => "none",
    };
    let login = match &known.profile.access {
        Access::IdentityCenter(center) => {
            let kept = Logins::of(&known.paths, center).load();
            troubles.0.extend(kept.unusable.iter().map(ToString::to_string));
            let renewals = kept.tokens.iter().filter_map(|token| token.renewal.as_ref());
            is_renewable = renewals.into_iter().any(|renewal| renewal.registration.expires > now);
            kept.tokens.first().map(|token| token.expires)
        }
        Access::Oidc(_) | Access::Ambient => token.as_ref().map(|token| token.expires),
    };
    let is_signed_in = login.is_some_and(|expires| expires > now);
    // Nobody signs in here for those.
    let is_ambient = known.profile.access == Access::Ambient;
    // Whether the provider still renews the login, only the next call tells.
    let is_enough = credentials.is_some() || is_signed_in || is_renewable || is_ambient;
    let code = match is_enough {
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
                    "expires": login,
                    "renewable": is_renewable,
                },
                "troubles": troubles.0,
            })
        ))?;
        return Ok(code);
    }
    let what = match (credentials.is_some(), until) {
        _ if is_ambient => "the machine's own credentials, which are looked for at each call".to_owned(),
        (true, Some(until)) if is_renewable => {
            format!("credentials until {until}; the next call after that renews the login")
        }
        (true, Some(until)) => format!("credentials until {until}"),
        (true, None) => "credentials without an end".to_owned(),
        (false, _) if is_signed_in => "signed in; the next call takes new credentials".to_owned(),
        (false, _) if is_renewable => {
            "the login has expired; the next call renews it, if the provider lets it".to_owned()
        }
        (false, _) => "no credentials that are still good".to_owned(),
    };
    // It is the provider's word, or the person's own.
    let who = email
        .map(|email| format!("{}, ", email.escape_debug()))
        .unwrap_or_default();
    say(&format!("profile {}: {who}{what}", known.profile.name))?;
    for trouble in &troubles.0 {
        terminal.note(&format!("  {trouble}"));
    }
    if !is_enough {
        terminal.note("  `credential-process login` signs in");
    }
    Ok(code)
}
