//! Codes and refresh tokens.

use client::oidc::client_auth::{ClientAuth, ClientCertificate};
use client::oidc::pkce::Attempt;
use client::oidc::provider::Provider;
use client::oidc::token::{Client, RefreshError};
use client::{Kind, Secret};
use serde_json::json;

use crate::server::{Server, http};
use crate::{config, document, now, provider};

#[test]
fn a_code_is_redeemed_with_its_verifier() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    server.answer_with(
        200,
        "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n",
        r#"{"id_token": "id", "refresh_token": "refresh", "access_token": "x", "token_type": "Bearer"}"#,
    );
    let attempt = Attempt::new().unwrap();
    let tokens = Client::new(&http, &provider, &ClientAuth::Public)
        .redeem(
            &Secret::new("a code&"),
            "http://localhost:8400/callback",
            &attempt.verifier,
            now(),
        )
        .unwrap();
    assert_eq!(tokens.id_token.expose(), "id");
    assert_eq!(tokens.refresh_token.unwrap().expose(), "refresh");
    assert_eq!(tokens.server_time, Some(now()));
    let [request] = server.requests().try_into().unwrap();
    assert_eq!(request.line, "POST /token");
    assert_eq!(
        request.body,
        format!(
            "client_id=client&grant_type=authorization_code&code=a%20code%26&redirect_uri=http%3A%2F%2Flocalhost%3A8400%2Fcallback&\
             code_verifier={}",
            attempt.verifier.expose()
        )
    );
}

#[test]
fn the_application_proves_itself_at_every_request() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let secret = ClientAuth::Secret(Secret::new("s+t"));
    // Test keys: see tests/keys/README.md.
    let certificate = ClientAuth::Certificate(
        ClientCertificate::from_pem(
            include_bytes!("../keys/client.crt.pem"),
            include_bytes!("../keys/client.pkcs1.pem"),
        )
        .unwrap(),
    );
    for (auth, part) in [
        (&secret, "client_id=client&client_secret=s%2Bt&"),
        (
            &certificate,
            "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=ey",
        ),
    ] {
        let client = Client::new(&http, &provider, auth);
        let granted = json!({"id_token": "id"});
        let text = Secret::new("x");
        server.answer(200, &granted);
        client
            .redeem(&text, "http://localhost:8400/callback", &text, now())
            .unwrap();
        server.answer(200, &granted);
        client.refresh(&text, now()).unwrap();
        server.answer(
            200,
            &json!({"device_code": "d", "user_code": "AB-CD", "verification_uri": "https://id.example/x", "expires_in": 600}),
        );
        let mut device = client.start_device(now()).unwrap();
        server.answer(200, &granted);
        client.poll_device(&mut device, now()).unwrap();
        let requests = server.requests();
        assert_eq!(requests.len(), 4);
        for request in requests {
            assert!(request.body.contains(part), "{request:?}");
        }
    }
}

