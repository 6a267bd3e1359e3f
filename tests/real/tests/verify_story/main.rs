//! The story of a deployment on the emulation: rendered, applied by the real Terraform, verified while steps are missing, and
//! verified again when they are done.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

#[allow(dead_code, reason = "the tests of the checks use the rest of it")]
#[path = "../verify/stage.rs"]
mod stage;

use std::collections::BTreeMap;
use std::fs;

use real::terraform;
use serde_json::{Value, json};

use crate::stage::{MANAGEMENT, Run, Stage, example};

/// What is there before the first apply, and what no root makes: the organization, Bedrock's own profiles, and the people
/// that Entra ID provisions.
const BEFORE: [&str; 9] = [
    "organization",
    "scp-type",
    "models",
    "state",
    "identity-center",
    "users",
    "scim",
    "groups",
    "membership",
];

fn apply(stage: &Stage, name: &str) {
    let root = stage.path("terraform").join(name);
    let account = (name != "workload").then_some(MANAGEMENT);
    terraform::prepare(&root, &stage.moto.endpoint(), account).unwrap();
    terraform::run(&root, &["apply", "-auto-approve", "-no-color"]).unwrap();
}

/// The people of the roster, as the world takes them.
fn people() -> Value {
    let roster = example("developers.csv");
    let people = roster.lines().skip(1).map(|line| {
        let mut fields = line.split(',');
        json!({ "id": fields.next(), "email": fields.next() })
    });
    people.collect()
}

/// Results that are not settled, by status.
fn open(run: &Run) -> BTreeMap<String, Vec<String>> {
    let mut open: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, status) in run.statuses() {
        if !["pass", "attested"].contains(&status.as_str()) {
            open.entry(status).or_default().push(id);
        }
    }
    open
}

#[test]
fn from_an_empty_account_to_a_checklist_with_every_box_ticked() {
    let stage = Stage::empty(&example("acme.hcl"), &example("developers.csv"));
    stage.render();
    stage
        .moto
        .world(&json!({ "only": BEFORE, "developers": people(), "policies": stage.policies() }))
        .unwrap();
    apply(&stage, "workload");
    apply(&stage, "identity");

    let run = stage.verify_all(&[]);
    eprintln!("{:#?}", open(&run));
    assert_eq!(run.status, 10, "{}", run.stderr);

    apply(&stage, "organization");
    let run = stage.verify_all(&[]);
    eprintln!("{:#?}", open(&run));
    for (id, result) in run.results() {
        if result["status"] != "pass" {
            eprintln!(
                "{id}: {} {} -> {}",
                result["status"], result["observed"], result["next_step"]
            );
        }
    }
    fs::read_to_string(stage.path("MANUAL_STEPS.md")).unwrap();
}
