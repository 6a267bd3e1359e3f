//! A login on another device: the provider's page takes a code, in a real browser.

use std::thread;
use std::time::{Duration, Instant};

use real::oidc::{Endpoint, Knobs, Request};

use crate::process::PATIENCE;
use crate::stage::{Stage, browser};

/// Exit codes of the sub-commands.
const LOGIN: i32 = 5;

#[test]
fn a_code_that_is_typed_elsewhere_signs_in_and_what_it_brings_is_kept() {
    let stage = Stage::new();
    let started = stage.start(&["login", "--device"]);
    let (url, code) = started.device();
    // Nobody is so fast that the program has not asked before.
    let is_pending = |request: &Request| request.endpoint == Endpoint::Token && request.status == Some(400);
    let end = Instant::now() + PATIENCE;
    while !stage.provider.requests().unwrap().iter().any(is_pending) {
        assert!(Instant::now() < end, "the program does not ask");
        thread::sleep(Duration::from_millis(50));
    }
    let page = browser().type_code(&url, &code, "alice", "hunter2").unwrap();
    assert!(page.text.contains("Sign-in Success"), "{page:?}");
    let ended = started.ended();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{}", ended.stderr);
    // No window was opened and no page asked for: another device may have neither.
    assert!(!ended.stderr.contains("/auth?"), "{}", ended.stderr);
    let credentials = stage.start(&[]).ended().credentials();
    let given = stage.gate.federated();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].session_name, "alice@example.com");
    assert_eq!(given[0].access_key_id.as_deref(), credentials["AccessKeyId"].as_str());
    let asked = stage.provider.requests().unwrap();
    let device = asked.iter().filter(|request| request.endpoint == Endpoint::Device);
    assert_eq!(device.count(), 1);
    let polls: Vec<_> = asked
        .iter()
        .filter(|request| request.endpoint == Endpoint::Token)
        .map(|request| (request.grant.as_deref(), request.status))
        .collect();
    let grant = Some("urn:ietf:params:oauth:grant-type:device_code");
    assert_eq!(polls.last(), Some(&(grant, Some(200))));
    assert!(polls.iter().all(|(other, _)| *other == grant), "{polls:?}");

    // It is as good as any other login: renewed without anybody.
    stage.forget_session();
    stage.start(&["--refresh-if-needed"]).ended();
    stage.start(&[]).ended().credentials();
    assert_eq!(stage.provider.count(Endpoint::Device).unwrap(), 1);
}

#[test]
fn a_code_that_is_refused_forged_or_forgotten_has_its_words() {
    thread::scope(|scope| {
        scope.spawn(|| {
            let stage = Stage::new();
            let started = stage.start(&["login", "--device"]);
            let (url, code) = started.device();
            browser().cancel_code(&url, &code).unwrap();
            let said = "the login was refused on the page where the code was typed in (`access_denied`: End-User aborted \
                        interaction)\n  sign in again";
            assert_eq!(started.ended().refusal(), (LOGIN, said.to_owned()));
        });
        scope.spawn(|| {
            let stage = Stage::new();
            let short = Knobs {
                device_code_seconds: Some(1),
                ..Knobs::default()
            };
            stage.provider.set(&short).unwrap();
            let (code, said) = stage.start(&["login", "--device"]).ended().refusal();
            assert_eq!(code, 4, "{said}");
            assert_eq!(
                said,
                "nobody typed the code in time\n  start again: credential-process login --device"
            );
        });
        scope.spawn(|| {
            let stage = Stage::new();
            let started = stage.start(&["login", "--device"]);
            let (url, code) = started.device();
            stage
                .provider
                .fault(Endpoint::Token, Some(real::oidc::Fault::WrongKey))
                .unwrap();
            browser().type_code(&url, &code, "alice", "hunter2").unwrap();
            let (code, said) = started.ended().refusal();
            assert_eq!(code, LOGIN);
            assert!(said.starts_with("the signature of the id_token is wrong\n"), "{said}");
            assert_eq!(stage.gate.federated(), []);
        });
    });
}
