//! The system's store of secrets: Credential Manager on Windows, Keychain on macOS, the Secret Service elsewhere.
//!
//! Such a store may be locked and wait for somebody who is not there, so each call has a deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use keyring_core::CredentialStore;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Error, Kind};
use crate::secret::Secret;

/// Name under which everything is kept. Source: the installations that exist.
const SERVICE: &str = "claude-code-with-bedrock";
/// Characters of an entry. Credential Manager takes 2560 bytes, and two of them are one character.
/// Source: `CRED_MAX_CREDENTIAL_BLOB_SIZE`, <https://learn.microsoft.com/en-us/windows/win32/api/wincred/ns-wincred-credentialw>
const LONGEST: usize = 1000;
/// What libdbus says, after two seconds and at length, where a service is there and silent.
const SILENT: &str = "Did not receive a reply";
/// Longest time for somebody to type the password of the store.
const UNLOCKED: Duration = Duration::from_secs(60);
/// Longest time for a store that is not locked.
const AT_ONCE: Duration = Duration::from_secs(3);
/// Entries in which earlier versions kept credentials on Windows.
const OLD: [&str; 4] = ["keys", "token1", "token2", "meta"];

/// How long the store is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Longest time for a call.
    longest: Duration,
    /// After this time somebody is told that it may be theirs to unlock it, and how they are told.
    notice: Option<Notice>,
}

/// After which time somebody is told, and how.
type Notice = (Duration, fn(&str));

impl From<Duration> for Patience {
    /// So long, whoever is there.
    fn from(longest: Duration) -> Self {
        Self { longest, notice: None }
    }
}

impl Patience {
    /// As long as a person needs who is asked for the store's password, and who is told of it where the window does not show.
    pub fn with_person(tell: fn(&str)) -> Self {
        Self {
            longest: UNLOCKED,
            notice: Some((AT_ONCE, tell)),
        }
    }
}

/// What is kept of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Credentials of the running session.
    Credentials,
    /// The provider's token about the user.
    IdToken,
    /// The application's secret at Microsoft Entra ID.
    ClientSecret,
    /// The provider's token that renews the session.
    RefreshToken,
}

impl Entry {
    /// The name of the entry. Source: the installations that exist, and for the last our own.
    fn name(self, profile: &str) -> String {
        let end = match self {
            Self::Credentials => "credentials",
            Self::IdToken => "monitoring",
            Self::ClientSecret => "client-secret",
            Self::RefreshToken => "refresh",
        };
        format!("{profile}-{end}")
    }

    /// The entry in words.
    pub(super) fn spoken(self, profile: &str) -> String {
        format!("the keyring's entry `{}`", self.name(profile))
    }
}

/// The system's store of secrets.
#[derive(Debug)]
pub struct Keyring {
    store: Arc<CredentialStore>,
    patience: Patience,
    /// Longer values are kept in pieces.
    longest: usize,
    /// A call did not come back. The others would wait behind it.
    hangs: AtomicBool,
}

impl Keyring {
    /// Connects to the store of this system. Each call, this one included, may take as long as `patience` says.
    ///
    /// # Errors
    /// When there is none, or it does not answer.
    pub fn open(patience: impl Into<Patience>) -> Result<Self, Error> {
        let patience = patience.into();
        let store = within(patience, connect).unwrap_or(Err(Trouble::Slow));
        let longest = if cfg!(windows) { LONGEST } else { usize::MAX };
        match store {
            Ok(store) => Ok(Self::over(store, patience, longest)),
            Err(trouble) => Err(trouble.said("opened", patience.longest)),
        }
    }

    fn over(store: Arc<CredentialStore>, patience: impl Into<Patience>, longest: usize) -> Self {
        Self {
            store,
            patience: patience.into(),
            longest,
            hangs: AtomicBool::new(false),
        }
    }

