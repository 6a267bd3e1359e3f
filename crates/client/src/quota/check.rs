//! The question to the quota service, and what its answer, or its silence, means.

use client_config::{FailMode, Quota};
use jiff::Timestamp;
use serde::Deserialize;

use super::answer::{Answer, Refusal};
use super::{banner, sign};
use crate::credentials::Credentials;
use crate::http::{self, Http};
use crate::oidc::address;
use crate::oidc::text::printable;
use crate::{Error, Kind, Secret};

/// What was found out.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Credentials may be taken.
    Allowed(Answer),
    /// They may not.
    Blocked(Answer),
    /// Nothing was found out.
    Unknown(Unknown),
}

/// Why nothing was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// In one word.
    pub cause: Cause,
    /// In words.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// Why nothing was found out, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// There is no token to ask with, or the service does not take it.
    Unauthenticated,
    /// There is no connection to the service, or no answer in time.
    Unreachable,
    /// The service answered something else than a decision.
    Unreadable,
}

/// What may go on, and what the user is told about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Passed {
    /// The decision, if there was one.
    pub answer: Option<Answer>,
    /// What to tell the user: that little is left, or that nothing was found out.
    pub notice: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Caller<'a> {
    /// Nobody: there is no token.
    Nobody,
    /// The person of an id_token.
    Token(&'a Secret),
    /// The session of credentials, as IAM Identity Center gives them: there is no id_token then.
    Session {
        /// Credentials that are not handed out before the answer.
        credentials: &'a Credentials,
        /// Region of the service.
        region: &'a str,
        /// The time here.
        now: Timestamp,
    },
}

/// The address that is asked.
///
/// # Errors
/// When a token must not be sent there, or it could not be one.
pub fn address(quota: &Quota) -> Result<String, Error> {
    let url = format!("{}/check", quota.endpoint);
    let why = match address::check(&url) {
        Err(why) => why,
        Ok(()) if url.contains('?') => "has a query, behind which no path can be added",
        Ok(()) => return Ok(url),
    };
    let shown = address::shown(&quota.endpoint);
    Err(Error::new(
        Kind::Config,
        format!("the address of the quota service is `{shown}`, which {why}"),
    )
    .advise("ask whoever gave you the package for the right `quota_api_endpoint`"))
}

/// Asks the service. `http` has the time that the profile gives an answer.
pub fn check(http: &Http, quota: &Quota, caller: Caller<'_>) -> Outcome {
    let url = match address(quota) {
        Ok(url) => url,
        Err(error) => return unknown(Cause::Unreachable, &error.message, &error.advice.unwrap_or_default()),
    };
    let asked = match caller {
        Caller::Token(token) if !token.is_empty() => {
            let bearer = Secret::new(format!("Bearer {}", token.expose()));
            http.get(&url, &[("Authorization", bearer.expose())])
        }
        Caller::Nobody | Caller::Token(_) => {
            return unknown(
                Cause::Unauthenticated,
                "there is no id_token with which the quota service could be asked",
                "sign in with `credential-process login`",
            );
        }
        Caller::Session {
            credentials,
            region,
            now,
        } => ask_signed(http, &url, credentials, region, now),
    };
    let answer = match asked {
        Ok(answer) => answer,
        Err(error) => {
            let advice = error.advice.unwrap_or_default();
            return unknown(
                Cause::Unreachable,
                &format!("the quota service cannot be reached: {}", error.message),
                &advice,
            );
        }
    };
    match answer.status {
        200 => match read(&answer) {
            // The service lets everybody through then; whether that is enough is for the profile to say.
            Ok(answer) if answer.allowed && answer.is_undecided() => unknown(
                Cause::Unreadable,
                &format!(
                    "the quota service could not decide ({})",
                    printable(answer.reason.as_deref().unwrap_or_default(), 60)
                ),
                "try again in a minute; if it stays so, tell your administrator",
            ),
            Ok(answer) if answer.allowed => Outcome::Allowed(answer),
            Ok(answer) => Outcome::Blocked(answer),
            Err(error) => unknown(Cause::Unreadable, &error.message, &error.advice.unwrap_or_default()),
        },
        404 | 405 | 410 => nothing_there(&url, &answer),
        // What Amazon API Gateway says of a path that an API of the older kind has not.
        // Source: <https://repost.aws/knowledge-center/api-gateway-authentication-token-errors>
        403 if said(&answer).contains("Missing Authentication Token") => nothing_there(&url, &answer),
        401 | 403 if matches!(caller, Caller::Session { .. }) => unknown(
            Cause::Unauthenticated,
            &format!(
                "the quota service does not take the credentials (HTTP status {})",
                answer.status
            ),
            "your administrator must allow `execute-api:Invoke` on it to your permission set; and look at the clock of this machine",
        ),
        401 | 403 => unknown(
            Cause::Unauthenticated,
            &format!(
                "the quota service does not take the id_token (HTTP status {})",
                answer.status
            ),
            "sign out and in again: `credential-process logout`, then `credential-process login`; if it stays so, its issuer and audience are not those of the token: ask \
             your administrator",
        ),
        status @ (429 | 500..) => unknown(
            Cause::Unreadable,
            &format!(
                "the quota service is in trouble or has too much to do (HTTP status {status}{})",
                said(&answer)
            ),
            "try again in a minute; if it stays so, tell your administrator",
        ),
        status => unknown(
            Cause::Unreadable,
            &format!(
                "the quota service does not understand the question (HTTP status {status}{})",
                said(&answer)
            ),
            "your administrator has to compare `quota_api_endpoint` in config.json with the service that is deployed",
        ),
    }
}

