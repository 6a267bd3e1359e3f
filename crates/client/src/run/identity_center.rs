//! Credentials by IAM Identity Center.

use std::time::Duration;

use client_config::IdentityCenter;
use jiff::Timestamp;

use super::{ANSWER, How, Session};
use crate::credentials::Credentials;
use crate::federation::identity_center::logins::Logins;
use crate::federation::identity_center::{self as center, Client, Token};
use crate::http::Http;
use crate::login::Person;
use crate::quota::check::Caller;
use crate::store::Place;
use crate::{Error, Kind, pace};

/// How long somebody who signs out waits for the portal.
const SIGNING_OUT: Duration = Duration::from_secs(5);

impl Session<'_> {
    /// Ends the logins that are kept at the portal: removed here alone, a copy of them would stay good. One whose token has ended can
    /// still be renewed, so it is renewed and ended.
    pub fn end_logins(&self, settings: &IdentityCenter, logins: &Logins, person: &mut dyn Person) {
        let http = Http::new(SIGNING_OUT);
        let now = Timestamp::now();
        for token in &logins.load().tokens {
            let ended = Client::new(&http, settings, self.environment).and_then(|client| match &token.renewal {
                _ if token.expires > now => client.sign_out(token).map(|()| true),
                Some(renewal) if renewal.registration.expires > now => match client.renew(renewal, now)? {
                    Some(renewed) => client.sign_out(&renewed).map(|()| true),
                    None => Ok(false),
                },
                _ => Ok(false),
            });
            match ended {
                Ok(true) => person.tell("Ended: the login at IAM Identity Center"),
                Ok(false) => {}
                Err(error) => person.tell(&format!(
                    "The login was not ended at IAM Identity Center, where a copy of it stays good: {error}"
                )),
            }
        }
    }

    /// Credentials, of which `kept` are still good but are to be asked about again.
    pub(super) fn by_identity_center(
        &self,
        settings: &IdentityCenter,
        place: Place<'_>,
        kept: Option<Credentials>,
        how: How,
        person: &mut dyn Person,
    ) -> Result<Credentials, Error> {
        if let Some(kept) = kept {
            self.gate_session(place, &kept, person)?;
            return Ok(kept);
        }
        let http = Http::new(ANSWER);
        let client = Client::new(&http, settings, self.environment)?;
        let logins = Logins::of(self.paths, settings);
        let sleep = |pause| std::thread::sleep(pause);
        let mut session = client.session(&logins, Timestamp::now())?;
        if let center::Session::NotKept(token, error) = session {
            person.lose(&format!("The login cannot be kept for later: {error}"));
            session = center::Session::Good(token);
        }
        let credentials = match session {
            center::Session::Good(token) | center::Session::NotKept(token, _) => {
                match client.role_credentials(&token, &sleep) {
                    // The portal ends logins before their time, for instance when somebody signs out there.
                    Err(error) if error.kind == Kind::Interaction => {
                        person.debug(&error.to_string());
                        let token = self.confirmed(&client, how, person)?;
                        self.keep_login(&logins, &token, settings, person);
                        client.role_credentials(&token, &sleep)?
                    }
                    answered => answered?,
                }
            }
            center::Session::Absent(unusable) => {
                if let Some(unusable) = unusable {
                    person.tell(&unusable.to_string());
                }
                let token = self.confirmed(&client, how, person)?;
                self.keep_login(&logins, &token, settings, person);
                client.role_credentials(&token, &sleep)?
            }
        };
        self.gate_session(place, &credentials, person)?;
        self.keep(place, &credentials, person);
        Ok(credentials)
    }

    fn gate_session(&self, place: Place<'_>, credentials: &Credentials, person: &mut dyn Person) -> Result<(), Error> {
        let caller = Caller::Session {
            credentials,
            region: &self.profile.region,
            now: Timestamp::now(),
        };
        self.gate(place, caller, person)
    }

    /// A login that somebody confirms in a browser, here or elsewhere.
    fn confirmed(&self, client: &Client<'_>, how: How, person: &mut dyn Person) -> Result<Token, Error> {
        if how == How::Never {
            return Err(self.nobody());
        }
        person.begins();
        let mut device = client.start_device()?;
        let code = &device.user_code;
        let whole = device
            .verification_uri_complete
            .clone()
            .unwrap_or_else(|| device.verification_uri.clone());
        let is_open = how == How::Browser && person.open(&whole);
        let place = match is_open {
            true => "Confirm the code in the browser that has opened. If none did, open this address on any machine:",
            false => "Open this address on any machine, and confirm the code there:",
        };
        person.tell(&format!(
            "{place}\n\n  {whole}\n  code: {code}\n\nConfirm it only if the browser shows the same code."
        ));
        let longest = device.expires_in.min(self.patience);
        let done = pace::until_done(device.interval(), longest, || {
            client.poll_device(&mut device, Timestamp::now())
        })?;
        done.ok_or_else(|| {
            Error::new(Kind::Interaction, "nobody confirmed the code in time").advise(format!(
                "start again: credential-process login --profile {}",
                self.profile.name
            ))
        })
    }

    fn keep_login(&self, logins: &Logins, token: &Token, settings: &IdentityCenter, person: &mut dyn Person) {
        if let Err(error) = logins.save(token, settings) {
            person.lose(&format!("The login cannot be kept for later: {error}"));
        }
    }
}
