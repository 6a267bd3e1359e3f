//! Profiles, the use-case form, agreements, calls, data retention, quotas.

use serde_json::json;

use super::{OPUS, edit, is_unknown_without, look, look_from_workload, profiles, without_organization};
use crate::stage::{Stage, example, management_role};

const HOME: [&str; 3] = ["us-east-1", "us-east-2", "us-west-2"];

#[test]
fn profiles_exist_and_lead_where_the_policies_were_proven_for() {
    let stage = Stage::example();
    let (exist, lead) = ("foundation-profiles", "foundation-destinations");
    let run = look(&stage, lead);
    run.is(exist, "pass", "ACTIVE: us.anthropic.claude-opus-4-6-v1");
    run.is(
        lead,
        "pass",
        "us.anthropic.claude-opus-4-6-v1 to us-east-1, us-east-2, us-west-2",
    );

    profiles(&stage, &["us-east-1", "us-east-2", "us-west-1", "us-west-2"]);
    let run = look(&stage, lead);
    run.is(lead, "fail", "leads to us-west-1 as well");
    let next = run.result(lead)["next_step"].to_string();
    assert!(next.contains("us-west-1") && next.contains("opus-4-6"), "{next}");
    profiles(&stage, &["us-east-1", "us-west-2"]);
    look(&stage, lead).is(lead, "manual", "does not lead to us-east-2");
    profiles(&stage, &["us-east-1", "us-east-2", ""]);
    look(&stage, lead).is(lead, "fail", "leads to no region as well");
    stage.knobs(json!({ "bedrock": { "profiles": { "us-east-1": [
        { "id": format!("us.{OPUS}"), "models": [format!("us-east-1/{OPUS}")] },
    ] } } }));
    let run = look(&stage, lead);
    run.is(
        exist,
        "fail",
        "and not us.anthropic.claude-sonnet-4-6, us.anthropic.claude-haiku",
    );
    run.is(lead, "skipped", exist);
    profiles(&stage, &HOME);
    is_unknown_without(&stage, "bedrock:ListInferenceProfiles", exist);
    is_unknown_without(&stage, "bedrock:GetInferenceProfile", lead);
}

#[test]
fn a_global_profile_names_its_model_without_a_region_and_its_retention_is_seen() {
    let stage = Stage::empty(&example("acme.hcl"), &example("developers.csv"));
    edit(&stage, "geography = \"us\"", "geography = \"global\"");
    edit(
        &stage,
        "[\"opus-4-6\", \"sonnet-4-6\", \"haiku-4-5\"]",
        "[\"fable-5-1\"]",
    );
    edit(&stage, "default   = \"opus-4-6\"", "default   = \"fable-5-1\"");
    let base = "anthropic.claude-fable-5-1";
    stage.moto.world(&json!({})).unwrap();
    stage.knobs(json!({ "bedrock": { "profiles": { "us-east-1": [
        { "id": format!("global.{base}"), "models": [format!("/{base}"), format!("us-east-1/{base}")] },
    ] }, "retention": "aws_review" } }));
    look(&stage, "foundation-destinations").is(
        "foundation-destinations",
        "pass",
        "global.anthropic.claude-fable-5-1 to no region, us-east-1",
    );
    look(&stage, "foundation-scp-effective").is("foundation-scp-effective", "pass", "all 3 profiles and models");

    let id = "foundation-data-retention";
    look(&stage, id).is(id, "pass", "aws_review");
    for (mode, status) in [
        ("none", "fail"),
        ("inherit", "manual"),
        ("provider_data_share", "manual"),
    ] {
        stage.knobs(json!({ "bedrock": { "retention": mode } }));
        look(&stage, id).is(id, status, mode);
    }
    is_unknown_without(&stage, "bedrock:GetAccountDataRetention", id);
}

