//! Signature Version 4 of AWS: what all of its forms share.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use jiff::Timestamp;
use ring::{digest, hmac};

use crate::Secret;
use crate::credentials::Credentials;

/// The algorithm's name.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What a signature is good for.
pub(crate) struct Scope {
    /// The time, as requests carry it.
    pub(crate) date: String,
    day: String,
    region: String,
    service: &'static str,
}

impl Scope {
    /// A service in a region at a time.
    pub(crate) fn new(now: Timestamp, region: &str, service: &'static str) -> Self {
        Self {
            date: now.strftime("%Y%m%dT%H%M%SZ").to_string(),
            day: now.strftime("%Y%m%d").to_string(),
            region: region.to_owned(),
            service,
        }
    }

    /// The scope as requests name it.
    pub(crate) fn text(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.day, self.region, self.service)
    }

    /// The signature of a canonical request.
    pub(crate) fn signature(&self, credentials: &Credentials, canonical: &Secret) -> String {
        let hash = hash(canonical.expose());
        let signed = format!("{ALGORITHM}\n{}\n{}\n{hash}", self.date, self.text());
        let first = Secret::new(format!("AWS4{}", credentials.secret.expose()));
        let key = [self.day.as_str(), &self.region, self.service, "aws4_request"]
            .iter()
            .fold(
                hmac::Key::new(hmac::HMAC_SHA256, first.expose().as_bytes()),
                |key, part| hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref()),
            );
        hex(hmac::sign(&key, signed.as_bytes()).as_ref())
    }
}

/// SHA-256 of a text.
pub(crate) fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
