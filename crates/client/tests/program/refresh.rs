//! What becomes of the refresh token, by what comes beside it. Without a bus there is no keyring, so it is in its file.
#![cfg(target_os = "linux")]

use std::fs;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::home::{GIVEN, Home, oidc, private};
use crate::server::Server;
use crate::signer::Signer;

const FILE: &str = ".claude-code-session/ClaudeCode-refresh.json";

fn token(signer: &Signer, seconds: i64, changes: &Value) -> String {
    let now = Timestamp::now().as_second();
    let mut claims =
        json!({"iss": "https://id.example", "sub": "ada", "aud": "client", "iat": now, "exp": now + seconds});
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    signer.token(&claims)
}

/// Somebody who signed in as `ada` an hour ago.
fn home(server: &Server, signer: &Signer) -> Home {
    let home = oidc(
        server,
        &json!({
            "oidc_token_endpoint": format!("{}/t", server.base), "oidc_jwks_uri": format!("{}/k", server.base),
            "quota_api_endpoint": "",
        }),
    );
    let now = Timestamp::now().as_second();
    let ended =
        json!({"token": token(signer, -60, &json!({})), "expires": now - 60, "email": "", "profile": "ClaudeCode"});
    private(
        &home.path(".claude-code-session/ClaudeCode-monitoring.json"),
        &ended.to_string(),
    );
    private(
        &home.path(FILE),
        &json!({"refresh_token": "rt-old", "profile": "ClaudeCode"}).to_string(),
    );
    home
}