#[test]
fn the_form_may_be_of_either_account() {
    let (own, management) = ("foundation-use-case", "foundation-use-case-management");
    let step = "foundation-use-case";
    let stage = Stage::example();
    let run = stage.verify("1", &["--only", step]);
    run.is(own, "pass", "submitted in 123456789012");
    run.is(management, "pass", "submitted in 123456789012");
    assert_eq!(run.status, 0);
    let run = look_from_workload(&stage, step);
    run.is(own, "pass", "submitted in 123456789012");
    run.is(management, "skipped", "no credentials");
    assert_eq!(run.status, 0, "the second view is optional");

    let stage = Stage::without(&["use-case"]);
    let run = stage.verify("1", &["--only", step]);
    run.is(
        own,
        "fail",
        "not submitted in 123456789012, nor in the management account 999999999999",
    );
    run.is(management, "fail", "not submitted");
    look_from_workload(&stage, own).is(own, "unknown", "not submitted in 123456789012 itself");
    let role = management_role();
    let alone = [
        "verify-phase",
        "1",
        "--format",
        "json",
        "--only",
        management,
        "--role-arn",
        &role,
    ];
    stage
        .run(&alone)
        .is(management, "unknown", "not submitted in the management account");
    stage.knobs(json!({ "bedrock": { "use_case": { "999999999999": "{\"companyName\":\"Acme\"}" } } }));
    let run = stage.verify("1", &["--only", step]);
    run.is(own, "pass", "in the management account 999999999999, for all accounts");
    run.is(management, "pass", "in the management account 999999999999");
    stage
        .run(&alone)
        .is(management, "pass", "in the management account 999999999999");
    stage.denied(&["999999999999/bedrock:GetUseCaseForModelAccess"], || {
        stage.verify("1", &["--only", own]).is(own, "unknown", "access denied");
    });

    let alone = without_organization(&["organization", "use-case"]);
    look_from_workload(&alone, own).is(own, "fail", "not submitted in 123456789012");
    let member = without_organization(&["use-case"]);
    look_from_workload(&member, own).is(own, "unknown", "in the management account 999999999999 would do");
}

