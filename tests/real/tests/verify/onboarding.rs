//! Onboarding.

use std::fs;

use serde_json::{Value, json};

use crate::stage::{Run, Stage, finished};

const DEVELOPER: &str = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/";

#[track_caller]
fn next_step(run: &Run, id: &str, text: &str) {
    let result = run.result(id);
    let step = result["next_step"].as_str().unwrap();
    assert!(step.contains(text), "{text:?} is not in {result:#}");
}

/// The ARNs of the application inference profiles, by their names.
fn profiles(stage: &Stage) -> Value {
    stage.boto3(
        "pages = client('bedrock').get_paginator('list_inference_profiles').paginate(typeEquals='APPLICATION')\n\
         result = {profile['inferenceProfileName']: profile['inferenceProfileArn'] for page in pages for profile in page['inferenceProfileSummaries']}",
    )
}

fn query(stage: &Stage, rows: Value) {
    let columns = [
        "arn",
        "modelid",
        "calls",
        "inputtokencount",
        "cachereadinputtokencount",
        "outputtokencount",
    ];
    stage.knobs(json!({ "athena": { "columns": columns, "rows": rows } }));
}

#[test]
fn profiles_are_there_with_their_tags() {
    let stage = Stage::example();
    let id = "onboarding-profiles";
    let run = stage.verify("onboarding", &["--no-rate-limits"]);
    run.is(
        id,
        "pass",
        "75 of 75 profiles are ACTIVE; the tags of all were looked at",
    );
    let arn = profiles(&stage)["claude-code_alice_adams_opus-4-6"]
        .as_str()
        .unwrap()
        .to_owned();
    stage.boto3(&format!(
        "client('bedrock').tag_resource(resourceARN='{arn}', tags=[{{'key': 'Team', 'value': 'other'}}])\n\
         client('bedrock').untag_resource(resourceARN='{arn}', tagKeys=['User'])"
    ));
    let run = stage.verify("onboarding", &["--no-rate-limits"]);
    run.is(
        id,
        "fail",
        "claude-code_alice_adams_opus-4-6: no User (alice.adams@example.com), Team is other instead of engineering",
    );
    next_step(&run, id, "terraform -chdir=terraform/workload apply");
    stage.boto3(&format!(
        "client('bedrock').delete_inference_profile(inferenceProfileIdentifier='{arn}')"
    ));
    stage.verify("onboarding", &["--no-rate-limits"]).is(
        id,
        "fail",
        "74 of 75 profiles are ACTIVE; the tags of all were looked at; alice.adams/us.opus-4-6: there is no profile",
    );
    stage.denied(&["bedrock:ListTagsForResource"], || {
        stage
            .verify("onboarding", &["--no-rate-limits"])
            .is(id, "unknown", "access denied");
    });
    stage.denied(&["bedrock:ListInferenceProfiles"], || {
        stage.verify("onboarding", &[]).is(id, "unknown", "access denied");
    });
}

#[test]
fn developers_call_through_their_own_profiles() {
    let stage = Stage::example();
    let id = "onboarding-first-call";
    let look = || stage.verify("onboarding", &["--only", id, "--no-rate-limits"]);
    let arn = profiles(&stage)["claude-code_alice_adams_opus-4-6"].clone();
    let call = |name: &str, model: &Value| json!([format!("{DEVELOPER}{name}"), model, 1, 3, null, 142]);
    query(&stage, json!([]));
    look().is(id, "pending", "no developer called");
    query(&stage, json!([call("alice.adams@example.com", &arn)]));
    look().is(id, "pass", "1 developer called models");
    // The settings were not read: such a call carries no tags.
    query(
        &stage,
        json!([
            call("alice.adams@example.com", &arn),
            call("ben.baker@example.com", &json!("us.anthropic.claude-opus-4-6-v1"))
        ]),
    );
    let run = look();
    run.is(
        id,
        "fail",
        "ben.baker@example.com called us.anthropic.claude-opus-4-6-v1",
    );
    next_step(&run, id, "tfgen onboard");
    let foreign = json!("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/zzzzzzzzzzzz");
    query(&stage, json!([call("ben.baker@example.com", &foreign)]));
    look().is(id, "fail", "zzzzzzzzzzzz");
    stage.denied(&["athena:GetQueryExecution"], || {
        look().is(id, "unknown", "access denied")
    });
    let stage = Stage::without(&["analytics"]);
    stage
        .verify("onboarding", &["--only", id])
        .is(id, "skipped", "needs attribution-table, which is fail");
}

