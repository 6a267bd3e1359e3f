//! What an SDK of AWS starts before its calls: credentials, from what is kept, else by refresh, else by login.
//!
//! Whoever finds nothing that is still good takes the profile's lock and looks again, so that of many processes that are started
//! at once one refreshes or signs in, and the others read what it kept.

mod ambient;
mod check;
mod gate;
mod identity_center;
mod oidc;

use std::time::Duration;

use client_config::{Access, Oidc, Profile, Storage};
use jiff::Timestamp;

use crate::credentials::Credentials;
use crate::lock::Lock;
use crate::login::{PATIENCE, Person};
use crate::paths::{Environment, Paths, ProfilePaths};
use crate::store::keyring::{self, Keyring};
use crate::store::migrate::{self, Migration};
use crate::store::{Found, Place, session};
use crate::{Error, Kind, Secret};

/// Longest time for an answer of a server.
const ANSWER: Duration = Duration::from_secs(20);
/// How long to wait for whoever holds the lock: as long as its login may take, and the answers around it.
const HOLDER: Duration = Duration::from_secs(PATIENCE.as_secs() * 3 + 90);

/// How somebody signs in where that is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// With the browser of this machine.
    Browser,
    /// With a browser of another machine.
    Paste,
    /// With a code on any device.
    Device,
    /// Not at all: nobody is there, or nobody wants a window.
    Never,
}

/// A profile on this machine.
#[derive(Debug)]
pub struct Session<'a> {
    /// The profile.
    pub profile: &'a Profile,
    /// The places of the user.
    pub paths: &'a Paths,
    /// The files of the profile.
    pub files: &'a ProfilePaths,
    /// The environment.
    pub environment: &'a Environment,
    /// Longest time for a login.
    pub patience: Duration,
    /// How long the keyring is waited for, which may be locked.
    pub keyring: keyring::Patience,
}

impl Session<'_> {
    /// Credentials that are still good, for somebody whose quota is not used up.
    ///
    /// # Errors
    /// Why there are none.
    pub fn credentials(&self, how: How, person: &mut dyn Person) -> Result<Credentials, Error> {
        if let Access::Ambient = self.profile.access {
            return self.ambient(person);
        }
        let keyring = match self.profile.storage {
            Storage::Session => None,
            Storage::Keyring => Some(Keyring::open(self.keyring)?),
        };
        let place = keyring.as_ref().map_or(Place::Files, Place::Keyring);
        if let Some(kept) = self.kept(place, person)?
            && !self.is_due()
        {
            return Ok(kept);
        }
        let lock = self.lock(how, person)?;
        // Whoever held the lock before may have left what is wanted.
        let mut kept = session::load(self.files, place)?
            .ok()
            .filter(|kept| kept.is_good(Timestamp::now()));
        if kept.is_none() {
            kept = self.migrated(place, person)?;
        }
        match &kept {
            Some(kept) if !self.is_due() => return Ok(kept.clone()),
            Some(_) => {}
            // What is still good may be handed out whatever the profile says by now.
            None => self.check()?,
        }
        let credentials = match &self.profile.access {
            Access::Oidc(oidc) => self.by_oidc(oidc, &lock, keyring, kept, how, person)?,
            Access::IdentityCenter(center) => self.by_identity_center(center, place, kept, how, person)?,
            Access::Ambient => self.ambient(person)?,
        };
        Ok(credentials)
    }

    /// An id_token that is still good, for what asks for the person and not for credentials.
    ///
    /// # Errors
    /// Why there is none.
    pub fn token(&self, oidc: &Oidc, how: How, person: &mut dyn Person) -> Result<Secret, Error> {
        self.check()?;
        let lock = self.lock(how, person)?;
        self.token_of(oidc, &lock, how, person)
    }

    fn lock(&self, how: How, person: &mut dyn Person) -> Result<Lock, Error> {
        Lock::acquire(self.files, "signing in", HOLDER, &mut |holder| {
            let who = holder.map_or_else(|| "another process".to_owned(), ToString::to_string);
            let minutes = HOLDER.as_secs().div_ceil(60);
            let text = format!("Waiting for {who}, which works for the same profile, {minutes} minutes at most.");
            match how {
                // A timer's job, whose every line is mailed.
                How::Never => person.debug(&text),
                _ => person.tell(&text),
            }
        })
    }

    /// What is kept, if it is still good.
    fn kept(&self, place: Place<'_>, person: &mut dyn Person) -> Result<Option<Credentials>, Error> {
        let found = self.told(session::load(self.files, place)?, person);
        Ok(found.filter(|kept| kept.is_good(Timestamp::now())))
    }

    /// What was found, if it can be used. Why not, is told.
    fn told<T>(&self, found: Found<T>, person: &mut dyn Person) -> Option<T> {
        if let Found::Unusable(why) = &found {
            person.tell(&why.to_string());
        }
        found.ok()
    }

    /// Keeps credentials for the next run. What cannot be kept is good all the same.
    fn keep(&self, place: Place<'_>, credentials: &Credentials, person: &mut dyn Person) {
        if let Err(error) = session::save(self.files, place, credentials) {
            person.lose(&format!("The credentials are good, but cannot be kept: {error}"));
        }
    }

    /// What an earlier version left in `~/.aws/credentials`.
    fn migrated(&self, place: Place<'_>, person: &mut dyn Person) -> Result<Option<Credentials>, Error> {
        let migration = match migrate::migrate(self.files, Timestamp::now()) {
            Ok(migration) => migration,
            Err(error) => {
                person.tell(&error.to_string());
                return Ok(None);
            }
        };
        match migration {
            Migration::Removed(Some(credentials)) => {
                self.keep(place, &credentials, person);
                Ok(Some(credentials))
            }
            Migration::Foreign => {
                if migrate::has_foreign(self.files).unwrap_or(true) {
                    person.tell(&migrate::foreign(self.files));
                }
                Ok(None)
            }
            Migration::Removed(None) | Migration::Nothing => Ok(None),
        }
    }

    /// What an earlier version left, which is taken over: whoever asks whether there are credentials means these as well.
    ///
    /// # Errors
    /// When the lock cannot be had.
    pub fn taken_over(&self, place: Place<'_>, person: &mut dyn Person) -> Result<Option<Credentials>, Error> {
        // Where nothing was left, nobody is waited for: somebody may be at a login page.
        if matches!(migrate::has_old(self.files), Ok(false)) {
            return Ok(None);
        }
        let _lock = self.lock(How::Browser, person)?;
        self.migrated(place, person)
    }

    /// That somebody has to sign in, where nobody can be asked.
    fn nobody(&self) -> Error {
        Error::new(Kind::Interaction, "somebody has to sign in").advise(format!(
            "run `credential-process login --profile {}`",
            self.profile.name
        ))
    }
}
