//! Device codes.

use client::Kind;
use client::oidc::client_auth::ClientAuth;
use client::oidc::provider::Provider;
use client::oidc::token::{Client, Poll};
use serde_json::json;

use crate::server::{Server, http};
use crate::{config, document, now, provider};

#[test]
fn a_device_code_is_waited_for_as_the_rfc_has_it() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let client = Client::new(&http, &provider, &ClientAuth::Public);
    server.answer(
        200,
        &json!({
            "device_code": "hunter2", "user_code": "WDJB-MJHT", "verification_uri": "https://id.example/device",
            "verification_uri_complete": "https://id.example/device?c=WDJB-MJHT", "expires_in": 900, "interval": 2,
        }),
    );
    let mut device = client.start_device(now()).unwrap();
    assert_eq!(
        (device.user_code.as_str(), device.verification_uri.as_str()),
        ("WDJB-MJHT", "https://id.example/device")
    );
    assert_eq!((device.expires_in.as_secs(), device.interval().as_secs()), (900, 2));
    assert!(!format!("{device:?}").contains("hunter2"));
    let [start] = server.requests().try_into().unwrap();
    assert_eq!(
        (start.line.as_str(), start.body.as_str()),
        (
            "POST /device",
            "client_id=client&scope=openid%20profile%20email%20offline_access"
        )
    );
    let mut poll = || client.poll_device(&mut device, now());
    let again = |poll: Result<Poll, client::Error>| match poll.unwrap() {
        Poll::Again(time) => time.as_secs(),
        Poll::Done(_) => panic!("done"),
    };
    server.answer(400, &json!({"error": "authorization_pending"}));
    assert_eq!(again(poll()), 2);
    server.answer(400, &json!({"error": "slow_down"}));
    assert_eq!(again(poll()), 7);
    server.answer(400, &json!({"error": "authorization_pending"}));
    assert_eq!(again(poll()), 7);
    // No answer: more slowly.
    server.hang_up();
    assert_eq!(again(poll()), 14);
    server.answer_with(503, "", "");
    assert_eq!(again(poll()), 28);
    server.answer(200, &json!({"id_token": "id"}));
    assert!(matches!(poll().unwrap(), Poll::Done(tokens) if tokens.id_token.expose() == "id"));
    let requests = server.requests();
    assert_eq!(
        requests.last().unwrap().body,
        "client_id=client&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=hunter2"
    );
    for (error, part) in [
        ("access_denied", "was refused"),
        // Entra's word for it: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>
        ("authorization_declined", "was refused on the page"),
        ("expired_token", "nobody typed"),
        ("invalid_grant", "refused the device code"),
    ] {
        server.answer(400, &json!({ "error": error }));
        let error = poll().unwrap_err();
        assert!(error.kind == Kind::Login && error.message.contains(part), "{error}");
    }
}

#[test]
fn a_provider_that_stays_silent_is_not_asked_for_ever() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let client = Client::new(&http, &provider, &ClientAuth::Public);
    server.answer(
        200,
        &json!({"device_code": "d", "user_code": "A", "verification_uri": "https://id.example/x", "expires_in": 9}),
    );
    let mut device = client.start_device(now()).unwrap();
    for _ in 0..4 {
        server.hang_up();
        assert!(matches!(client.poll_device(&mut device, now()), Ok(Poll::Again(_))));
    }
    // One answer, and patience begins anew.
    server.answer(400, &json!({"error": "authorization_pending"}));
    client.poll_device(&mut device, now()).unwrap();
    for _ in 0..4 {
        server.hang_up();
        assert!(matches!(client.poll_device(&mut device, now()), Ok(Poll::Again(_))));
    }
    server.hang_up();
    assert_eq!(client.poll_device(&mut device, now()).unwrap_err().kind, Kind::Network);
}

#[test]
fn a_device_answer_that_leads_people_astray_is_refused() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let client = Client::new(&http, &provider, &ClientAuth::Public);
    let good = json!({
        "device_code": "d", "user_code": "AB", "verification_uri": "https://id.example/x",
        "verification_uri_complete": "javascript:alert(1)", "expires_in": u64::MAX, "interval": 0,
    });
    server.answer(200, &good);
    let device = client.start_device(now()).unwrap();
    assert_eq!(device.verification_uri_complete, None);
    assert_eq!((device.expires_in.as_secs(), device.interval().as_secs()), (3600, 1));
    for (field, value) in [
        ("user_code", ""),
        ("user_code", "A\u{1b}[2JB"),
        ("user_code", "A\nB"),
        ("verification_uri", "http://id.example/x"),
        ("verification_uri", "https://id.example@evil.example/"),
    ] {
        let mut odd = good.clone();
        odd[field] = json!(value);
        server.answer(200, &odd);
        assert_eq!(
            client.start_device(now()).unwrap_err().kind,
            Kind::Login,
            "{field} {value}"
        );
    }
}

#[test]
fn the_device_endpoint_of_a_provider_of_the_file_is_discovered_when_it_is_needed() {
    let (server, http) = (Server::start(), http());
    let base = &server.base;
    let provider = Provider::resolve(
        &config(json!({
            "oidc_issuer_url": base, "oidc_authorization_endpoint": format!("{base}/a"),
            "oidc_token_endpoint": format!("{base}/t"), "oidc_jwks_uri": format!("{base}/k"),
        })),
        &http,
    )
    .unwrap();
    assert!(server.requests().is_empty());
    server.answer(200, &document(base, base));
    assert_eq!(provider.device_endpoint(&http).unwrap(), format!("{base}/device"));
    let mut without = document(base, base);
    without.as_object_mut().unwrap().remove("device_authorization_endpoint");
    server.answer(200, &without);
    assert_eq!(provider.device_endpoint(&http).unwrap_err().kind, Kind::Login);
}
