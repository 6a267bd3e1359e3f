//! Keys of an issuer, and the file in which they are kept.

use client::oidc::jwks::KeyStore;
use client::oidc::jwt::Expected;
use client::{Error, Kind, Secret};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::server::{Server, http};
use crate::signer::Signer;
use crate::{NOW, now, provider};

#[test]
fn keys_are_fetched_once_and_again_when_a_token_names_another() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::new(&http, &provider, folder.path());
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let verify = |signer: &Signer, minutes: i64| {
        let now = now() + SignedDuration::from_mins(minutes);
        let token = signer.token(&json!({
            "iss": server.base, "aud": "client", "sub": "alice", "iat": now.as_second(), "exp": now.as_second() + 60,
        }));
        let expected = Expected {
            issuers: provider.issuers(),
            client_id: &provider.client_id,
            nonce: None,
            subject: None,
            now,
            server_time: None,
        };
        store.verify(&Secret::new(token), &expected).map_err(Error::from)
    };
    let asked = || {
        server
            .requests()
            .iter()
            .filter(|request| request.line == "GET /keys")
            .count()
    };
    server.answer(200, &json!({"keys": [old.key()]}));
    let first = verify(&old, 0).unwrap();
    assert_eq!((first.claims.subject.as_str(), first.not_kept), ("alice", None));
    assert_eq!(asked(), 1);
    verify(&old, 1).unwrap();
    assert_eq!(asked(), 0);
    // A key that is not known, which may be a minute old.
    server.answer(200, &json!({"keys": [old.key()]}));
    assert!(verify(&new, 2).unwrap_err().message.contains("`new`"));
    assert_eq!(asked(), 1);
    server.answer_with(500, "", "");
    let silent = verify(&new, 3).unwrap_err();
    assert_eq!(silent.kind, Kind::Network);
    assert!(silent.message.contains("HTTP status 500"), "{silent}");
    assert_eq!(asked(), 1);
    verify(&old, 4).unwrap();
    assert_eq!(asked(), 0, "what is kept stays");
    server.answer(200, &json!({"keys": [old.key(), new.key()]}));
    verify(&new, 10).unwrap();
    assert_eq!(asked(), 1);
    // A day.
    verify(&old, 10 + 24 * 60 - 1).unwrap();
    assert_eq!(asked(), 0);
    server.answer(200, &json!({"keys": [new.key()]}));
    verify(&new, 10 + 24 * 60).unwrap();
    assert_eq!(asked(), 1);
    // Another key by the same name.
    let replaced = Signer::new("new");
    server.answer(200, &json!({"keys": [replaced.key()]}));
    verify(&replaced, 20 + 24 * 60).unwrap();
    assert_eq!(asked(), 1);
}

#[test]
fn files_of_keys_that_are_no_good_are_not_used() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::new(&http, &provider, folder.path());
    let signer = Signer::new("k");
    let token = Secret::new(signer.token(&json!({
        "iss": server.base, "aud": "client", "sub": "alice", "iat": NOW, "exp": NOW + 60,
    })));
    let expected = Expected {
        issuers: provider.issuers(),
        client_id: "client",
        nonce: None,
        subject: None,
        now: now(),
        server_time: None,
    };
    let fill = || {
        server.answer(200, &json!({"keys": [signer.key()]}));
        let verified = store.verify(&token, &expected).unwrap();
        assert_eq!(verified.not_kept, None);
        assert_eq!(server.requests().len(), 1);
    };
    fill();
    let [path] = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let with = |field: &str, value: Value| {
        let mut kept = kept.clone();
        kept[field] = value;
        kept.to_string()
    };
    for content in [
        String::new(),
        "{".to_owned(),
        kept.to_string()[..40].to_owned(),
        with("version", json!(2)),
        with("jwks_uri", json!("https://evil.example/keys")),
        with("fetched_at", json!(NOW + 3600)),
        with("fetched_at", json!(i64::MAX)),
        with("document", json!([])),
    ] {
        std::fs::write(&path, &content).unwrap();
        fill();
        assert!(store.verify(&token, &expected).is_ok());
        assert!(server.requests().is_empty(), "{content}");
    }
    // Whoever can write the file can sign tokens.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&path, open).unwrap();
        fill();
        assert!(store.verify(&token, &expected).is_ok());
        assert!(server.requests().is_empty());
    }
    // Keys that cannot be kept do not end the login.
    let store = KeyStore::new(&http, &provider, &path);
    server.answer(200, &json!({"keys": [signer.key()]}));
    let verified = store.verify(&token, &expected).unwrap();
    assert_eq!(verified.not_kept.unwrap().kind, Kind::Storage);
}

#[test]
fn keys_that_cannot_be_had_are_a_matter_of_the_network() {
    let (server, http) = (Server::start(), http());
    let provider = provider(&server, &http);
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::new(&http, &provider, folder.path());
    let token = Secret::new(Signer::new("k").token(&json!({})));
    let expected = Expected {
        issuers: provider.issuers(),
        client_id: "client",
        nonce: None,
        subject: None,
        now: now(),
        server_time: None,
    };
    for (status, body) in [(404, "{}"), (200, "<html>"), (200, "{}"), (200, r#"{"keys": 1}"#)] {
        server.answer_with(status, "", body);
        assert_eq!(
            Error::from(store.verify(&token, &expected).unwrap_err()).kind,
            Kind::Network,
            "{status} {body}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
