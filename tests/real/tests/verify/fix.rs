//! `tfgen fix`: what it calls, that a second run calls nothing, and that it verifies afterwards.

use serde_json::{Value, json};

use crate::stage::{Run, Stage, finished, management_role};

/// Operations that change something, in the order in which they were called.
fn writes(stage: &Stage) -> Vec<String> {
    let calls = stage.moto.recorded().unwrap();
    stage.moto.forget().unwrap();
    calls
        .into_iter()
        .map(|call| call.operation)
        .filter(|operation| {
            !["Get", "List", "Describe", "AssumeRole", "Simulate"]
                .iter()
                .any(|read| operation.starts_with(read))
        })
        .collect()
}

fn fix(stage: &Stage, step: &str, more: &[&str]) -> Run {
    let role = management_role();
    let mut args = vec!["fix", step, "--management-role-arn", &role];
    args.extend(more);
    stage.moto.forget().unwrap();
    stage.run(&args)
}

const FORM: &str = r#"{"companyName":"Acme","companyWebsite":"https://acme.example","intendedUsers":"0",
    "industryOption":"Software","otherIndustryOption":"","useCases":"Coding"}"#;

#[test]
fn the_use_case_form_is_submitted_once() {
    let stage = Stage::without(&["use-case"]);
    let run = fix(&stage, "foundation-use-case", &["--yes"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--form FILE"), "{}", run.stderr);

    std::fs::write(stage.path("form.json"), FORM.replace("\"0\"", "\"9\"")).unwrap();
    let run = fix(&stage, "foundation-use-case", &["--yes", "--form", "form.json"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("`intendedUsers`"), "{}", run.stderr);
    assert_eq!(writes(&stage), Vec::<String>::new());

    std::fs::write(stage.path("form.json"), FORM).unwrap();
    // Without a terminal it does not guess that it may.
    let run = fix(&stage, "foundation-use-case", &["--form", "form.json"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("nothing was called"), "{}", run.stderr);
    assert!(
        run.stderr.contains("bedrock:PutUseCaseForModelAccess"),
        "{}",
        run.stderr
    );
    assert_eq!(writes(&stage), Vec::<String>::new());

    let run = fix(&stage, "foundation-use-case", &["--yes", "--form", "form.json"]);
    assert!(
        run.stdout.contains("done: bedrock:PutUseCaseForModelAccess"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("submitted in 123456789012"), "{}", run.stdout);
    assert_eq!(writes(&stage), ["PutUseCaseForModelAccess"]);

    let run = fix(&stage, "foundation-use-case", &["--yes", "--form", "form.json"]);
    assert!(run.stdout.contains("there is nothing to do"), "{}", run.stdout);
    assert_eq!(writes(&stage), Vec::<String>::new());
}

#[test]
fn agreements_are_accepted_where_they_are_missing() {
    let stage = Stage::example();
    stage.knobs(json!({ "bedrock": { "agreements": {
        "*": "AVAILABLE", "anthropic.claude-sonnet-4-6": "NOT_AVAILABLE"
    } } }));
    let run = fix(&stage, "foundation-model-access", &["--yes"]);
    assert!(
        run.stderr.contains("ModelId=anthropic.claude-sonnet-4-6"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("opus"), "{}", run.stderr);
    assert_eq!(writes(&stage), ["CreateFoundationModelAgreement"]);
    let run = fix(&stage, "foundation-model-access", &["--yes"]);
    assert!(run.stdout.contains("there is nothing to do"), "{}", run.stdout);
    assert_eq!(writes(&stage), Vec::<String>::new());
}

#[test]
fn the_form_comes_before_the_agreements() {
    let stage = Stage::without(&["use-case", "model-access"]);
    let run = fix(&stage, "foundation-model-access", &["--yes"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("the use-case form comes first: `tfgen fix foundation-use-case --form use-case.json`"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("nothing was changed, of 3 calls"), "{}", run.stderr);
    assert_eq!(
        run.stderr.matches("bedrock:CreateFoundationModelAgreement: ").count(),
        1,
        "{}",
        run.stderr
    );
}

#[test]
fn options_of_another_step_are_wrong_usage() {
    let stage = Stage::example();
    let run = fix(&stage, "foundation-use-case", &["--yes", "--since", "2026-11-01"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("--since is for cost-tags-backfill alone"),
        "{}",
        run.stderr
    );
}

/// A person at a terminal says something else than yes.
#[test]
fn only_yes_is_yes() {
    let stage = Stage::without(&["model-access"]);
    let ask = |answer: &str| {
        let mut command = stage.command(&stage.moto.endpoint());
        command.args(["fix", "foundation-model-access"]);
        let options = rexpect::session::Options::new().timeout_ms(Some(60_000));
        let mut terminal = rexpect::session::spawn_with_options(command, options).unwrap();
        terminal.exp_string("Call them?").unwrap();
        terminal.send_line(answer).unwrap();
        terminal.exp_eof().unwrap();
    };
    stage.moto.forget().unwrap();
    for answer in ["maybe", "", "no", "yesterday"] {
        ask(answer);
        assert_eq!(writes(&stage), Vec::<String>::new(), "{answer:?}");
    }
    ask("yes");
    assert_eq!(writes(&stage), ["CreateFoundationModelAgreement"; 3]);
}

#[test]
fn who_is_asked_is_said_once_and_planning_has_an_end() {
    let stage = Stage::example();
    let run = fix(&stage, "foundation-model-access", &["--yes"]);
    assert_eq!(run.stderr.matches("account 123456789012").count(), 1, "{}", run.stderr);
    let run = fix(&stage, "foundation-model-access", &["--yes", "--timeout", "1ms"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("the time of 1 ms was over") && run.stderr.contains("nothing was changed"),
        "{}",
        run.stderr
    );
    assert_eq!(writes(&stage), Vec::<String>::new());
}

/// The example without its organization: no root attaches the policy.
fn without_organization(stage: &Stage) {
    let file = stage.path("tfgen.hcl");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once("organization {").unwrap();
    let after = rest.split_once("}\n").unwrap().1;
    let text = format!("{before}{after}");
    // The payer does not follow from the organization then.
    let text = text.replace("cost_tags {", "cost_tags {\n  payer_account_id = \"999999999999\"");
    std::fs::write(&file, text).unwrap();
}

#[test]
fn the_policy_is_made_attached_and_mended_where_no_root_does_it() {
    let stage = Stage::without(&["scp-type", "scp", "scp-attachment"]);
    let run = fix(&stage, "foundation-scp", &["--yes"]);
    assert_eq!(run.status, 11, "{}", run.stdout);
    assert!(
        run.stdout.contains("terraform -chdir=terraform/organization apply"),
        "{}",
        run.stdout
    );
    assert_eq!(writes(&stage), Vec::<String>::new());

    without_organization(&stage);
    let run = fix(&stage, "foundation-scp", &["--yes"]);
    assert_eq!(
        writes(&stage),
        ["EnablePolicyType", "CreatePolicy", "AttachPolicy"],
        "{}",
        run.stderr
    );
    // The credentials that did it are those that can tell.
    assert!(
        run.stdout.contains("claude-code-guardrails reaches 123456789012"),
        "{}",
        run.stdout
    );
    let run = fix(&stage, "foundation-scp", &["--yes"]);
    assert!(
        run.stdout.contains("there is nothing to do"),
        "{}\n{}",
        run.stdout,
        run.stderr
    );
    assert_eq!(writes(&stage), Vec::<String>::new());

    stage.boto3(
        "o = client('organizations', account='999999999999')\n\
         p = [p for p in o.list_policies(Filter='SERVICE_CONTROL_POLICY')['Policies'] if p['Name'] == 'claude-code-guardrails'][0]\n\
         o.update_policy(PolicyId=p['Id'], Content='{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}]}')",
    );
    let run = fix(&stage, "foundation-scp", &["--yes"]);
    assert_eq!(writes(&stage), ["UpdatePolicy"], "{}", run.stderr);

    // Credentials of an account that is not the management account change nothing.
    let run = stage.run(&[
        "fix",
        "foundation-scp",
        "--yes",
        "--management-role-arn",
        "arn:aws:iam::123456789012:role/x",
    ]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert_eq!(writes(&stage), Vec::<String>::new());
}

#[test]
fn the_past_is_tagged_once_and_only_with_active_tags() {
    let stage = Stage::example();
    let run = fix(&stage, "cost-tags-backfill", &["--yes", "--since", "2026-06-02"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("first day of a month"), "{}", run.stderr);
    stage.knobs(json!({ "cost_tags": { "Team": { "status": "Inactive" } } }));
    let run = fix(&stage, "cost-tags-backfill", &["--yes"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("Team is not: `terraform -chdir=terraform/billing apply` first"),
        "{}",
        run.stderr
    );
    stage.knobs(json!({ "cost_tags": { "Team": { "status": "Active", "updated": 90000 } } }));
    let run = fix(&stage, "cost-tags-backfill", &["--yes"]);
    assert!(run.stdout.contains("is under way"), "{}", run.stdout);
    assert_eq!(writes(&stage), ["StartCostAllocationTagBackfill"]);
    fix(&stage, "cost-tags-backfill", &["--yes"]);
    assert_eq!(writes(&stage), Vec::<String>::new());
}

#[test]
fn the_session_tag_is_activated_once_aws_knows_it() {
    let stage = Stage::example();
    let file = stage.path("tfgen.hcl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("identity_center {", "identity_center {\n  session_tag = \"User\""),
    )
    .unwrap();
    let run = fix(&stage, "cost-tags-iam-principal", &["--yes"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("has not discovered iamPrincipal/User"),
        "{}",
        run.stderr
    );
    stage.knobs(json!({ "cost_tags": { "iamPrincipal/User": { "status": "Inactive" } } }));
    let run = fix(&stage, "cost-tags-iam-principal", &["--yes"]);
    assert!(
        run.stdout.contains("iamPrincipal/User is Active"),
        "{}\n{}",
        run.stdout,
        run.stderr
    );
    assert_eq!(writes(&stage), ["UpdateCostAllocationTagsStatus"]);
}

#[test]
fn an_expired_subscription_is_made_again() {
    let stage = Stage::example();
    stage.knobs(json!({ "subscriptions": { "finops@example.com": "absent" } }));
    stage.boto3(
        "sns = client('sns')\n\
         for s in sns.list_subscriptions()['Subscriptions']:\n\
        \x20   if s['Endpoint'] == 'finops@example.com' and s['SubscriptionArn'].startswith('arn:'): sns.unsubscribe(SubscriptionArn=s['SubscriptionArn'])",
    );
    let run = fix(&stage, "budgets-emails", &["--yes"]);
    assert!(run.stderr.contains("Endpoint=finops@example.com"), "{}", run.stderr);
    assert!(!run.stderr.contains("platform@"), "{}", run.stderr);
    assert_eq!(writes(&stage), ["Subscribe"]);
    stage.knobs(json!({ "subscriptions": { "finops@example.com": "pending" } }));
    let run = fix(&stage, "budgets-emails", &["--yes"]);
    assert!(run.stdout.contains("there is nothing to do"), "{}", run.stdout);
    assert!(run.stdout.contains("was not followed yet"), "{}", run.stdout);
}

#[test]
fn permission_sets_that_changed_are_provisioned_again() {
    let stage = Stage::example();
    let changed = stage.boto3(
        "admin = client('sso-admin', account='999999999999')\n\
         instance = admin.list_instances()['Instances'][0]['InstanceArn']\n\
         for arn in admin.list_permission_sets(InstanceArn=instance)['PermissionSets']:\n\
        \x20   s = admin.describe_permission_set(InstanceArn=instance, PermissionSetArn=arn)['PermissionSet']\n\
        \x20   if s['Name'] == 'claude-code-analyst':\n\
        \x20       p = admin.get_inline_policy_for_permission_set(InstanceArn=instance, PermissionSetArn=arn)['InlinePolicy']\n\
        \x20       admin.put_inline_policy_to_permission_set(InstanceArn=instance, PermissionSetArn=arn, InlinePolicy=p + ' ')\n\
        \x20       result = arn",
    );
    let Value::String(changed) = changed else {
        panic!("no such permission set")
    };
    let run = fix(&stage, "attribution-provisioned", &["--yes"]);
    assert!(run.stderr.contains(&changed), "{}", run.stderr);
    assert_eq!(writes(&stage), ["ProvisionPermissionSet"]);
    let run = fix(&stage, "attribution-provisioned", &["--yes"]);
    assert!(run.stdout.contains("there is nothing to do"), "{}", run.stdout);
    // Assigning the group is Terraform's.
    let run = fix(&stage, "attribution-assignment", &["--yes"]);
    assert!(
        run.stdout.contains("terraform -chdir=terraform/identity apply"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_is_refused_is_said_and_what_came_before_stays() {
    let stage = Stage::example();
    stage.knobs(json!({ "deny": ["ce:StartCostAllocationTagBackfill"] }));
    let run = fix(&stage, "cost-tags-backfill", &["--yes"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("access denied"), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("the caller needs `ce:StartCostAllocationTagBackfill`"),
        "{}",
        run.stderr
    );
    // Whose credentials are used is said once.
    assert_eq!(run.stderr.matches("account 999999999999").count(), 1, "{}", run.stderr);
    stage.knobs(json!({ "deny": [] }));
    let run = fix(&stage, "cost-tags-backfil", &["--yes"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("did you mean `cost-tags-backfill`?"),
        "{}",
        run.stderr
    );
    let run = stage.run(&["fix"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("attribution-provisioned"), "{}", run.stdout);
    // Steps that a root owns are not offered.
    assert!(!run.stdout.contains("foundation-scp"), "{}", run.stdout);
    // A stranger's credentials.
    let mut command = stage.command(&stage.moto.endpoint());
    let run = finished(command.args([
        "fix",
        "cost-tags-backfill",
        "--yes",
        "--management-role-arn",
        "arn:aws:iam::555555555555:role/x",
    ]));
    assert_eq!(run.status, 2, "{}", run.stderr);
}
