//! Linux on arm64, by qemu.

use std::process::{Command, Output};

use real::debian;

use crate::home::Home;
use crate::program;

fn run(home: &Home, args: &[&str]) -> Output {
    let qemu = debian::unpack("qemu-user-static").unwrap();
    Command::new(qemu.file("/usr/bin/qemu-aarch64-static").unwrap())
        .arg(program("linux-arm64"))
        .args(args)
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap()
}

#[test]
fn it_answers_from_what_is_kept_and_refuses_where_nothing_is() {
    let home = Home::new("session");
    let version = run(&home, &["--version"]);
    let text = String::from_utf8_lossy(&version.stdout).into_owned();
    assert!(text.starts_with("credential-process 0.1.0 ("), "{text}");
    let explained = run(&home, &["explain"]);
    assert!(String::from_utf8_lossy(&explained.stdout).contains("\"linux/aarch64\""));
    assert!(run(&home, &["--help"]).status.success());
    assert_eq!(run(&home, &["--check-expiration"]).status.code(), Some(1));
    let nobody = run(&home, &["--refresh-if-needed"]);
    assert_eq!(nobody.status.code(), Some(1));
    let answer = home.keep_session("2099-01-01T00:00:00Z");
    let run_ = run(&home, &[]);
    assert_eq!(String::from_utf8_lossy(&run_.stdout).trim_end(), answer);
    assert!(run_.stderr.is_empty());
    assert_eq!(run(&home, &["--check-expiration"]).status.code(), Some(0));
    assert!(run(&home, &["logout"]).status.success());
    assert!(!home.file(crate::home::SESSION).exists());
}
