//! What is kept of a profile, for what only looks at it.

use client::Error;
use client::credentials::Credentials;
use client::federation::identity_center::logins::Logins;
use client::store::id_token::{self, IdToken};
use client::store::keyring::Keyring;
use client::store::{Place, refresh, session};
use client_config::{Access, Storage};
use jiff::Timestamp;

use crate::{KEYRING, Known, SOON};

/// The keyring, where the profile keeps things there.
pub fn keyring_of(known: &Known) -> Result<Option<Keyring>, Error> {
    match known.profile.storage {
        Storage::Session => Ok(None),
        Storage::Keyring => Keyring::open(KEYRING).map(Some),
    }
}

/// The keyring where one can be reached: what renews a login is there then, whatever else is in files.
pub fn any_keyring() -> Option<Keyring> {
    Keyring::open(SOON).ok()
}

/// Where the profile keeps things, with its keyring.
pub fn place_of(keyring: Option<&Keyring>) -> Place<'_> {
    keyring.map_or(Place::Files, Place::Keyring)
}

/// The credentials, good or not.
pub fn credentials(known: &Known) -> Result<Option<Credentials>, Error> {
    let keyring = keyring_of(known)?;
    Ok(session::load(&known.files, place_of(keyring.as_ref()))?.ok())
}

/// The token of the login, good or not.
pub fn id_token(known: &Known) -> Result<Option<IdToken>, Error> {
    let keyring = keyring_of(known)?;
    Ok(id_token::load(&known.files, place_of(keyring.as_ref()))?.ok())
}

/// Whether something is kept that brings credentials without a login.
pub fn has_login(known: &Known) -> Result<bool, Error> {
    let now = Timestamp::now();
    if let Access::IdentityCenter(center) = &known.profile.access {
        let kept = Logins::of(&known.paths, center).load();
        return Ok(kept.tokens.iter().any(|token| token.expires > now));
    }
    if id_token(known)?.is_some_and(|token| token.expires > now) {
        return Ok(true);
    }
    let keyring = keyring_of(known)?.or_else(any_keyring);
    Ok(refresh::load(&known.files, keyring.as_ref()).token.ok().is_some())
}