    /// What is kept. A value in pieces that do not belong together counts as nothing: somebody was killed while writing it.
    ///
    /// # Errors
    /// When the store does not answer, or does not hand it out.
    pub fn get(&self, profile: &str, entry: Entry) -> Result<Option<Secret>, Error> {
        let name = entry.name(profile);
        self.call("read", move |store| {
            if let Some(meta) = one(store, &meta(&name))? {
                let meta: Option<Meta> = serde_json::from_str(&meta).ok();
                return meta.map_or(Ok(None), |meta| joined(store, &name, &meta));
            }
            Ok(one(store, &name)?.map(|text| Secret::new(text.as_str())))
        })
    }

    /// Keeps a value.
    ///
    /// # Errors
    /// When the store does not answer, or does not take it.
    pub fn set(&self, profile: &str, entry: Entry, value: &Secret) -> Result<(), Error> {
        let (name, value, longest) = (entry.name(profile), value.clone(), self.longest);
        self.call("written", move |store| {
            // From here on old pieces are none, so that a new value cannot be mistaken for them.
            delete(store, &meta(&name))?;
            let pieces = pieces(value.expose(), longest);
            if let [whole] = pieces.as_slice() {
                put(store, &name, whole)?;
                return delete_pieces(store, &name, 1).map(drop);
            }
            for (piece, at) in pieces.iter().zip(1..) {
                put(store, &numbered(&name, at), piece)?;
            }
            let written = Meta {
                pieces: pieces.len(),
                sha256: digest(value.expose()),
            };
            let written = serde_json::to_string(&written).map_err(|error| Trouble::Failed(error.to_string()))?;
            put(store, &meta(&name), &written)?;
            delete_pieces(store, &name, pieces.len() + 1)?;
            delete(store, &name).map(drop)
        })
    }

    /// Removes a value. Whether there was one.
    ///
    /// # Errors
    /// When the store does not answer, or does not let it go.
    pub fn remove(&self, profile: &str, entry: Entry) -> Result<bool, Error> {
        let name = entry.name(profile);
        self.call("changed", move |store| {
            let described = delete(store, &meta(&name))?;
            let pieces = delete_pieces(store, &name, 1)?;
            Ok(delete(store, &name)? || described || pieces)
        })
    }

    /// Removes the entries in which earlier versions kept credentials on Windows. Whether there were any.
    ///
    /// # Errors
    /// When the store does not answer, or does not let them go.
    pub fn remove_old(&self, profile: &str) -> Result<bool, Error> {
        let profile = profile.to_owned();
        self.call("changed", move |store| {
            let mut any = false;
            for end in OLD {
                any |= delete(store, &format!("{profile}-{end}"))?;
            }
            Ok(any)
        })
    }

    fn call<T: Send + 'static>(
        &self,
        what: &str,
        call: impl FnOnce(&Arc<CredentialStore>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.store);
        let result = match self.hangs.load(Ordering::Relaxed) {
            true => None,
            false => within(self.patience, move || call(&store)),
        };
        let result = result.unwrap_or_else(|| {
            self.hangs.store(true, Ordering::Relaxed);
            Err(Trouble::Slow)
        });
        result.map_err(|trouble| trouble.said(what, self.patience.longest))
    }
}

/// Why a call came to nothing.
enum Trouble {
    /// It did not come back in time.
    Slow,
    /// It failed, in the store's words.
    Failed(String),
}

impl Trouble {
    fn said(self, what: &str, deadline: Duration) -> Error {
        let why = match self {
            Self::Slow => format!("it did not answer within {} s", deadline.as_secs_f32()),
            Self::Failed(why) => why,
        };
        Error::new(Kind::Storage, format!("the keyring could not be {what}: {why}"))
            .advise("unlock it; where the machine has none, set `credential_storage` to `session` in config.json")
    }
}

