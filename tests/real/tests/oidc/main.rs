//! Logins at a certified OpenID provider with a real browser: what the harness promises, and that the client's halves fit it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod hostile;
mod world;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::http::encode;
use client::login::callback::Callback;
use client::oidc::pkce::Attempt;
use client::oidc::token::{Poll, RefreshError};
use client::{Kind, Secret};
use client_config::ProviderType;
use jiff::Timestamp;
use real::oidc::{self, CLIENT_ID, Endpoint, Knobs};
use sha2::{Digest as _, Sha256};
use world::{Alice, World, aside, browser, free_port};

/// The target of the first request that comes, which is answered.
fn first_target(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = Vec::new();
    let mut part = [0; 4096];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let length = stream.read(&mut part).unwrap();
        assert!(length > 0, "the request ended early");
        head.extend_from_slice(&part[..length]);
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nArrived."
    )
    .unwrap();
    let head = String::from_utf8(head).unwrap();
    head.split(' ').nth(1).unwrap().to_owned()
}

fn field(target: &str, name: &str) -> Option<String> {
    let (_, query) = target.split_once('?')?;
    let pair = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(pair.to_owned())
}

#[test]
fn a_request_made_by_hand_brings_a_code_that_the_client_redeems() {
    let world = World::new();
    // RFC 7636 appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let nonce = Secret::new("n-0S6_WzA2Mj");
    let redirect_uri = world.redirect_uri();
    let query = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", &redirect_uri),
        ("scope", "openid email offline_access"),
        ("prompt", "consent"),
        ("state", "af0ifjsldkj"),
        ("nonce", nonce.expose()),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let listener = TcpListener::bind(("127.0.0.1", world.port)).unwrap();
    let page = aside(format!("{}/auth?{}", world.server.issuer(), encode(&query)), "alice");
    let target = first_target(&listener);
    let page = page.join().unwrap().unwrap();
    assert_eq!(page.text, "Arrived.");
    assert_eq!(page.url, format!("http://localhost:{}{target}", world.port));
    assert_eq!(field(&target, "state").as_deref(), Some("af0ifjsldkj"));
    let code = Secret::new(field(&target, "code").unwrap());

    let redeem = |verifier: &str| {
        let verifier = Secret::new(verifier);
        world.client().redeem(&code, &redirect_uri, &verifier, Timestamp::now())
    };
    let tokens = redeem(verifier).unwrap();
    let claims = world.verified(&tokens, Some(&nonce)).unwrap();
    assert_eq!(
        (
            claims.subject.as_str(),
            claims.email.as_deref(),
            claims.audience.as_slice()
        ),
        ("alice", Some("alice@example.com"), [CLIENT_ID.to_owned()].as_slice())
    );
    assert_eq!(claims.issuer, world.server.issuer());
    // The code is used up, and with it what it brought.
    assert_eq!(redeem(verifier).unwrap_err().kind, Kind::Login);
    let refresh = world.client().refresh(&tokens.refresh_token.unwrap(), Timestamp::now());
    assert!(matches!(refresh, Err(RefreshError::InvalidGrant(_))), "{refresh:?}");
}

