//! What leaves a process where others can read it: its two streams, and the command lines of everything that runs meanwhile. Each
//! stage looks at its end whether a secret was in any of it, so that no test can forget to.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// Time between two looks at the command lines: short against what waits for a person, a server or a browser. Programs that are
/// gone sooner are the openers of browsers, which write down their own (`stage.rs`).
const PAUSE: Duration = Duration::from_millis(50);
/// Characters at the end of a secret by which it is known, whole or cut off at its beginning. The beginnings of tokens are alike.
const END: usize = 20;

/// What a process said.
pub struct Said {
    pub args: Vec<String>,
    pub stdout: String,
    pub stderr: String,
}

/// Every command line of this machine since the first call, as one text each with its arguments in lines.
pub fn command_lines() -> BTreeSet<String> {
    static SEEN: LazyLock<&Mutex<BTreeSet<String>>> = LazyLock::new(|| {
        let seen: &Mutex<BTreeSet<String>> = Box::leak(Box::default());
        thread::spawn(move || {
            loop {
                look(seen);
                thread::sleep(PAUSE);
            }
        });
        seen
    });
    look(&SEEN);
    SEEN.lock().unwrap().clone()
}

fn look(seen: &Mutex<BTreeSet<String>>) {
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let is_process = entry
            .file_name()
            .to_string_lossy()
            .starts_with(|c: char| c.is_ascii_digit());
        // One that has just ended has none.
        let Some(line) = is_process
            .then(|| fs::read(entry.path().join("cmdline")).ok())
            .flatten()
        else {
            continue;
        };
        seen.lock()
            .unwrap()
            .insert(String::from_utf8_lossy(&line).replace('\0', "\n"));
    }
}

/// The secrets that can be read where they should not, each with its place.
pub fn leaks(secrets: &BTreeSet<String>, all: &[Said], lines: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for said in all {
        let answer = answer(said);
        for secret in secrets {
            let end = end(secret);
            let name = format!("`{}` of a run with {:?}", shown(secret), said.args);
            if said.stderr.contains(end) {
                found.push(format!("{name} is on standard error:\n{}", said.stderr));
            }
            if said.stdout.contains(end) && !answer.contains(secret) {
                found.push(format!("{name} is on standard output"));
            }
        }
    }
    for line in lines {
        for secret in secrets.iter().filter(|secret| line.contains(end(secret))) {
            found.push(format!("`{}` is on a command line:\n{line}", shown(secret)));
        }
    }
    found
}

/// The secrets that the contract wants on standard output.
fn answer(said: &Said) -> BTreeSet<String> {
    let json: Value = serde_json::from_str(&said.stdout).unwrap_or_default();
    let text = |member: &str| json[member].as_str().unwrap_or_default().to_owned();
    let args: Vec<&str> = said.args.iter().map(String::as_str).collect();
    match args.as_slice() {
        [] => BTreeSet::from([text("SecretAccessKey"), text("SessionToken")]),
        ["--get-monitoring-token"] => BTreeSet::from([said.stdout.trim_end().to_owned()]),
        ["--get-mcp-auth-header"] => BTreeSet::from([text("Authorization").replace("Bearer ", "")]),
        _ => BTreeSet::new(),
    }
}

fn end(secret: &str) -> &str {
    // They are all ASCII: tokens, keys and codes.
    &secret[secret.len().saturating_sub(END)..]
}

/// Enough of a secret to know which one it is.
fn shown(secret: &str) -> &str {
    &secret[..secret.len().min(12)]
}

#[test]
fn a_secret_is_found_wherever_it_is() {
    let secret = "eyJhbGciOiJSUzI1NiJ9.the-claims-of-a-token.and-its-long-signature";
    let secrets = BTreeSet::from([secret.to_owned()]);
    let run = |args: &[&str], stdout: &str, stderr: &str| Said {
        args: args.iter().map(ToString::to_string).collect(),
        stdout: stdout.to_owned(),
        stderr: stderr.to_owned(),
    };
    let clean = |said: Said| leaks(&secrets, &[said], &BTreeSet::new()).is_empty();
    assert!(!clean(run(&[], "", &format!("Debug: {secret}"))));
    assert!(!clean(run(&[], "", "Debug: …of-a-token.and-its-long-signature")));
    assert!(!clean(run(&["status"], secret, "")));
    assert!(!clean(run(&[], secret, "")));
    assert!(!clean(run(&[], &format!(r#"{{"AccessKeyId": "{secret}"}}"#), "")));
    assert!(clean(run(&[], &format!(r#"{{"SessionToken": "{secret}"}}"#), "")));
    assert!(clean(run(&["--get-monitoring-token"], &format!("{secret}\n"), "")));
    assert!(!clean(run(
        &["--get-monitoring-token"],
        &format!("{secret}\n{secret}"),
        ""
    )));

    let lines = command_lines();
    assert!(leaks(&secrets, &[], &lines).is_empty());
    let mut child = std::process::Command::new("sh")
        .args(["-c", "read -r line", "sh", secret])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // A moment passes between the start of a process and that of its program.
    while leaks(&secrets, &[], &command_lines()).is_empty() {
        assert!(child.try_wait().unwrap().is_none());
        thread::yield_now();
    }
    drop(child.stdin.take());
    child.wait().unwrap();
}
