//! Device authorization: a code that the user confirms at the access portal.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Client, Registration, Renewal, Token};
use crate::http::Answer;
use crate::oidc::address;
use crate::oidc::text::printable;
use crate::pace::{self, Pace};
use crate::{Error, Kind, Secret};

/// Name under which the program is registered, as the portal shows it.
const NAME: &str = "credential-process";
/// What the program may do: take credentials of the user's permission sets. With it a refresh token is given as well.
const SCOPE: &str = "sso:account:access";
/// Grant of RFC 8628.
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// What a question about a code brought.
pub type Poll = pace::Poll<Token>;

/// A login that waits for the user.
#[derive(Debug)]
pub struct Device {
    /// The code that the portal shows for comparison.
    pub user_code: String,
    /// Where it is confirmed.
    pub verification_uri: String,
    /// The same with the code in it.
    pub verification_uri_complete: Option<String>,
    /// For how long.
    pub expires_in: Duration,
    device_code: Secret,
    registration: Registration,
    pace: Pace,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registered {
    client_id: String,
    client_secret: Secret,
    client_secret_expires_at: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    device_code: Secret,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: u64,
    interval: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    access_token: Secret,
    expires_in: i64,
    refresh_token: Option<Secret>,
}

impl Device {
    /// Time before the first question.
    pub fn interval(&self) -> Duration {
        self.pace.interval()
    }
}

impl Client<'_> {
    /// Registers the program and asks for a code. Each login registers anew: a registration of the AWS CLI may not be allowed
    /// this grant.
    ///
    /// # Errors
    /// When the instance refuses, or answers with what nobody should visit.
    pub fn start_device(&self) -> Result<Device, Error> {
        let body = json!({ "clientName": NAME, "clientType": "public", "scopes": [SCOPE] });
        let answer = self.ask("sso-oidc:RegisterClient", "/client/register", &body)?;
        let registered: Registered = answer.json("IAM Identity Center")?;
        let odd = |what: &str| {
            Error::new(Kind::Network, format!("the answer of IAM Identity Center {what}")).advise("try again")
        };
        let registration = Registration {
            client_id: registered.client_id,
            client_secret: registered.client_secret,
            expires: Timestamp::from_second(registered.client_secret_expires_at)
                .map_err(|_| odd("has a registration whose end is no time"))?,
        };
        let body = json!({
            "clientId": registration.client_id,
            "clientSecret": registration.client_secret.expose(),
            "startUrl": self.settings.start_url,
        });
        let answer = self.ask("sso-oidc:StartDeviceAuthorization", "/device_authorization", &body)?;
        let started: Started = answer.json("IAM Identity Center")?;
        let code = &started.user_code;
        if code.trim().is_empty() || *code != printable(code, 32) {
            return Err(odd("has no code that could be shown"));
        }
        address::check_page(&started.verification_uri)
            .map_err(|why| odd(&format!("leads to an address that {why}")))?;
        Ok(Device {
            user_code: started.user_code,
            verification_uri_complete: started
                .verification_uri_complete
                .filter(|url| address::check_page(url).is_ok()),
            verification_uri: started.verification_uri,
            expires_in: pace::good_for(started.expires_in),
            device_code: started.device_code,
            registration,
            pace: Pace::new(started.interval),
        })
    }

    /// Asks once whether the code was confirmed. Who waits is the caller, who also knows when [`Device::expires_in`] is over.
    ///
    /// # Errors
    /// When the user or the instance said no, the code is no longer good, or five questions in a row stayed without an answer.
    pub fn poll_device(&self, device: &mut Device, now: Timestamp) -> Result<Poll, Error> {
        let body = json!({
            "clientId": device.registration.client_id,
            "clientSecret": device.registration.client_secret.expose(),
            "grantType": DEVICE,
            "deviceCode": device.device_code.expose(),
        });
        let asked = self.post("/token", &body);
        let failed = match asked {
            Ok(answer) => match Refusal::of(&answer) {
                None => return self.token(&answer, &device.registration, None, now).map(Poll::Done),
                Some(refusal) if refusal.error == "authorization_pending" => return Ok(device.pace.pending()),
                Some(refusal) if refusal.error == "slow_down" => return Ok(device.pace.too_fast()),
                Some(refusal) => self.explain(&refusal, "sso-oidc:CreateToken"),
            },
            Err(error) => error,
        };
        device.pace.failed(failed)
    }

    /// The token in an answer. Where it brings no refresh token, `kept` stays.
    pub(super) fn token(
        &self,
        answer: &Answer,
        registration: &Registration,
        kept: Option<&Secret>,
        now: Timestamp,
    ) -> Result<Token, Error> {
        let created: Created = answer.json("IAM Identity Center")?;
        let expires = now
            .checked_add(SignedDuration::from_secs(created.expires_in))
            .map_err(|_| Error::new(Kind::Network, "IAM Identity Center gave a token whose end is no time"))?;
        let refresh = created.refresh_token.filter(|token| !token.is_empty());
        Ok(Token {
            access_token: created.access_token,
            expires,
            renewal: refresh.or_else(|| kept.cloned()).map(|refresh_token| Renewal {
                refresh_token,
                registration: registration.clone(),
            }),
        })
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Answer, Error> {
        self.http.json(&self.logins.at(path), None, body)
    }

    fn ask(&self, action: &str, path: &str, body: &Value) -> Result<Answer, Error> {
        let answer = self.post(path, body)?;
        match Refusal::of(&answer) {
            Some(refusal) => Err(self.explain(&refusal, action)),
            None => Ok(answer),
        }
    }

    pub(super) fn explain(&self, refusal: &Refusal, action: &str) -> Error {
        refusal.explain(action, &self.settings.start_url, &self.settings.region)
    }
}