/// The decision in an answer of success.
fn read(answer: &http::Answer) -> Result<Answer, Error> {
    Answer::read(&answer.body).map_err(|why| {
        Error::new(Kind::Network, format!("the quota service {why}"))
            .advise("your administrator has to look at the service: this counts as no answer, and not as leave")
    })
}

/// There is no such path. It is neither the user's fault nor that of a quota.
fn nothing_there(url: &str, answer: &http::Answer) -> Outcome {
    unknown(
        Cause::Unreadable,
        &format!(
            "the quota service has nothing at {} (HTTP status {}{})",
            printable(url, 300),
            answer.status,
            said(answer)
        ),
        "that address is `quota_api_endpoint` of config.json and `/check`: ask whoever gave you the package for the right one, \
         which the deployment of the service tells",
    )
}

/// The message of an answer that is no decision, in words that follow its status.
fn said(answer: &http::Answer) -> String {
    #[derive(Deserialize)]
    struct Said {
        message: String,
    }
    let said: Option<Said> = answer.object();
    let message = said.map(|said| printable(&said.message, 100)).unwrap_or_default();
    match message.as_str() {
        "" => String::new(),
        message => format!(", \"{message}\""),
    }
}

fn ask_signed(
    http: &Http,
    url: &str,
    credentials: &Credentials,
    region: &str,
    now: Timestamp,
) -> Result<http::Answer, Error> {
    let headers = sign::sign(url, credentials, region, now)
        .ok_or_else(|| Error::new(Kind::Config, "the address of the quota service names no host"))?;
    let headers = [
        ("Host", headers.host.as_str()),
        ("X-Amz-Date", headers.date.as_str()),
        ("X-Amz-Security-Token", credentials.session_token.expose()),
        ("Authorization", headers.authorization.expose()),
    ];
    http.get(url, &headers)
}

fn unknown(cause: Cause, message: &str, advice: &str) -> Outcome {
    Outcome::Unknown(Unknown {
        cause,
        message: message.to_owned(),
        advice: advice.to_owned(),
    })
}

impl Cause {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Unreachable => "unreachable",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Outcome {
    /// What it means for the one who wants credentials.
    ///
    /// # Errors
    /// [`Kind::Blocked`] when the quota is used up. [`Kind::QuotaUnknown`] when nothing was found out and the deployment wants it
    /// known, or the service itself could not decide.
    pub fn judge(&self, fail_mode: FailMode) -> Result<Passed, Error> {
        match self {
            Self::Allowed(answer) => Ok(Passed {
                notice: banner::warning(answer),
                answer: Some(answer.clone()),
            }),
            Self::Blocked(answer) => {
                let kind = match answer.refusal() {
                    Refusal::Undecided => Kind::QuotaUnknown,
                    Refusal::UsedUp | Refusal::Other => Kind::Blocked,
                };
                Err(Error::new(kind, banner::headline(answer)).advise(banner::whom_to_ask(answer)))
            }
            Self::Unknown(unknown) => match fail_mode {
                FailMode::Open => Ok(Passed {
                    answer: None,
                    notice: Some(format!(
                        "The quota was not checked ({}): {}. This deployment allows it; {}.",
                        unknown.cause.word(),
                        unknown.message,
                        unknown.advice
                    )),
                }),
                FailMode::Closed => Err(Error::new(
                    Kind::QuotaUnknown,
                    format!(
                        "whether the quota is used up could not be found out ({}): {}; without that, this deployment gives no \
                         credentials",
                        unknown.cause.word(),
                        unknown.message
                    ),
                )
                .advise(unknown.advice.clone())),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(value: serde_json::Value) -> Answer {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn silence_is_judged_by_the_mode_and_said_in_both() {
        for cause in [Cause::Unauthenticated, Cause::Unreachable, Cause::Unreadable] {
            let outcome = unknown(cause, "m", "a");
            let notice = outcome.judge(FailMode::Open).unwrap().notice.unwrap();
            assert!(notice.contains(cause.word()), "{notice}");
            let error = outcome.judge(FailMode::Closed).unwrap_err();
            assert_eq!(error.kind, Kind::QuotaUnknown);
            assert!(
                error.message.contains(cause.word()) && !error.message.contains("exceeded"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_refusal_stands_in_both_modes() {
        for mode in [FailMode::Open, FailMode::Closed] {
            let used_up = Outcome::Blocked(answer(json!({"allowed": false, "reason": "daily_exceeded"})));
            assert_eq!(used_up.judge(mode).unwrap_err().kind, Kind::Blocked);
            let undecided = Outcome::Blocked(answer(json!({"allowed": false, "reason": "missing_identity"})));
            assert_eq!(undecided.judge(mode).unwrap_err().kind, Kind::QuotaUnknown);
        }
    }

    #[test]
    fn what_is_allowed_passes() {
        let much = answer(json!({"allowed": true, "usage": {"daily_cost": 9, "daily_cost_limit": 10}}));
        let passed = Outcome::Allowed(much).judge(FailMode::Closed).unwrap();
        assert!(passed.notice.unwrap().contains("Daily cost: $9.00 / $10.00 (90.0%)"));
        let little = Outcome::Allowed(answer(json!({"allowed": true}))).judge(FailMode::Closed);
        assert_eq!(little.unwrap().notice, None);
    }
}
