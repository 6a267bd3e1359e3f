//! AWS STS.

use client::Kind;
use client::credentials::Credentials;
use client::federation::endpoint::{Endpoint, Service};
use client::federation::sts::{Request, assume_role};

use crate::server::{Server, http};
use crate::{Pauses, claims, environment, now, token};

const GIVEN: &str = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
    <AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>\
    <Expiration>2026-11-26T09:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
    </AssumeRoleWithWebIdentityResponse>";

fn refusal(code: &str) -> String {
    format!("<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>")
}

fn asked(server: &Server, pauses: &Pauses) -> Result<Credentials, client::Error> {
    let (token, claims) = (token(), claims());
    let endpoint = Endpoint::of(Service::Sts, "us-east-1", &environment(server))?;
    let request = Request {
        role_arn: "arn:aws:iam::123456789012:role/dev",
        session_name: "a@b.c",
        duration: 3600,
        token: &token,
        claims: &claims,
        now: now(),
    };
    assume_role(&http(), &endpoint, &request, &pauses.sleep())
}

#[test]
fn a_form_is_sent_and_no_type_is_asked_for() {
    let server = Server::start();
    server.answer_with(200, "", GIVEN);
    let credentials = asked(&server, &Pauses::default()).unwrap();
    assert_eq!(credentials.session_token.expose(), "T");
    let request = server.requests().remove(0);
    assert_eq!(request.line, "POST /");
    assert_eq!(
        request.body,
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdev\
         &RoleSessionName=a%40b.c&DurationSeconds=3600&WebIdentityToken=eyJh.eyJp%2B%2F%3D.c2ln"
    );
    assert!(
        request
            .headers
            .contains("content-type: application/x-www-form-urlencoded\n"),
        "{}",
        request.headers
    );
    // AWS STS would answer in JSON.
    assert!(!request.headers.contains("json"), "{}", request.headers);
    assert!(!request.headers.contains("authorization"), "{}", request.headers);
}

#[test]
fn a_provider_that_did_not_answer_aws_is_asked_about_three_times() {
    for (code, status) in [
        ("IDPCommunicationError", 400),
        ("Throttling", 400),
        ("InternalFailure", 500),
    ] {
        let (server, pauses) = (Server::start(), Pauses::default());
        server.answer_with(status, "", &refusal(code));
        server.answer_with(status, "", &refusal(code));
        server.answer_with(200, "", GIVEN);
        asked(&server, &pauses).unwrap();
        assert_eq!((server.requests().len(), pauses.count()), (3, 2));
        for _ in 0..3 {
            server.answer_with(status, "", &refusal(code));
        }
        assert_eq!(asked(&server, &pauses).unwrap_err().kind, Kind::Network);
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn a_refusal_is_not_repeated_and_tells_of_the_clock() {
    let (server, pauses) = (Server::start(), Pauses::default());
    let date = "Date: Thu, 26 Nov 2026 08:12:00 GMT\r\n";
    server.answer_with(400, date, &refusal("ExpiredTokenException"));
    let error = asked(&server, &pauses).unwrap_err();
    assert_eq!(
        (error.kind, server.requests().len(), pauses.count()),
        (Kind::Interaction, 1, 0)
    );
    assert!(error.message.contains("12 minutes behind"), "{error}");
}

#[test]
fn pages_of_proxies_and_broken_connections_are_the_networks() {
    let server = Server::start();
    for status in [200, 403, 502] {
        server.answer_with(status, "", "<!doctype html><html><p>sign in</html>");
        let error = asked(&server, &Pauses::default()).unwrap_err();
        assert_eq!(error.kind, Kind::Network, "{error}");
    }
    server.hang_up();
    assert_eq!(asked(&server, &Pauses::default()).unwrap_err().kind, Kind::Network);
}

#[test]
fn a_token_that_aws_never_takes_is_not_sent() {
    let server = Server::start();
    let (token, claims) = (client::Secret::new("a".repeat(20_001)), claims());
    let endpoint = Endpoint::of(Service::Sts, "us-east-1", &environment(&server)).unwrap();
    let request = Request {
        role_arn: "r",
        session_name: "s",
        duration: 900,
        token: &token,
        claims: &claims,
        now: now(),
    };
    let error = assume_role(&http(), &endpoint, &request, &|_| {}).unwrap_err();
    assert_eq!(error.kind, Kind::Federation);
    assert!(
        error.message.contains("20001") && server.requests().is_empty(),
        "{error}"
    );
}
