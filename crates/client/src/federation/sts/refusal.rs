//! Why AWS STS does not take a token, in words that tell what to compare.

use jiff::Timestamp;

use super::Request;
use crate::federation::endpoint::Endpoint;
use crate::federation::fault::Fault;
use crate::http::Answer;
use crate::oidc::jwt::{LEEWAY, minutes};
use crate::oidc::text::printable;
use crate::oidc::token::time_of;
use crate::{Error, Kind};

/// What was asked for, as it stands in policies.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";
/// Characters of a claim that are shown.
const CLAIM: usize = 200;

/// Minutes by which the clock here is ahead of that of AWS, where that is more than tokens bear. Negative when it is behind.
pub(super) fn skew(answer: &Answer, now: Timestamp) -> Option<i64> {
    let ahead = now.duration_since(time_of(answer)?);
    (ahead.abs() > LEEWAY).then(|| minutes(ahead))
}

/// The refusal with what the clocks say in its words.
pub(super) fn with_skew(mut fault: Fault, skew: Option<i64>) -> Fault {
    if let Some(minutes) = skew {
        let way = if minutes > 0 { "ahead of" } else { "behind" };
        let minutes = minutes.abs();
        let clock = format!(" (the clock of this machine is {minutes} minutes {way} that of AWS)");
        fault.message.push_str(&clock);
    }
    fault
}

/// The refusal with its way out. Errors of AWS are stable by their names; their words only choose between advices.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors>
pub(super) fn explain(fault: &Fault, endpoint: &Endpoint, request: &Request<'_>) -> Error {
    let issuer = printable(&request.claims.issuer, CLAIM);
    let audience = printable(&audience(request), CLAIM);
    let subject = printable(&request.claims.subject, CLAIM);
    let role = request.role_arn;
    let says = |text: &str| fault.message.to_ascii_lowercase().contains(text);
    let (kind, advice) = match fault.code.as_str() {
        "InvalidIdentityToken" if says("no openidconnect provider found") => (
            Kind::Federation,
            format!(
                "the account of {role} has no identity provider in IAM for the token's issuer {issuer}: the URL must be the same \
                 to the character, a slash at its end included"
            ),
        ),
        "InvalidIdentityToken" if says("audience") => (
            Kind::Federation,
            format!("add the token's audience {audience} to the audiences of the identity provider {issuer} in IAM"),
        ),
        "InvalidIdentityToken" if says("thumbprint") || says("certificate") => (
            Kind::Federation,
            format!("renew the thumbprint of the identity provider {issuer} in IAM"),
        ),
        "InvalidIdentityToken" => (
            Kind::Federation,
            format!(
                "compare the identity provider in IAM with the token: its URL with the issuer {issuer}, its audiences with \
                 {audience}, and its thumbprint with the certificate of that host, whose keys AWS must be able to read; and look at \
                 the clock of this machine"
            ),
        ),
        "ExpiredTokenException" => (
            Kind::Interaction,
            format!(
                "the token was good until {}: sign in again with `credential-process login`, and look at the clock of this machine",
                request.claims.expires
            ),
        ),
        "IDPRejectedClaim" => (
            Kind::Interaction,
            format!(
                "the provider {issuer} says that the token is no longer good, because it was revoked or for a reason of its own: \
                 sign in again with `credential-process login`"
            ),
        ),
        "IDPCommunicationError" => (
            Kind::Network,
            format!(
                "AWS was asked three times and could not reach {issuer}: its discovery document and keys must be readable from the \
                 internet; try again in a minute"
            ),
        ),
        "AccessDenied" => (
            Kind::Federation,
            denied(request, &issuer, &audience, &subject, says("tagsession")),
        ),
        "ValidationError" if says("durationseconds") => (
            Kind::Config,
            format!(
                "{} seconds are asked for: lower `max_session_duration` in config.json (900 is the least), or raise the maximum \
                 session duration of {role}",
                request.duration
            ),
        ),
        "ValidationError" => (
            Kind::Config,
            format!("look at `federated_role_arn` in config.json, which is {role}"),
        ),
        "PackedPolicyTooLarge" => (
            Kind::Federation,
            "the session tags in the token are too large: let the provider put fewer or shorter ones into it"
                .to_owned(),
        ),
        "RegionDisabledException" => (
            Kind::Config,
            format!(
                "AWS STS is switched off in {} for the account of {role}: activate it in IAM under Account settings, or name another \
                 `aws_region` in config.json",
                endpoint.region()
            ),
        ),
        _ if fault.is_trouble() => return fault.trouble(ACTION),
        _ => (
            Kind::Federation,
            format!("look at the trust policy of {role} and at the identity provider {issuer} in IAM"),
        ),
    };
    Error::new(kind, fault.spoken(ACTION)).advise(advice)
}

/// What AWS compares `…:aud` with: the audience, and for Google `azp` where the token has one.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
fn audience(request: &Request<'_>) -> String {
    let claims = request.claims;
    match &claims.authorized_party {
        Some(party) if claims.issuer.trim_start_matches("https://") == "accounts.google.com" => party.clone(),
        _ => claims.audience.join(", "),
    }
}

/// Which conditions to compare. AWS does not say which one failed.
fn denied(request: &Request<'_>, issuer: &str, audience: &str, subject: &str, of_tags: bool) -> String {
    let role = request.role_arn;
    let name = issuer.strip_prefix("https://").unwrap_or(issuer);
    let tags = &request.claims.tags.principal;
    if of_tags {
        return format!("the token carries session tags: allow `sts:TagSession` in the trust policy of {role} as well");
    }
    let mut text = format!(
        "compare the trust policy of {role} with the token: the principal must be the identity provider {name}; `{name}:aud` must \
         allow {audience}, and `{name}:sub`, if it is there, {subject}"
    );
    if let Some(email) = &request.claims.email {
        let email = printable(email, CLAIM);
        text.push_str(&format!("; `{name}:email`, if it is there, {email}"));
    }
    if !tags.is_empty() {
        let keys: Vec<&str> = tags.keys().map(String::as_str).collect();
        let keys = printable(&keys.join(", "), CLAIM);
        text.push_str(&format!(
            "; the token has the session tags {keys}, so it must allow `sts:TagSession`, with conditions that these fulfil"
        ));
    }
    text.push_str("; and the role must exist");
    text
}
