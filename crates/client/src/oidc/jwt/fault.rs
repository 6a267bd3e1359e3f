//! Why a token is not believed.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::{Error, Kind};

/// Why a token is not believed. What it shows of the token is no secret and fit for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It has more bytes than any token should have.
    TooLong(usize),
    /// It is no id_token: what is wrong with it.
    Malformed(&'static str),
    /// An algorithm that is not known, or that proves nothing.
    Algorithm(String),
    /// No key that fits, of this name if it gives one.
    UnknownKey(Option<String>),
    /// It names no key, and several fit.
    AmbiguousKey,
    /// The signature is not that of the key.
    Signature,
    /// Another issuer's.
    Issuer {
        /// Who was asked.
        expected: String,
        /// Whom it names.
        found: String,
    },
    /// For another application.
    Audience {
        /// The application here.
        expected: String,
        /// Those that it names.
        found: String,
    },
    /// Asked for by another application (`azp`), or for several without a word which.
    Party(Option<String>),
    /// Its time is over.
    Expired {
        /// When.
        at: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// Its time has not come.
    Early {
        /// When it comes.
        at: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// It is good at the provider and not here: the clock of this machine is wrong.
    Clock {
        /// How far this machine is ahead; negative when it is behind.
        ahead: SignedDuration,
    },
    /// A nonce was sent, and it has none.
    NoNonce,
    /// It has the nonce of another login.
    Nonce,
    /// After a refresh it speaks of somebody else.
    Subject,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(bytes) => write!(f, "the id_token has {bytes} bytes, which no id_token should have"),
            Self::Malformed(what) => write!(f, "the id_token {what}"),
            Self::Algorithm(name) => write!(f, "the id_token is signed by `{name}`, which proves nothing here"),
            Self::UnknownKey(Some(id)) => {
                write!(
                    f,
                    "the id_token is signed by the key `{id}`, which is none of the issuer's"
                )
            }
            Self::UnknownKey(None) => f.write_str("the id_token names no key, and none of the issuer's fits"),
            Self::AmbiguousKey => {
                f.write_str("the id_token does not tell which key signed it, and several of the issuer's fit")
            }
            Self::Signature => f.write_str("the signature of the id_token is wrong"),
            Self::Issuer { expected, found } => {
                write!(f, "the id_token is of the issuer `{found}`; expected `{expected}`")
            }
            Self::Audience { expected, found } => write!(
                f,
                "the id_token is for the application `{found}`; expected `{expected}`"
            ),
            Self::Party(Some(party)) => write!(f, "the id_token was asked for by the application `{party}` (`azp`)"),
            Self::Party(None) => {
                f.write_str("the id_token is for several applications and does not say which one asked for it (`azp`)")
            }
            Self::Expired { at, now } => {
                write!(f, "the id_token expired at {at}; the clock of this machine says {now}")
            }
            Self::Early { at, now } => write!(
                f,
                "the id_token is good from {at} on; the clock of this machine says {now}"
            ),
            Self::Clock { ahead } => {
                let side = if ahead.is_negative() { "behind" } else { "ahead of" };
                let minutes = minutes(*ahead).abs();
                write!(
                    f,
                    "the clock of this machine is {minutes} minutes {side} the provider's"
                )
            }
            Self::NoNonce => f.write_str("the id_token has no nonce, and one was sent"),
            Self::Nonce => f.write_str("the id_token has the nonce of another login"),
            Self::Subject => f.write_str("after the refresh the id_token is somebody else's"),
        }
    }
}

impl std::error::Error for Fault {}

/// The nearest whole minute: servers tell their time in whole seconds, and an answer takes a moment to come.
pub(crate) fn minutes(time: SignedDuration) -> i64 {
    let half = 30 * i64::from(time.signum());
    (time.as_secs() + half) / 60
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let advice = match &fault {
            Fault::Clock { .. } | Fault::Early { .. } => {
                "set the clock of this machine (automatic time), then try again; AWS refuses requests of a wrong clock as well"
            }
            Fault::Expired { .. } => "sign in again; if it was issued just now, set the clock of this machine",
            Fault::Issuer { .. } => {
                "look at `provider_domain` in config.json, and for Okta at `okta_auth_server_id`: AWS compares the issuer exactly"
            }
            Fault::Audience { .. } | Fault::Party(_) => "look at `client_id` in config.json",
            Fault::NoNonce | Fault::Nonce | Fault::Subject => "sign in again, and tell your administrator if it stays",
            Fault::UnknownKey(_) => {
                "the issuer may have changed its keys a moment ago: try again in a minute, and tell your administrator if it stays"
            }
            Fault::AmbiguousKey | Fault::Signature | Fault::Algorithm(_) => {
                "do not sign in again before your administrator has looked: the token may not be the provider's, or its application \
                 is set to another algorithm than RS, PS or ES"
            }
            Fault::TooLong(_) | Fault::Malformed(_) => {
                "tell your administrator: the provider has to issue other tokens"
            }
        };
        Self::new(Kind::Login, fault.to_string()).advise(advice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_minutes_are_told_as_ten() {
        for (seconds, told) in [
            (599, "10 minutes ahead of"),
            (601, "10 minutes ahead of"),
            (-598, "10 minutes behind"),
            (-629, "10 minutes behind"),
            (-630, "11 minutes behind"),
            (3600, "60 minutes ahead of"),
        ] {
            let ahead = SignedDuration::from_secs(seconds);
            assert_eq!(
                Fault::Clock { ahead }.to_string(),
                format!("the clock of this machine is {told} the provider's")
            );
        }
    }
}
