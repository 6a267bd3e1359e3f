//! The account, its organization, its region, and the bucket of the state.

use serde_json::json;

use super::{ORGANIZATION, changed, edit, is_unknown_without, look, look_from_workload, without_organization};
use crate::stage::{Stage, example};

#[test]
fn the_organization_is_the_one_of_the_file_with_all_features() {
    let id = "foundation-organization";
    let stage = Stage::example();
    look(&stage, id).is(id, "pass", "999999999999 and all features");
    is_unknown_without(&stage, "organizations:DescribeOrganization", id);
    edit(
        &stage,
        "management_account_id = \"999999999999\"",
        "management_account_id = \"888888888888\"",
    );
    look_from_workload(&stage, id).is(id, "fail", "with the management account 999999999999");

    let alone = Stage::without(&["organization"]);
    look(&alone, id).is(id, "fail", "belongs to no organization");
    let of_management = "foundation-scp-enabled";
    let run = look(&alone, of_management);
    run.is(
        of_management,
        "fail",
        "the management account belongs to no organization",
    );
    assert!(
        run.result(of_management)["next_step"]
            .as_str()
            .unwrap()
            .contains("`management_account_id`")
    );
    alone.boto3(
        "o = client('organizations', account='999999999999')\n\
         o.create_organization(FeatureSet='CONSOLIDATED_BILLING')\n\
         o.create_account(AccountName='claude-code', Email='claude-code@example.com')",
    );
    look(&alone, id).is(id, "fail", "only shares a bill");

    // A management account is never restricted.
    let own = Stage::without(&["organization"]);
    own.boto3("client('organizations').create_organization(FeatureSet='ALL')");
    look(&own, id).is(id, "fail", "123456789012 is the management account");
}

#[test]
fn without_an_organization_block_the_account_may_stand_alone() {
    let alone = without_organization(&["organization"]);
    let run = alone.verify("1", &[]);
    run.is("foundation-organization", "pass", "belongs to no organization");
    run.is("foundation-account", "pass", "ACTIVE");
    run.is("foundation-scp-attached", "pass", "the step does not apply");
    run.is("foundation-scp-effective", "pass", "no service control policy applies");
    alone.knobs(json!({ "account": { "state": "PENDING_ACTIVATION" } }));
    look(&alone, "foundation-account").is("foundation-account", "pending", "PENDING_ACTIVATION");
    is_unknown_without(&alone, "account:GetAccountInformation", "foundation-account");

    let member = without_organization(&[]);
    let run = member.verify("1", &[]);
    run.is("foundation-organization", "pass", "a member of the organization o-");
    // The management account's credentials tell, though the file does not name it.
    run.is(
        "foundation-scp-attached",
        "pass",
        "claude-code-guardrails reaches 123456789012",
    );
    run.is("foundation-scp-effective", "pass", "ec2:RunInstances");
    look_from_workload(&member, "foundation-scp-attached").is(
        "foundation-scp-attached",
        "skipped",
        "only the management account 999999999999 can tell",
    );
    member.boto3(
        "o = client('organizations', account='999999999999')\n\
         p = [p for p in o.list_policies(Filter='SERVICE_CONTROL_POLICY')['Policies'] if p['Name'] == 'claude-code-guardrails'][0]\n\
         o.detach_policy(PolicyId=p['Id'], TargetId='123456789012')",
    );
    let run = look(&member, "foundation-scp-attached");
    run.is(
        "foundation-scp-attached",
        "fail",
        "attached neither to 123456789012 nor above it",
    );
    assert_eq!(
        run.result("foundation-scp-attached")["next_step"],
        "`tfgen fix foundation-scp`"
    );
}

