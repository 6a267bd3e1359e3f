//! What is made of the answers of AWS STS. What is sent is shown in tests/federation.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;
use crate::federation::made;
use crate::paths::Environment;

const ANSWER: &str = r#"<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Audience>client</Audience>
    <Credentials>
      <SessionToken>tok&#43;en</SessionToken>
      <SecretAccessKey>se/cret</SecretAccessKey>
      <Expiration>2026-11-26T09:00:00Z</Expiration>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>"#;

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        body: body.as_bytes().to_vec(),
        date: Some("Thu, 26 Nov 2026 08:00:00 GMT".to_owned()),
        error_type: None,
    }
}

fn claims() -> Claims {
    made::claims("https://id.example/x")
}

fn explained(code: &str, message: &str, claims: &Claims) -> Error {
    let token = Secret::new("header.claims.signature");
    let request = Request {
        role_arn: "arn:aws:iam::123456789012:role/dev",
        session_name: "a@b.c",
        duration: 43_200,
        token: &token,
        claims,
        now: Timestamp::UNIX_EPOCH,
    };
    let endpoint = Endpoint::of(
        super::super::endpoint::Service::Sts,
        "us-east-1",
        &Environment::default(),
    );
    let body = format!("<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>");
    let fault = Fault::of_xml(&answer(400, &body), &token).unwrap();
    refusal::explain(&fault, &endpoint.unwrap(), &request)
}

#[test]
fn credentials_are_read() {
    let credentials = read(&answer(200, ANSWER)).unwrap();
    assert_eq!(credentials.access_key_id, "ASIAEXAMPLE");
    assert_eq!(credentials.secret.expose(), "se/cret");
    assert_eq!(credentials.session_token.expose(), "tok+en");
    assert_eq!(credentials.expiration, Some("2026-11-26T09:00:00Z".parse().unwrap()));
}

#[test]
fn half_an_answer_is_none() {
    for (part, other) in [
        ("<AccessKeyId>ASIAEXAMPLE</AccessKeyId>", ""),
        ("tok&#43;en", ""),
        ("2026-11-26T09:00:00Z", "soon"),
        ("</AssumeRoleWithWebIdentityResponse>", ""),
    ] {
        assert!(ANSWER.contains(part));
        assert_eq!(read(&answer(200, &ANSWER.replace(part, other))), None, "{part}");
    }
    assert_eq!(read(&answer(200, "{}")), None);
}

#[test]
fn each_refusal_has_its_kind_and_advice() {
    let cases = [
        (
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for https://id.example/x",
            Kind::Federation,
            "https://id.example/x: the URL must be the same",
        ),
        (
            "InvalidIdentityToken",
            "Incorrect token audience",
            Kind::Federation,
            "audience client to the audiences",
        ),
        (
            "InvalidIdentityToken",
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
            Kind::Federation,
            "renew the thumbprint",
        ),
        (
            "InvalidIdentityToken",
            "Couldn't retrieve verification key from your identity provider",
            Kind::Federation,
            "look at the clock",
        ),
        (
            "ExpiredTokenException",
            "Token expired",
            Kind::Interaction,
            "until 2026-11-26T08:30:00Z",
        ),
        ("IDPRejectedClaim", "", Kind::Interaction, "sign in again"),
        (
            "IDPCommunicationError",
            "",
            Kind::Network,
            "could not reach https://id.example/x",
        ),
        (
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            Kind::Config,
            "43200 seconds",
        ),
        (
            "ValidationError",
            "Request ARN is invalid",
            Kind::Config,
            "federated_role_arn",
        ),
        ("PackedPolicyTooLarge", "", Kind::Federation, "fewer or shorter"),
        ("RegionDisabledException", "", Kind::Config, "us-east-1"),
        ("Throttling", "Rate exceeded", Kind::Network, "try again"),
        ("Unheard", "x", Kind::Federation, "trust policy"),
    ];
    for (code, message, kind, advice) in cases {
        let error = explained(code, message, &claims());
        assert_eq!(error.kind, kind, "{code}");
        assert!(error.advice.as_deref().unwrap().contains(advice), "{error}");
        assert!(error.message.contains(code), "{error}");
    }
}

#[test]
fn a_denial_names_what_to_compare() {
    let denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    insta::assert_snapshot!(
        explained("AccessDenied", denied, &claims()),
        @"AWS refused sts:AssumeRoleWithWebIdentity: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity; compare the trust policy of arn:aws:iam::123456789012:role/dev with the token: the principal must be the identity provider id.example/x; `id.example/x:aud` must allow client, and `id.example/x:sub`, if it is there, sub-1; `id.example/x:email`, if it is there, a@b.c; and the role must exist"
    );
    let mut tagged = claims();
    tagged.tags.principal = BTreeMap::from([("Team".to_owned(), "x".to_owned())]);
    tagged.authorized_party = Some("other".to_owned());
    let advice = explained("AccessDenied", denied, &tagged).advice.unwrap();
    assert!(advice.contains("must allow client,"), "{advice}");
    assert!(advice.contains("session tags Team"), "{advice}");
    let advice = explained("AccessDenied", "Not authorized to perform sts:TagSession", &tagged)
        .advice
        .unwrap();
    assert!(advice.contains("allow `sts:TagSession`"), "{advice}");
}

#[test]
fn of_google_the_authorized_party_is_compared() {
    let mut google = claims();
    google.issuer = "https://accounts.google.com".to_owned();
    google.authorized_party = Some("party".to_owned());
    let advice = explained("AccessDenied", "", &google).advice.unwrap();
    assert!(
        advice.contains("`accounts.google.com:aud` must allow party,"),
        "{advice}"
    );
}

#[test]
fn claims_do_not_move_the_cursor() {
    let mut odd = claims();
    odd.subject = format!("\u{1b}[2J{}", "x".repeat(5000));
    let error = explained("AccessDenied", "", &odd).to_string();
    assert!(error.chars().all(|c| !c.is_control()) && error.len() < 1500, "{error}");
}

#[test]
fn a_wrong_clock_is_said() {
    let at = |text: &str| refusal::skew(&answer(400, ""), text.parse().unwrap());
    assert_eq!(at("2026-11-26T08:05:00Z"), None);
    assert_eq!(at("2026-11-26T08:10:00Z"), Some(10));
    assert_eq!(at("2026-11-26T07:50:00Z"), Some(-10));
    let fault = Fault::of_xml(
        &answer(400, "<Error><Code>X</Code><Message>m</Message></Error>"),
        &Secret::new("t"),
    );
    let fault = refusal::with_skew(fault.unwrap(), Some(-10));
    assert_eq!(
        fault.message,
        "m (the clock of this machine is 10 minutes behind that of AWS)"
    );
}