impl From<keyring_core::Error> for Trouble {
    fn from(error: keyring_core::Error) -> Self {
        use keyring_core::Error as E;
        // The other kinds may carry what is kept.
        Self::Failed(match error {
            E::PlatformFailure(why) if why.to_string().contains(SILENT) => "it did not answer".to_owned(),
            E::PlatformFailure(why) => why.to_string(),
            E::NoStorageAccess(why) => format!("it gives no access: {why}"),
            E::BadEncoding(_) | E::BadDataFormat(..) => "what it holds is no text".to_owned(),
            E::TooLong(what, longest) => format!("its {what} may have {longest} characters at most"),
            E::Ambiguous(_) => "it has several such entries".to_owned(),
            _ => "it refused".to_owned(),
        })
    }
}

/// Runs something in a thread of its own, which is left behind when the time is over. `None` then.
fn within<T: Send + 'static>(patience: Patience, call: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::Builder::new().name("keyring".to_owned());
    let started = thread.spawn(move || {
        let _ = sender.send(call());
    });
    started.ok()?;
    let mut longest = patience.longest;
    if let Some((after, tell)) = patience.notice {
        match receiver.recv_timeout(after) {
            Err(RecvTimeoutError::Timeout) => {}
            answered => return answered.ok(),
        }
        tell("The keyring does not answer yet. It may wait for its password in a window of its own: look for it.");
        longest = longest.saturating_sub(after);
    }
    receiver.recv_timeout(longest).ok()
}

#[cfg(target_os = "windows")]
fn connect() -> Result<Arc<CredentialStore>, Trouble> {
    let store = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn connect() -> Result<Arc<CredentialStore>, Trouble> {
    let store = apple_native_keyring_store::keychain::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "linux")]
fn connect() -> Result<Arc<CredentialStore>, Trouble> {
    let store = dbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(not(any(target_os = "windows", target_os = "macos", target_os = "linux")))]
fn connect() -> Result<Arc<CredentialStore>, Trouble> {
    Err(Trouble::Failed("this system has none that is known".to_owned()))
}

/// What is known of a value in pieces.
#[derive(Serialize, Deserialize)]
struct Meta {
    pieces: usize,
    sha256: String,
}

fn meta(name: &str) -> String {
    format!("{name}-meta")
}

fn numbered(name: &str, at: usize) -> String {
    format!("{name}-{at}")
}

fn digest(value: &str) -> String {
    BASE64_STANDARD_NO_PAD.encode(Sha256::digest(value))
}

/// A value in parts of so many characters. An empty value is one part.
fn pieces(value: &str, longest: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some((at, _)) = rest.char_indices().nth(longest) {
        let (piece, after) = rest.split_at(at);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

fn joined(store: &Arc<CredentialStore>, name: &str, meta: &Meta) -> Result<Option<Secret>, Trouble> {
    let mut whole = Zeroizing::new(String::new());
    for at in 1..=meta.pieces {
        match one(store, &numbered(name, at))? {
            Some(piece) => whole.push_str(&piece),
            None => return Ok(None),
        }
    }
    Ok((digest(&whole) == meta.sha256).then(|| Secret::new(whole.as_str())))
}

fn one(store: &Arc<CredentialStore>, name: &str) -> Result<Option<Zeroizing<String>>, Trouble> {
    match entry(store, name)?.get_password() {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn put(store: &Arc<CredentialStore>, name: &str, text: &str) -> Result<(), Trouble> {
    Ok(entry(store, name)?.set_password(text)?)
}

fn delete(store: &Arc<CredentialStore>, name: &str) -> Result<bool, Trouble> {
    match entry(store, name)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(keyring_core::Error::NoEntry) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Removes the pieces of a value from this one on. Whether there were any.
fn delete_pieces(store: &Arc<CredentialStore>, name: &str, from: usize) -> Result<bool, Trouble> {
    let mut at = from;
    while delete(store, &numbered(name, at))? {
        at += 1;
    }
    Ok(at > from)
}

fn entry(store: &Arc<CredentialStore>, name: &str) -> Result<keyring_core::Entry, Trouble> {
    Ok(keyring_core::Entry::new_in_store(store, SERVICE, name)?)
}

#[cfg(test)]
mod tests;
