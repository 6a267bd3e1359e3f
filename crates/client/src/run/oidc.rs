//! Credentials by an OpenID provider: with the token that is kept, else with a refreshed one, else with a login.

use client_config::{AzureClient, FailMode, Federation, Oidc, Storage};
use jiff::{SignedDuration, Timestamp};

use super::{ANSWER, How, Session};
use crate::credentials::Credentials;
use crate::federation::{cognito, session_name, sts};
use crate::http::Http;
use crate::lock::Lock;
use crate::login::{Login, Person, SignedIn};
use crate::oidc::Claims;
use crate::oidc::client_auth::ClientAuth;
use crate::oidc::jwks::{KeyStore, NotVerified};
use crate::oidc::jwt::{Expected, Token};
use crate::oidc::provider::Provider;
use crate::oidc::token::{Client, RefreshError, Tokens};
use crate::quota::check::Caller;
use crate::store::Place;
use crate::store::id_token::{self, IdToken};
use crate::store::keyring::{Entry, Keyring};
use crate::store::refresh::{self, RefreshToken};
use crate::{Error, Kind, Secret};

/// What must be left of a stored id_token for AWS to take it by the time that it has it.
const LEFT: SignedDuration = SignedDuration::from_secs(60);

/// What a run works with once it cannot answer from what is kept.
struct Work<'a> {
    oidc: &'a Oidc,
    http: Http,
    provider: Provider,
    auth: ClientAuth,
    keyring: Option<&'a Keyring>,
    place: Place<'a>,
    lock: &'a Lock,
}

