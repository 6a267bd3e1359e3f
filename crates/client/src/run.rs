//! What an SDK of AWS starts before its calls: credentials, from what is kept, else by refresh, else by login.
//!
//! Whoever finds nothing that is still good takes the profile's lock and looks again, so that of many processes that are started
//! at once one refreshes or signs in, and the others read what it kept.

use std::time::Duration;

use client_config::{Federation, Oidc, Profile, Storage};
use jiff::{SignedDuration, Timestamp};

use crate::credentials::Credentials;
use crate::federation::endpoint::{Endpoint, Service};
use crate::federation::{cognito, session_name, sts};
use crate::http::Http;
use crate::lock::{Holder, Lock};
use crate::login::{Login, PATIENCE, Person, SignedIn};
use crate::oidc::Claims;
use crate::oidc::client_auth::ClientAuth;
use crate::oidc::jwks::KeyStore;
use crate::oidc::jwt::{Expected, Token};
use crate::oidc::provider::Provider;
use crate::oidc::token::{Client, RefreshError, Tokens};
use crate::paths::{Environment, Paths, ProfilePaths};
use crate::store::id_token::{self, IdToken};
use crate::store::keyring::{Entry, Keyring};
use crate::store::migrate::{Migration, migrate};
use crate::store::{Found, Place, refresh, session};
use crate::{Error, Kind, Secret};

/// Longest time for an answer of a server.
const ANSWER: Duration = Duration::from_secs(20);
/// Longest time for an answer of the keyring, which may be locked.
const KEYRING: Duration = Duration::from_secs(3);
/// What must be left of a stored id_token for AWS to take it by the time that it has it.
const LEFT: SignedDuration = SignedDuration::from_secs(60);
/// How long to wait for whoever holds the lock: as long as its login may take, and the answers around it.
const HOLDER: Duration = Duration::from_secs(PATIENCE.as_secs() + 90);

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
    /// How its people sign in.
    pub oidc: &'a Oidc,
    /// The places of the user.
    pub paths: &'a Paths,
    /// The files of the profile.
    pub files: &'a ProfilePaths,
    /// The environment.
    pub environment: &'a Environment,
}

/// What a run works with once it cannot answer from what is kept.
struct Work<'a> {
    http: &'a Http,
    provider: &'a Provider,
    auth: &'a ClientAuth,
    keyring: Option<&'a Keyring>,
    place: Place<'a>,
    lock: &'a Lock,
}

