//! Properties of what is read from others, on inputs that are near to right ones and on the seeds of `fuzz/`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod properties;

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

/// Files of `fuzz/seeds`, of which there are some.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let seeds: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(seeds.len() >= 4);
    seeds
}

#[test]
fn seeds_hold() {
    for seed in seeds("config") {
        properties::config(std::str::from_utf8(&seed).unwrap());
    }
    for seed in seeds("jwt") {
        properties::jwt(std::str::from_utf8(&seed).unwrap());
    }
    for seed in seeds("callback") {
        properties::callback(&seed);
    }
}

/// A value such as fields have, or such as they must not have.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(vec![
            "",
            "okta",
            "azure",
            "generic",
            "acme.okta.com",
            "https://login.example.com",
            "http://localhost:1",
            "arn:aws:iam::123456789012:role/x",
            "us-east-1:pool",
            "123456789012",
            "secret",
            "keyring",
            "idc",
            "none",
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(serde_json::json!(["x", {"y": 1}])),
    ]
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "provider_domain",
            "okta_domain",
            "client_id",
            "client_secret",
            "provider_type",
            "aws_region",
            "credential_storage",
            "auth_type",
            "sso_enabled",
            "federation_type",
            "federated_role_arn",
            "identity_pool_id",
            "max_session_duration",
            "redirect_port",
            "oidc_issuer_url",
            "oidc_token_endpoint",
            "azure_auth_mode",
            "idc_start_url",
            "idc_account_id",
            "idc_permission_set_name",
            "quota_api_endpoint",
            "quota_check_interval",
            "quota_fail_mode",
        ])
        .prop_map(str::to_owned),
        "[a-z_]{1,8}",
    ]
}

fn file() -> impl Strategy<Value = String> {
    let name = prop_oneof!["[A-Za-z0-9._@+-]{1,10}", ".{0,6}", Just("profiles".to_owned())];
    let profile = prop_oneof![
        4 => btree_map(field(), value(), 0..8).prop_map(|fields| serde_json::json!(fields)),
        1 => value(),
    ];
    (btree_map(name, profile, 0..4), any::<bool>()).prop_map(|(profiles, new)| match new {
        true => serde_json::json!({ "profiles": profiles }).to_string(),
        false => serde_json::json!(profiles).to_string(),
    })
}

fn token() -> impl Strategy<Value = String> {
    let header = (
        select(vec!["none", "RS256", "ES256", "HS256", "PS256", "", "ES384"]),
        any::<bool>(),
    )
        .prop_map(|(algorithm, critical)| match critical {
            true => serde_json::json!({ "alg": algorithm, "crit": ["x"] }),
            false => serde_json::json!({ "alg": algorithm, "kid": "one" }),
        });
    let name = select(vec!["iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "email"]);
    let claims = btree_map(name, value(), 0..9).prop_map(|claims| serde_json::json!(claims));
    (header, claims, vec(any::<u8>(), 0..80)).prop_map(|(header, claims, signature)| {
        let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        format!(
            "{}.{}.{}",
            encoded(header.to_string().as_bytes()),
            encoded(claims.to_string().as_bytes()),
            encoded(&signature)
        )
    })
}

fn request() -> impl Strategy<Value = String> {
    let name = select(vec!["state", "code", "error", "error_description", "stat%65", "x", ""]);
    let value = prop_oneof![
        Just(properties::STATE.to_owned()),
        "[ -~]{0,12}",
        "(%[0-9a-fA-F]{2}){0,6}",
        "[^&# ]{0,6}",
    ];
    let path = select(vec![
        "/callback",
        "/",
        "/callback/",
        "/favicon.ico",
        "http://x/callback",
    ]);
    let method = select(vec!["GET", "GET", "GET", "POST", "get", ""]);
    (method, path, vec((name, value), 0..5)).prop_map(|(method, path, fields)| {
        let query: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!(
            "{method} {path}?{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            query.join("&")
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn config_files_hold(text in file()) {
        properties::config(&text);
    }

    #[test]
    fn any_text_is_a_file_or_not(text in ".{0,200}") {
        properties::config(&text);
        properties::jwt(&text);
        properties::callback(text.as_bytes());
    }

    #[test]
    fn tokens_hold(text in token()) {
        properties::jwt(&text);
    }

    #[test]
    fn broken_tokens_hold(text in token(), at in any::<prop::sample::Index>(), other in any::<char>()) {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        characters[at] = other;
        properties::jwt(&characters.iter().collect::<String>());
    }

    #[test]
    fn requests_hold(head in request()) {
        properties::callback(head.as_bytes());
    }

    #[test]
    fn any_bytes_are_a_request_or_not(head in vec(any::<u8>(), 0..200)) {
        properties::callback(&head);
    }
}
