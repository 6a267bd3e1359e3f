//! Answers that no provider should give, and requests that no browser should make: each ends a login with its own words, or does not
//! touch it.

use std::fs;

use real::http;
use real::oidc::{Endpoint, Fault};
use serde_json::json;

use crate::stage::Stage;

/// Exit codes of the sub-commands.
const LOGIN: i32 = 5;
const NETWORK: i32 = 9;

/// What a sub-command and a flag say where an endpoint has a fault: the same, with another exit code.
#[track_caller]
fn assert_refused(stage: &Stage, endpoint: Endpoint, fault: Fault, code: i32, said: &str) {
    stage.provider.fault(endpoint, Some(fault)).unwrap();
    for (args, code) in [(&["login"][..], code), (&[], 1)] {
        forget_keys(stage);
        let ended = stage.start(args).signed_in_if_asked(&stage.provider, "alice");
        assert_eq!(
            ended.refusal(),
            (code, said.to_owned()),
            "{endpoint:?} {fault:?} {args:?}"
        );
    }
    stage.provider.fault(endpoint, None).unwrap();
    assert!(!stage.session().exists(), "{fault:?}");
}

/// As if the issuer's keys had never been asked for.
fn forget_keys(stage: &Stage) {
    for file in stage.files() {
        if file.file_name().unwrap().to_string_lossy().starts_with("jwks-") {
            fs::remove_file(file).unwrap();
        }
    }
}

#[test]
fn forged_tokens_sign_nobody_in() {
    let stage = Stage::new();
    let issuer = stage.provider.issuer().to_owned();
    let unproven = "do not sign in again before your administrator has looked: the token may not be the provider's, or its \
                    application is set to another algorithm than RS, PS or ES";
    let again = "sign in again, and tell your administrator if it stays";
    for (fault, said, advice) in [
        (
            Fault::WrongNonce,
            "the id_token has the nonce of another login".to_owned(),
            again,
        ),
        (
            Fault::WrongAudience,
            "the id_token is for the application `another-application`; expected `credential-process`".to_owned(),
            "look at `client_id` in config.json",
        ),
        (
            Fault::WrongIssuer,
            format!("the id_token is of the issuer `https://issuer.example`; expected `{issuer}`"),
            "look at `provider_domain` in config.json, and for Okta at `okta_auth_server_id`: AWS compares the issuer exactly",
        ),
        (
            Fault::ClockAhead,
            "the clock of this machine is 10 minutes behind the provider's".to_owned(),
            "set the clock of this machine (automatic time), then try again; AWS refuses requests of a wrong clock as well",
        ),
        (
            Fault::Unsigned,
            "the id_token is signed by `none`, which proves nothing here".to_owned(),
            unproven,
        ),
        (
            Fault::WrongKey,
            "the signature of the id_token is wrong".to_owned(),
            unproven,
        ),
    ] {
        assert_refused(&stage, Endpoint::Token, fault, LOGIN, &format!("{said}\n  {advice}"));
    }
    // Times of the day stand in this one.
    stage.provider.fault(Endpoint::Token, Some(Fault::Expired)).unwrap();
    let (code, said) = stage.start(&["login"]).signed_in_at(&stage.provider, "alice").refusal();
    assert_eq!(code, LOGIN);
    assert!(said.starts_with("the id_token expired at 20"), "{said}");
    assert!(
        said.ends_with("\n  sign in again; if it was issued just now, set the clock of this machine"),
        "{said}"
    );
    assert_eq!(stage.gate.federated(), [], "AWS was shown a forged token");
}

#[test]
fn a_refresh_that_makes_somebody_else_of_alice_is_refused() {
    let stage = Stage::new();
    for (fault, said) in [
        (Fault::WrongSubject, "after the refresh the id_token is somebody else's"),
        (Fault::WrongKey, "the signature of the id_token is wrong"),
    ] {
        stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
        fs::remove_file(stage.session()).unwrap_or_default();
        // The token of the login says whose it was, but is over.
        let kept = fs::read_to_string(stage.id_token()).unwrap();
        let mut kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
        kept["expires"] = json!(1);
        fs::write(stage.id_token(), kept.to_string()).unwrap();
        stage.provider.fault(Endpoint::Token, Some(fault)).unwrap();
        let (code, refused) = stage.start(&["--refresh-if-needed"]).ended().refusal();
        assert_eq!(code, 1);
        assert!(refused.starts_with(said), "{refused}");
        stage.provider.fault(Endpoint::Token, None).unwrap();
        // The provider has rotated its refresh token, and what came beside such a token is not kept: it costs a login.
        let (code, refused) = stage.start(&["--refresh-if-needed"]).ended().refusal();
        assert_eq!(code, 1);
        assert!(refused.starts_with("somebody has to sign in"), "{refused}");
    }
}

#[test]
fn odd_answers_have_their_words_at_every_endpoint() {
    let stage = Stage::new();
    let issuer = stage.provider.issuer();
    let discovery = format!("{issuer}/.well-known/openid-configuration");
    let keys = format!("{issuer}/jwks");
    let page = "something between here and there may have answered, such as the page of a proxy";
    for (fault, said) in [
        (Fault::Html, format!("WHO answered a page instead of JSON (HTTP status 200)\n  {page}")),
        (
            Fault::Redirect,
            "127.0.0.1 answered with a redirect (HTTP status 307)\n  a token is never sent on to another address; look at the \
             address in config.json"
                .to_owned(),
        ),
        (
            Fault::Huge,
            "the answer of 127.0.0.1 is larger than 1024 KiB\n  something between here and there may have answered".to_owned(),
        ),
    ] {
        for (endpoint, who) in [
            (Endpoint::Discovery, discovery.as_str()),
            (Endpoint::Token, "the token endpoint of the provider"),
            (Endpoint::Keys, keys.as_str()),
        ] {
            assert_refused(&stage, endpoint, fault, NETWORK, &said.replace("WHO", who));
        }
    }
}

#[test]
fn a_provider_that_is_silent_or_slow_is_given_up() {
    std::thread::scope(|scope| {
        for (endpoint, fault) in [(Endpoint::Discovery, Fault::Silent), (Endpoint::Token, Fault::Slow)] {
            scope.spawn(move || {
                let stage = Stage::new();
                let said = "127.0.0.1 did not answer within 20 s\n  try again; look at the network and the proxy (`HTTPS_PROXY`, \
                            `NO_PROXY`)";
                stage.provider.fault(endpoint, Some(fault)).unwrap();
                let ended = stage.start(&["login"]).signed_in_if_asked(&stage.provider, "alice");
                assert_eq!(ended.refusal(), (NETWORK, said.to_owned()), "{fault:?}");
            });
        }
    });
}

#[test]
fn requests_that_are_no_answer_to_the_login_do_not_end_it() {
    let stage = Stage::new();
    let started = stage.start(&[]);
    let url = started.url();
    for (path, status) in [
        ("/callback?code=forged&state=forged", 400),
        ("/callback?error=access_denied&state=forged", 400),
        ("/callback?code=forged", 400),
        ("/callback", 400),
        ("/favicon.ico", 404),
        ("/", 404),
    ] {
        let (answered, page) = http::request(stage.port, "GET", path, b"").unwrap();
        assert_eq!(answered, status, "{path}: {}", String::from_utf8_lossy(&page));
    }
    // A scanner that says nothing, and one that speaks another language.
    let silent = std::net::TcpStream::connect(("127.0.0.1", stage.port)).unwrap();
    let (_, status) = stage.provider.sign_in(&url, "alice").unwrap();
    assert_eq!(status, 200);
    started.ended().credentials();
    drop(silent);
}
