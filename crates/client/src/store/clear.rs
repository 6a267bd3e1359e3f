//! Removing what is kept of a profile, so that the next run begins with a login.

use std::path::Path;

use jiff::Timestamp;

use super::disk;
use super::keyring::{Entry, Keyring};
use super::migrate::{Migration, migrate};
use crate::error::Error;
use crate::federation::identity_center::logins::Logins;
use crate::lock::Lock;
use crate::paths::ProfilePaths;

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// What was removed.
    pub removed: Vec<Removed>,
    /// What could not be removed, which ends nothing: the rest goes.
    pub failed: Vec<Error>,
    /// Whether `~/.aws/credentials` has a section of the profile's name that is somebody's own. It stays.
    pub foreign_section: bool,
}

/// Something that was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// What it was.
    pub what: What,
    /// Where it was.
    pub place: String,
}

/// What is kept of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Credentials of AWS.
    Credentials,
    /// The provider's token about the user.
    IdToken,
    /// The provider's token that renews the session.
    RefreshToken,
    /// When the quota was last asked about.
    QuotaState,
    /// A login of IAM Identity Center.
    Login,
    /// Headers of telemetry.
    TelemetryHeaders,
    /// A file that a run left behind that was killed.
    Leftover,
}

impl What {
    /// What it is, in words.
    pub fn spoken(self) -> &'static str {
        match self {
            Self::Credentials => "credentials of AWS",
            Self::IdToken => "token of the login",
            Self::RefreshToken => "token that renews the login",
            Self::QuotaState => "time of the last quota check",
            Self::Login => "login at IAM Identity Center, of the AWS CLI as well",
            Self::TelemetryHeaders => "headers of telemetry",
            Self::Leftover => "file of a run that was killed",
        }
    }
}

/// Removes everything that is kept of a profile, in files and in the keyring, under its lock. The application's secret in the
/// keyring stays: it is no part of a login but was put there by `--set-client-secret`. So does the lock's own file.
pub fn clear(_lock: &Lock, paths: &ProfilePaths, keyring: Option<&Keyring>) -> Cleared {
    let mut cleared = Cleared::default();
    let files = [
        (What::Credentials, &paths.session),
        (What::IdToken, &paths.id_token),
        (What::RefreshToken, &paths.refresh_token),
        (What::QuotaState, &paths.quota_state),
        (What::TelemetryHeaders, &paths.otel_headers),
        (What::TelemetryHeaders, &paths.otel_headers_raw),
    ];
    for (what, path) in files {
        cleared.file(what, path);
        for leftover in disk::leftovers(path, true) {
            cleared.file(What::Leftover, &leftover);
        }
    }
    match migrate(paths, Timestamp::now()) {
        Ok(Migration::Nothing) => {}
        Ok(Migration::Foreign) => cleared.foreign_section = true,
        Ok(Migration::Removed(_)) => {
            let place = format!("[{}] in {}", paths.name, paths.aws_credentials.display());
            cleared.note(What::Credentials, place, Ok(true));
        }
        Err(error) => cleared.failed.push(error),
    }
    if let Some(keyring) = keyring {
        cleared.keyring(keyring, &paths.name);
    }
    cleared
}

impl Cleared {
    /// Removes the logins of an access portal as well, which the AWS CLI and other profiles of it use too: whoever signs out means
    /// to be asked the next time.
    pub fn logins(&mut self, logins: &Logins) {
        for file in logins.files() {
            self.file(What::Login, file.path());
        }
    }

    fn file(&mut self, what: What, path: &Path) {
        self.note(what, path.display().to_string(), disk::remove(path));
    }

    fn keyring(&mut self, keyring: &Keyring, profile: &str) {
        let entries = [
            (What::Credentials, Entry::Credentials),
            (What::IdToken, Entry::IdToken),
            (What::RefreshToken, Entry::RefreshToken),
        ];
        for (what, entry) in entries {
            self.note(what, entry.spoken(profile), keyring.remove(profile, entry));
        }
        let place = format!("the keyring's old entries of `{profile}`");
        self.note(What::Credentials, place, keyring.remove_old(profile));
    }

    fn note(&mut self, what: What, place: String, done: Result<bool, Error>) {
        match done {
            Ok(true) => self.removed.push(Removed { what, place }),
            Ok(false) => {}
            Err(error) => self.failed.push(error),
        }
    }
}
