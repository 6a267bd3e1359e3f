//! The set-up of Python environments, with the real pip.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    reason = "all of this crate is a test; the lint knows only #[test] functions"
)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use real::{paths, python};

fn requirements(directory: &Path, text: &str) -> std::path::PathBuf {
    let file = directory.join("requirements.txt");
    fs::write(&file, text).expect("the file is written");
    file
}

#[test]
fn unfinished_environments_are_made_again_and_finished_ones_shared() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    // One small package, in an environment that no other test uses.
    let pinned = fs::read_to_string(paths::repository().join("tests/real/sql/requirements.txt")).expect("the pins");
    let (_, package) = pinned.split_once("\nsqlglot==").expect("sqlglot is pinned");
    let file = requirements(directory.path(), &format!("sqlglot=={package}"));

    // What a set-up leaves behind that was killed: files, but no mark at the end.
    let environment = python::venv(&file).expect("the environment");
    fs::remove_file(environment.join("tfgen-complete")).expect("the mark is removed");
    fs::remove_dir_all(environment.join("lib")).expect("the packages are removed");

    let found: Vec<_> = thread::scope(|scope| {
        let askers: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| python::venv(&file).expect("the environment")))
            .collect();
        askers
            .into_iter()
            .map(|asker| asker.join().expect("no panic"))
            .collect()
    });
    assert_eq!(found, [environment.clone(), environment.clone(), environment.clone()]);
    let status = Command::new(environment.join("bin/python"))
        .args(["-c", "import sqlglot"])
        .status()
        .expect("the interpreter starts");
    assert!(status.success());
}

#[test]
fn a_package_with_another_hash_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let hash = "0".repeat(64);
    let file = requirements(directory.path(), &format!("sqlglot==30.30.0 --hash=sha256:{hash}\n"));
    let error = python::venv(&file).expect_err("the hash is wrong").to_string();
    assert!(
        error.contains("requirements.txt") && error.contains("DO NOT MATCH THE HASHES"),
        "{error}"
    );
}

#[test]
fn a_package_without_hash_is_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = requirements(directory.path(), "sqlglot==30.30.0\n");
    let error = python::venv(&file).expect_err("the hash is missing").to_string();
    assert!(error.contains("--require-hashes"), "{error}");
}
