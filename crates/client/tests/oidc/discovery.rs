//! Providers that are asked for their addresses.

use client::Kind;
use client::oidc::provider::Provider;
use serde_json::json;

use crate::server::{Server, http};
use crate::{config, document};

#[test]
fn a_generic_provider_is_discovered() {
    let (server, http) = (Server::start(), http());
    let issuer = format!("{}/realms/x/", server.base);
    server.answer(200, &document(&server.base, &issuer));
    let provider = Provider::resolve(&config(json!({"oidc_issuer_url": issuer})), &http).unwrap();
    assert_eq!(
        server.requests()[0].line,
        "GET /realms/x/.well-known/openid-configuration"
    );
    assert_eq!(provider.issuer, issuer);
    assert_eq!(provider.token_endpoint, format!("{}/token", server.base));
    assert_eq!(
        provider.device_authorization_endpoint.as_deref(),
        Some(format!("{}/device", server.base).as_str())
    );
    assert_eq!(provider.scope(), "openid profile email offline_access");
}

#[test]
fn a_provider_that_knows_no_offline_access_is_not_asked_for_it() {
    let (server, http) = (Server::start(), http());
    let mut with_scopes = document(&server.base, &server.base);
    with_scopes["scopes_supported"] = json!(["openid", "email"]);
    server.answer(200, &with_scopes);
    let provider = Provider::resolve(&config(json!({"oidc_issuer_url": server.base})), &http).unwrap();
    assert_eq!(provider.scope(), "openid profile email");
}

#[test]
fn another_issuers_document_is_refused() {
    let (server, http) = (Server::start(), http());
    let resolve = |said: &str| {
        server.answer(200, &document(&server.base, said));
        Provider::resolve(&config(json!({"oidc_issuer_url": server.base})), &http).unwrap_err()
    };
    for said in ["https://evil.example", &format!("{}/", server.base), ""] {
        let error = resolve(said);
        assert_eq!(error.kind, Kind::Config, "{said}");
        assert!(error.message.contains("that of another issuer"), "{error}");
    }
    let pattern = resolve("https://login.microsoftonline.com/{tenantid}/v2.0");
    assert!(pattern.advice.unwrap().contains("name the tenant"));
}

#[test]
fn a_document_that_leads_tokens_away_is_refused() {
    let (server, http) = (Server::start(), http());
    for (field, value) in [
        ("token_endpoint", "http://id.example/token"),
        ("token_endpoint", "https://id.example@evil.example/token"),
        ("authorization_endpoint", "file:///etc/passwd"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("jwks_uri", "http://id.example/keys"),
        ("device_authorization_endpoint", "http://id.example/device"),
    ] {
        let mut odd = document(&server.base, &server.base);
        odd[field] = json!(value);
        server.answer(200, &odd);
        let error = Provider::resolve(&config(json!({"oidc_issuer_url": server.base})), &http).unwrap_err();
        assert_eq!(error.kind, Kind::Config, "{field}");
        assert!(error.message.contains(field), "{error}");
    }
}

#[test]
fn documents_that_are_none_are_told_apart() {
    let (server, http) = (Server::start(), http());
    let resolve = || Provider::resolve(&config(json!({"oidc_issuer_url": server.base})), &http).unwrap_err();
    server.answer_with(404, "", "not found");
    assert_eq!(resolve().kind, Kind::Config);
    server.answer_with(503, "", "");
    assert_eq!(resolve().kind, Kind::Network);
    server.answer_with(200, "", "<!DOCTYPE html><title>Proxy</title>");
    let page = resolve();
    assert!(page.kind == Kind::Network && page.message.contains("a page"), "{page}");
    server.answer_with(302, "Location: https://evil.example/\r\n", "");
    let redirect = resolve();
    assert!(redirect.message.contains("redirect"), "{redirect}");
    assert_eq!(server.requests().len(), 4);
}

/// The keepers of a provider see in their logs which program asks.
#[test]
fn whoever_asks_says_who_it_is() {
    let server = Server::start();
    let time = std::time::Duration::from_secs(30);
    let own = format!("credential-process/{}", env!("CARGO_PKG_VERSION"));
    for (http, name) in [
        (client::http::Http::new(time), own.as_str()),
        (client::http::Http::named("tfgen/9.8", time), "tfgen/9.8"),
    ] {
        server.answer(200, &document(&server.base, &server.base));
        client::oidc::discovery::fetch(&http, &server.base).unwrap();
        let asked = server.requests().pop().unwrap();
        assert!(
            asked.headers.contains(&format!("user-agent: {name}\n")),
            "{}",
            asked.headers
        );
    }
}
