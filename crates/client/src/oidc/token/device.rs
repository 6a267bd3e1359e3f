//! Device authorization (RFC 8628): a code that is typed in on another machine.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use super::refusal::Action;
use super::{Client, Failed, Tokens, tokens};
use crate::oidc::address;
use crate::oidc::text::printable;
use crate::pace::{self, Pace};
use crate::{Error, Kind, Secret};

/// What a question about a code brought.
pub type Poll = pace::Poll<Tokens>;

/// A login that waits for somebody to type in a code.
#[derive(Debug)]
pub struct Device {
    /// What is to be typed in.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code in it, where the provider has it.
    pub verification_uri_complete: Option<String>,
    /// For how long.
    pub expires_in: Duration,
    device_code: Secret,
    pace: Pace,
}

/// An answer of the device authorization endpoint (RFC 8628 §3.2).
#[derive(Deserialize)]
struct Started {
    device_code: Secret,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: u64,
    interval: Option<u64>,
}

impl Device {
    /// Time before the first question.
    pub fn interval(&self) -> Duration {
        self.pace.interval()
    }
}

impl Client<'_> {
    /// Asks for a code.
    ///
    /// # Errors
    /// When the provider has no such flow, refuses, or answers with what nobody should type in or visit.
    pub fn start_device(&self, now: Timestamp) -> Result<Device, Error> {
        let url = self.provider.device_endpoint(self.http)?;
        let scope = self.provider.scope();
        let answer = self
            .ask(&url, &[("scope", &scope)], now)
            .map_err(|failed| failed.explain(Action::Device))?;
        let started: Started = answer.json("the device authorization endpoint of the provider")?;
        let odd = |what: &str| {
            Error::new(Kind::Login, format!("the provider's answer for a device code {what}"))
                .advise("sign in with a browser instead")
        };
        let code = &started.user_code;
        if code.trim().is_empty() || *code != printable(code, 32) {
            return Err(odd("has no code that could be typed in"));
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
            pace: Pace::new(started.interval),
        })
    }

    /// Asks once whether the code was typed in. Who waits is the caller, who also knows when [`Device::expires_in`] is over.
    ///
    /// # Errors
    /// When the user or the provider said no, the code is no longer good, or five questions in a row stayed without an answer.
    pub fn poll_device(&self, device: &mut Device, now: Timestamp) -> Result<Poll, Error> {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device.device_code.expose()),
        ];
        match self.ask(&self.provider.token_endpoint, &fields, now) {
            Ok(answer) => tokens(answer, Kind::Login).map(Poll::Done),
            Err(Failed::Refused(refusal)) if refusal.is_pending() => Ok(device.pace.pending()),
            Err(Failed::Refused(refusal)) if refusal.is_too_fast() => Ok(device.pace.too_fast()),
            Err(failed) => device.pace.failed(failed.explain(Action::Device)),
        }
    }
}
