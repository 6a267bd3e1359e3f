//! Phase 4 with Identity Center.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::stage::{Run, Stage, example, finished, management_role};

/// The example, in the world that `world` says.
fn in_world(world: &Value) -> Stage {
    let stage = Stage::empty(&example("acme.hcl"), &example("developers.csv"));
    stage.moto.world(world).unwrap();
    stage
}

/// The example, in a world in which the groups have the people of the roster.
fn with_everybody() -> Stage {
    let roster = example("developers.csv");
    let people = roster.lines().skip(1).map(|line| {
        let mut fields = line.split(',');
        json!({ "id": fields.next(), "email": fields.next() })
    });
    in_world(&json!({ "developers": people.collect::<Vec<_>>() }))
}

/// Makes this machine that of a developer who has signed in: what `tfgen onboard` prints, and the token that
/// `aws sso login` leaves. Its file has the SHA-1 of the session's name.
fn sign_in(stage: &Stage, name: &str) {
    let outputs = stage.path("outputs.json");
    let profiles = fs::read_to_string(real::paths::repository().join("terraform/workload/profiles.json")).unwrap();
    let profiles: BTreeMap<String, Value> = serde_json::from_str(&profiles).unwrap();
    let arns: BTreeMap<&String, String> = profiles
        .keys()
        .enumerate()
        .map(|(at, key)| {
            let arn = format!("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/{at:012}");
            (key, arn)
        })
        .collect();
    fs::write(&outputs, json!({ "inference_profile_arns": arns }).to_string()).unwrap();
    let aws = stage.home.path().join(".aws");
    fs::create_dir_all(aws.join("sso/cache")).unwrap();
    let printed = stage.run(&["onboard", name, "--outputs", "outputs.json", "--format", "aws-config"]);
    assert_eq!(printed.status, 0, "{}", printed.stderr);
    fs::write(aws.join("config"), printed.stdout).unwrap();
    let token = json!({
        "accessToken": format!("signed-in-as:{name}"),
        "expiresAt": "2099-01-01T00:00:00Z",
        "region": "us-east-1",
        "startUrl": "https://d-1234567890.awsapps.com/start",
    });
    let file = aws.join("sso/cache/2cdaeb723090aa5820edad7be914ce513ba84c2d.json");
    fs::write(file, token.to_string()).unwrap();
}

const ALL: [&str; 17] = [
    "attribution-identity-center",
    "attribution-provisioning",
    "attribution-group-developer",
    "attribution-group-admin",
    "attribution-group-analyst",
    "attribution-members",
    "attribution-permission-set-developer",
    "attribution-permission-set-admin",
    "attribution-permission-set-analyst",
    "attribution-assignment-developer",
    "attribution-assignment-admin",
    "attribution-assignment-analyst",
    "attribution-provisioned",
    "attribution-role",
    "attribution-table",
    "attribution-workgroup",
    "attribution-query",
];

#[track_caller]
fn next_step(run: &Run, id: &str, text: &str) {
    let result = run.result(id);
    let step = result["next_step"].as_str().unwrap();
    assert!(step.contains(text), "{text:?} is not in {result:#}");
}

#[test]
fn everything_that_an_api_tells_is_there() {
    let stage = with_everybody();
    sign_in(&stage, "alice.adams@example.com");
    let run = stage.verify("4", &[]);
    for id in ALL.iter().chain(&["attribution-cli-profile", "attribution-login"]) {
        assert_eq!(run.status_of(id), "pass", "{:#}", run.result(id));
    }
    // No API tells what the identity source is.
    run.is("attribution-identity-source", "manual", "no API");
    assert_eq!(run.status, 11);
    run.is("attribution-members", "pass", "25 of 25 people");
    run.is("attribution-query", "pass", "25 developers");
    run.is("attribution-login", "pass", "/alice.adams@example.com");
}

#[test]
fn every_page_is_read_empty_ones_included() {
    let stage = with_everybody();
    stage.knobs(json!({ "page_size": 1, "empty_pages": true }));
    let run = stage.verify("4", &["--no-rate-limits"]);
    for id in ALL {
        assert_eq!(run.status_of(id), "pass", "{:#}", run.result(id));
    }
}

