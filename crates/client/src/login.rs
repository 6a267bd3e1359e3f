//! A person signs in: with the browser of this machine, with one of another machine, or on a device that shows a code.

pub mod browser;
pub mod callback;
mod page;
pub mod pasted;

use std::time::Duration;

use jiff::Timestamp;

use self::callback::Callback;
use crate::http::Http;
use crate::oidc::client_auth::ClientAuth;
use crate::oidc::jwks::{KeyStore, Verified};
use crate::oidc::jwt::Expected;
use crate::oidc::pkce::Attempt;
use crate::oidc::provider::Provider;
use crate::oidc::token::{Client, Tokens};
use crate::{Error, Kind, Secret, pace};

/// Longest time for a login with the browser of this machine, from the address that is shown to the answer that comes back.
pub const PATIENCE: Duration = Duration::from_mins(5);

/// What a person is told or asked while a login goes on. Nothing here prints.
pub trait Person {
    /// Whether somebody reads what is said. A timer's job has nobody.
    fn is_there(&self) -> bool {
        true
    }
    /// A login begins: nothing that is kept is enough.
    fn begins(&mut self) {}
    /// Says one or more lines.
    fn tell(&mut self, text: &str);
    /// Says that something could not be kept, which the next run will want.
    fn lose(&mut self, text: &str) {
        self.tell(text);
    }
    /// Opens an address in a browser of this machine; whether that was possible.
    fn open(&mut self, url: &str) -> bool;
    /// Says what only helps to find a fault.
    fn debug(&mut self, text: &str);
    /// Shows a page in a browser of this machine once the run is over.
    fn show(&mut self, page: String);
    /// Asks for a line, where there is somebody to ask.
    fn ask(&mut self, question: &str) -> Option<Secret>;
}

/// A login at one provider.
#[derive(Debug)]
pub struct Login<'a> {
    /// Asks servers.
    pub http: &'a Http,
    /// The provider.
    pub provider: &'a Provider,
    /// The application's proof of itself.
    pub auth: &'a ClientAuth,
    /// Its keys.
    pub keys: &'a KeyStore<'a>,
    /// Port of the loopback that the provider leads back to.
    pub port: u16,
    /// Longest time for it.
    pub patience: Duration,
}

/// What a login brought.
#[derive(Debug)]
pub struct SignedIn {
    /// The tokens.
    pub tokens: Tokens,
    /// What the id_token says, which was verified.
    pub verified: Verified,
}

impl Login<'_> {
    /// With the browser of this machine, which comes back to its loopback.
    ///
    /// # Errors
    /// When the port is taken, nobody comes back in time, or the provider refuses.
    pub fn in_browser(&self, person: &mut dyn Person) -> Result<SignedIn, Error> {
        let attempt = Attempt::new()?.at(self.provider);
        let callback = Callback::bind(self.port, self.provider.kind)?;
        let redirect_uri = callback.redirect_uri();
        let url = self.provider.authorization_url(&attempt, &redirect_uri);
        let is_open = person.open(&url);
        let how = match is_open {
            true => "Sign in with the browser that has opened. If none did, open this address on this machine:",
            false => "Open this address in a browser on this machine:",
        };
        let elsewhere = match is_open {
            true => "",
            false => "\nWhere this machine has none: `credential-process login --paste`, or `--device`.",
        };
        person.tell(&format!("{how}\n\n  {url}\n{elsewhere}"));
        let code = callback.wait(&attempt, self.patience)?;
        self.redeem(&code, &attempt, &redirect_uri)
    }

    /// With a browser of another machine: it ends at an address of its own loopback, which the person brings here.
    ///
    /// # Errors
    /// When nothing is brought, or something else than the answer to this login, or the provider refuses.
    pub fn by_paste(&self, person: &mut dyn Person) -> Result<SignedIn, Error> {
        let attempt = Attempt::new()?.at(self.provider);
        let redirect_uri = callback::redirect_uri(self.port);
        let url = self.provider.authorization_url(&attempt, &redirect_uri);
        person.tell(&format!(
            "Open this address in a browser on the machine in front of you, and sign in:\n\n  {url}\n\nThe browser then shows that \
             it cannot reach localhost. That is right: copy the whole address that it shows."
        ));
        let answer = person.ask("Address: ").ok_or_else(|| {
            Error::new(
                Kind::Interaction,
                "no address was given: five minutes are over, it was broken off, it had more than 65,536 characters, or there is \
                 nobody to ask for it",
            )
            .advise("run it in a terminal: credential-process login --paste")
        })?;
        let code = pasted::code(&answer, &attempt)?;
        self.redeem(&code, &attempt, &redirect_uri)
    }

    /// With a code that is typed on any device.
    ///
    /// # Errors
    /// When the provider has no such flow, nobody types the code in time, or the provider refuses.
    pub fn by_device(&self, person: &mut dyn Person) -> Result<SignedIn, Error> {
        let client = Client::new(self.http, self.provider, self.auth);
        let mut device = client.start_device(Timestamp::now())?;
        person.tell(&format!(
            "Open {} on any device, and type the code {}",
            device.verification_uri, device.user_code
        ));
        let longest = device.expires_in.min(self.patience);
        let done = pace::until_done(device.interval(), longest, || {
            client.poll_device(&mut device, Timestamp::now())
        })?;
        let tokens = done.ok_or_else(|| {
            Error::new(Kind::Interaction, "nobody typed the code in time")
                .advise("start again: credential-process login --device")
        })?;
        self.verified(tokens, None)
    }

    fn redeem(&self, code: &Secret, attempt: &Attempt, redirect_uri: &str) -> Result<SignedIn, Error> {
        let client = Client::new(self.http, self.provider, self.auth);
        let tokens = client.redeem(code, redirect_uri, &attempt.verifier, Timestamp::now())?;
        self.verified(tokens, Some(&attempt.nonce))
    }

    fn verified(&self, tokens: Tokens, nonce: Option<&Secret>) -> Result<SignedIn, Error> {
        let expected = Expected {
            issuers: self.provider.issuers(),
            client_id: &self.provider.client_id,
            nonce,
            subject: None,
            now: Timestamp::now(),
            server_time: tokens.server_time,
        };
        let verified = self.keys.verify(&tokens.id_token, &expected)?;
        Ok(SignedIn { tokens, verified })
    }
}
