//! The service control policy.

use serde_json::json;

use super::{edit, is_unknown_without, look, look_from_workload};
use crate::stage::{Stage, example};

const ENABLED: &str = "foundation-scp-enabled";
const ATTACHED: &str = "foundation-scp-attached";
const CONTENT: &str = "foundation-scp-content";
const EFFECTIVE: &str = "foundation-scp-effective";

#[test]
fn the_policy_is_enabled_attached_and_the_rendered_one() {
    let stage = Stage::example();
    let run = look(&stage, "foundation-scp");
    run.is(ENABLED, "pass", "ENABLED on r-");
    run.is(
        ATTACHED,
        "pass",
        "claude-code-guardrails is attached to 123456789012, from r-",
    );
    run.is(CONTENT, "pass", "statements of policies/scp.json");
    run.is(
        EFFECTIVE,
        "pass",
        "the organization allows bedrock:InvokeModel on all 12 profiles and models, and denies ec2:RunInstances",
    );
    assert_eq!(run.status, 0, "{}", run.stdout);
    is_unknown_without(&stage, "organizations:ListRoots", ENABLED);
    is_unknown_without(&stage, "organizations:ListPoliciesForTarget", ATTACHED);
    is_unknown_without(&stage, "organizations:ListParents", ATTACHED);
    is_unknown_without(&stage, "organizations:DescribePolicy", CONTENT);
    let run = look_from_workload(&stage, "foundation-scp");
    for id in [ENABLED, ATTACHED, CONTENT] {
        run.is(id, "skipped", "management account 999999999999");
    }
    run.is(EFFECTIVE, "pass", "12 profiles and models");
}

#[test]
fn another_policy_that_denies_everything_fails() {
    let stage = Stage::example();
    let attach = |name: &str, condition: &str| {
        stage.boto3(&format!(
            "o = client('organizations', account='999999999999')\n\
             d = {{'Version': '2012-10-17', 'Statement': [{{'Effect': 'Deny', 'Action': 'bedrock:*', 'Resource': '*', {condition}}}]}}\n\
             p = o.create_policy(Name='{name}', Description='x', Type='SERVICE_CONTROL_POLICY', Content=json.dumps(d))\n\
             o.attach_policy(PolicyId=p['Policy']['PolicySummary']['Id'], TargetId='123456789012')"
        ));
    };
    // Under a condition it may mean others.
    attach(
        "elsewhere",
        "'Condition': {'StringEquals': {'aws:RequestedRegion': 'eu-west-3'}}",
    );
    look(&stage, ATTACHED).is(ATTACHED, "pass", "FullAWSAccess is on every level");
    attach("no-bedrock", "");
    look(&stage, ATTACHED).is(
        ATTACHED,
        "fail",
        "no-bedrock on 123456789012 denies bedrock:InvokeModel whatever the model",
    );
}

#[test]
fn before_the_apply_nothing_is_attached() {
    let stage = Stage::without(&["scp-type", "scp"]);
    let run = look(&stage, "foundation-scp");
    run.is(ENABLED, "fail", "not enabled on r-");
    run.is(ATTACHED, "skipped", ENABLED);
    run.is(CONTENT, "skipped", ATTACHED);
    run.is(
        EFFECTIVE,
        "fail",
        "does not deny bedrock:DeleteModelInvocationLoggingConfiguration, ec2:RunInstances",
    );
    assert_eq!(run.status, 10);
    let stage = Stage::without(&["scp-attachment"]);
    let run = look(&stage, "foundation-scp");
    run.is(ENABLED, "pass", "ENABLED");
    run.is(
        ATTACHED,
        "fail",
        "claude-code-guardrails is not attached to 123456789012",
    );
}

#[test]
fn another_text_is_found_by_statement() {
    let stage = Stage::example();
    stage.boto3(
        "o = client('organizations', account='999999999999')\n\
         p = [p for p in o.list_policies(Filter='SERVICE_CONTROL_POLICY')['Policies'] if p['Name'] == 'claude-code-guardrails'][0]\n\
         d = json.loads(o.describe_policy(PolicyId=p['Id'])['Policy']['Content'])\n\
         for s in d['Statement']:\n\
        \x20   if s['Sid'] == 'OtherRegions': s['Condition'] = {'StringNotEquals': {'aws:RequestedRegion': 'eu-west-1'}}\n\
         d['Statement'] = [s for s in d['Statement'] if s['Sid'] != 'ApiKeys']\n\
         o.update_policy(PolicyId=p['Id'], Content=json.dumps(d))",
    );
    look(&stage, CONTENT).is(CONTENT, "fail", "ApiKeys is missing, OtherRegions differs");

    // Another order and writing mean the same.
    let stage = Stage::example();
    stage.boto3(
        "o = client('organizations', account='999999999999')\n\
         p = [p for p in o.list_policies(Filter='SERVICE_CONTROL_POLICY')['Policies'] if p['Name'] == 'claude-code-guardrails'][0]\n\
         d = json.loads(o.describe_policy(PolicyId=p['Id'])['Policy']['Content'])\n\
         d['Statement'].reverse()\n\
         o.update_policy(PolicyId=p['Id'], Content=json.dumps(d, indent=4))",
    );
    look(&stage, CONTENT).is(CONTENT, "pass", "statements of policies/scp.json");
}