#[test]
fn without_identity_center_nothing_else_of_it_is_looked_at() {
    let stage = Stage::without(&["identity-center", "assignment"]);
    stage.knobs(json!({ "identity_center": { "present": false } }));
    let run = stage.verify("4", &[]);
    run.is("attribution-identity-center", "fail", "sees no instance in us-east-1");
    for id in [
        "attribution-provisioning",
        "attribution-group-developer",
        "attribution-provisioned",
    ] {
        run.is(id, "skipped", "needs attribution-identity-center, which is fail");
    }
    // The account itself shows as much.
    run.is(
        "attribution-role",
        "fail",
        "there is no role of `claude-code-developer`",
    );
    assert_eq!(run.status, 10);
}

#[test]
fn states_of_the_instance() {
    let stage = Stage::example();
    for (knob, status, text) in [
        (
            json!({ "status": "CREATE_IN_PROGRESS" }),
            "pending",
            "CREATE_IN_PROGRESS",
        ),
        (
            json!({ "status": "CREATE_FAILED", "status_reason": "quota" }),
            "fail",
            "quota",
        ),
        (
            json!({ "status": "ACTIVE", "permission_sets": false }),
            "fail",
            "no permission sets",
        ),
        (
            json!({ "permission_sets": true, "instance_arn": "arn:aws:sso:::instance/ssoins-aaaaaaaaaaaaaaaa" }),
            "fail",
            "sees arn:aws:sso:::instance/ssoins-aaaaaaaaaaaaaaaa",
        ),
    ] {
        stage.knobs(json!({ "identity_center": knob }));
        stage
            .verify("4", &["--only", "attribution-identity-center"])
            .is("attribution-identity-center", status, text);
    }
    stage.denied(&["sso:ListInstances"], || {
        let run = stage.verify("4", &[]);
        run.is("attribution-identity-center", "unknown", "access denied");
        next_step(&run, "attribution-identity-center", "`sso:ListInstances`");
        run.is("attribution-assignment-developer", "skipped", "unknown");
    });
    // Credentials of the dedicated account alone.
    let run = stage.run(&["verify-phase", "4", "--format", "json"]);
    run.is(
        "attribution-identity-center",
        "skipped",
        "no credentials of the Identity Center account",
    );
    run.is("attribution-role", "pass", "AWSReservedSSO_claude-code-developer_");
}

#[test]
fn users_come_from_the_identity_provider() {
    let stage = Stage::example();
    stage.knobs(json!({ "external_ids": { "*": [] } }));
    let run = stage.verify("4", &[]);
    run.is("attribution-provisioning", "fail", "none of 2 users");
    run.is("attribution-group-developer", "fail", "made in Identity Center");
    stage.denied(&["identitystore:ListUsers"], || {
        stage
            .verify("4", &[])
            .is("attribution-provisioning", "unknown", "access denied");
    });
    let stage = Stage::without(&["users"]);
    let run = stage.verify("4", &[]);
    run.is("attribution-provisioning", "pending", "no users");
    run.is("attribution-group-developer", "pending", "has 0 members");
    run.is("attribution-members", "skipped", "attribution-group-developer");
}

#[test]
fn groups_that_are_not_there_yet_are_pending() {
    let stage = Stage::without(&["groups"]);
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-group-developer",
        "pending",
        "no group `Claude Code Developers`",
    );
    run.is(
        "attribution-assignment-developer",
        "pending",
        "no group `Claude Code Developers` yet",
    );
    run.is("attribution-provisioned", "fail", "claude-code-developer");
    next_step(
        &run,
        "attribution-provisioned",
        "terraform -chdir=terraform/identity apply",
    );
    stage.denied(&["identitystore:GetGroupId"], || {
        stage
            .verify("4", &[])
            .is("attribution-group-developer", "unknown", "access denied");
    });
}

