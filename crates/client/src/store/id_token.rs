//! The provider's token about the user, which AWS, the quota and telemetry take.
//!
//! The file is that of existing installations, so a login that was made before an update stays good.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::keyring::Entry;
use super::{Found, Place};
use crate::credentials::json;
use crate::error::Error;
use crate::origin::fits;
use crate::paths::ProfilePaths;
use crate::secret::Secret;

/// The provider's token about the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdToken {
    /// The token as the provider signed it.
    pub token: Secret,
    /// When it ends.
    pub expires: Timestamp,
    /// Whom it is about; empty where it does not say.
    pub email: String,
}

impl IdToken {
    /// Whether more than this time is left of it.
    pub fn is_good(&self, now: Timestamp, left: SignedDuration) -> bool {
        self.expires.duration_since(now) > left
    }
}

#[derive(Serialize)]
struct Written<'a> {
    token: &'a str,
    expires: i64,
    email: &'a str,
    profile: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    origin: &'a str,
}

#[derive(Deserialize)]
struct Read {
    token: Secret,
    expires: i64,
    #[serde(default)]
    email: String,
    profile: Option<String>,
    origin: Option<String>,
}

/// The token that is kept, whether it is still good or not.
///
/// # Errors
/// When the keyring does not answer. Files never fail: what cannot be read is not there.
pub fn load(paths: &ProfilePaths, place: Place<'_>) -> Result<Found<IdToken>, Error> {
    place.load(paths, Entry::IdToken, &paths.id_token, |text| read(text, paths))
}

/// Keeps a token.
///
/// # Errors
/// When the file cannot be written, or the keyring does not take it.
pub fn save(paths: &ProfilePaths, place: Place<'_>, token: &IdToken) -> Result<(), Error> {
    let text = json(&Written {
        token: token.token.expose(),
        expires: token.expires.as_second(),
        email: &token.email,
        profile: &paths.name,
        origin: &paths.origin.login,
    })?;
    place.save(paths, Entry::IdToken, &paths.id_token, &text)
}

/// The token of a text. `None` when there is none in it, or another profile's.
fn read(text: &str, paths: &ProfilePaths) -> Option<IdToken> {
    let read: Read = serde_json::from_str(text).ok()?;
    let ours = read.profile.is_none_or(|kept| kept == paths.name) && fits(read.origin.as_deref(), &paths.origin.login);
    (ours && !read.token.is_empty()).then_some(IdToken {
        token: read.token,
        expires: Timestamp::from_second(read.expires).ok()?,
        email: read.email,
    })
}
