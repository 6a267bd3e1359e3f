//! What is sent to a provider, and what is made of its answers. The server here shows our side alone; see `server`.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod device;
mod discovery;
mod keys;
mod server;
mod signer;
mod tls;
mod token;

use client::http::Http;
use client::oidc::provider::Provider;
use client_config::{Config, Oidc};
use jiff::Timestamp;
use serde_json::{Value, json};
use server::Server;

const NOW: i64 = 1_700_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

/// A profile as it stands in config.json, with these fields beside the usual ones.
fn config(fields: Value) -> Oidc {
    let mut profile = json!({
        "provider_type": "generic", "client_id": "client", "federated_role_arn": "arn:aws:iam::123456789012:role/x",
    });
    for (name, value) in fields.as_object().unwrap() {
        profile[name] = value.clone();
    }
    let file = json!({"profiles": {"p": profile}}).to_string();
    match Config::parse(&file).unwrap().profile("p").unwrap().access {
        client_config::Access::Oidc(oidc) => *oidc,
        other => unreachable!("{other:?}"),
    }
}

fn document(base: &str, issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "device_authorization_endpoint": format!("{base}/device"),
        "jwks_uri": format!("{base}/keys"),
    })
}

/// A provider at the server, by its own document.
fn provider(server: &Server, http: &Http) -> Provider {
    server.answer(200, &document(&server.base, &server.base));
    let provider = Provider::resolve(&config(json!({"oidc_issuer_url": server.base})), http).unwrap();
    server.requests();
    provider
}
