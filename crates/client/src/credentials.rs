//! Temporary credentials of AWS, and the JSON in which its SDKs take them from a program.

use std::io;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{Error, Kind};
use crate::origin::fits;
use crate::secret::Secret;

/// What must be left of credentials for an SDK to still begin a call with them. Source: the installations that exist.
const LEAST: SignedDuration = SignedDuration::from_secs(30);
/// Version of the JSON. Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
const VERSION: u32 = 1;

/// Temporary credentials of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Id of the access key, which is no secret.
    pub access_key_id: String,
    /// The secret access key.
    pub secret: Secret,
    /// The session's token.
    pub session_token: Secret,
    /// When they end; `None` where their source does not say.
    pub expiration: Option<Timestamp>,
}

/// The JSON as it is written. The texts are borrowed: a copy of a secret would not be overwritten.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Written<'a> {
    version: u32,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    /// Keys of an IAM user have none.
    #[serde(skip_serializing_if = "str::is_empty")]
    session_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
}

/// The JSON as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Read {
    version: u32,
    access_key_id: String,
    secret_access_key: Secret,
    session_token: Secret,
    expiration: Option<Timestamp>,
    profile: Option<String>,
    origin: Option<String>,
}

impl Credentials {
    /// Whether a call can still begin with them at this time: more than 30 seconds are left. Without an end they are.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.expiration.is_none_or(|end| end.duration_since(now) > LEAST)
    }

    /// The JSON that an SDK of AWS reads: one line without a break at its end.
    ///
    /// # Errors
    /// None that is known: texts can always be written.
    pub fn to_json(&self) -> Result<Zeroizing<String>, Error> {
        self.write(None, None)
    }

    /// The same with the profile that they belong to, for where they are kept: on systems where `A` and `a` are one file, only
    /// this tells two profiles apart.
    pub(crate) fn to_kept(&self, profile: &str, origin: &str) -> Result<Zeroizing<String>, Error> {
        self.write(Some(profile), (!origin.is_empty()).then_some(origin))
    }

    /// Reads what [`Self::to_kept`] or an earlier version wrote. `None` when it is something else, another profile's, or has no
    /// end: what does not end would be handed out for ever.
    pub(crate) fn from_kept(text: &str, profile: &str, origin: &str) -> Option<Self> {
        let read: Read = serde_json::from_str(text).ok()?;
        let complete = read.version == VERSION
            && read.expiration.is_some()
            && !read.access_key_id.is_empty()
            && !read.secret_access_key.is_empty()
            && !read.session_token.is_empty();
        let ours = read.profile.is_none_or(|kept| kept == profile);
        let ours = ours && fits(read.origin.as_deref(), origin);
        (complete && ours).then_some(Self {
            access_key_id: read.access_key_id,
            secret: read.secret_access_key,
            session_token: read.session_token,
            expiration: read.expiration,
        })
    }

    /// Reads what another program answers to an SDK of AWS. `None` when it is something else.
    pub(crate) fn of_process(text: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answered {
            version: u32,
            access_key_id: String,
            secret_access_key: Secret,
            #[serde(default)]
            session_token: Option<Secret>,
            expiration: Option<Timestamp>,
        }
        let answered: Answered = serde_json::from_slice(text).ok()?;
        let whole =
            answered.version == VERSION && !answered.access_key_id.is_empty() && !answered.secret_access_key.is_empty();
        whole.then(|| Self {
            access_key_id: answered.access_key_id,
            secret: answered.secret_access_key,
            session_token: answered.session_token.unwrap_or_else(|| Secret::new("")),
            expiration: answered.expiration,
        })
    }

    fn write(&self, profile: Option<&str>, origin: Option<&str>) -> Result<Zeroizing<String>, Error> {
        let written = Written {
            version: VERSION,
            access_key_id: &self.access_key_id,
            secret_access_key: self.secret.expose(),
            session_token: self.session_token.expose(),
            // Not every SDK reads fractions of a second, and an end that is told too late is an error.
            expiration: self
                .expiration
                .map(|end| Timestamp::from_second(end.as_second()).unwrap_or(end)),
            profile,
            origin,
        };
        json(&written)
    }
}

