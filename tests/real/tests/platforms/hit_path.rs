//! What a run does whose session is still good: every system call of it, by strace.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use real::debian;

use crate::home::{Home, SESSION};
use crate::program;

#[test]
fn a_session_that_is_good_costs_two_files_and_nothing_else() {
    let home = Home::new("session");
    let answer = home.keep_session("2099-01-01T00:00:00Z");
    let trace = home.file("trace");
    let strace = debian::unpack("strace").unwrap();
    let ended = Command::new(strace.file("/usr/bin/strace").unwrap())
        .args(["--follow-forks", "--string-limit=4096", "--output"])
        .arg(&trace)
        .arg(program("linux-x64"))
        .env_clear()
        .env("HOME", home.path())
        .env("LD_LIBRARY_PATH", strace.libraries().unwrap())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stdout).trim_end(), answer, "{ended:?}");
    assert!(ended.stderr.is_empty());

    let trace = fs::read_to_string(trace).unwrap();
    let mut calls: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in trace.lines() {
        let call = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
        if let Some((name, rest)) = call.split_once('(') {
            calls.entry(name).or_default().push(rest);
        }
    }
    let opened: Vec<&str> = ["open", "openat", "openat2"]
        .iter()
        .filter_map(|name| calls.get(name))
        .flatten()
        .map(|call| call.split('"').nth(1).unwrap())
        .collect();
    let config = home.file("claude-code-with-bedrock/config.json");
    let session = home.file(SESSION);
    assert_eq!(opened, [config.to_str().unwrap(), session.to_str().unwrap()], "{trace}");
    // No network, no thread, no other program, no lock, nothing written beside the answer, and no waiting.
    for never in [
        "socket",
        "connect",
        "clone",
        "clone3",
        "fork",
        "vfork",
        "flock",
        "rename",
        "renameat",
        "unlink",
        "mkdir",
        "futex",
        "nanosleep",
        "clock_nanosleep",
        "epoll_create1",
        "eventfd2",
        "pipe2",
    ] {
        assert!(!calls.contains_key(never), "{never}: {trace}");
    }
    assert_eq!(calls["execve"].len(), 1, "{trace}");
    assert_eq!(calls["write"].len(), 1, "{trace}");
    // What it takes to start, and to read two files.
    let all: usize = calls.values().map(Vec::len).sum();
    assert!(all < 100, "{all} calls: {trace}");
}
