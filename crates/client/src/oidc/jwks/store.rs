//! The keys of an issuer on this machine: fetched when they are needed, kept for a day.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Keys;
use crate::http::Http;
use crate::oidc::claims::Claims;
use crate::oidc::jwt::{Expected, Fault, Token};
use crate::oidc::provider::Provider;
use crate::store::disk;
use crate::{Error, Kind, Secret};

/// Age up to which keys are used without a question.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);
/// How far the clock may have been set back since the keys were kept.
const SET_BACK: SignedDuration = SignedDuration::from_mins(5);
/// Form of the file. Another one counts as none.
const VERSION: u32 = 1;

/// Verifies tokens of one provider.
#[derive(Debug)]
pub struct KeyStore<'a> {
    http: &'a Http,
    provider: &'a Provider,
    folder: &'a Path,
}

/// A token that is believed.
#[derive(Debug)]
pub struct Verified {
    /// What it says.
    pub claims: Claims,
    /// Why the keys could not be kept on this machine, if they could not. The token is good; the next run asks again.
    pub not_kept: Option<Error>,
}

/// Why a token is not believed.
#[derive(Debug)]
pub enum NotVerified {
    /// The keys that would tell cannot be had.
    Keys(Error),
    /// It is wrong, or none of the issuer's keys made it.
    Token(Fault),
}

impl NotVerified {
    /// Whether nothing was found out about the token: its key may be so new that the issuer does not show it yet.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Keys(_) | Self::Token(Fault::UnknownKey(_)))
    }
}

impl From<NotVerified> for Error {
    fn from(why: NotVerified) -> Self {
        match why {
            NotVerified::Keys(error) => error,
            NotVerified::Token(fault) => fault.into(),
        }
    }
}

impl From<Fault> for NotVerified {
    fn from(fault: Fault) -> Self {
        Self::Token(fault)
    }
}

/// What the file holds: nothing secret, but whoever can write it can sign tokens.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    jwks_uri: String,
    /// Seconds since 1970.
    fetched_at: i64,
    document: Value,
}

/// Keys, and what became of their file.
struct Found {
    keys: Keys,
    not_kept: Option<Error>,
}

impl<'a> KeyStore<'a> {
    /// Keys of this provider, kept in a folder of the user's own.
    pub fn new(http: &'a Http, provider: &'a Provider, folder: &'a Path) -> Self {
        Self { http, provider, folder }
    }

    /// What an id_token says, if it is the provider's and meant for this login. Where the kept keys do not fit they are asked for
    /// once more: a token was asked for just before, so this is never more than one question for each of the provider's tokens.
    ///
    /// # Errors
    /// Why it is not believed ([`Kind::Login`]), or why the keys cannot be had ([`Kind::Network`]).
    pub fn verify(&self, id_token: &Secret, expected: &Expected<'_>) -> Result<Verified, NotVerified> {
        let token = Token::parse(id_token.expose())?;
        let now = expected.now;
        let kept = self.kept(now);
        // An issuer that does not name its keys, or names the next one like the last, shows a change of them as a wrong signature.
        let may_be_old = |found: &Found| {
            matches!(
                token.check_signature(&found.keys),
                Err(Fault::UnknownKey(_) | Fault::AmbiguousKey | Fault::Signature)
            )
        };
        let found = match kept {
            Some(kept) if !may_be_old(&kept) => kept,
            _ => self.fetch(now).map_err(NotVerified::Keys)?,
        };
        let claims = token.verify(&found.keys, expected)?;
        Ok(Verified {
            claims,
            not_kept: found.not_kept,
        })
    }

    /// The file, one for each address of keys.
    fn path(&self) -> PathBuf {
        let digest = Sha256::digest(self.provider.jwks_uri.as_bytes());
        let name: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("jwks-{name}.json"))
    }

    /// The keys that were kept. A file that is old, of another address, not understood, or that others could have written counts as
    /// none.
    fn kept(&self, now: Timestamp) -> Option<Found> {
        let text = disk::read(&self.path()).ok()?;
        let kept: Kept = serde_json::from_str(&text).ok()?;
        let fetched_at = Timestamp::from_second(kept.fetched_at).ok()?;
        let age = now.duration_since(fetched_at);
        // A file from the future was written by another clock, and would never grow old.
        let is_usable =
            kept.version == VERSION && kept.jwks_uri == self.provider.jwks_uri && age < OLDEST && age > -SET_BACK;
        let keys = Keys::parse(kept.document.to_string().as_bytes()).ok()?;
        is_usable.then_some(Found { keys, not_kept: None })
    }

    fn fetch(&self, now: Timestamp) -> Result<Found, Error> {
        let uri = &self.provider.jwks_uri;
        let answer = self.http.get(uri, &[("Accept", "application/json")])?;
        let failed = |what: &str| {
            Error::new(Kind::Network, format!("the keys of the issuer at {uri} {what}"))
                .advise("try again; if it stays, look at the provider's address in config.json")
        };
        if answer.status != 200 {
            return Err(failed(&format!("cannot be had (HTTP status {})", answer.status)));
        }
        let document: Value = answer.json(uri)?;
        let keys = Keys::parse(&answer.body).map_err(failed)?;
        let not_kept = self.keep(now, document).err();
        Ok(Found { keys, not_kept })
    }

    /// Writes the file, which appears whole or not at all and which others can neither read nor write.
    fn keep(&self, now: Timestamp, document: Value) -> Result<(), Error> {
        let path = self.path();
        let failed = |error: &dyn std::fmt::Display| {
            Error::new(
                Kind::Storage,
                format!("the issuer's keys cannot be kept in {}: {error}", path.display()),
            )
            .advise("the login goes on, and the next one asks for them again; look at the folder's permissions and at the disk")
        };
        let kept = Kept {
            version: VERSION,
            jwks_uri: self.provider.jwks_uri.clone(),
            fetched_at: now.as_second(),
            document,
        };
        let text = serde_json::to_vec(&kept).map_err(|error| failed(&error))?;
        disk::write(&path, &text).map_err(|error| failed(&error.message))
    }
}
