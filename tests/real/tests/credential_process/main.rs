//! `credential-process` as AWS's SDKs start it: a certified OpenID provider, a real browser, and the emulation's AWS STS.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a panic is a test's report, in its helpers as well, and what they print belongs to it"
)]

mod aws_cli;
mod center;
mod clients;
mod cognito;
mod device;
mod entra;
mod gate;
mod hostile;
mod keyring;
mod killed;
mod machine;
mod pasted;
mod pool;
mod process;
mod proxied;
mod quota;
mod stage;
mod watch;

use std::fs;

use process::{Ended, Started};
use real::oidc::Endpoint;
use stage::Stage;

/// Processes that are started at once.
const MANY: usize = 100;

#[test]
fn one_login_serves_until_its_end() {
    let stage = Stage::new();
    let first = stage.start(&[]).signed_in("alice");
    let answer = first.credentials();
    assert_eq!(stage.provider.count(Endpoint::Token).unwrap(), 1);
    // Nobody is asked for what is kept.
    let second = stage.start(&[]).ended();
    assert_eq!(second.credentials(), answer);
    assert_eq!(second.stderr, "");
    assert_eq!(stage.provider.count(Endpoint::Token).unwrap(), 1);
    assert_eq!(stage.gate.federated().len(), 1);
    assert_eq!(stage.start(&["--check-expiration"]).ended().code, Some(0));
    // What was kept is for its owner alone.
    for file in stage.files() {
        assert_eq!(stage::mode(&file) & 0o077, 0, "{}", file.display());
    }
    // Whoever signs out signs in again.
    let out = stage.start(&["logout"]).ended();
    assert_eq!(out.code, Some(0), "{}", out.stderr);
    assert_eq!(stage.start(&["--check-expiration"]).ended().code, Some(1));
    stage.start(&[]).signed_in("alice").credentials();
    assert_eq!(stage.provider.count(Endpoint::Authorization).unwrap(), 2);
}

#[test]
fn many_at_once_open_one_window() {
    let stage = Stage::new();
    let all: Vec<_> = (0..MANY).map(|_| stage.start(&[])).collect();
    let ended = process::together(all, "alice");
    let first = ended[0].credentials();
    for other in &ended {
        assert_eq!(other.credentials(), first);
    }
    assert_eq!(stage.provider.count(Endpoint::Token).unwrap(), 1);
    let windows = ended.iter().filter(|ended| ended.stderr.contains("/auth?")).count();
    assert_eq!(windows, 1);
}

#[test]
fn many_at_once_refresh_once_and_lose_nothing() {
    let stage = Stage::new();
    stage.start(&[]).signed_in("alice").credentials();
    for round in 1..=3 {
        // The session and the token are over; the provider rotates what renews them.
        stage.forget_session();
        let before = stage.provider.count(Endpoint::Token).unwrap();
        let all: Vec<_> = (0..MANY).map(|_| stage.start(&[])).collect();
        let ended: Vec<Ended> = all.into_iter().map(Started::ended).collect();
        let first = ended[0].credentials();
        for other in &ended {
            assert_eq!(other.credentials(), first, "round {round}");
        }
        assert_eq!(
            stage.provider.count(Endpoint::Token).unwrap(),
            before + 1,
            "round {round}"
        );
    }
    assert_eq!(
        stage.provider.count(Endpoint::Authorization).unwrap(),
        1,
        "nobody signed in again"
    );
    assert!(fs::metadata(stage.refresh_token()).is_ok());
}

#[test]
fn nobody_is_asked_where_nobody_should_be() {
    let stage = Stage::new();
    let ended = stage.start(&["--refresh-if-needed"]).ended();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert!(
        ended.stderr.contains("credential-process login --profile ClaudeCode"),
        "{}",
        ended.stderr
    );
    assert_eq!(stage.provider.count(Endpoint::Authorization).unwrap(), 0);
}

#[test]
fn who_cancels_is_told_so() {
    let stage = Stage::new();
    let ended = stage.start(&["login"]).cancelled();
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.contains("access_denied"), "{}", ended.stderr);
}
