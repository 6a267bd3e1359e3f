//! What the program keeps between its runs: one small file a thing, which appears whole or not at all and which only its owner
//! can read. What cannot be trusted or read counts as not there, and the caller is told why.

pub mod clear;
pub(crate) mod disk;
pub mod id_token;
pub(crate) mod ini;
pub mod keyring;
pub mod migrate;
pub mod quota_state;
pub mod refresh;
pub mod session;

use std::fmt;
use std::path::Path;

use keyring::{Entry, Keyring};

use crate::error::Error;
use crate::paths::ProfilePaths;
use crate::secret::Secret;

/// Where credentials and tokens are kept, as the profile's configuration wants it.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// In files.
    Files,
    /// In the system's store of secrets.
    Keyring(&'a Keyring),
}

impl Place<'_> {
    /// What is kept as this entry, or in this file.
    fn load<T>(
        self,
        paths: &ProfilePaths,
        entry: Entry,
        file: &Path,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Found<T>, Error> {
        Ok(match self {
            Self::Files => disk::read(file).and_then(file.display(), |text| read(&text)),
            Self::Keyring(keyring) => match keyring.get(&paths.name, entry)? {
                Some(text) => Found::There(text).and_then(entry.spoken(&paths.name), |text| read(text.expose())),
                None => Found::Nothing,
            },
        })
    }

    /// Keeps a text as this entry, or in this file.
    fn save(self, paths: &ProfilePaths, entry: Entry, file: &Path, text: &str) -> Result<(), Error> {
        match self {
            Self::Files => disk::write(file, text.as_bytes()),
            Self::Keyring(keyring) => keyring.set(&paths.name, entry, &Secret::new(text)),
        }
    }
}

/// What was found where something is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<T> {
    /// It is there.
    There(T),
    /// Nothing is there.
    Nothing,
    /// Something is there that is not used. It counts as nothing.
    Unusable(Unusable),
}

impl<T> Found<T> {
    /// What is there, if it can be used.
    pub fn ok(self) -> Option<T> {
        match self {
            Self::There(value) => Some(value),
            Self::Nothing | Self::Unusable(_) => None,
        }
    }

    /// What it comes to, where reading it further may show that it is something else than was looked for.
    pub(crate) fn and_then<U>(self, place: impl fmt::Display, read: impl FnOnce(T) -> Option<U>) -> Found<U> {
        let unusable = || {
            Found::Unusable(Unusable {
                place: place.to_string(),
                why: Why::Content,
            })
        };
        match self {
            Self::There(value) => read(value).map_or_else(unusable, Found::There),
            Self::Nothing => Found::Nothing,
            Self::Unusable(unusable) => Found::Unusable(unusable),
        }
    }
}

/// Something that is not used. As text it says why and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The file, or the entry of the keyring.
    pub place: String,
    /// Why it is not used.
    pub why: Why,
}

/// Why something is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is a folder.
    Folder,
    /// It is a pipe or a device.
    NoFile,
    /// It is empty.
    Empty,
    /// It is larger than anything that is kept.
    TooLarge,
    /// It belongs to another user, who could have put anything into it. Unix alone.
    Foreign {
        /// That user's number.
        owner: u32,
    },
    /// Others can read or write it. Unix alone.
    Open {
        /// Its permissions.
        mode: u32,
    },
    /// Its content is not what is kept there, or is another profile's.
    Content,
    /// The system does not let it be read.
    Unreadable(String),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.place;
        match &self.why {
            Why::Folder => write!(f, "{path} is not used: it is a folder; move it away"),
            Why::NoFile => write!(f, "{path} is not used: it is no file; move it away"),
            Why::Empty => write!(f, "{path} is not used: it is empty; the next login replaces it"),
            Why::TooLarge => write!(f, "{path} is not used: it is too large; the next login replaces it"),
            Why::Foreign { owner } => write!(
                f,
                "{path} is not used: it belongs to another user (number {owner}); remove it, or run `chown` on it"
            ),
            Why::Open { mode } => write!(
                f,
                "{path} is not used: others can reach it (mode {mode:04o}), so they may have read what it holds or written it; the \
                 next login replaces it by one that is yours alone"
            ),
            Why::Content => write!(
                f,
                "{path} is not used: its content is not what is kept there; the next login replaces it"
            ),
            Why::Unreadable(error) => write!(
                f,
                "{path} is not used: it cannot be read: {error}; look who owns it and its folder"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
