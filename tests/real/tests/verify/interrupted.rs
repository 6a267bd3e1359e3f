//! A run that somebody ends early: by Ctrl-C, or by closing what it writes to.

use std::io::{BufRead as _, BufReader, PipeReader, Read as _, Write as _, pipe};
use std::process::{Child, Command, Stdio};

use real::proxy::{Fault, Proxy};
use serde_json::{Value, json};

use crate::stage::{Stage, management_role};

/// Phase 3, as JSON, with more arguments.
fn spawn(stage: &Stage, endpoint: &str, more: &[&str]) -> Child {
    spawn_into(Stdio::piped(), stage, endpoint, more)
}

fn spawn_into(stdout: Stdio, stage: &Stage, endpoint: &str, more: &[&str]) -> Child {
    let role = management_role();
    stage
        .command(endpoint)
        .args(["verify-phase", "3", "--format", "json", "--management-role-arn", &role])
        .args(more)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// An output that takes nothing: whoever writes to it waits. It lasts as long as what is returned first.
fn clogged() -> (PipeReader, Stdio) {
    let (reader, writer) = pipe().unwrap();
    let mut filler = writer.try_clone().unwrap();
    // It stays in its last write, until nobody can read any more.
    std::thread::spawn(move || while filler.write(&[b'x'; 4096]).is_ok() {});
    (reader, writer.into())
}

fn interrupt(child: &Child) {
    // Every shell has it, which not every machine has as a program.
    let done = Command::new("sh")
        .args(["-c", &format!("kill -INT {}", child.id())])
        .status()
        .unwrap();
    assert!(done.success());
}

/// The report of a run that comes to its end, and its status.
fn ended(mut child: Child) -> (Value, i32) {
    let mut stdout = String::new();
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    let status = child.wait().unwrap().code().unwrap();
    let report = serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("no report ({error}): {stdout}"));
    (report, status)
}

fn status_of<'a>(report: &'a Value, id: &str) -> &'a Value {
    let mut results = report["results"].as_array().unwrap().iter();
    &results.find(|result| result["id"] == id).unwrap()["status"]
}

#[test]
fn waiting_that_is_interrupted_ends_with_the_last_report() {
    let stage = Stage::example();
    stage.knobs(json!({ "cost_tags": { "Team": null } }));
    let mut child = spawn(&stage, &stage.moto.endpoint(), &["--wait=1h"]);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.starts_with("pending: cost-tags-discovered"))
        .unwrap();
    interrupt(&child);
    let (report, status) = ended(child);
    assert_eq!(status_of(&report, "cost-tags-discovered"), "pending");
    assert_eq!(status_of(&report, "cost-tags-activated"), "skipped");
    assert_eq!(status, 11);
}

#[test]
fn looking_that_is_interrupted_passes_nothing() {
    let stage = Stage::example();
    let proxy = Proxy::start(stage.moto.port()).unwrap();
    // Whose the credentials are is answered, and nothing else.
    proxy.service("ce", Fault::Hang);
    let mut child = spawn(&stage, &proxy.endpoint(), &[]);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.starts_with("account 999999999999"))
        .unwrap();
    interrupt(&child);
    let (report, status) = ended(child);
    assert_eq!(status_of(&report, "cost-tags-discovered"), "unknown");
    assert!(
        report["results"]
            .as_array()
            .unwrap()
            .iter()
            .all(|result| result["status"] != "pass"),
        "{report:#}"
    );
    assert_eq!(status, 11);
}

#[test]
fn the_second_interrupt_ends_it_at_once() {
    let stage = Stage::example();
    stage.knobs(json!({ "cost_tags": { "Team": null } }));
    // The first interrupt ends in the report, which nobody takes: the next one comes before its end on any machine.
    let (_reader, stdout) = clogged();
    let mut child = spawn_into(stdout, &stage, &stage.moto.endpoint(), &["--wait=1h"]);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.starts_with("pending: "))
        .unwrap();
    let script = format!("while kill -INT {} 2>/dev/null; do :; done", child.id());
    let mut shell = Command::new("sh")
        .args(["-c", &script])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    shell.wait().unwrap();
}

#[test]
fn who_closes_the_output_learns_the_result_from_the_status() {
    let stage = Stage::example();
    stage.knobs(json!({ "cost_tags": { "Team": { "status": "Inactive" } } }));
    let mut child = spawn(&stage, &stage.moto.endpoint(), &[]);
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(10), "{stderr}");
    assert!(!stderr.contains("panicked") && !stderr.contains("error:"), "{stderr}");
}