#[test]
fn the_provider_wants_pkce_and_the_right_verifier() {
    let world = World::new();
    let redirect_uri = world.redirect_uri();
    let query = [
        ("response_type", "code"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", &redirect_uri),
        ("scope", "openid"),
        ("state", "s"),
    ];
    let listener = TcpListener::bind(("127.0.0.1", world.port)).unwrap();
    let page = aside(format!("{}/auth?{}", world.server.issuer(), encode(&query)), "alice");
    let target = first_target(&listener);
    page.join().unwrap().unwrap();
    assert_eq!(field(&target, "error").as_deref(), Some("invalid_request"));
    assert!(
        field(&target, "error_description").unwrap().contains("PKCE"),
        "{target}"
    );
    assert_eq!(field(&target, "code"), None);
    drop(listener);

    let attempt = Attempt::new().unwrap();
    let callback = Callback::bind(world.port, ProviderType::Generic).unwrap();
    let page = aside(world.provider.authorization_url(&attempt, &redirect_uri), "alice");
    let code = callback.wait(&attempt, Duration::from_mins(2)).unwrap();
    page.join().unwrap().unwrap();
    let other = Attempt::new().unwrap();
    let error = world
        .client()
        .redeem(&code, &redirect_uri, &other.verifier, Timestamp::now())
        .unwrap_err();
    assert_eq!(error.kind, Kind::Login);
    assert!(error.message.contains("invalid_grant"), "{error}");
}

#[test]
fn a_refresh_token_is_good_once_and_not_after_it_was_revoked() {
    let world = World::new();
    let (tokens, _) = world.sign_in("alice");
    let client = world.client();
    let refresh = |token: &Secret| client.refresh(token, Timestamp::now());
    world.server.forget().unwrap();

    let first = tokens.refresh_token.unwrap();
    let second = refresh(&first).unwrap();
    assert_eq!(world.verified(&second, None).unwrap().subject, "alice");
    let second = second.refresh_token.unwrap();
    assert_ne!(first, second);
    let again = refresh(&first);
    assert!(matches!(again, Err(RefreshError::InvalidGrant(_))), "{again:?}");
    // Whoever shows a used one may have stolen it, so that the provider ends the whole line (RFC 9700 §4.14.2).
    let after = refresh(&second);
    assert!(matches!(after, Err(RefreshError::InvalidGrant(_))), "{after:?}");
    let grants = world.server.requests().unwrap();
    let grants: Vec<_> = grants
        .iter()
        .filter(|request| request.endpoint == Endpoint::Token)
        .map(|request| (request.grant.as_deref(), request.status))
        .collect();
    let refused = (Some("refresh_token"), Some(400));
    assert_eq!(grants, [(Some("refresh_token"), Some(200)), refused, refused]);

    let (tokens, _) = world.sign_in("alice");
    assert!(world.server.revoke(None).unwrap() >= 1);
    let revoked = refresh(&tokens.refresh_token.unwrap());
    assert!(matches!(revoked, Err(RefreshError::InvalidGrant(_))), "{revoked:?}");
}

#[test]
fn a_device_code_is_typed_into_the_browser() {
    let world = World::new();
    let client = world.client();
    let mut device = client.start_device(Timestamp::now()).unwrap();
    let before = client.poll_device(&mut device, Timestamp::now()).unwrap();
    assert!(matches!(before, Poll::Again(_)), "{before:?}");
    let page = browser()
        .type_code(&device.verification_uri, &device.user_code, "bob", "hunter2")
        .unwrap();
    assert!(page.text.contains("Sign-in Success"), "{page:?}");
    let Poll::Done(tokens) = client.poll_device(&mut device, Timestamp::now()).unwrap() else {
        panic!("the device code was not taken")
    };
    assert_eq!(world.verified(&tokens, None).unwrap().subject, "bob");
    assert!(tokens.refresh_token.is_some());
    assert_eq!(world.server.count(Endpoint::Device).unwrap(), 1);
}

#[test]
fn a_whole_login_in_the_browser_signs_somebody_in() {
    let world = World::new();
    let tags = BTreeMap::from([("CostCenter".to_owned(), "CC-1".to_owned())]);
    let knobs = Knobs {
        aws_tags: Some(Some(tags.clone())),
        groups: Some(Some(vec!["developers".to_owned()])),
        id_token_seconds: Some(900),
        ..Knobs::default()
    };
    world.server.set(&knobs).unwrap();
    let mut alice = Alice::default();
    let signed_in = world.login(&mut alice).unwrap();
    let page = alice.page.unwrap().join().unwrap().unwrap();
    assert!(page.text.contains("You can close this window"), "{page:?}");
    assert!(
        alice.told.contains(&world.provider.authorization_endpoint),
        "{}",
        alice.told
    );
    let claims = signed_in.verified.claims;
    assert_eq!(claims.subject, "alice");
    assert_eq!(claims.tags.principal, tags);
    assert_eq!(claims.tags.transitive, ["CostCenter"]);
    assert_eq!(claims.groups, ["developers"]);
    assert_eq!(claims.expires.duration_since(claims.issued).as_secs(), 900);
    assert!(signed_in.tokens.refresh_token.is_some());

    let off = Knobs {
        aws_tags: Some(None),
        groups: Some(None),
        ..Knobs::default()
    };
    world.server.set(&off).unwrap();
    let refreshed = world
        .client()
        .refresh(&signed_in.tokens.refresh_token.unwrap(), Timestamp::now())
        .unwrap();
    let claims = world.verified(&refreshed, None).unwrap();
    assert!(
        claims.tags.principal.is_empty() && claims.groups.is_empty(),
        "{claims:?}"
    );
}

#[test]
fn a_browser_that_cannot_come_back_shows_the_address_and_a_cancelled_login_says_so() {
    let world = World::new();
    let attempt = Attempt::new().unwrap();
    let url = world.provider.authorization_url(&attempt, &world.redirect_uri());
    let page = browser().sign_in(&url, "alice", "hunter2").unwrap();
    assert_eq!(page.text, "");
    let pasted = Secret::new(page.url);
    let code = client::login::pasted::code(&pasted, &attempt).unwrap();
    let tokens = world
        .client()
        .redeem(&code, &world.redirect_uri(), &attempt.verifier, Timestamp::now())
        .unwrap();
    assert!(world.verified(&tokens, Some(&attempt.nonce)).is_ok());

    let page = browser().cancel(&url).unwrap();
    let error = client::login::pasted::code(&Secret::new(page.url), &attempt).unwrap_err();
    assert!(error.message.contains("access_denied"), "{error}");
}

#[test]
fn it_ends_with_the_test_and_refuses_what_it_does_not_know() {
    let server = oidc::Provider::start(free_port()).unwrap();
    let issuer = server.issuer().strip_prefix("http://").unwrap().to_owned();
    let (status, said) = real::http::request(server.control(), "POST", "/faults", br#"{"token": "nothing"}"#).unwrap();
    assert_eq!(
        (status, said.as_slice()),
        (400, b"there is no fault nothing".as_slice())
    );
    let (status, _) = real::http::request(server.control(), "POST", "/knobs", br#"{"nothing": 1}"#).unwrap();
    assert_eq!(status, 400);
    assert!(TcpStream::connect(&issuer).is_ok());
    drop(server);
    assert!(TcpStream::connect(&issuer).is_err());
}