#[test]
fn people_of_the_roster_who_are_no_members_are_for_a_person_to_judge() {
    let stage = Stage::example();
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-members",
        "manual",
        "2 of 25 people of the roster are members; not carla.cruz",
    );
    assert_eq!(run.result("attribution-members")["optional"], true);
}

#[test]
fn permission_sets_are_as_rendered() {
    let stage = Stage::example();
    let change = |script: &str| {
        stage.boto3(&format!(
            "admin = client('sso-admin', account='999999999999')\n\
             instance = 'arn:aws:sso:::instance/ssoins-1234567890abcdef'\n\
             sets = {{}}\n\
             for arn in admin.list_permission_sets(InstanceArn=instance)['PermissionSets']:\n\
             \x20   sets[admin.describe_permission_set(InstanceArn=instance, PermissionSetArn=arn)['PermissionSet']['Name']] = arn\n\
             here = {{'InstanceArn': instance, 'PermissionSetArn': sets['claude-code-developer']}}\n\
             {script}"
        ));
    };
    // Somebody added what the inline policy does not say.
    change(
        "admin.attach_managed_policy_to_permission_set(**here, ManagedPolicyArn='arn:aws:iam::aws:policy/AdministratorAccess')",
    );
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-permission-set-developer",
        "fail",
        "arn:aws:iam::aws:policy/AdministratorAccess in addition",
    );
    run.is("attribution-permission-set-admin", "pass", "as rendered");
    // The account has an earlier form, which is a command away.
    run.is(
        "attribution-provisioned",
        "pending",
        "an earlier form of claude-code-developer",
    );
    next_step(
        &run,
        "attribution-provisioned",
        "aws sso-admin provision-permission-set --region us-east-1",
    );
    change(
        "admin.detach_managed_policy_from_permission_set(**here, ManagedPolicyArn='arn:aws:iam::aws:policy/AdministratorAccess')",
    );

    change(
        "policy = json.loads(admin.get_inline_policy_for_permission_set(**here)['InlinePolicy'])\n\
         policy['Statement'] = policy['Statement'][1:] + [{'Sid': 'More', 'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*'}]\n\
         admin.put_inline_policy_to_permission_set(**here, InlinePolicy=json.dumps(policy))\n\
         admin.update_permission_set(**here, SessionDuration='PT1H')\n\
         admin.provision_permission_set(**here, TargetType='AWS_ACCOUNT', TargetId='123456789012')",
    );
    let run = stage.verify("4", &[]);
    run.is("attribution-permission-set-developer", "fail", "has in addition More");
    run.is("attribution-permission-set-developer", "fail", "sessions last PT1H");
    run.is("attribution-provisioned", "pass", "as they are now");
    // The role in the account has what the permission set has.
    run.is("attribution-role", "fail", "has in addition More");

    change("admin.delete_inline_policy_from_permission_set(**here)");
    stage
        .verify("4", &[])
        .is("attribution-permission-set-developer", "fail", "no inline policy");
    stage.denied(&["sso:GetInlinePolicyForPermissionSet"], || {
        stage
            .verify("4", &[])
            .is("attribution-permission-set-developer", "unknown", "access denied");
    });
}

#[test]
fn permission_sets_that_nobody_has_yet() {
    let stage = Stage::without(&["permission-sets"]);
    let run = stage.verify("4", &[]);
    for id in ["attribution-permission-set-admin", "attribution-assignment-admin"] {
        run.is(id, "fail", "there is no permission set `claude-code-admin`");
        next_step(&run, id, "terraform -chdir=terraform/identity apply");
    }
    let stage = Stage::without(&["assignment"]);
    let run = stage.verify("4", &[]);
    // Found by their names among all of the organization's.
    run.is("attribution-permission-set-developer", "pass", "as rendered");
    run.is(
        "attribution-assignment-developer",
        "fail",
        "not assigned to `Claude Code Developers`",
    );
    run.is("attribution-provisioned", "fail", "the account does not have");
    stage.knobs(json!({ "deny": ["sso:ListAccountAssignments", "sso:ListPermissionSetsProvisionedToAccount", "iam:ListRoles"] }));
    let run = stage.verify("4", &[]);
    for id in [
        "attribution-assignment-developer",
        "attribution-provisioned",
        "attribution-role",
    ] {
        run.is(id, "unknown", "access denied");
    }
}

