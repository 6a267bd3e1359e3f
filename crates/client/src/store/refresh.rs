//! The provider's token that renews the session. It lives for weeks, so it is in the keyring wherever one can be reached,
//! whatever else is in files; without one it is in a private file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::keyring::{Entry, Keyring};
use super::{Found, disk};
use crate::credentials::json;
use crate::error::Error;
use crate::lock::Lock;
use crate::origin::fits;
use crate::paths::ProfilePaths;
use crate::secret::Secret;

/// The token, and whom it signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The token.
    pub token: Secret,
    /// The person (`sub`) of the login that brought it: what it brings is to be theirs. Earlier versions kept none.
    pub subject: Option<String>,
}

/// What was found.
#[derive(Debug)]
pub struct Loaded {
    /// The token.
    pub token: Found<RefreshToken>,
    /// Why the keyring, which is there, did not answer.
    pub trouble: Option<Error>,
}

/// Where a token was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// In the keyring.
    Keyring,
    /// In a file, and why not in the keyring if there is one.
    File(Option<Error>),
}

#[derive(Serialize)]
struct Written<'a> {
    refresh_token: &'a str,
    profile: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    origin: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    updated_at: Timestamp,
}

#[derive(Deserialize)]
struct Read {
    refresh_token: Secret,
    profile: Option<String>,
    origin: Option<String>,
    subject: Option<String>,
    /// Earlier versions write it in a form of their own.
    updated_at: Option<Value>,
}

/// A token with its age.
struct Aged {
    token: RefreshToken,
    updated: Option<Timestamp>,
}

/// The token that is kept. If there are two, the one that was kept later: a keyring that did not answer for a while has an old
/// one, and the file has the new one.
pub fn load(paths: &ProfilePaths, keyring: Option<&Keyring>) -> Loaded {
    let (kept, trouble) = in_keyring(paths, keyring);
    let file = in_file(paths);
    let token = match (kept, file) {
        (Some(kept), Found::There(file)) if file.updated > kept.updated => Found::There(file.token),
        (Some(kept), _) => Found::There(kept.token),
        (None, Found::There(file)) => Found::There(file.token),
        (None, Found::Nothing) => Found::Nothing,
        (None, Found::Unusable(unusable)) => Found::Unusable(unusable),
    };
    Loaded { token, trouble }
}

/// Keeps a token. In the keyring if it takes it, and then nowhere else.
///
/// # Errors
/// When the file cannot be written or removed.
pub fn save(
    _lock: &Lock,
    paths: &ProfilePaths,
    keyring: Option<&Keyring>,
    kept: &RefreshToken,
    now: Timestamp,
) -> Result<Kept, Error> {
    let text = json(&Written {
        refresh_token: kept.token.expose(),
        profile: &paths.name,
        origin: &paths.origin.login,
        subject: kept.subject.as_deref(),
        updated_at: now,
    })?;
    let trouble =
        match keyring.map(|keyring| keyring.set(&paths.name, Entry::RefreshToken, &Secret::new(text.as_str()))) {
            Some(Ok(())) => {
                disk::remove(&paths.refresh_token)?;
                return Ok(Kept::Keyring);
            }
            Some(Err(trouble)) => Some(trouble),
            None => None,
        };
    disk::write(&paths.refresh_token, text.as_bytes())?;
    Ok(Kept::File(trouble))
}

/// Removes a token that the provider refused, wherever it is. Another one that is there by now stays and is the answer: somebody
/// else has renewed it meanwhile, and the refusal says nothing about the new one.
///
/// # Errors
/// When what was refused cannot be removed.
pub fn forget_refused(
    _lock: &Lock,
    paths: &ProfilePaths,
    keyring: Option<&Keyring>,
    refused: &Secret,
) -> Result<Option<RefreshToken>, Error> {
    if let (Some(kept), Some(keyring)) = (in_keyring(paths, keyring).0, keyring)
        && kept.token.token == *refused
    {
        keyring.remove(&paths.name, Entry::RefreshToken)?;
    }
    if let Found::There(file) = in_file(paths)
        && file.token.token == *refused
    {
        disk::remove(&paths.refresh_token)?;
    }
    Ok(load(paths, keyring).token.ok())
}

fn in_keyring(paths: &ProfilePaths, keyring: Option<&Keyring>) -> (Option<Aged>, Option<Error>) {
    match keyring.map(|keyring| keyring.get(&paths.name, Entry::RefreshToken)) {
        Some(Ok(text)) => (text.and_then(|text| read(text.expose(), paths)), None),
        Some(Err(trouble)) => (None, Some(trouble)),
        None => (None, None),
    }
}

fn in_file(paths: &ProfilePaths) -> Found<Aged> {
    disk::read(&paths.refresh_token).and_then(paths.refresh_token.display(), |text| read(&text, paths))
}

fn read(text: &str, paths: &ProfilePaths) -> Option<Aged> {
    let read: Read = serde_json::from_str(text).ok()?;
    let ours = read.profile.is_none_or(|kept| kept == paths.name) && fits(read.origin.as_deref(), &paths.origin.login);
    let updated = read.updated_at.as_ref().and_then(Value::as_str);
    (ours && !read.refresh_token.is_empty()).then(|| Aged {
        token: RefreshToken {
            token: read.refresh_token,
            subject: read.subject.filter(|subject| !subject.is_empty()),
        },
        updated: updated.and_then(|text| text.parse().ok()),
    })
}
