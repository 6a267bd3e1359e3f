//! Phase 1.

mod account;
mod models;
mod scp;

use std::fs;

use serde_json::{Value, json};

use crate::stage::{Run, Stage, example};

const OPUS: &str = "anthropic.claude-opus-4-6-v1";

/// Looks at a check, and at what it needs, with the credentials of all accounts.
fn look(stage: &Stage, id: &str) -> Run {
    stage.verify("1", &["--only", id])
}

/// Likewise with the credentials of the dedicated account alone.
fn look_from_workload(stage: &Stage, id: &str) -> Run {
    stage.run(&["verify-phase", "1", "--format", "json", "--only", id])
}

/// Asserts what a check says while an operation is denied.
#[track_caller]
fn is_unknown_without(stage: &Stage, operation: &str, id: &str) {
    stage.denied(&[operation], || look(stage, id).is(id, "unknown", "access denied"));
}

/// The example with another text in place of `from`.
fn changed(from: &str, to: &str) -> String {
    let text = example("acme.hcl");
    assert!(text.contains(from), "{from:?} is not in the example");
    text.replace(from, to)
}

/// The block `organization` of the example.
const ORGANIZATION: &str =
    "organization {\n  management_account_id = \"999999999999\"\n  attach_scp_to         = [\"123456789012\"]\n}\n";

/// The example without its organization, in a world that lacks parts.
fn without_organization(parts: &[&str]) -> Stage {
    let stage = Stage::empty(&changed(ORGANIZATION, ""), &example("developers.csv"));
    edit(
        &stage,
        "cost_tags {",
        "cost_tags {\n  payer_account_id = \"999999999999\"",
    );
    stage.moto.world(&json!({ "without": parts })).unwrap();
    stage
}

/// Another text in the deployment file of a stage.
fn edit(stage: &Stage, from: &str, to: &str) {
    let file = stage.path("tfgen.hcl");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{from:?} is not in the file");
    fs::write(file, text.replace(from, to)).unwrap();
}

/// The system profiles of the world, opus with these regions.
fn profiles(stage: &Stage, regions: &[&str]) {
    let listed = |id: &str, regions: &[&str]| {
        let base = id.split_once('.').unwrap().1;
        let models: Vec<String> = regions.iter().map(|region| format!("{region}/{base}")).collect();
        json!({ "id": id, "models": models })
    };
    let home = ["us-east-1", "us-east-2", "us-west-2"];
    let all: Vec<Value> = vec![
        listed(&format!("us.{OPUS}"), regions),
        listed("us.anthropic.claude-sonnet-4-6", &home),
        listed("us.anthropic.claude-haiku-4-5-20251001-v1:0", &home),
    ];
    stage.knobs(json!({ "bedrock": { "profiles": { "us-east-1": all } } }));
}

#[test]
fn when_every_step_is_done_every_check_passes() {
    let stage = Stage::example();
    let run = stage.verify("1", &["--call-models"]);
    let others: Vec<(String, String)> = run
        .statuses()
        .into_iter()
        .filter(|(_, status)| status != "pass")
        .collect();
    assert_eq!(others, [], "{}", run.stdout);
    assert_eq!(run.status, 0);
    assert!(run.statuses().contains_key("foundation-model-call-opus-4-6"));
}

#[test]
fn long_lists_are_read_to_their_end() {
    let stage = Stage::example();
    stage.knobs(json!({ "page_size": 1, "empty_pages": true }));
    for id in [
        "foundation-profiles",
        "foundation-scp-content",
        "foundation-scp-effective",
        "foundation-dedicated",
    ] {
        let run = look(&stage, id);
        run.is(id, "pass", "");
    }
    stage.knobs(json!({ "page_size": 10 }));
    look(&stage, "foundation-quotas-opus-4-6").is("foundation-quotas-opus-4-6", "pass", "2000000 tokens");
}

#[test]
fn models_are_called_on_request_only() {
    let stage = Stage::example();
    stage.moto.forget().unwrap();
    let run = stage.verify("1", &[]);
    assert!(!run.statuses().keys().any(|id| id.starts_with("foundation-model-call")));
    let calls = stage.moto.recorded().unwrap();
    assert!(!calls.is_empty());
    assert!(!calls.iter().any(|call| call.operation == "InvokeModel"), "{calls:?}");
    let policy = stage.run(&["verify-phase", "1", "--print-policy"]);
    assert!(!policy.stdout.contains("bedrock:InvokeModel"), "{}", policy.stdout);
    let policy = stage.run(&["verify-phase", "1", "--print-policy", "--call-models"]);
    assert!(policy.stdout.contains("bedrock:InvokeModel"), "{}", policy.stdout);
}

#[test]
fn a_guardrail_must_be_ready_and_somebody_must_have_seen_it_work() {
    let file = format!(
        "{}\nguardrail {{\n  blocked_words = [\"swordfish\"]\n}}\n",
        example("acme.hcl")
    );
    let stage = Stage::empty(&file, &example("developers.csv"));
    stage.moto.world(&json!({})).unwrap();
    let id = "foundation-guardrail";
    look(&stage, id).is(id, "fail", "there is no guardrail claude-code");
    stage.boto3(
        "client('bedrock').create_guardrail(name='claude-code', blockedInputMessaging='no', blockedOutputsMessaging='no', \
         wordPolicyConfig={'wordsConfig': [{'text': 'swordfish'}]})",
    );
    let run = look(&stage, id);
    run.is(id, "fail", "DRAFT READY");
    assert_eq!(run.status_of("foundation-guardrail-effect"), "skipped");
    stage.boto3(
        "b = client('bedrock')\n\
         b.create_guardrail_version(guardrailIdentifier=b.list_guardrails()['guardrails'][0]['id'])",
    );
    let run = look(&stage, id);
    run.is(id, "pass", "1 READY");
    run.is("foundation-guardrail-effect", "manual", "no API tells");
    assert_eq!(run.status, 11);
    is_unknown_without(&stage, "bedrock:ListGuardrails", id);

    let run = stage.run(&["attest", id, "--by", "Dana", "--note", "tried it"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = look(&stage, id);
    run.is("foundation-guardrail-effect", "attested", "Dana");
    run.is(id, "pass", "1 READY");
    assert_eq!(run.status, 0, "{}", run.stdout);
}
