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

use std::collections::BTreeSet;
use std::fs;

use real::terraform;
use serde_json::{Value, json};

use crate::stage::{MANAGEMENT, Run, Stage, example};

const ACCOUNT: &str = "123456789012";

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

/// What people and AWS do after the applies: the form, access to the models, calls of developers with what they leave in the
/// logs and on the bill, and the confirmed e-mails.
const AFTER: [&str; 6] = ["use-case", "model-access", "delivery", "query", "bill", "confirmations"];

/// Rows of the log's query: two developers, each through the first profile of their own.
fn rows(stage: &Stage) -> Value {
    let outputs = terraform::run(&stage.path("terraform/workload"), &["output", "-json"]).unwrap();
    let outputs: Value = serde_json::from_str(&outputs).unwrap();
    let profiles = outputs["inference_profile_arns"]["value"].as_object().unwrap().clone();
    let people = people();
    let rows = people.as_array().unwrap().iter().take(2).map(|person| {
        let (id, email) = (person["id"].as_str().unwrap(), person["email"].as_str().unwrap());
        let mut own = profiles.iter().filter(|(key, _)| key.starts_with(&format!("{id}/")));
        let (_, profile) = own
            .next()
            .unwrap_or_else(|| panic!("{id} has no profile: {profiles:?}"));
        let caller = format!(
            "arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/{email}"
        );
        json!([caller, profile, 3, 28857, 142])
    });
    let columns = [
        "arn",
        "modelid",
        "inputtokencount",
        "cachereadinputtokencount",
        "outputtokencount",
    ];
    json!({ "columns": columns, "rows": rows.collect::<Vec<_>>() })
}

fn tags(stage: &Stage, status: &str, updated: u32) {
    let tag = json!({ "status": status, "updated": updated, "used": 3600 });
    stage.knobs(json!({ "cost_tags": { "User": tag, "Team": tag, "Project": tag, "CostCenter": tag } }));
}

/// Ids of the results with a status that count for the outcome.
fn with(run: &Run, status: &str) -> BTreeSet<String> {
    let results = run.results().into_iter();
    results
        .filter(|(_, result)| result["status"] == status && result["optional"] == false)
        .map(|(id, _)| id)
        .collect()
}

fn are(found: &BTreeSet<String>, wanted: &[&str], run: &Run) {
    let wanted: BTreeSet<String> = wanted.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(*found, wanted, "{}", run.stdout);
}

#[test]
fn from_an_empty_account_to_a_checklist_with_every_box_ticked() {
    let stage = Stage::empty(&example("acme.hcl"), &example("developers.csv"));
    stage.render();
    let people = people();
    stage
        .moto
        .world(&json!({ "only": BEFORE, "developers": people, "policies": stage.policies() }))
        .unwrap();
    apply(&stage, "workload");
    apply(&stage, "identity");
    stage.knobs(
        json!({ "athena": { "columns": ["arn", "modelid", "inputtokencount", "outputtokencount"], "rows": [] } }),
    );

    // What Terraform has made is there. What was left out fails, and what AWS and people have yet to do is pending.
    let run = stage.verify_all(&[]);
    assert_eq!(run.status, 10, "{}", run.stderr);
    let passed = with(&run, "pass");
    for id in [
        "logging-configuration",
        "attribution-permission-set-developer",
        "attribution-assignment-developer",
        "attribution-provisioned",
        "attribution-table",
        "attribution-workgroup",
        "budgets-thresholds-account",
        "onboarding-profiles",
    ] {
        assert!(passed.contains(id), "{id}: {}", run.stdout);
    }
    are(
        &with(&run, "fail"),
        &[
            "foundation-model-access-haiku-4-5",
            "foundation-model-access-opus-4-6",
            "foundation-model-access-sonnet-4-6",
            "foundation-scp-attached",
            "foundation-scp-effective",
            "foundation-use-case",
        ],
        &run,
    );
    are(
        &with(&run, "pending"),
        &[
            "attribution-query",
            "budgets-count-account",
            "budgets-count-team-data-science",
            "budgets-count-team-engineering",
            "budgets-emails-finops-example-com",
            "budgets-emails-platform-example-com",
            "cost-tags-discovered",
            "foundation-dedicated",
            "logging-delivery-events",
            "logging-delivery-failures",
            "logging-delivery-objects",
            "onboarding-first-call",
        ],
        &run,
    );
    are(&with(&run, "unknown"), &[], &run);

    // The steps are done, in the order of the checklist.
    apply(&stage, "organization");
    stage.knobs(json!({ "scp": { "default": false, "allowed": [
        "bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "*:Get*", "*:List*", "*:Describe*",
    ] } }));
    stage
        .moto
        .world(&json!({ "only": AFTER, "developers": people, "policies": stage.policies(), "athena": rows(&stage) }))
        .unwrap();
    tags(&stage, "Inactive", 3600);
    let run = stage.verify_all(&[]);
    run.is("foundation-scp-content", "pass", "");
    run.is("cost-tags-discovered", "pass", "");
    run.is("cost-tags-activated", "fail", "not active");
    assert_eq!(with(&run, "fail").len(), 1, "{}", run.stdout);
    apply(&stage, "billing");
    stage.verify("3", &[]).is("cost-tags-activated", "pending", "since");
    // A day later, with figures that carry the tags.
    tags(&stage, "Active", 2 * 86_400);
    stage.knobs(json!({ "budgets": { "*": { "actual": "60.1", "forecast": "60.1" },
        "claude-code-team-engineering": { "actual": "35" }, "claude-code-team-data-science": { "actual": "25" } } }));
    let cost = |amount: &str, center: &str| {
        json!({ "service": "Claude Opus 4.6 (Amazon Bedrock Edition)", "amount": amount, "billing_entity": "AWS Marketplace",
            "account": ACCOUNT, "day": 0, "tags": { "CostCenter": center } })
    };
    stage.knobs(json!({ "costs": [cost("35", "CC-1001"), cost("25", "CC-1002")] }));

    // What is left only people can tell.
    let run = stage.verify_all(&[]);
    are(&with(&run, "fail"), &[], &run);
    are(&with(&run, "pending"), &[], &run);
    are(&with(&run, "unknown"), &[], &run);
    assert_eq!(run.status, 11, "{}", run.stderr);
    let told: BTreeSet<String> = run
        .results()
        .into_values()
        .filter(|result| ["manual", "skipped"].contains(&result["status"].as_str().unwrap()))
        .map(|result| result["step"].as_str().unwrap().to_owned())
        .collect();
    assert!(told.contains("attribution-identity-source"), "{told:?}");
    for step in &told {
        let run = stage.run(&["attest", step, "--by", "Ann", "--note", "looked at it in the console"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }

    let run = stage.verify_all(&["--update-checklist"]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    let of_steps: BTreeSet<String> = run
        .results()
        .values()
        .map(|result| result["step"].as_str().unwrap().to_owned())
        .collect();
    let checklist = fs::read_to_string(stage.path("MANUAL_STEPS.md")).unwrap();
    let (ticked, open): (Vec<&str>, Vec<&str>) = checklist
        .lines()
        .filter(|line| line.starts_with("- [") && line.contains("<!-- step: "))
        .partition(|line| line.starts_with("- [x]"));
    assert_eq!(open, Vec::<&str>::new());
    assert_eq!(ticked.len(), of_steps.len(), "{ticked:#?}\n{of_steps:#?}");
}
