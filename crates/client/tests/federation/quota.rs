//! The quota service.

use client::Secret;
use client::credentials::Credentials;
use client::quota::check::{Caller, Cause, Outcome, check};
use client_config::{FailMode, Quota};
use serde_json::json;

use crate::server::{Server, http};
use crate::{TOKEN, now, token};

fn quota(endpoint: &str) -> Quota {
    Quota {
        endpoint: endpoint.to_owned(),
        fail_mode: FailMode::Open,
        interval: 30,
        timeout: 5,
    }
}

fn cause(outcome: &Outcome) -> Cause {
    match outcome {
        Outcome::Unknown(unknown) => {
            assert!(
                !unknown.advice.is_empty() && !unknown.message.contains(TOKEN),
                "{unknown:?}"
            );
            unknown.cause
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_token_is_shown_and_the_decision_taken() {
    let server = Server::start();
    server.answer(
        200,
        &json!({"allowed": true, "reason": "within_quota", "new": {"field": 1}}),
    );
    server.answer(200, &json!({"allowed": false, "reason": "daily_exceeded"}));
    let outcomes = [0, 1].map(|_| {
        check(
            &http(),
            &quota(&format!("{}/prod", server.base)),
            Caller::Token(&token()),
        )
    });
    assert!(
        matches!(&outcomes[0], Outcome::Allowed(_)) && matches!(&outcomes[1], Outcome::Blocked(_)),
        "{outcomes:?}"
    );
    let request = server.requests().remove(0);
    assert_eq!(request.line, "GET /prod/check");
    assert!(
        request.headers.contains(&format!("authorization: Bearer {TOKEN}\n")),
        "{}",
        request.headers
    );
}

#[test]
fn a_session_signs() {
    let server = Server::start();
    let credentials = Credentials {
        access_key_id: "ASIAEXAMPLE".to_owned(),
        secret: Secret::new("secret"),
        session_token: token(),
        expiration: None,
    };
    let caller = Caller::Session {
        credentials: &credentials,
        region: "eu-west-1",
        now: now(),
    };
    server.answer(200, &json!({"allowed": true}));
    server.answer_with(403, "", "");
    assert!(matches!(
        check(&http(), &quota(&server.base), caller),
        Outcome::Allowed(_)
    ));
    let Outcome::Unknown(unknown) = check(&http(), &quota(&server.base), caller) else {
        panic!("it was refused");
    };
    assert_eq!(unknown.cause, Cause::Unauthenticated);
    assert!(unknown.advice.contains("execute-api:Invoke"), "{unknown:?}");
    let request = server.requests().remove(0);
    let host = server.base.trim_start_matches("http://");
    let lines: Vec<&str> = request.headers.lines().collect();
    let named = |name: &str| lines.iter().filter(|line| line.starts_with(name)).count();
    assert_eq!(named("host: "), 1, "{}", request.headers);
    for line in [
        format!("host: {host}"),
        "x-amz-date: 20261126T080000Z".to_owned(),
        format!("x-amz-security-token: {TOKEN}"),
    ] {
        assert!(lines.contains(&line.as_str()), "{line} in {}", request.headers);
    }
    let authorization =
        "authorization: AWS4-HMAC-SHA256 Credential=ASIAEXAMPLE/20261126/eu-west-1/execute-api/aws4_request, ";
    assert!(request.headers.contains(authorization), "{}", request.headers);
}

#[test]
fn silence_has_its_cause() {
    let server = Server::start();
    let asked = |status: u16, body: &str| {
        server.answer_with(status, "", body);
        cause(&check(&http(), &quota(&server.base), Caller::Token(&token())))
    };
    assert_eq!(asked(401, r#"{"message":"Unauthorized"}"#), Cause::Unauthenticated);
    assert_eq!(asked(403, ""), Cause::Unauthenticated);
    assert_eq!(asked(500, ""), Cause::Unreadable);
    assert_eq!(asked(200, "<html>"), Cause::Unreadable);
    assert_eq!(asked(200, r#"{"message":"no decision"}"#), Cause::Unreadable);
    assert_eq!(asked(200, r#"{"allowed":"true"}"#), Cause::Unreadable);
    assert_eq!(asked(404, r#"{"message":"Not Found"}"#), Cause::Unreadable);
    assert_eq!(asked(400, ""), Cause::Unreadable);
    server.hang_up();
    assert_eq!(
        cause(&check(&http(), &quota(&server.base), Caller::Token(&token()))),
        Cause::Unreachable
    );
    server.answer_with(302, "Location: https://evil.example/\r\n", "");
    assert_eq!(
        cause(&check(&http(), &quota(&server.base), Caller::Token(&token()))),
        Cause::Unreachable
    );
    server.requests();
    for none in [Caller::Nobody, Caller::Token(&Secret::new(""))] {
        assert_eq!(
            cause(&check(&http(), &quota(&server.base), none)),
            Cause::Unauthenticated
        );
    }
    assert!(server.requests().is_empty());
    assert_eq!(
        cause(&check(&http(), &quota("http://q.example"), Caller::Token(&token()))),
        Cause::Unreachable
    );
}

/// Neither the user nor a quota is at fault, and whoever is needs the address.
#[test]
fn a_path_that_is_missing_is_named() {
    let server = Server::start();
    let quota = quota(&format!("{}/stage", server.base));
    let asked = |status: u16, body: &str| {
        server.answer_with(status, "", body);
        match check(&http(), &quota, Caller::Token(&token())) {
            Outcome::Unknown(unknown) => unknown,
            other => panic!("{other:?}"),
        }
    };
    let url = format!("{}/stage/check", server.base);
    for (status, said) in [(404, "Not Found"), (403, "Missing Authentication Token")] {
        let unknown = asked(status, &json!({ "message": said }).to_string());
        assert_eq!(
            unknown.message,
            format!("the quota service has nothing at {url} (HTTP status {status}, \"{said}\")")
        );
        assert!(unknown.advice.contains("`quota_api_endpoint`"), "{unknown:?}");
    }
    assert!(asked(404, "<html>").message.ends_with("(HTTP status 404)"));
    // That one is about the token.
    assert_eq!(
        asked(403, &json!({"message": "Forbidden"}).to_string()).cause,
        Cause::Unauthenticated
    );
}
