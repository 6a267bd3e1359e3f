//! The token endpoint: codes, refresh tokens and device codes become tokens.

mod device;
mod refusal;

use std::fmt;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde::Deserialize;

use super::client_auth::ClientAuth;
use super::provider::Provider;
use crate::http::{Answer, Http};
use crate::{Error, Kind, Secret};
use refusal::{Action, Refusal, Shown};

pub use device::{Device, Poll};

/// Asks one provider for tokens.
#[derive(Debug)]
pub struct Client<'a> {
    http: &'a Http,
    provider: &'a Provider,
    auth: &'a ClientAuth,
}

/// What a provider gave. None of it is believed yet.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Says who signed in.
    pub id_token: Secret,
    /// Brings the next id_token. After a refresh that brought none, the one that was used stays good (RFC 6749 §6).
    pub refresh_token: Option<Secret>,
    /// The time at the provider, for [`super::jwt::Expected::server_time`].
    pub server_time: Option<Timestamp>,
}

/// Why a refresh brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshError {
    /// The provider does not take this refresh token, now or later. Another process may have used it up a moment ago and kept its
    /// successor: look there before it is believed.
    InvalidGrant(Error),
    /// The provider took it and answered without an id_token. What it rotated the refresh token to, if it did, is to be kept.
    NoIdToken {
        /// Why nothing can be done with the answer.
        error: Error,
        /// The next refresh token.
        refresh_token: Option<Secret>,
    },
    /// Anything else: the refresh token may still be good.
    Other(Error),
}

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::InvalidGrant(error) | Self::NoIdToken { error, .. } | Self::Other(error)) = self;
        error.fmt(f)
    }
}

impl std::error::Error for RefreshError {}

impl From<RefreshError> for Error {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::InvalidGrant(error) | RefreshError::NoIdToken { error, .. } | RefreshError::Other(error) => {
                error
            }
        }
    }
}

/// Why the provider gave nothing: it said no, or it said nothing that counts.
enum Failed {
    Refused(Refusal),
    Silent(Error),
}

/// An answer of the token endpoint (RFC 6749 §5.1). The access token is not needed.
#[derive(Deserialize)]
struct Granted {
    id_token: Option<Secret>,
    refresh_token: Option<Secret>,
}

impl<'a> Client<'a> {
    /// Asks this provider, with this proof of the application.
    pub fn new(http: &'a Http, provider: &'a Provider, auth: &'a ClientAuth) -> Self {
        Self { http, provider, auth }
    }

    /// Tokens for the code that the browser brought back. `redirect_uri` is the one of the login page, `now` the time here.
    ///
    /// # Errors
    /// When the provider refuses, or no answer comes that counts.
    pub fn redeem(
        &self,
        code: &Secret,
        redirect_uri: &str,
        verifier: &Secret,
        now: Timestamp,
    ) -> Result<Tokens, Error> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier.expose()),
        ];
        let answer = self
            .ask(&self.provider.token_endpoint, &fields, now)
            .map_err(|failed| failed.explain(Action::Code))?;
        tokens(answer, Kind::Login)
    }

    /// Tokens for a refresh token. Scopes are not repeated: a provider that left one out at the login would refuse it now
    /// (RFC 6749 §6).
    ///
    /// # Errors
    /// When the refresh token is no longer good, when no id_token came, and apart from these when anything else fails.
    pub fn refresh(&self, refresh_token: &Secret, now: Timestamp) -> Result<Tokens, RefreshError> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose()),
        ];
        match self.ask(&self.provider.token_endpoint, &fields, now) {
            Ok(answer) => {
                let (granted, server_time) = granted(answer).map_err(RefreshError::Other)?;
                let refresh_token = granted.refresh_token.clone();
                granted
                    .tokens(server_time, Kind::Interaction)
                    .map_err(|error| RefreshError::NoIdToken { error, refresh_token })
            }
            Err(Failed::Refused(refusal)) if refusal.is_end_of_grant() => {
                Err(RefreshError::InvalidGrant(refusal.explain(Action::Refresh)))
            }
            Err(failed) => Err(RefreshError::Other(failed.explain(Action::Refresh))),
        }
    }

    /// Sends a form with the application's id and proof. An answer of success comes back, anything else is a failure.
    fn ask(&self, url: &str, fields: &[(&str, &str)], now: Timestamp) -> Result<Answer, Failed> {
        let proof = self.auth.proof(self.provider, now).map_err(Failed::Silent)?;
        let proving = proof.fields.iter().map(|(name, value)| (*name, value.expose()));
        let form: Vec<(&str, &str)> = proving.chain(fields.iter().copied()).collect();
        let authorization = proof.authorization.as_ref().map(Secret::expose);
        let answer = self.http.form(url, &form, authorization).map_err(Failed::Silent)?;
        if answer.status == 200 {
            return Ok(answer);
        }
        Err(match Refusal::of(&answer, Shown::of(self.provider, self.auth)) {
            Some(refusal) => Failed::Refused(refusal),
            None => Failed::Silent(refusal::without_words(&answer)),
        })
    }
}