/// JSON whose memory is overwritten when it goes.
///
/// # Errors
/// None that is known: texts can always be written.
pub fn json<T: Serialize>(value: &T) -> Result<Zeroizing<String>, Error> {
    let failed =
        |error: &dyn std::fmt::Display| Error::new(Kind::Storage, format!("JSON could not be written: {error}"));
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value).map_err(|error| failed(&error))?;
    // With room for all and no more, no part of it is left elsewhere in memory, and little has to be overwritten.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *bytes, value).map_err(|error| failed(&error))?;
    let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| failed(&error.utf8_error()))?;
    Ok(Zeroizing::new(text))
}

/// Counts what is written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_room_that_it_needs_and_no_more() {
        for text in [String::new(), "\"\u{1}ü".repeat(30_000)] {
            let written = json(&text).unwrap();
            assert_eq!(written.capacity(), written.len());
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }

    fn credentials(expiration: Option<&str>) -> Credentials {
        Credentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret: Secret::new("s\"ecret"),
            session_token: Secret::new("token/+="),
            expiration: expiration.map(|text| text.parse().unwrap()),
        }
    }

    #[test]
    fn the_json_is_that_of_the_contract() {
        assert_eq!(
            *credentials(Some("2026-11-26T08:00:00.9+01:00")).to_json().unwrap(),
            r#"{"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s\"ecret","SessionToken":"token/+=","Expiration":"2026-11-26T07:00:00Z"}"#
        );
        assert_eq!(
            *credentials(None).to_json().unwrap(),
            r#"{"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s\"ecret","SessionToken":"token/+="}"#
        );
    }

    #[test]
    fn they_are_good_while_more_than_half_a_minute_is_left() {
        let good = |now: &str| credentials(Some("2026-11-26T07:00:00Z")).is_good(now.parse().unwrap());
        assert!(good("2026-11-26T06:59:29Z"));
        assert!(!good("2026-11-26T06:59:30Z"));
        assert!(!good("2026-11-26T07:00:01Z"));
        assert!(credentials(None).is_good(Timestamp::MAX));
    }

    #[test]
    fn what_is_kept_comes_back_for_its_profile_alone() {
        let there = credentials(Some("2026-11-26T07:00:00Z"));
        let kept = there.to_kept("a", "o").unwrap();
        assert_eq!(Credentials::from_kept(&kept, "a", "o"), Some(there.clone()));
        assert_eq!(Credentials::from_kept(&kept, "A", "o"), None);
        assert_eq!(Credentials::from_kept(&kept, "a", "other"), None);
        // Earlier versions left no mark.
        let old = there.to_kept("a", "").unwrap();
        assert_eq!(Credentials::from_kept(&old, "a", "o"), Some(there));
    }

    #[test]
    fn what_is_not_complete_is_not_taken() {
        let whole = r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T","Expiration":"2026-11-26T07:00:00Z"}"#;
        assert!(Credentials::from_kept(whole, "p", "o").is_some());
        for (part, other) in [
            (r#""Version":1"#, r#""Version":2"#),
            (r#","Expiration":"2026-11-26T07:00:00Z""#, ""),
            ("2026-11-26T07:00:00Z", "soon"),
            (r#""T""#, r#""""#),
            (r#""S""#, "7"),
            ("}", ""),
        ] {
            assert!(whole.contains(part));
            assert_eq!(
                Credentials::from_kept(&whole.replace(part, other), "p", "o"),
                None,
                "{part}"
            );
        }
    }

    #[test]
    fn answers_of_other_programs_are_read() {
        let keys = r#"{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "S"}"#;
        let read = Credentials::of_process(keys.as_bytes()).unwrap();
        assert_eq!(
            *read.to_json().unwrap(),
            r#"{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"S"}"#
        );
        let whole = credentials(Some("2026-11-26T07:00:00Z"));
        assert_eq!(
            Credentials::of_process(whole.to_json().unwrap().as_bytes()),
            Some(whole)
        );
        for odd in ["", "{}", &keys.replace('1', "2"), &keys.replace("AKIA", "")] {
            assert_eq!(Credentials::of_process(odd.as_bytes()), None, "{odd}");
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = format!("{:?}", credentials(None));
        assert!(!shown.contains("ecret\\") && !shown.contains("token/"), "{shown}");
    }
}