#[test]
fn the_session_tag_is_mapped_to_the_address() {
    let stage = Stage::example();
    let file = stage.path("tfgen.hcl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replace("identity_center {", "identity_center {\n  session_tag = \"User\""),
    )
    .unwrap();
    let id = "attribution-session-tag";
    let look = || stage.verify("4", &["--only", id]);
    let map = |key: &str, source: &str| {
        stage.boto3(&format!(
            "client('sso-admin', account='999999999999').create_instance_access_control_attribute_configuration(\n\
             InstanceArn='arn:aws:sso:::instance/ssoins-1234567890abcdef',\n\
             InstanceAccessControlAttributeConfiguration={{'AccessControlAttributes': [{{'Key': '{key}', 'Value': {{'Source': ['{source}']}}}}]}})"
        ));
    };
    let run = look();
    run.is(id, "fail", "not enabled");
    next_step(
        &run,
        id,
        "aws sso-admin create-instance-access-control-attribute-configuration",
    );
    map("User", "${path:emails[primary eq true].value}");
    look().is(id, "pass", "User is mapped to ${path:emails[primary eq true].value}");
    map("User", "${path:userName}");
    look().is(id, "manual", "${path:userName}");
    map("Other", "${path:userName}");
    let run = look();
    run.is(id, "manual", "only if the identity provider sends");
    // An update replaces the list, so it keeps what is there.
    next_step(&run, id, "\"Key\":\"Other\"");
}

#[test]
fn the_table_and_the_workgroup_are_as_rendered() {
    let stage = in_world(&json!({
        "scan_limit_bytes": 20_000_000,
        "table": { "columns": { "identity": "struct<arn:string>", "inputtokencount": "bigint" } },
    }));
    let run = stage.verify("4", &[]);
    run.is("attribution-table", "fail", "there is no column input (struct<");
    run.is("attribution-table", "fail", "another column inputtokencount (bigint)");
    run.is("attribution-workgroup", "fail", "scan limit in bytes is 20000000");
    run.is("attribution-query", "skipped", "attribution-table");
    stage.denied(&["glue:GetTable", "athena:GetWorkGroup"], || {
        let run = stage.verify("4", &[]);
        run.is("attribution-table", "unknown", "access denied");
        run.is("attribution-workgroup", "unknown", "access denied");
    });
    let stage = Stage::without(&["analytics"]);
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-table",
        "fail",
        "no table claude_code_bedrock_logs.invocation_logs",
    );
    run.is("attribution-workgroup", "fail", "no workgroup claude_code_bedrock_logs");
    next_step(
        &run,
        "attribution-workgroup",
        "terraform -chdir=terraform/workload apply",
    );
}