fn kept(home: &Home) -> String {
    let text = fs::read_to_string(home.path(FILE)).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    file["refresh_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_rotated_one_is_kept_beside_a_token_that_is_right() {
    let (server, signer) = (Server::start(), Signer::new("k"));
    let home = home(&server, &signer);
    server.answer(
        200,
        &json!({"id_token": token(&signer, 600, &json!({})), "refresh_token": "rt-new"}),
    );
    server.answer(200, &json!({"keys": [signer.key()]}));
    server.answer_with(200, "", GIVEN);
    assert_eq!(home.run(&[]).key(), "ASIANEW");
    assert_eq!(kept(&home), "rt-new");
}

/// The state of each morning: nobody has to sign in, and a cron job that renews it has nothing to mail.
#[test]
fn a_login_that_can_be_renewed_is_one_and_renewing_it_prints_nothing() {
    let (server, signer) = (Server::start(), Signer::new("k"));
    let home = home(&server, &signer);
    let told = home.run(&["status", "--json"]);
    let json: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(told.status, 0, "{}", told.stderr);
    assert_eq!(json["token"]["renewable"], json!(true), "{json}");
    assert_eq!(json["token"]["valid"], json!(false), "{json}");
    let told = home.run(&["status"]);
    assert!(told.stdout.contains("the next call renews it"), "{}", told.stdout);
    assert!(!told.stderr.contains("login` signs in"), "{}", told.stderr);

    server.answer(
        200,
        &json!({"id_token": token(&signer, 600, &json!({})), "refresh_token": "rt-new"}),
    );
    server.answer(200, &json!({"keys": [signer.key()]}));
    server.answer_with(200, "", GIVEN);
    for _ in ["renewed", "still good"] {
        let ended = home.run(&["--refresh-if-needed"]);
        assert_eq!(
            (ended.status, ended.stdout.as_str(), ended.stderr.as_str()),
            (0, "", "")
        );
    }
}

/// It would sign somebody else in from now on.
#[test]
fn what_comes_beside_a_wrong_token_replaces_nothing() {
    let (server, signer) = (Server::start(), Signer::new("k"));
    for (other, changes) in [
        (None, json!({"sub": "mallory"})),
        (None, json!({"iss": "https://evil.example"})),
        (None, json!({"aud": "another"})),
        (Some(Signer::new("k")), json!({})),
    ] {
        let home = home(&server, &signer);
        let id_token = token(other.as_ref().unwrap_or(&signer), 600, &changes);
        server.answer(200, &json!({"id_token": id_token, "refresh_token": "rt-evil"}));
        server.answer(200, &json!({"keys": [signer.key()]}));
        let before = fs::read_to_string(home.path(".claude-code-session/ClaudeCode-monitoring.json")).unwrap();
        let ended = home.run(&["--refresh-if-needed"]);
        assert_eq!(
            (ended.status, ended.stdout.as_str()),
            (1, ""),
            "{changes}: {}",
            ended.stderr
        );
        assert!(ended.stderr.contains("id_token"), "{changes}: {}", ended.stderr);
        assert_eq!(kept(&home), "rt-old", "{changes}");
        let after = fs::read_to_string(home.path(".claude-code-session/ClaudeCode-monitoring.json")).unwrap();
        assert_eq!(before, after);
    }
}

/// The id_token before may be gone, of a wrong mode, or of somebody who signed in before: the refresh token knows whose it is.
#[test]
fn it_brings_nobody_else_whatever_the_token_before_says() {
    let (server, signer) = (Server::start(), Signer::new("k"));
    let monitoring = ".claude-code-session/ClaudeCode-monitoring.json";
    let answer = |subject: &str, refresh_token: &str| {
        let id_token = token(&signer, 600, &json!({"sub": subject}));
        server.answer(200, &json!({"id_token": id_token, "refresh_token": refresh_token}));
    };
    // A file of an earlier version does not know it. It learns it.
    let home = home(&server, &signer);
    fs::remove_file(home.path(monitoring)).unwrap();
    answer("ada", "rt-1");
    server.answer(200, &json!({"keys": [signer.key()]}));
    server.answer_with(200, "", GIVEN);
    assert_eq!(home.run(&[]).key(), "ASIANEW");
    let text = fs::read_to_string(home.path(FILE)).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["subject"], "ada");

    let ended = token(&signer, -60, &json!({"sub": "mallory"}));
    let ended = json!({"token": ended, "expires": 1, "email": "", "profile": "ClaudeCode"}).to_string();
    for (before, next) in [(None, "rt-2"), (Some(ended), "rt-3")] {
        let clear = || {
            fs::remove_file(home.session()).unwrap();
            fs::remove_file(home.path(monitoring)).unwrap();
            if let Some(before) = &before {
                private(&home.path(monitoring), before);
            }
        };
        clear();
        let kept_before = kept(&home);
        answer("mallory", "rt-mallory");
        let told = home.run(&["--refresh-if-needed"]);
        assert_eq!(told.status, 1, "{before:?}: {}", told.stderr);
        assert!(told.stderr.contains("somebody else's"), "{}", told.stderr);
        assert_eq!(kept(&home), kept_before, "{before:?}");
        assert!(!home.session().exists());
        // Whoever is named by a token that is left does not count: the refresh token is still hers.
        answer("ada", next);
        server.answer_with(200, "", GIVEN);
        assert_eq!(home.run(&[]).key(), "ASIANEW", "{before:?}");
        assert_eq!(kept(&home), next);
    }
}

/// The provider has ended the one before, and nothing speaks against the new one.
#[test]
fn without_a_token_and_without_keys_it_is_kept() {
    let (server, signer) = (Server::start(), Signer::new("k"));
    let first = home(&server, &signer);
    server.answer(200, &json!({"access_token": "x", "refresh_token": "rt-new"}));
    assert_eq!(first.run(&["--refresh-if-needed"]).status, 1);
    assert_eq!(kept(&first), "rt-new");

    let second = home(&server, &signer);
    server.answer(
        200,
        &json!({"id_token": token(&signer, 600, &json!({})), "refresh_token": "rt-new"}),
    );
    server.answer_with(503, "", "");
    let ended = second.run(&["--refresh-if-needed"]);
    assert!(
        ended.status == 1 && ended.stderr.contains("keys of the issuer"),
        "{}",
        ended.stderr
    );
    assert_eq!(kept(&second), "rt-new");

    // Its key is not among the issuer's yet.
    let third = home(&server, &signer);
    let newer = Signer::new("newer");
    server.answer(
        200,
        &json!({"id_token": token(&newer, 600, &json!({})), "refresh_token": "rt-new"}),
    );
    server.answer(200, &json!({"keys": [signer.key()]}));
    let ended = third.run(&["--refresh-if-needed"]);
    assert!(
        ended.status == 1 && ended.stderr.contains("`newer`"),
        "{}",
        ended.stderr
    );
    assert_eq!(kept(&third), "rt-new");
}
