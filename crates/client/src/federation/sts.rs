//! `sts:AssumeRoleWithWebIdentity`: an id_token for the credentials of a role.

mod refusal;

use jiff::Timestamp;

use super::endpoint::Endpoint;
use super::fault::{Failed, Fault};
use super::retry::{self, Sleep};
use crate::credentials::Credentials;
use crate::http::{Answer, Http};
use crate::oidc::Claims;
use crate::{Error, Kind, Secret};

/// Version of the protocol.
const VERSION: &str = "2011-06-15";
/// Characters of the longest token.
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
const LONGEST: usize = 20_000;

/// What is asked of AWS STS.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The role.
    pub role_arn: &'a str,
    /// Name of the session, see [`super::session_name`].
    pub session_name: &'a str,
    /// Seconds that the credentials last; from 900 to what the role allows, 43200 at most.
    pub duration: u32,
    /// The id_token.
    pub token: &'a Secret,
    /// What it says.
    pub claims: &'a Claims,
    /// The time here.
    pub now: Timestamp,
}

/// Takes a token for credentials. Session tags are those of the token itself.
///
/// # Errors
/// When AWS does not take the token, with what to compare, or there is no answer.
pub fn assume_role(
    http: &Http,
    endpoint: &Endpoint,
    request: &Request<'_>,
    sleep: Sleep<'_>,
) -> Result<Credentials, Error> {
    let length = request.token.expose().len();
    if length > LONGEST {
        return Err(Error::new(
            Kind::Federation,
            format!("the id_token has {length} characters, and AWS STS takes {LONGEST}"),
        )
        .advise("let the provider put fewer groups and claims into it"));
    }
    let ask = || once(http, endpoint, request);
    // STS's own words for a provider that did not answer AWS: it may be asked again.
    let passes = |failed: &Failed| match failed {
        Failed::Refused(fault) => fault.is_trouble() || fault.code == "IDPCommunicationError",
        Failed::Other(_) => false,
    };
    retry::repeat(sleep, passes, ask).map_err(|failed| match failed {
        Failed::Refused(fault) => refusal::explain(&fault, endpoint, request),
        Failed::Other(error) => error,
    })
}

fn once(http: &Http, endpoint: &Endpoint, request: &Request<'_>) -> Result<Credentials, Failed> {
    let duration = request.duration.to_string();
    let fields = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", VERSION),
        ("RoleArn", request.role_arn),
        ("RoleSessionName", request.session_name),
        ("DurationSeconds", &duration),
        ("WebIdentityToken", request.token.expose()),
    ];
    let answer = http.query(&endpoint.at("/"), &fields).map_err(Failed::Other)?;
    if answer.status != 200 {
        return Err(match Fault::of_xml(&answer, request.token) {
            Some(fault) => {
                let skew = refusal::skew(&answer, request.now);
                Failed::Refused(refusal::with_skew(fault, skew))
            }
            None => Failed::Other(odd(&answer)),
        });
    }
    read(&answer).ok_or_else(|| Failed::Other(odd(&answer)))
}

fn odd(answer: &Answer) -> Error {
    let status = answer.status;
    Error::new(
        Kind::Network,
        format!("AWS STS answered what is not understood (HTTP status {status})"),
    )
    .advise("something between here and there may have answered, such as the page of a proxy")
}

/// The credentials in an answer.
fn read(answer: &Answer) -> Option<Credentials> {
    let text = str::from_utf8(&answer.body).ok()?;
    let document = roxmltree::Document::parse(text).ok()?;
    let credentials = document
        .descendants()
        .find(|node| node.tag_name().name() == "Credentials")?;
    let part = |name: &str| {
        let found = credentials.children().find(|node| node.tag_name().name() == name);
        found.and_then(|node| node.text()).filter(|text| !text.is_empty())
    };
    Some(Credentials {
        access_key_id: part("AccessKeyId")?.to_owned(),
        secret: Secret::new(part("SecretAccessKey")?),
        session_token: Secret::new(part("SessionToken")?),
        // Credentials of STS always end; without an end they would be kept for ever.
        expiration: Some(part("Expiration")?.parse().ok()?),
    })
}

#[cfg(test)]
mod tests;