impl Session<'_> {
    /// Credentials, of which `kept` are still good but are to be asked about again.
    pub(super) fn by_oidc(
        &self,
        oidc: &Oidc,
        lock: &Lock,
        keyring: Option<Keyring>,
        kept: Option<Credentials>,
        how: How,
        person: &mut dyn Person,
    ) -> Result<Credentials, Error> {
        let keyring = keyring.or_else(|| {
            let opened = Keyring::open(self.keyring);
            opened.map_err(|error| person.debug(&error.to_string())).ok()
        });
        let place = self.place(keyring.as_ref());
        if let Some(kept) = kept
            && self.stays(oidc, lock, keyring.as_ref(), how, person)?
        {
            return Ok(kept);
        }
        let work = self.work(oidc, lock, keyring.as_ref())?;
        let credentials = self.renewed(&work, how, person)?;
        self.keep(place, &credentials, person);
        Ok(credentials)
    }

    /// An id_token, which others take for the person.
    pub(super) fn token_of(
        &self,
        oidc: &Oidc,
        lock: &Lock,
        how: How,
        person: &mut dyn Person,
    ) -> Result<Secret, Error> {
        let keyring = Keyring::open(self.keyring)
            .map_err(|error| person.debug(&error.to_string()))
            .ok();
        let stored = id_token::load(self.files, self.place(keyring.as_ref()))?.ok();
        if let Some(stored) = stored.filter(|stored| stored.is_good(Timestamp::now(), LEFT)) {
            return Ok(stored.token);
        }
        let work = self.work(oidc, lock, keyring.as_ref())?;
        self.renewed_token(&work, how, person).map(|(token, _)| token)
    }

    /// Whether credentials that are kept may still be handed out. False when only a login can tell.
    fn stays(
        &self,
        oidc: &Oidc,
        lock: &Lock,
        keyring: Option<&Keyring>,
        how: How,
        person: &mut dyn Person,
    ) -> Result<bool, Error> {
        let place = self.place(keyring);
        let stored = id_token::load(self.files, place)?.ok();
        let stored = stored.filter(|stored| stored.is_good(Timestamp::now(), LEFT));
        let token = match stored {
            Some(stored) => Ok(Some(stored.token)),
            None => self
                .work(oidc, lock, keyring)
                .and_then(|work| self.silently(&work, person))
                .map(|renewed| renewed.map(|(token, _)| token)),
        };
        let is_closed = self
            .profile
            .quota
            .as_ref()
            .is_some_and(|quota| quota.fail_mode == FailMode::Closed);
        match token {
            Ok(Some(token)) => self.gate(place, Caller::Token(&token), person)?,
            // Whoever must be known and can be asked, is asked.
            Ok(None) if is_closed && how != How::Never => return Ok(false),
            Ok(None) => self.gate(place, Caller::Nobody, person)?,
            Err(error) => self.gate_without_answer(&error, person)?,
        }
        Ok(true)
    }

    /// Where credentials and tokens are kept. A keyring that cannot be reached was an error before, where it is needed.
    fn place<'k>(&self, keyring: Option<&'k Keyring>) -> Place<'k> {
        match self.profile.storage {
            Storage::Session => Place::Files,
            Storage::Keyring => keyring.map_or(Place::Files, Place::Keyring),
        }
    }

    /// What it takes to ask the provider.
    fn work<'w>(&self, oidc: &'w Oidc, lock: &'w Lock, keyring: Option<&'w Keyring>) -> Result<Work<'w>, Error> {
        let http = Http::new(ANSWER);
        let provider = Provider::resolve(oidc, &http)?;
        // Nobody is asked to unlock what is not needed.
        let secret = match (&oidc.azure, keyring) {
            (AzureClient::Secret, Some(keyring)) => keyring.get(&self.profile.name, Entry::ClientSecret)?,
            // It could not be opened before, which was no matter then.
            (AzureClient::Secret, None) => Keyring::open(self.keyring)?.get(&self.profile.name, Entry::ClientSecret)?,
            _ => None,
        };
        let auth = ClientAuth::of(&self.with_certificate(oidc), secret)?;
        Ok(Work {
            oidc,
            http,
            provider,
            auth,
            keyring,
            place: self.place(keyring),
            lock,
        })
    }

    /// The configuration with the paths of the environment, which come before its own. Source: the installations that exist.
    pub(super) fn with_certificate(&self, oidc: &Oidc) -> Oidc {
        let mut oidc = oidc.clone();
        if let AzureClient::Certificate { certificate, key } = &mut oidc.azure {
            for (path, variable) in [
                (certificate, "AZURE_CLIENT_CERTIFICATE_PATH"),
                (key, "AZURE_CLIENT_CERTIFICATE_KEY_PATH"),
            ] {
                if let Some(given) = self.environment.get(variable) {
                    *path = given.into();
                }
            }
        }
        oidc
    }

    /// Credentials by the token that is there, else by a refreshed one, else by a login.
    fn renewed(&self, work: &Work<'_>, how: How, person: &mut dyn Person) -> Result<Credentials, Error> {
        let stored = id_token::load(self.files, work.place)?.ok();
        let stored = stored.filter(|stored| stored.is_good(Timestamp::now(), LEFT));
        if let Some(stored) = stored
            && let Some(claims) = unverified(&stored.token)
        {
            match self.taken(work, &stored.token, &claims, person) {
                Ok(credentials) => return Ok(credentials),
                // What has ended may be replaced. What AWS denies, it denies to the next token as well.
                Err(error) if error.kind == Kind::Interaction => person.debug(&error.to_string()),
                Err(error) => return Err(error),
            }
        }
        let (token, claims) = self.renewed_token(work, how, person)?;
        self.taken(work, &token, &claims, person)
    }

    /// A token by refresh, else by a login. A refreshed token that is not believed ends nothing where somebody can sign in.
    fn renewed_token(&self, work: &Work<'_>, how: How, person: &mut dyn Person) -> Result<(Secret, Claims), Error> {
        match self.silently(work, person) {
            Ok(Some(renewed)) => return Ok(renewed),
            Ok(None) => {}
            Err(error) if how == How::Never || error.kind == Kind::Network => return Err(error),
            Err(error) => person.tell(&error.message),
        }
        self.signed_in(work, how, person)
    }

    /// Credentials for a token whose quota is not used up: whoever is blocked never gets new ones.
    fn taken(
        &self,
        work: &Work<'_>,
        token: &Secret,
        claims: &Claims,
        person: &mut dyn Person,
    ) -> Result<Credentials, Error> {
        self.gate(work.place, Caller::Token(token), person)?;
        let credentials = self.federated(work, token, claims)?;
        let now = Timestamp::now();
        match credentials.expiration {
            Some(end) if !credentials.is_good(now) => Err(Error::new(
                Kind::Federation,
                format!("AWS gave credentials that end at {end}, and the clock of this machine says {now}"),
            )
            .advise("set the clock of this machine right")),
            _ => Ok(credentials),
        }
    }

    /// A new id_token by the refresh token that is kept. Where the provider takes it no longer, a newer one that somebody left
    /// meanwhile is tried; where there is none, nothing comes of it and nobody is alarmed.
    ///
    /// A provider that rotates refresh tokens has ended the one before with its answer, so the new one is kept as soon as nothing
    /// speaks against it: when the id_token beside it is right, when no id_token came, when the keys that would tell cannot be had,
    /// and when they do not have the one that is named. What came beside a token that is wrong (of another person, issuer or
    /// application, or not signed) is not kept: it would sign somebody else in from now on, without a word. What was kept stays then;
    /// where it has ended, that costs a login.
    ///
    /// Whom a refresh token signs in is kept beside it, so the id_token before may be gone, or be of a login that was killed midway.
    fn silently(&self, work: &Work<'_>, person: &mut dyn Person) -> Result<Option<(Secret, Claims)>, Error> {
        let before = self.told(id_token::load(self.files, work.place)?, person);
        let before = before.and_then(|stored| unverified(&stored.token));
        let before = before.map(|claims| claims.subject);
        let loaded = refresh::load(self.files, work.keyring);
        if let Some(trouble) = &loaded.trouble {
            person.debug(&trouble.to_string());
        }
        let client = Client::new(&work.http, &work.provider, &work.auth);
        let mut next = self.told(loaded.token, person);
        while let Some(RefreshToken { token, subject }) = next.take() {
            let subject = subject.or_else(|| before.clone());
            match client.refresh(&token, Timestamp::now()) {
                Ok(mut tokens) => {
                    // A provider that does not rotate answers without one; it is kept again all the same, in its best place.
                    let next = tokens.refresh_token.get_or_insert(token).clone();
                    let verified = self.verified(work, &tokens, subject.as_deref());
                    let subject = match &verified {
                        Ok(claims) => Some(claims.subject.clone()),
                        Err(_) => subject,
                    };
                    if verified.as_ref().err().is_none_or(NotVerified::is_open) {
                        self.keep_refresh_token(work, RefreshToken { token: next, subject }, person);
                    }
                    let claims = verified?;
                    self.keep_id_token(work, &tokens.id_token, &claims, person);
                    return Ok(Some((tokens.id_token, claims)));
                }
                Err(RefreshError::InvalidGrant(error)) => {
                    person.debug(&error.to_string());
                    next = refresh::forget_refused(work.lock, self.files, work.keyring, &token)?;
                }
                Err(RefreshError::NoIdToken { error, refresh_token }) => {
                    person.debug(&error.to_string());
                    let token = refresh_token.unwrap_or(token);
                    self.keep_refresh_token(work, RefreshToken { token, subject }, person);
                    return Ok(None);
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

    fn verified(&self, work: &Work<'_>, tokens: &Tokens, subject: Option<&str>) -> Result<Claims, NotVerified> {
        let folder = self.paths.sessions();
        let keys = KeyStore::new(&work.http, &work.provider, &folder);
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

    /// A login, whose tokens are kept before anything else is done with them.
    fn signed_in(&self, work: &Work<'_>, how: How, person: &mut dyn Person) -> Result<(Secret, Claims), Error> {
        person.begins();
        let folder = self.paths.sessions();
        let keys = KeyStore::new(&work.http, &work.provider, &folder);
        let login = Login {
            http: &work.http,
            provider: &work.provider,
            auth: &work.auth,
            keys: &keys,
            port: self.port(work.oidc)?,
            patience: self.patience,
        };
        let SignedIn { tokens, verified } = match how {
            How::Browser => login.in_browser(person)?,
            How::Paste => login.by_paste(person)?,
            How::Device => login.by_device(person)?,
            How::Never => return Err(self.nobody()),
        };
        match &tokens.refresh_token {
            Some(token) => {
                let kept = RefreshToken {
                    token: token.clone(),
                    subject: Some(verified.claims.subject.clone()),
                };
                self.keep_refresh_token(work, kept, person);
            }
            None => {
                person.debug("the provider gave no refresh token: `oidc_prompt` may have to be `consent`");
                self.forget_other(work, &verified.claims.subject)?;
            }
        }
        self.keep_id_token(work, &tokens.id_token, &verified.claims, person);
        Ok((tokens.id_token, verified.claims))
    }

    /// Removes the refresh token of somebody else, who signed in before: it would bring them back.
    fn forget_other(&self, work: &Work<'_>, subject: &str) -> Result<(), Error> {
        let mut kept = refresh::load(self.files, work.keyring).token.ok();
        while let Some(RefreshToken { token, .. }) = kept.filter(|kept| {
            let of = kept.subject.as_deref();
            of.is_some_and(|of| of != subject)
        }) {
            kept = refresh::forget_refused(work.lock, self.files, work.keyring, &token)?;
        }
        Ok(())
    }

    /// The port of the loopback: `REDIRECT_PORT`, else that of the configuration.
    ///
    /// # Errors
    /// When the variable has no port.
    pub fn port(&self, oidc: &Oidc) -> Result<u16, Error> {
        match self.environment.text("REDIRECT_PORT") {
            None => Ok(oidc.redirect_port),
            Some(text) => text.parse().ok().filter(|port| *port != 0).ok_or_else(|| {
                Error::new(Kind::Config, "`REDIRECT_PORT` is no port").advise("set it to a number from 1 to 65535")
            }),
        }
    }

    /// Keeps a refresh token, in its best place.
    fn keep_refresh_token(&self, work: &Work<'_>, kept: RefreshToken, person: &mut dyn Person) {
        match refresh::save(work.lock, self.files, work.keyring, &kept, Timestamp::now()) {
            Ok(refresh::Kept::File(Some(trouble))) => person.debug(&trouble.to_string()),
            Ok(_) => {}
            Err(error) => person.lose(&format!("The login cannot be kept for later: {error}")),
        }
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
        let endpoint = self.endpoint(work.oidc)?;
        match &work.oidc.federation {
            Federation::Direct { role_arn, duration } => {
                let request = sts::Request {
                    role_arn,
                    session_name: &session_name::of(claims),
                    duration: *duration,
                    token,
                    claims,
                    now: Timestamp::now(),
                };
                sts::assume_role(&work.http, &endpoint, &request, &sleep)
            }
            Federation::Cognito { identity_pool } => {
                let request = cognito::Request {
                    pool: identity_pool,
                    login: &cognito::login_key(work.oidc, claims),
                    token,
                    claims,
                };
                cognito::credentials(&work.http, &endpoint, &request, &sleep)
            }
        }
    }
}

/// What a kept token says. It was verified before it was kept, and AWS verifies it again.
fn unverified(token: &Secret) -> Option<Claims> {
    Token::parse(token.expose()).ok()?.unverified().ok()
}
