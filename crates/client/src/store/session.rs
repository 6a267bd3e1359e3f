//! Credentials of the running session, in a file of our own.
//!
//! A section of `~/.aws/credentials` would outrank the program in every SDK: it would not be asked again before the credentials
//! end, and no quota would be checked until then.

use super::keyring::Entry;
use super::{Found, Place, disk};
use crate::credentials::Credentials;
use crate::error::{Error, Kind};
use crate::paths::ProfilePaths;

/// The credentials that are kept, whether they are still good or not.
///
/// # Errors
/// When the keyring does not answer. Files never fail: what cannot be read is not there.
pub fn load(paths: &ProfilePaths, place: Place<'_>) -> Result<Found<Credentials>, Error> {
    let read = |text: &str| Credentials::from_kept(text, &paths.name, &paths.origin.session);
    place.load(paths, Entry::Credentials, &paths.session, read)
}

/// Keeps credentials.
///
/// # Errors
/// When they have no end, the file cannot be written, or the keyring does not take them.
pub fn save(paths: &ProfilePaths, place: Place<'_>, credentials: &Credentials) -> Result<(), Error> {
    if credentials.expiration.is_none() {
        return Err(Error::new(
            Kind::Storage,
            "credentials that do not say when they end are not kept",
        ));
    }
    let text = credentials.to_kept(&paths.name, &paths.origin.session)?;
    place.save(paths, Entry::Credentials, &paths.session, &text)
}

/// Removes credentials that must not be handed out any more. Whether there were any.
///
/// # Errors
/// When they cannot be removed.
pub fn remove(paths: &ProfilePaths, place: Place<'_>) -> Result<bool, Error> {
    match place {
        Place::Files => disk::remove(&paths.session),
        Place::Keyring(keyring) => keyring.remove(&paths.name, Entry::Credentials),
    }
}