/// RFC 6749 §2.3.1: what is joined with a colon is encoded first.
#[test]
fn a_secret_is_in_the_header_where_the_provider_takes_it_there_alone() {
    let (server, http) = (Server::start(), http());
    let auth = ClientAuth::Secret(Secret::new("s:t+ü/"));
    let text = Secret::new("x");
    for (methods, is_header) in [
        (json!(["client_secret_basic", "private_key_jwt"]), true),
        (json!(["client_secret_basic", "client_secret_post"]), false),
        (json!(["client_secret_post"]), false),
        (json!(["none"]), false),
        (json!(null), false),
    ] {
        let mut document = document(&server.base, &server.base);
        document["token_endpoint_auth_methods_supported"] = methods.clone();
        server.answer(200, &document);
        let settings = config(json!({"oidc_issuer_url": server.base, "client_id": "my client:1"}));
        let provider = Provider::resolve(&settings, &http).unwrap();
        server.requests();
        let client = Client::new(&http, &provider, &auth);
        let granted = json!({"id_token": "id"});
        server.answer(200, &granted);
        client
            .redeem(&text, "http://localhost:8400/callback", &text, now())
            .unwrap();
        server.answer(200, &granted);
        client.refresh(&text, now()).unwrap();
        server.answer(
            200,
            &json!({"device_code": "d", "user_code": "AB-CD", "verification_uri": "https://id.example/x", "expires_in": 600}),
        );
        let mut device = client.start_device(now()).unwrap();
        server.answer(200, &granted);
        client.poll_device(&mut device, now()).unwrap();
        let requests = server.requests();
        assert_eq!(requests.len(), 4);
        for request in requests {
            // printf %s 'my%20client%3A1:s%3At%2B%C3%BC%2F' | base64
            let header = "authorization: Basic bXklMjBjbGllbnQlM0ExOnMlM0F0JTJCJUMzJUJDJTJG\n";
            assert_eq!(request.headers.contains(header), is_header, "{methods}: {request:?}");
            assert_eq!(request.headers.contains("authorization"), is_header);
            assert_eq!(request.body.contains("client_secret=s%3At%2B%C3%BC%2F"), !is_header);
            assert_eq!(request.body.contains("client_id="), !is_header);
        }
    }
    // A public application is named in the body all the same.
    let mut document = document(&server.base, &server.base);
    document["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic"]);
    server.answer(200, &document);
    let provider = Provider::resolve(&config(json!({"oidc_issuer_url": server.base})), &http).unwrap();
    server.requests();
    server.answer(200, &json!({"id_token": "id"}));
    Client::new(&http, &provider, &ClientAuth::Public)
        .refresh(&text, now())
        .unwrap();
    let request = server.requests().remove(0);
    assert!(request.body.starts_with("client_id=client&"), "{request:?}");
}

#[test]
fn only_invalid_grant_says_that_a_refresh_token_is_over() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let client = Client::new(&http, &provider, &ClientAuth::Public);
    let refresh = || client.refresh(&Secret::new("hunter2"), now());
    server.answer(200, &json!({"id_token": "id"}));
    let tokens = refresh().unwrap();
    assert_eq!(tokens.id_token.expose(), "id");
    assert!(tokens.refresh_token.is_none());
    assert_eq!(
        server.requests()[0].body,
        "client_id=client&grant_type=refresh_token&refresh_token=hunter2"
    );
    server.answer(
        400,
        &json!({"error": "invalid_grant", "error_description": "AADSTS700082: expired.\r\nTrace"}),
    );
    let over = refresh().unwrap_err();
    assert!(matches!(&over, RefreshError::InvalidGrant(error) if error.kind == Kind::Interaction));
    assert!(over.to_string().contains("AADSTS700082: expired. Trace"), "{over}");
    // It may have been rotated all the same.
    for (body, next) in [
        (r#"{"access_token": "x"}"#, None),
        (r#"{"id_token": "", "refresh_token": "hunter3"}"#, Some("hunter3")),
        (r#"{"refresh_token": ""}"#, None),
    ] {
        server.answer_with(200, "", body);
        match refresh().unwrap_err() {
            RefreshError::NoIdToken { error, refresh_token } => {
                assert_eq!(error.kind, Kind::Interaction);
                assert_eq!(refresh_token.as_ref().map(Secret::expose), next);
            }
            other => panic!("{body}: {other:?}"),
        }
    }
    let others: [(u16, &str, Kind); 6] = [
        (503, r#"{"error": "invalid_grant"}"#, Kind::Network),
        (429, "", Kind::Network),
        (400, r#"{"error": "interaction_required"}"#, Kind::Interaction),
        (401, r#"{"error": "invalid_client"}"#, Kind::Config),
        (400, "<html>invalid_grant</html>", Kind::Network),
        (200, "<html></html>", Kind::Network),
    ];
    for (status, body, kind) in others {
        server.answer_with(status, "", body);
        match refresh().unwrap_err() {
            RefreshError::Other(error) => assert_eq!(error.kind, kind, "{status} {body}: {error}"),
            over => panic!("{status} {body}: {over:?}"),
        }
    }
    server.hang_up();
    let error = refresh().unwrap_err();
    assert!(
        matches!(&error, RefreshError::Other(error) if error.kind == Kind::Network),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("hunter2"));
}