impl Failed {
    fn explain(self, action: Action) -> Error {
        match self {
            Self::Refused(refusal) => refusal.explain(action),
            Self::Silent(error) => error,
        }
    }
}

/// The tokens of an answer. `kind` is what it means when there is no id_token in it.
fn tokens(answer: Answer, kind: Kind) -> Result<Tokens, Error> {
    let (granted, server_time) = granted(answer)?;
    granted.tokens(server_time, kind)
}

/// What an answer of success grants, and the time at the provider. Empty tokens are none.
fn granted(answer: Answer) -> Result<(Granted, Option<Timestamp>), Error> {
    let granted: Granted = answer.json("the token endpoint of the provider")?;
    let filled = |token: Option<Secret>| token.filter(|token| !token.is_empty());
    let granted = Granted {
        id_token: filled(granted.id_token),
        refresh_token: filled(granted.refresh_token),
    };
    Ok((granted, time_of(&answer)))
}

impl Granted {
    fn tokens(self, server_time: Option<Timestamp>, kind: Kind) -> Result<Tokens, Error> {
        let id_token = self.id_token.ok_or_else(|| {
            let advice = match kind {
                Kind::Interaction => "this provider gives none at a refresh; sign in again",
                _ => "look whether the application is one of OpenID Connect and may ask for the scope `openid`",
            };
            Error::new(kind, "the provider answered without an id_token").advise(advice)
        })?;
        Ok(Tokens {
            id_token,
            refresh_token: self.refresh_token,
            server_time,
        })
    }
}

/// The time at a server, as the `Date` of its answer says (RFC 9110 §6.6.1).
pub fn time_of(answer: &Answer) -> Option<Timestamp> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    PARSER.parse_timestamp(answer.date.as_deref()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, date: Option<&str>) -> Answer {
        Answer {
            status,
            body: body.as_bytes().to_vec(),
            date: date.map(str::to_owned),
            error_type: None,
        }
    }

    #[test]
    fn the_servers_time_is_read() {
        let at = |date| time_of(&answer(200, "", date)).map(Timestamp::as_second);
        // RFC 9110 §5.6.7.
        assert_eq!(at(Some("Sun, 06 Nov 1994 08:49:37 GMT")), Some(784_111_777));
        assert_eq!(at(Some("yesterday")), None);
        assert_eq!(at(None), None);
    }

    #[test]
    fn an_answer_without_an_id_token_is_none() {
        for body in [
            r#"{"access_token": "x"}"#,
            r#"{"id_token": ""}"#,
            r#"{"id_token": null}"#,
        ] {
            assert_eq!(
                tokens(answer(200, body, None), Kind::Login).unwrap_err().kind,
                Kind::Login
            );
        }
        let page = tokens(answer(200, "<html>", None), Kind::Login).unwrap_err();
        assert_eq!(page.kind, Kind::Network);
        assert!(page.message.contains("a page"), "{page}");
    }

    #[test]
    fn tokens_are_not_shown() {
        let body = r#"{"id_token": "hunter2", "refresh_token": "hunter3"}"#;
        let tokens = tokens(answer(200, body, None), Kind::Login).unwrap();
        assert_eq!(tokens.id_token.expose(), "hunter2");
        assert!(!format!("{tokens:?}").contains("hunter"));
    }
}
