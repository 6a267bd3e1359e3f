//! The login that is kept, renewed when it is about to end.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::logins::{Kept, Logins};
use super::refusal::Refusal;
use super::{Client, Renewal, Token};
use crate::store::Unusable;
use crate::{Error, Kind};

/// What must be left of a token for it not to be renewed. Source: the AWS CLI, with which the file is shared.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// The login that is kept.
#[derive(Debug)]
pub enum Session {
    /// It is good.
    Good(Token),
    /// It was renewed and is good, and cannot be kept for the next run.
    NotKept(Token, Error),
    /// Somebody has to sign in. What was there and cannot be used, if anything was.
    Absent(Option<Unusable>),
}

impl Client<'_> {
    /// The login that is kept, by the AWS CLI or by us, and of several the one that ends last. Less than 15 minutes before its end
    /// it is renewed and kept again. The caller holds the profile's lock; the AWS CLI does not know it, so a refused renewal is
    /// believed only when the files still hold what was read.
    ///
    /// # Errors
    /// When a token that has ended cannot be renewed because there is no answer.
    pub fn session(&self, logins: &Logins, now: Timestamp) -> Result<Session, Error> {
        let Kept { tokens, unusable } = logins.load();
        for token in &tokens {
            if token.expires.duration_since(now) >= WINDOW {
                return Ok(Session::Good(token.clone()));
            }
            let renewed = match &token.renewal {
                Some(renewal) if renewal.registration.expires > now => self.renew(renewal, now),
                _ => Ok(None),
            };
            match renewed {
                Ok(Some(renewed)) => {
                    return Ok(match logins.replace(token, &renewed, self.settings, now) {
                        Ok(()) => Session::Good(renewed),
                        Err(error) => Session::NotKept(renewed, error),
                    });
                }
                // Until its end the token is as good as before.
                _ if token.expires > now => return Ok(Session::Good(token.clone())),
                Ok(None) => {}
                Err(error) => return Err(error),
            }
        }
        let others = logins.load().tokens.into_iter();
        let other = others
            .filter(|other| !tokens.contains(other))
            .find(|other| other.expires > now);
        Ok(match other {
            Some(other) => Session::Good(other),
            None => Session::Absent(unusable.into_iter().next()),
        })
    }

    /// The next token. `None` when the instance does not give one any more.
    ///
    /// # Errors
    /// When there is no answer that counts.
    pub fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Option<Token>, Error> {
        let registration = &renewal.registration;
        let body = json!({
            "clientId": registration.client_id,
            "clientSecret": registration.client_secret.expose(),
            "grantType": "refresh_token",
            "refreshToken": renewal.refresh_token.expose(),
        });
        let answer = self.post("/token", &body)?;
        match Refusal::of(&answer) {
            None => {
                let kept = Some(&renewal.refresh_token);
                self.token(&answer, registration, kept, now).map(Some)
            }
            Some(refusal) => match self.explain(&refusal, "sso-oidc:CreateToken") {
                error if error.kind == Kind::Network => Err(error),
                _ => Ok(None),
            },
        }
    }
}