#[test]
fn only_an_active_account_will_do() {
    let stage = Stage::example();
    let id = "foundation-account";
    look(&stage, id).is(id, "pass", "ACTIVE");
    for (state, status) in [
        ("PENDING_ACTIVATION", "pending"),
        ("SUSPENDED", "fail"),
        ("PENDING_CLOSURE", "fail"),
        ("CLOSED", "fail"),
    ] {
        stage.knobs(json!({ "organization": { "states": { "123456789012": state } } }));
        look(&stage, id).is(id, status, state);
    }
    // As AWS answered until September 2026.
    stage.knobs(json!({ "organization": { "states": { "123456789012": "ACTIVE" }, "without_state": true } }));
    look(&stage, id).is(id, "pass", "ACTIVE");
    is_unknown_without(&stage, "organizations:DescribeAccount", id);
    let run = look_from_workload(&stage, id);
    run.is(id, "skipped", "no credentials of the management account 999999999999");

    let text = changed("account_id = \"123456789012\"", "account_id = \"111111111111\"");
    let other = Stage::empty(
        &text.replace("[\"123456789012\"]", "[\"111111111111\"]"),
        &example("developers.csv"),
    );
    other.moto.world(&json!({})).unwrap();
    let role = crate::stage::management_role();
    let run = other.run(&[
        "verify-phase",
        "1",
        "--format",
        "json",
        "--only",
        id,
        "--role-arn",
        &role,
    ]);
    run.is(id, "fail", "has no account 111111111111");
}

#[test]
fn other_services_in_the_bill_are_for_a_person_to_judge() {
    let stage = Stage::example();
    let id = "foundation-dedicated";
    look(&stage, id).is(id, "pass", "Claude Opus 4.6 (Amazon Bedrock Edition)");
    let line = |service: &str, amount: &str, day: u32| json!({ "service": service, "amount": amount, "day": day });
    stage.knobs(json!({ "costs": [
        line("Claude Opus 4.6 (Amazon Bedrock Edition)", "12.5", 1),
        line("Amazon Elastic Compute Cloud - Compute", "30", 2),
        line("Amazon Elastic Compute Cloud - Compute", "1.25", 29),
        line("AWS Lambda", "9", 40),
    ] }));
    let run = look(&stage, id);
    run.is(id, "manual", "Amazon Elastic Compute Cloud - Compute (31.25 USD)");
    assert!(!run.stdout.contains("AWS Lambda"), "older than 30 days: {}", run.stdout);
    stage.knobs(json!({ "costs": [] }));
    look(&stage, id).is(id, "pending", "there are no costs");
    is_unknown_without(&stage, "ce:GetCostAndUsage", id);
    stage.knobs(json!({ "errors": { "ce:GetCostAndUsage": { "code": "DataUnavailableException" } } }));
    look(&stage, id).is(id, "pending", "there are no costs");
}

#[test]
fn the_bucket_of_the_state_keeps_versions() {
    let stage = Stage::example();
    let id = "foundation-state";
    look(&stage, id).is(id, "pass", "Enabled");
    is_unknown_without_s3(&stage);
    stage.knobs(json!({ "errors": { "s3:GetBucketVersioning": { "code": "PermanentRedirect", "status": 301 } } }));
    look(&stage, id).is(id, "fail", "acme-terraform-state is not in us-east-1");
    stage.knobs(json!({ "errors": { "s3:GetBucketVersioning": null } }));
    stage.boto3(
        "client('s3').put_bucket_versioning(Bucket='acme-terraform-state', VersioningConfiguration={'Status': 'Suspended'})",
    );
    look(&stage, id).is(id, "fail", "Suspended");
    stage.boto3("s3 = client('s3'); s3.delete_bucket(Bucket='acme-terraform-state'); s3.create_bucket(Bucket='acme-terraform-state')");
    look(&stage, id).is(id, "fail", "never enabled");
    stage.boto3("client('s3').delete_bucket(Bucket='acme-terraform-state')");
    look(&stage, id).is(id, "fail", "there is no bucket");
}

fn is_unknown_without_s3(stage: &Stage) {
    stage.denied(&["s3:GetBucketVersioning"], || {
        look(stage, "foundation-state").is(
            "foundation-state",
            "unknown",
            "exists, and this caller may not look at it",
        );
    });
}

#[test]
fn a_region_is_enabled_or_opted_into() {
    let stage = Stage::example();
    let id = "foundation-region";
    let run = look(&stage, id);
    run.is(id, "pass", "ENABLED_BY_DEFAULT");
    assert_eq!(run.result(id)["step"], "foundation-account");
    for (state, status) in [
        ("ENABLED", "pass"),
        ("ENABLING", "pending"),
        ("DISABLED", "fail"),
        ("DISABLING", "fail"),
    ] {
        stage.knobs(json!({ "region_opt": { "us-east-1": state } }));
        look(&stage, id).is(id, status, state);
    }
    is_unknown_without(&stage, "account:GetRegionOptStatus", id);
}

#[test]
fn the_example_has_the_block_that_these_tests_take_out() {
    assert!(example("acme.hcl").contains(ORGANIZATION));
}