#[test]
fn the_step_of_the_form_is_ticked_when_one_account_shows_it() {
    let stage = Stage::example();
    stage.render();
    let ticked = || std::fs::read_to_string(stage.path("MANUAL_STEPS.md")).unwrap();
    let before = ticked().matches("[x]").count();
    let run = stage.run(&[
        "verify-phase",
        "1",
        "--only",
        "foundation-use-case",
        "--update-checklist",
    ]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(ticked().matches("[x]").count(), before + 1);
}

#[test]
fn a_model_may_be_used_when_region_entitlement_authorization_and_agreement_say_so() {
    let stage = Stage::example();
    let id = "foundation-model-access-opus-4-6";
    look(&stage, id).is(id, "pass", "agreement AVAILABLE");
    let cases = [
        ("agreements", "PENDING", "pending", "agreement PENDING"),
        (
            "agreements",
            "NOT_AVAILABLE",
            "pending",
            "the first call subscribes the account",
        ),
        ("agreements", "ERROR", "fail", "The agreement could not be made."),
        ("entitlements", "NOT_AVAILABLE", "pending", "entitlement NOT_AVAILABLE"),
        (
            "authorizations",
            "NOT_AUTHORIZED",
            "fail",
            "authorization NOT_AUTHORIZED",
        ),
        ("regions", "NOT_AVAILABLE", "fail", "region NOT_AVAILABLE"),
    ];
    for (knob, value, status, text) in cases {
        stage.knobs(json!({ "bedrock": { knob: { OPUS: value } } }));
        let run = look(&stage, "foundation-model-access");
        run.is(id, status, text);
        run.is("foundation-model-access-sonnet-4-6", "pass", "AVAILABLE");
        stage.knobs(json!({ "bedrock": { knob: { OPUS: null } } }));
    }
    is_unknown_without(&stage, "bedrock:GetFoundationModelAvailability", id);

    // Without the form the first call would be refused.
    let stage = Stage::without(&["model-access", "use-case"]);
    look(&stage, id).is(id, "fail", "the use-case form is missing");
    look_from_workload(&stage, id).is(id, "pending", "the first call subscribes the account");
}

#[test]
fn a_model_answers_or_says_why_not() {
    let stage = Stage::example();
    let id = "foundation-model-call-opus-4-6";
    let call = || stage.verify("1", &["--call-models", "--only", id]);
    call().is(id, "pass", "it answered: 8 tokens of input, 1 of output");
    stage.knobs(json!({ "bedrock": { "invoke_denied": true } }));
    call().is(id, "fail", "access to the model");
    stage.knobs(json!({ "bedrock": { "invoke_denied": false, "use_case": { "123456789012": null } } }));
    let run = call();
    run.is(id, "fail", "use case details have not been submitted");
    assert!(
        run.result(id)["next_step"]
            .as_str()
            .unwrap()
            .starts_with("`tfgen fix foundation-use-case")
    );
    stage.denied(&["bedrock-runtime:InvokeModel"], || {
        call().is(id, "unknown", "");
    });
    assert_eq!(
        stage.verify("1", &["--only", id]).status,
        2,
        "not listed without --call-models"
    );
}

#[test]
fn quotas_are_compared_with_the_team() {
    // 25 developers.
    let stage = Stage::example();
    let id = "foundation-quotas-opus-4-6";
    let tokens = "Cross-region model inference tokens per minute for Anthropic Claude Opus 4.6 V1";
    let requests = "Cross-region model inference requests per minute for Anthropic Claude Opus 4.6 V1";
    look(&stage, id).is(id, "pass", "2000000 tokens per minute, 1000 requests per minute");
    stage.knobs(json!({ "quotas": { tokens: 200_000, requests: 4 } }));
    let run = look(&stage, "foundation-quotas");
    run.is(id, "fail", "200000 tokens per minute, 4 requests per minute");
    let next = run.result(id)["next_step"].as_str().unwrap().to_owned();
    assert!(
        next.contains("--desired-value 2000000") && next.contains("--desired-value 50"),
        "{next}"
    );
    run.is("foundation-quotas-sonnet-4-6", "pass", "2000000 tokens");
    is_unknown_without(&stage, "servicequotas:ListServiceQuotas", id);

    // A model of which the emulation, like AWS for a new one, lists nothing.
    edit(&stage, "\"haiku-4-5\"]", "\"haiku-4-5\", \"opus-4-8\"]");
    let id = "foundation-quotas-opus-4-8";
    look(&stage, id).is(
        id,
        "unknown",
        "Cross-region model inference tokens per minute for Anthropic Claude Opus 4.8",
    );
    // Newer models have no quota of requests, and a name of another kind.
    stage.knobs(json!({ "quotas": { "Cross-Region InvokeModel tokens per minute for Claude Opus 4.8": 3_000_000 } }));
    look(&stage, id).is(id, "pass", "3000000 tokens per minute, no quota of requests");
}

#[test]
fn values_that_aws_adds_are_no_pass() {
    let stage = Stage::example();
    stage.knobs(json!({ "new_values": true }));
    let id = "foundation-model-access-opus-4-6";
    for (knob, value) in [
        ("agreements", "AVAILABLE_WITH_CONDITIONS"),
        ("authorizations", "PARTLY_AUTHORIZED"),
        ("entitlements", "ON_TRIAL"),
        ("regions", "PREVIEW"),
    ] {
        stage.knobs(json!({ "bedrock": { knob: { OPUS: value } } }));
        look(&stage, id).is(id, "unknown", value);
        stage.knobs(json!({ "bedrock": { knob: { OPUS: null } } }));
    }
    stage.knobs(json!({ "region_opt": { "us-east-1": "ENABLED_IN_PART" } }));
    look(&stage, "foundation-region").is("foundation-region", "unknown", "ENABLED_IN_PART");
}
