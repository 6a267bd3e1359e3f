//! With a real Secret Service: what is kept in it, and what happens where it does not answer.

use real::oidc::Endpoint;
use real::secret_service::{PASSWORD, SecretService};
use serde_json::json;

use crate::stage::Stage;

fn stage(storage: &str) -> (Stage, SecretService) {
    let service = SecretService::start().unwrap();
    let stage = Stage::at("a home ", &json!({ "credential_storage": storage }));
    stage.set("DBUS_SESSION_BUS_ADDRESS", service.address());
    stage.hide(PASSWORD);
    (stage, service)
}

#[test]
fn the_keyring_keeps_everything_and_logout_empties_it() {
    let (stage, service) = stage("keyring");
    let first = stage.start(&[]).signed_in("alice").credentials();
    // Credentials, token and refresh token; no file has any of them.
    assert_eq!(service.entries().unwrap(), 3);
    assert!(!stage.session().exists() && !stage.id_token().exists() && !stage.refresh_token().exists());

    stage.provider.forget().unwrap();
    let hit = stage.start(&[]).ended();
    assert_eq!(hit.credentials(), first);
    assert_eq!(hit.stderr, "");
    assert_eq!(stage.provider.requests().unwrap(), []);
    assert_eq!(stage.start(&["--check-expiration"]).ended().code, Some(0));
    let token = stage.start(&["--get-monitoring-token"]).ended();
    assert!(token.stdout.starts_with("eyJ"), "{}", token.stderr);
    let status = stage.start(&["status"]).ended();
    assert!(
        status
            .stdout
            .starts_with("profile ClaudeCode: alice@example.com, credentials until "),
        "{}",
        status.stdout
    );

    let out = stage.start(&["logout"]).ended();
    assert_eq!(out.code, Some(0), "{}", out.stderr);
    assert_eq!(service.entries().unwrap(), 0);
    assert_eq!(stage.start(&["--check-expiration"]).ended().code, Some(1));
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
}

#[test]
fn the_refresh_token_is_in_the_keyring_whatever_is_in_files() {
    let (stage, service) = stage("session");
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    assert_eq!(service.entries().unwrap(), 1);
    assert!(stage.session().exists() && stage.id_token().exists() && !stage.refresh_token().exists());
    stage.forget_session();
    let status = stage.start(&["status"]).ended();
    assert_eq!(status.code, Some(0), "{}", status.stderr);
    assert!(status.stdout.contains("the next call renews it"), "{}", status.stdout);
    let renewed = stage.start(&[]).ended();
    renewed.credentials();
    assert_eq!(
        stage.provider.count(Endpoint::Authorization).unwrap(),
        1,
        "{}",
        renewed.stderr
    );

    // What the keyring has not given out is kept in a file from then on, and both places are read.
    service.lock().unwrap();
    stage.forget_session();
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    assert!(stage.refresh_token().exists());
    stage.forget_session();
    let renewed = stage.start(&["--refresh-if-needed"]).ended();
    assert_eq!(
        (renewed.code, renewed.stdout.as_str()),
        (Some(0), ""),
        "{}",
        renewed.stderr
    );
    let out = stage.start(&["logout"]).ended();
    assert!(!stage.refresh_token().exists(), "{}", out.stderr);
}

#[test]
fn a_keyring_that_gives_nothing_is_told_of_and_holds_nobody_up() {
    let (stage, service) = stage("keyring");
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    let fails = |args: &[&str], code: i32, why: &str| {
        let (ended, said) = stage.start(args).ended().refusal();
        assert_eq!(ended, code, "{args:?}: {said}");
        assert!(said.contains(why), "{args:?}: {said}");
        let advice = "unlock it; where the machine has none, set `credential_storage` to `session` in config.json";
        assert!(said.ends_with(advice), "{args:?}: {said}");
    };
    service.lock().unwrap();
    fails(&[], 1, "the keyring could not be read: ");
    fails(&["login"], 1, "the keyring could not be read: ");
    fails(&["--check-expiration"], 1, "the keyring could not be read: ");

    service.hold(true).unwrap();
    fails(&[], 1, "it did not answer");
    fails(&["login"], 1, "it did not answer");
    service.hold(false).unwrap();

    drop(service);
    fails(&[], 1, "the keyring could not be opened: ");
    stage.unset("DBUS_SESSION_BUS_ADDRESS");
    fails(&[], 1, "the keyring could not be opened: ");
    stage.set("DBUS_SESSION_BUS_ADDRESS", "no address");
    fails(&["status"], 1, "the keyring could not be opened: ");
}

#[test]
fn without_a_keyring_the_refresh_token_is_in_a_private_file() {
    for bus in [None, Some("unix:path=/nowhere/bus"), Some("no address")] {
        let stage = Stage::new();
        match bus {
            Some(bus) => stage.set("DBUS_SESSION_BUS_ADDRESS", bus),
            None => stage.unset("DBUS_SESSION_BUS_ADDRESS"),
        }
        stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
        assert_eq!(crate::stage::mode(&stage.refresh_token()) & 0o777, 0o600);
        assert_eq!(stage.start(&["logout"]).ended().code, Some(0), "{bus:?}");
    }
}