/// Two checks ask the same of the log, which is billed by what it reads.
#[test]
fn the_log_is_asked_once() {
    let stage = Stage::example();
    stage.moto.forget().unwrap();
    stage.verify("onboarding", &["--only", "onboarding-first-call"]);
    stage.verify_all(&["--only", "onboarding-first-call", "--only", "attribution-query"]);
    let calls = stage.moto.recorded().unwrap();
    let queries = calls
        .iter()
        .filter(|call| call.operation == "StartQueryExecution")
        .count();
    assert_eq!(queries, 2, "{calls:#?}");
}

#[test]
fn long_term_keys_are_named_with_their_command() {
    let stage = Stage::example();
    let id = "onboarding-api-keys";
    let look = || stage.verify("onboarding", &["--only", id]);
    look().is(id, "pass", "there are none");
    stage.boto3(
        "iam = client('iam')\n\
         for name in ('BedrockAPIKey-a', 'BedrockAPIKey-b'):\n\
         \x20   iam.create_user(UserName=name)\n\
         \x20   iam.create_service_specific_credential(UserName=name, ServiceName='bedrock.amazonaws.com')",
    );
    stage.knobs(json!({ "page_size": 1 }));
    let run = look();
    run.is(id, "fail", "keys of BedrockAPIKey-a (Active), BedrockAPIKey-b (Active)");
    next_step(
        &run,
        id,
        "aws iam delete-service-specific-credential --user-name BedrockAPIKey-a --service-specific-credential-id ACCA",
    );
    stage.denied(&["iam:ListServiceSpecificCredentials"], || {
        look().is(id, "unknown", "access denied")
    });
    let role = "arn:aws:iam::999999999999:role/tfgen-verify";
    let run = stage.run(&[
        "verify-phase",
        "onboarding",
        "--format",
        "json",
        "--only",
        id,
        "--profile-of-nobody",
    ]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    // With credentials of the management account alone.
    stage
        .run(&[
            "verify-phase",
            "onboarding",
            "--format",
            "json",
            "--only",
            id,
            "--role-arn",
            role,
        ])
        .is(id, "skipped", "no credentials of the dedicated account");
}

#[test]
fn this_machine_is_configured() {
    let stage = Stage::example();
    let id = "onboarding-configure";
    let look = || stage.verify("onboarding", &["--only", id]);
    look().is(id, "manual", "this machine has no ");

    let outputs = serde_json::from_value::<std::collections::BTreeMap<String, String>>(profiles(&stage)).unwrap();
    let keys: Value = serde_json::from_str(
        &fs::read_to_string(real::paths::repository().join("terraform/workload/profiles.json")).unwrap(),
    )
    .unwrap();
    let arns: serde_json::Map<String, Value> = keys
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, profile)| {
            (
                key.clone(),
                Value::from(outputs[profile["name"].as_str().unwrap()].as_str()),
            )
        })
        .collect();
    fs::write(
        stage.path("outputs.json"),
        json!({ "inference_profile_arns": arns }).to_string(),
    )
    .unwrap();
    let printed = stage.run(&[
        "onboard",
        "alice.adams",
        "--outputs",
        "outputs.json",
        "--format",
        "settings",
    ]);
    assert_eq!(printed.status, 0, "{}", printed.stderr);
    let claude = stage.home.path().join(".claude");
    fs::create_dir(&claude).unwrap();
    let file = claude.join("settings.json");
    fs::write(&file, &printed.stdout).unwrap();
    look().is(id, "pass", "as tfgen onboard writes it");

    fs::write(
        &file,
        printed
            .stdout
            .replace("\"AWS_REGION\": \"us-east-1\"", "\"AWS_REGION\": \"us-west-2\""),
    )
    .unwrap();
    let run = look();
    run.is(id, "fail", "AWS_REGION is us-west-2 instead of us-east-1");
    next_step(&run, id, "tfgen onboard DEVELOPER --format settings");
    fs::write(&file, "{").unwrap();
    look().is(id, "fail", "cannot be read as settings");

    // A key in the environment takes the place of whatever the settings say.
    fs::write(&file, &printed.stdout).unwrap();
    let mut command = stage.command(&stage.moto.endpoint());
    command
        .args(["verify-phase", "onboarding", "--format", "json", "--only", id])
        .env("AWS_BEARER_TOKEN_BEDROCK", "bedrock-api-key-secret");
    let run = finished(&mut command);
    run.is(id, "fail", "AWS_BEARER_TOKEN_BEDROCK is set in the environment");
    assert!(!run.stdout.contains("bedrock-api-key-secret") && !run.stderr.contains("bedrock-api-key-secret"));
}