/// Makes a unit below the root and moves the account into it; gives the unit's id.
fn into_a_unit(stage: &Stage) -> String {
    let unit = stage.boto3(
        "o = client('organizations', account='999999999999')\n\
         root = o.list_roots()['Roots'][0]['Id']\n\
         unit = o.create_organizational_unit(ParentId=root, Name='ai')['OrganizationalUnit']['Id']\n\
         o.move_account(AccountId='123456789012', SourceParentId=root, DestinationParentId=unit)\n\
         result = unit",
    );
    unit.as_str().unwrap().to_owned()
}

#[test]
fn every_level_above_the_account_counts() {
    let stage = Stage::example();
    let unit = into_a_unit(&stage);
    let run = look(&stage, ATTACHED);
    run.is(ATTACHED, "pass", "FullAWSAccess is on every level");
    // A level that allows nothing.
    stage.boto3(&format!(
        "o = client('organizations', account='999999999999')\n\
         o.attach_policy(PolicyId=[p for p in o.list_policies(Filter='SERVICE_CONTROL_POLICY')['Policies'] if p['Name'] == 'claude-code-guardrails'][0]['Id'], TargetId='{unit}')\n\
         o.detach_policy(PolicyId='p-FullAWSAccess', TargetId='{unit}')"
    ));
    look(&stage, ATTACHED).is(
        ATTACHED,
        "fail",
        &format!("{unit} has neither FullAWSAccess nor another policy"),
    );
    // Another policy that allows it.
    stage.boto3(&format!(
        "o = client('organizations', account='999999999999')\n\
         d = {{'Version': '2012-10-17', 'Statement': [{{'Effect': 'Allow', 'Action': ['bedrock:*', 's3:*'], 'Resource': '*'}}]}}\n\
         p = o.create_policy(Name='ai-only', Description='x', Type='SERVICE_CONTROL_POLICY', Content=json.dumps(d))\n\
         o.attach_policy(PolicyId=p['Policy']['PolicySummary']['Id'], TargetId='{unit}')"
    ));
    look(&stage, ATTACHED).is(
        ATTACHED,
        "pass",
        &format!("in place of FullAWSAccess: ai-only on {unit}"),
    );
}

#[test]
fn a_target_that_the_account_is_not_below_does_not_reach_it() {
    let stage = Stage::without(&["scp-attachment"]);
    let beside = stage.boto3(
        "o = client('organizations', account='999999999999')\n\
         root = o.list_roots()['Roots'][0]['Id']\n\
         unit = o.create_organizational_unit(ParentId=root, Name='other')['OrganizationalUnit']['Id']\n\
         o.attach_policy(PolicyId=[p for p in o.list_policies(Filter='SERVICE_CONTROL_POLICY')['Policies'] if p['Name'] == 'claude-code-guardrails'][0]['Id'], TargetId=unit)\n\
         result = unit",
    );
    let beside = beside.as_str().unwrap();
    edit(&stage, "[\"123456789012\"]", &format!("[\"{beside}\"]"));
    look(&stage, ATTACHED).is(ATTACHED, "fail", "is below none of them");
    edit(&stage, beside, "ou-abcd-11111111");
    look(&stage, ATTACHED).is(ATTACHED, "fail", "the organization has no ou-abcd-11111111");
}

#[test]
fn what_the_organization_allows_is_asked_from_inside() {
    let stage = Stage::example();
    stage.knobs(json!({ "scp": { "denied": ["bedrock:InvokeModel"] } }));
    look(&stage, EFFECTIVE).is(
        EFFECTIVE,
        "fail",
        "the organization denies bedrock:InvokeModel on arn:aws:bedrock:",
    );
    stage.knobs(json!({ "scp": { "denied": [], "allowed": ["bedrock:InvokeModel", "ec2:*"] } }));
    look(&stage, EFFECTIVE).is(EFFECTIVE, "fail", "does not deny ec2:RunInstances:");
    stage.knobs(json!({ "scp": { "allowed": ["bedrock:InvokeModel"], "omit": true } }));
    look(&stage, EFFECTIVE).is(EFFECTIVE, "unknown", "does not say what the organization decides");
    is_unknown_without(&stage, "iam:SimulatePrincipalPolicy", EFFECTIVE);
    is_unknown_without(&stage, "iam:ListRoles", EFFECTIVE);
    let stage = Stage::without(&["assignment"]);
    look(&stage, EFFECTIVE).is(EFFECTIVE, "skipped", "no role of developers yet");
}

#[test]
fn roles_of_the_account_are_asked_for_by_name() {
    let file = example("acme.hcl");
    let start = file.find("identity_center {").unwrap();
    let end = start + file[start..].find("}\n").unwrap() + 2;
    let roles = "roles {\n  trusted = [\"arn:aws:iam::123456789012:role/developers\"]\n}\n";
    let file = format!("{}{roles}{}", &file[..start], &file[end..]);
    let stage = Stage::empty(&file, &example("developers.csv"));
    stage.moto.world(&json!({ "access": "roles" })).unwrap();
    look(&stage, EFFECTIVE).is(EFFECTIVE, "pass", "12 profiles and models");
    stage.boto3(
        "i = client('iam')\n\
         for p in i.list_attached_role_policies(RoleName='claude-code-developer')['AttachedPolicies']: i.detach_role_policy(RoleName='claude-code-developer', PolicyArn=p['PolicyArn'])\n\
         i.delete_role(RoleName='claude-code-developer')",
    );
    look(&stage, EFFECTIVE).is(
        EFFECTIVE,
        "skipped",
        "no role of developers yet (claude-code-developer)",
    );
}