#[test]
fn the_log_names_developers_and_counts() {
    let stage = Stage::example();
    let id = "attribution-query";
    let columns = json!([
        "arn",
        "modelid",
        "inputtokencount",
        "cachereadinputtokencount",
        "outputtokencount"
    ]);
    let after = |knob: Value| {
        stage.knobs(json!({ "athena": { "columns": columns } }));
        stage.knobs(json!({ "athena": knob }));
        stage.verify("4", &["--only", id])
    };
    let developer =
        "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/a@x.com";
    let call = |arn: &str| json!([arn, "m", 3, null, 142]);
    after(json!({ "rows": [] })).is(id, "pending", "nothing was logged");
    after(json!({ "rows": [call(developer)], "polls": 2 })).is(id, "pass", "a@x.com");
    let user = "arn:aws:iam::123456789012:user/BedrockAPIKey-x";
    after(json!({ "rows": [call(developer), call(user)], "polls": 0 })).is(
        id,
        "fail",
        "user/BedrockAPIKey-x (an IAM user)",
    );
    after(json!({ "rows": [call("arn:aws:iam::123456789012:root")] })).is(id, "fail", "the root user");
    let other = "arn:aws:sts::123456789012:assumed-role/somebody/x";
    after(json!({ "rows": [call(other)] })).is(id, "fail", "a session of the role somebody");
    after(json!({ "rows": [[developer, "m", null, null, null]] })).is(id, "fail", "is null");
    let colleague = developer.replace("a@x.com", "b@x.com");
    let run = after(json!({ "rows": [call(&colleague), [developer, "m", null, null, null]] }));
    run.is(
        id,
        "manual",
        "1 of 2 developers have calls of the last day, and no numbers of tokens with them: a@x.com",
    );
    after(json!({ "rows": [[developer, "m", "abc", null, 1]] })).is(id, "unknown", "`abc` is no number of tokens");
    after(json!({ "rows": [], "state": "FAILED", "reason": "COLUMN_NOT_FOUND: line 1:8" })).is(
        id,
        "fail",
        "COLUMN_NOT_FOUND",
    );
    after(json!({ "reason": "PERMISSION_DENIED: Access Denied (Service: Amazon S3)" })).is(
        id,
        "unknown",
        "Access Denied",
    );
    after(json!({ "state": "CANCELLED", "reason": "" })).is(id, "unknown", "CANCELLED");
    after(json!({ "state": "SUCCEEDED" }));
    stage.denied(&["athena:StartQueryExecution"], || {
        stage.verify("4", &["--only", id]).is(id, "unknown", "access denied");
    });
    stage
        .knobs(json!({ "errors": { "athena:GetQueryResults": { "code": "InternalServerException", "status": 500 } } }));
    stage
        .verify("4", &["--only", id])
        .is(id, "unknown", "InternalServerException");
}

#[test]
fn this_machine_signs_in_as_a_developer() {
    let stage = Stage::example();
    let (profile, login) = ("attribution-cli-profile", "attribution-login");
    let look = || stage.verify("4", &["--only", login]);
    // Nothing is known of the developers' machines.
    let run = look();
    run.is(profile, "manual", "no profile `claude-code`");
    run.is(login, "skipped", profile);

    sign_in(&stage, "ben.baker@example.com");
    let run = look();
    run.is(profile, "pass", "means what tfgen onboard writes");
    run.is(login, "pass", "assumed-role/AWSReservedSSO_claude-code-developer_");
    let evidence = &run.result(login)["evidence"];
    assert_eq!(evidence[0]["operation"], "sts:GetCallerIdentity", "{evidence:#}");

    // Whoever has not signed in is told to.
    fs::remove_dir_all(stage.home.path().join(".aws/sso")).unwrap();
    let run = look();
    run.is(login, "unknown", "no credentials");
    next_step(&run, login, "aws sso login --profile claude-code");

    let config = stage.home.path().join(".aws/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(
        &config,
        text.replace(
            "sso_role_name = claude-code-developer",
            "sso_role_name = AdministratorAccess",
        ),
    )
    .unwrap();
    let run = look();
    run.is(
        profile,
        "fail",
        "sso_role_name of [profile claude-code] is AdministratorAccess",
    );
    run.is(login, "skipped", profile);

    // To the SDK a file that it cannot read is an empty one; to us nothing is known then.
    let in_utf16: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(&config, in_utf16).unwrap();
    look().is(profile, "unknown", "valid UTF-8");
    fs::remove_file(&config).unwrap();
    fs::create_dir(&config).unwrap();
    look().is(profile, "unknown", "directory");
}

/// The keys of the environment are the dedicated account's; a profile that is named is meant.
#[test]
fn a_named_profile_outranks_the_environment() {
    let stage = Stage::example();
    fs::create_dir(stage.home.path().join(".aws")).unwrap();
    fs::write(
        stage.home.path().join(".aws/config"),
        format!(
            "[profile payer]\nrole_arn = {}\nsource_profile = keys\n\n[profile keys]\naws_access_key_id = test\n\
             aws_secret_access_key = test\n",
            management_role()
        ),
    )
    .unwrap();
    let mut command = stage.command(&stage.moto.endpoint());
    command.args(["verify-phase", "3", "--format", "json", "--profile", "payer"]);
    finished(&mut command).is("cost-tags-discovered", "pass", "User");
}