impl Session<'_> {
    /// Credentials that are still good.
    ///
    /// # Errors
    /// Why there are none.
    pub fn credentials(&self, how: How, person: &mut dyn Person) -> Result<Credentials, Error> {
        let keyring = match self.profile.storage {
            Storage::Session => None,
            Storage::Keyring => Some(Keyring::open(KEYRING)?),
        };
        let place = keyring.as_ref().map_or(Place::Files, Place::Keyring);
        if let Some(kept) = self.kept(place, person)? {
            return Ok(kept);
        }
        let lock = Lock::acquire(self.files, "signing in", HOLDER, &mut |holder| waits(holder, person))?;
        // Whoever held the lock before may have left what is wanted.
        if let Some(kept) = self.kept(place, person)? {
            return Ok(kept);
        }
        if let Some(migrated) = self.migrated(place, person)? {
            return Ok(migrated);
        }
        let keyring = keyring.or_else(|| {
            let opened = Keyring::open(KEYRING);
            opened.map_err(|error| person.debug(&error.to_string())).ok()
        });
        let place = self.place(keyring.as_ref());
        let credentials = self.with_work(&lock, keyring.as_ref(), place, |work| self.renewed(work, how, person))?;
        if let Err(error) = session::save(self.files, place, &credentials) {
            person.tell(&format!("The credentials are good, but cannot be kept: {error}"));
        }
        Ok(credentials)
    }

    /// An id_token that is still good, for what asks for the person and not for credentials. Credentials that come with a login
    /// are kept.
    ///
    /// # Errors
    /// Why there is none.
    pub fn token(&self, how: How, person: &mut dyn Person) -> Result<Secret, Error> {
        let lock = Lock::acquire(self.files, "signing in", HOLDER, &mut |holder| waits(holder, person))?;
        let keyring = Keyring::open(KEYRING)
            .map_err(|error| person.debug(&error.to_string()))
            .ok();
        let place = self.place(keyring.as_ref());
        if let Some(kept) = id_token::load(self.files, place)?
            .ok()
            .filter(|kept| kept.is_good(Timestamp::now(), LEFT))
        {
            return Ok(kept.token);
        }
        self.with_work(&lock, keyring.as_ref(), place, |work| {
            let claims = id_token::load(self.files, place)?
                .ok()
                .and_then(|stored| unverified(&stored.token));
            let subject = claims.as_ref().map(|claims| claims.subject.as_str());
            if let Some((token, _)) = self.refreshed(work, subject, person)? {
                return Ok(token);
            }
            let SignedIn { tokens, verified } = self.signed_in(work, how, person)?;
            self.keep(work, &tokens, person)?;
            self.keep_id_token(work, &tokens.id_token, &verified.claims, person);
            Ok(tokens.id_token)
        })
    }

    /// Where credentials and tokens are kept. A keyring that cannot be reached was an error before, where it is needed.
    fn place<'k>(&self, keyring: Option<&'k Keyring>) -> Place<'k> {
        match self.profile.storage {
            Storage::Session => Place::Files,
            Storage::Keyring => keyring.map_or(Place::Files, Place::Keyring),
        }
    }

    /// What it takes to ask the provider.
    fn with_work<T>(
        &self,
        lock: &Lock,
        keyring: Option<&Keyring>,
        place: Place<'_>,
        work: impl FnOnce(&Work<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let http = Http::new(ANSWER);
        let provider = Provider::resolve(self.oidc, &http)?;
        let secret = match keyring {
            Some(keyring) => keyring.get(&self.profile.name, Entry::ClientSecret)?,
            None => None,
        };
        let auth = ClientAuth::of(self.oidc, secret)?;
        work(&Work {
            http: &http,
            provider: &provider,
            auth: &auth,
            keyring,
            place,
            lock,
        })
    }

    /// What is kept, if it is still good.
    fn kept(&self, place: Place<'_>, person: &mut dyn Person) -> Result<Option<Credentials>, Error> {
        let found = session::load(self.files, place)?;
        if let Found::Unusable(why) = &found {
            person.tell(&why.to_string());
        }
        Ok(found.ok().filter(|kept| kept.is_good(Timestamp::now())))
    }

    /// What an earlier version left in `~/.aws/credentials`.
    fn migrated(&self, place: Place<'_>, person: &mut dyn Person) -> Result<Option<Credentials>, Error> {
        let migration = match migrate(self.files, Timestamp::now()) {
            Ok(migration) => migration,
            Err(error) => {
                person.tell(&error.to_string());
                return Ok(None);
            }
        };
        match migration {
            Migration::Removed(Some(credentials)) => {
                session::save(self.files, place, &credentials)?;
                Ok(Some(credentials))
            }
            Migration::Foreign => {
                person.tell(&format!(
                    "{} has a section [{}] of its own, which AWS's programs take instead of asking this one: rename or remove it.",
                    self.files.aws_credentials.display(),
                    self.profile.name
                ));
                Ok(None)
            }
            Migration::Removed(None) | Migration::Nothing => Ok(None),
        }
    }

    /// Credentials by the token that is there, else by a refreshed one, else by a login.
    fn renewed(&self, work: &Work<'_>, how: How, person: &mut dyn Person) -> Result<Credentials, Error> {
        let now = Timestamp::now();
        let stored = id_token::load(self.files, work.place)?.ok();
        let claims = stored.as_ref().and_then(|stored| unverified(&stored.token));
        if let (Some(stored), Some(claims)) = (&stored, &claims)
            && stored.is_good(now, LEFT)
        {
            match self.federated(work, &stored.token, claims) {
                Ok(credentials) => return Ok(credentials),
                // What AWS does not take any more may be replaced.
                Err(error) if error.kind == Kind::Federation => person.debug(&error.to_string()),
                Err(error) => return Err(error),
            }
        }
        let subject = claims.as_ref().map(|claims| claims.subject.as_str());
        if let Some((token, claims)) = self.refreshed(work, subject, person)? {
            return self.federated(work, &token, &claims);
        }
        let signed_in = self.signed_in(work, how, person)?;
        let SignedIn { tokens, verified } = signed_in;
        self.keep(work, &tokens, person)?;
        self.keep_id_token(work, &tokens.id_token, &verified.claims, person);
        self.federated(work, &tokens.id_token, &verified.claims)
    }

    /// A new id_token by the refresh token that is kept. Where the provider takes it no longer, a newer one that somebody left
    /// meanwhile is tried; where there is none, nothing comes of it and nobody is alarmed.
    fn refreshed(
        &self,
        work: &Work<'_>,
        subject: Option<&str>,
        person: &mut dyn Person,
    ) -> Result<Option<(Secret, Claims)>, Error> {
        let loaded = refresh::load(self.files, work.keyring);
        if let Some(trouble) = &loaded.trouble {
            person.debug(&trouble.to_string());
        }
        let client = Client::new(work.http, work.provider, work.auth);
        let mut next = loaded.token.ok();
        while let Some(token) = next.take() {
            match client.refresh(&token, Timestamp::now()) {
                Ok(mut tokens) => {
                    // A provider that does not rotate answers without one; it is kept again all the same, in its best place.
                    tokens.refresh_token.get_or_insert(token);
                    self.keep(work, &tokens, person)?;
                    let claims = self.verified(work, &tokens, subject)?;
                    self.keep_id_token(work, &tokens.id_token, &claims, person);
                    return Ok(Some((tokens.id_token, claims)));
                }
                Err(RefreshError::InvalidGrant(error)) => {
                    person.debug(&error.to_string());
                    next = refresh::forget_refused(work.lock, self.files, work.keyring, &token)?;
                }
                // Without a network a login would not do better.
                Err(RefreshError::Other(error)) if error.kind == Kind::Network => return Err(error),
                Err(RefreshError::Other(error)) => {
                    person.debug(&error.to_string());
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    fn verified(&self, work: &Work<'_>, tokens: &Tokens, subject: Option<&str>) -> Result<Claims, Error> {
        let folder = self.paths.sessions();
        let keys = KeyStore::new(work.http, work.provider, &folder);
        let expected = Expected {
            issuers: work.provider.issuers(),
            client_id: &work.provider.client_id,
            nonce: None,
            subject,
            now: Timestamp::now(),
            server_time: tokens.server_time,
        };
        Ok(keys.verify(&tokens.id_token, &expected)?.claims)
    }

    fn signed_in(&self, work: &Work<'_>, how: How, person: &mut dyn Person) -> Result<SignedIn, Error> {
        let folder = self.paths.sessions();
        let keys = KeyStore::new(work.http, work.provider, &folder);
        let login = Login {
            http: work.http,
            provider: work.provider,
            auth: work.auth,
            keys: &keys,
            port: self.port()?,
        };
        match how {
            How::Browser => login.in_browser(person),
            How::Paste => login.by_paste(person),
            How::Device => login.by_device(person),
            How::Never => Err(Error::new(Kind::Interaction, "somebody has to sign in").advise(format!(
                "run `credential-process login --profile {}`",
                self.profile.name
            ))),
        }
    }

    /// The port of the loopback: `REDIRECT_PORT`, else that of the configuration.
    fn port(&self) -> Result<u16, Error> {
        match self.environment.text("REDIRECT_PORT") {
            None => Ok(self.oidc.redirect_port),
            Some(text) => text.parse().ok().filter(|port| *port != 0).ok_or_else(|| {
                Error::new(Kind::Config, "`REDIRECT_PORT` is no port").advise("set it to a number from 1 to 65535")
            }),
        }
    }

    /// Keeps the refresh token before anything else: a provider that rotates it has just ended the one before.
    fn keep(&self, work: &Work<'_>, tokens: &Tokens, person: &mut dyn Person) -> Result<(), Error> {
        let Some(token) = &tokens.refresh_token else {
            return Ok(());
        };
        match refresh::save(work.lock, self.files, work.keyring, token, Timestamp::now()) {
            Ok(refresh::Kept::File(Some(trouble))) => person.debug(&trouble.to_string()),
            Ok(_) => {}
            Err(error) => person.tell(&format!("The login cannot be kept for later: {error}")),
        }
        Ok(())
    }

    fn keep_id_token(&self, work: &Work<'_>, token: &Secret, claims: &Claims, person: &mut dyn Person) {
        let kept = IdToken {
            token: token.clone(),
            expires: claims.expires,
            email: claims.email.clone().unwrap_or_default(),
        };
        if let Err(error) = id_token::save(self.files, work.place, &kept) {
            person.debug(&error.to_string());
        }
    }

    /// Credentials for a token.
    fn federated(&self, work: &Work<'_>, token: &Secret, claims: &Claims) -> Result<Credentials, Error> {
        let sleep = |pause| std::thread::sleep(pause);
        match &self.oidc.federation {
            Federation::Direct { role_arn, duration } => {
                let endpoint = Endpoint::of(Service::Sts, &self.profile.region, self.environment)?;
                let request = sts::Request {
                    role_arn,
                    session_name: &session_name::of(claims),
                    duration: *duration,
                    token,
                    claims,
                    now: Timestamp::now(),
                };
                sts::assume_role(work.http, &endpoint, &request, &sleep)
            }
            Federation::Cognito { identity_pool } => {
                let endpoint = cognito::endpoint(identity_pool, self.environment)?;
                let request = cognito::Request {
                    pool: identity_pool,
                    login: &cognito::login_key(self.oidc, claims),
                    token,
                    claims,
                };
                cognito::credentials(work.http, &endpoint, &request, &sleep)
            }
        }
    }
}

/// Tells whoever waits for whom. It is said once, before the waiting.
fn waits(holder: Option<&Holder>, person: &mut dyn Person) {
    let who = holder.map_or_else(|| "another process".to_owned(), ToString::to_string);
    person.tell(&format!("Waiting for {who}, which signs in for the same profile."));
}

/// What a kept token says. It was verified before it was kept, and AWS verifies it again.
fn unverified(token: &Secret) -> Option<Claims> {
    Token::parse(token.expose()).ok()?.unverified().ok()
}
