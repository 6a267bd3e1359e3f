//! What is built into the programs, crate by crate: a new one is looked at before it is taken.

#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Where they run, and the file with the crates.
const PLATFORMS: [(&str, &str); 5] = [
    ("x86_64-unknown-linux-musl", "linux.txt"),
    ("aarch64-unknown-linux-musl", "linux.txt"),
    ("x86_64-pc-windows-gnu", "windows.txt"),
    ("x86_64-apple-darwin", "macos.txt"),
    ("aarch64-apple-darwin", "macos.txt"),
];

/// Names that none begins with: the AWS SDK, and what runs asynchronous code.
const NEVER: [&str; 13] = [
    "async-",
    "aws-",
    "futures-executor",
    "h2",
    "hyper",
    "mio",
    "native-tls",
    "openssl-sys",
    "polling",
    "reqwest",
    "smol",
    "tokio",
    "zbus",
];

fn crates(target: &str) -> BTreeSet<String> {
    let tree = Command::new(std::env::var_os("CARGO").unwrap())
        .args([
            "tree",
            "--locked",
            "--package",
            "client",
            "--edges",
            "normal,no-proc-macro",
            "--target",
            target,
        ])
        .args(["--prefix", "none", "--format", "{lib}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    text.lines()
        .map(|line| line.trim_end_matches(" (*)").trim().replace('_', "-"))
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn the_programs_hold_these_crates_and_no_others() {
    for (target, file) in PLATFORMS {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/dependencies")
            .join(file);
        let listed: BTreeSet<String> = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
        let crates = crates(target);
        let new: Vec<_> = crates.difference(&listed).collect();
        let gone: Vec<_> = listed.difference(&crates).collect();
        assert!(
            new.is_empty() && gone.is_empty(),
            "{target}: crates that {file} has not: {new:?}; crates that are gone: {gone:?}. Who needs them: cargo tree --package \
             client --edges normal --target {target} --invert NAME"
        );
        for never in NEVER {
            assert!(!crates.iter().any(|name| name.starts_with(never)), "{target}: {never}");
        }
    }
}
