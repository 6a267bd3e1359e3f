//! Keyrings that do not work. Where the Secret Service is looked for stands in the environment of the process, so each case is a
//! child: this program again, started for one test that does something only for it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::os::unix::net::UnixListener;
use std::process::Command;
use std::time::Duration;

use client::Kind;
use client::store::keyring::Keyring;

const DEADLINE: &str = "TEST_DEADLINE_OF_CHILD";

/// Opens the keyring and prints why it cannot.
#[test]
fn child_that_opens() {
    if let Some(milliseconds) = std::env::var(DEADLINE).ok().and_then(|text| text.parse().ok()) {
        let error = Keyring::open(Duration::from_millis(milliseconds)).unwrap_err();
        assert_eq!(error.kind, Kind::Storage);
        println!("<{error}>");
    }
}

fn opened(bus: &str, deadline: &str) -> String {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_that_opens", "--nocapture"])
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env(DEADLINE, deadline)
        .output()
        .unwrap();
    let text = String::from_utf8(child.stdout).unwrap();
    assert!(child.status.success(), "{text}");
    let (_, said) = text.split_once('<').unwrap();
    said.split_once('>').unwrap().0.to_owned()
}

#[test]
fn a_machine_without_one_says_so_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = format!("unix:path={}", folder.path().join("bus").display());
    let said = opened(&nothing, "60000");
    assert!(said.contains("could not be opened"), "{said}");
    assert!(said.contains("credential_storage"), "{said}");
    assert!(!said.contains("did not answer"), "{said}");
}

#[test]
fn one_that_never_answers_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bus");
    // The system accepts for it, and then nothing is ever said.
    let _silent = UnixListener::bind(&path).unwrap();
    let said = opened(&format!("unix:path={}", path.display()), "200");
    assert!(said.contains("did not answer within 0.2 s"), "{said}");
}
