//! One at a time: whoever refreshes or signs in for a profile holds its lock until everything is kept.
//!
//! The lock is the operating system's, so it goes with its holder, however that one ends. The file stays: who has it open still
//! holds the lock on a file that was deleted, and the next one would lock a new file beside it.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::credentials::json;
use crate::error::{Error, Kind};
use crate::paths::ProfilePaths;
use crate::store::disk::{self, Keep, PRIVATE};

/// The lock of a profile, held until this goes.
#[derive(Debug)]
pub struct Lock {
    file: File,
    holder: PathBuf,
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Number of the process.
    pub pid: u32,
    /// Since when.
    pub since: Timestamp,
    /// What it does, in a few words such as `signing in`.
    pub purpose: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Seconds are enough to find it in a list of processes.
        let since = Timestamp::from_second(self.since.as_second()).unwrap_or(self.since);
        write!(f, "process {} ({}, since {since})", self.pid, self.purpose)
    }
}

impl Lock {
    /// Takes the lock of a profile, and waits for it as long as `longest` if somebody has it. `waiting` is called once before
    /// that, with the holder as far as it is known.
    ///
    /// Read again what is kept once the lock is there: the holder before may have left what was wanted.
    ///
    /// # Errors
    /// When the lock does not come free in that time, or the file cannot be opened or locked.
    pub fn acquire(
        paths: &ProfilePaths,
        purpose: &str,
        longest: Duration,
        waiting: &mut dyn FnMut(Option<&Holder>),
    ) -> Result<Self, Error> {
        let file = open(paths)?;
        let file = match file.try_lock() {
            Ok(()) => file,
            Err(TryLockError::WouldBlock) => {
                waiting(holder(paths).as_ref());
                wait(file, paths, longest)?
            }
            Err(TryLockError::Error(error)) => return Err(failed(paths, "locked", &error)),
        };
        Ok(Self::held(file, paths, purpose))
    }

    /// Takes the lock of a profile if nobody has it.
    ///
    /// # Errors
    /// When the file cannot be opened or locked.
    pub fn try_acquire(paths: &ProfilePaths, purpose: &str) -> Result<Option<Self>, Error> {
        let file = open(paths)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self::held(file, paths, purpose))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(paths, "locked", &error)),
        }
    }

    fn held(file: File, paths: &ProfilePaths, purpose: &str) -> Self {
        let holder = Holder {
            pid: std::process::id(),
            since: Timestamp::now(),
            purpose: purpose.to_owned(),
        };
        // Only a courtesy to those who wait: without it they wait for somebody whom they do not know. It is not in the file
        // that is locked because Windows lets nobody read what is locked.
        if let Ok(text) = json(&holder) {
            let _ = disk::write_as(&paths.holder, text.as_bytes(), PRIVATE, Keep::WhileRunning);
        }
        Self {
            file,
            holder: paths.holder.clone(),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // In this order, or what goes could be the next holder's.
        let _ = std::fs::remove_file(&self.holder);
        let _ = self.file.unlock();
    }
}

/// Who holds the lock of a profile, as far as that one said it. Nobody needs to: it may have ended without a word.
pub fn holder(paths: &ProfilePaths) -> Option<Holder> {
    let text = disk::read(&paths.holder).ok()?;
    serde_json::from_str(&text).ok()
}

fn open(paths: &ProfilePaths) -> Result<File, Error> {
    let opened = disk::folder(&paths.lock).and_then(|_| {
        let mut options = OpenOptions::new();
        // Network file systems lock for writing only what is open for it.
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(&paths.lock)
    });
    opened.map_err(|error| failed(paths, "opened", &error))
}

/// Waits in a thread of its own, since systems know no waiting for a file's lock that ends by itself. When the time is over the
/// thread is left behind; should the lock come to it later, it goes at once with the message that nobody takes.
fn wait(file: File, paths: &ProfilePaths, longest: Duration) -> Result<File, Error> {
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::Builder::new().name("lock".to_owned());
    let started = thread.spawn(move || {
        let locked = loop {
            match file.lock() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                locked => break locked,
            }
        };
        let _ = sender.send(locked.map(|()| file));
    });
    started.map_err(|error| failed(paths, "waited for", &error))?;
    match receiver.recv_timeout(longest) {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(failed(paths, "locked", &error)),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            let who = holder(paths).map_or_else(|| "another process".to_owned(), |holder| holder.to_string());
            Err(Error::new(
                Kind::Storage,
                format!(
                    "{who} has been working for profile `{}` for more than {} s, and nothing else can be done for it meanwhile",
                    paths.name,
                    longest.as_secs()
                ),
            )
            .advise("finish the login that is open in the browser, or end that process"))
        }
    }
}

fn failed(paths: &ProfilePaths, what: &str, error: &io::Error) -> Error {
    let advice = match error.kind() {
        // Windows calls that denied.
        _ if paths.lock.is_dir() => "a folder of this name is in the way: move it away",
        io::ErrorKind::PermissionDenied => "look who owns the file and its folder: they must be yours",
        io::ErrorKind::Unsupported => {
            "the home folder lies on a file system that knows no locks; move it to one that does"
        }
        io::ErrorKind::ReadOnlyFilesystem => "the home folder must be writable",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a file is where one of its folders has to be: move it away"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
        _ => "look whether the folder exists and is yours",
    };
    let path = paths.lock.display();
    Error::new(Kind::Storage, format!("the lock {path} could not be {what}: {error}")).advise(advice)
}

#[cfg(test)]
mod tests;
