//! Phase 4 with roles that people assume themselves.

use std::fs;

use serde_json::json;

use crate::stage::{Stage, example};

/// The example with roles instead of Identity Center: two IAM users are trusted, and an administrator.
fn deployment() -> String {
    let text = example("acme.hcl");
    let (before, rest) = text.split_once("identity_center {").unwrap();
    let (_, after) = rest.split_once("\n}\n").unwrap();
    format!(
        "{before}roles {{\n  trusted = [\n    \"arn:aws:iam::123456789012:user/people/alice.adams\",\n    \
         \"arn:aws:iam::123456789012:user/ben.baker\",\n  ]\n  admins = [\"arn:aws:iam::123456789012:user/ben.baker\"]\n}}\n{after}"
    )
}

/// Makes the roles and users as the rendered root makes them.
const MAKE: &str = "
iam = client('iam')
mine = json.loads(POLICIES)
for name, path in (('alice.adams', '/people/'), ('ben.baker', '/')):
    iam.create_user(UserName=name, Path=path)
    iam.create_virtual_mfa_device(VirtualMFADeviceName=name)
    iam.enable_mfa_device(UserName=name, SerialNumber=f'arn:aws:iam::123456789012:mfa/{name}', AuthenticationCode1='123456', AuthenticationCode2='654321')
for part in ('developer', 'admin'):
    name = f'claude-code-{part}'
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=mine[f'{part}-trust'], MaxSessionDuration=28800)
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=mine[part])
";

fn stage() -> Stage {
    let stage = Stage::empty(&deployment(), &example("developers.csv"));
    stage.render();
    let policies = stage.policies();
    stage
        .moto
        .world(&json!({ "without": ["identity-center", "users", "scim", "groups", "permission-sets"], "policies": policies }))
        .unwrap();
    let text = serde_json::Value::from(policies.to_string()).to_string();
    stage.boto3(&MAKE.replace("POLICIES", &text));
    stage
}

#[test]
fn roles_and_users_are_as_rendered() {
    let stage = stage();
    let run = stage.verify("4", &[]);
    for id in [
        "attribution-iam-users",
        "attribution-roles-developer",
        "attribution-roles-admin",
    ] {
        assert_eq!(run.status_of(id), "pass", "{:#}", run.result(id));
    }
    // There are no analysts, and nobody of Identity Center.
    let statuses = run.statuses();
    assert!(!statuses.contains_key("attribution-roles-analyst"), "{statuses:#?}");
    assert!(!statuses.contains_key("attribution-identity-center"), "{statuses:#?}");

    stage.boto3(
        "iam = client('iam')\n\
         trust = json.loads(json.dumps(iam.get_role(RoleName='claude-code-developer')['Role']['AssumeRolePolicyDocument']))\n\
         trust['Statement'][0].pop('Condition')\n\
         iam.update_assume_role_policy(RoleName='claude-code-developer', PolicyDocument=json.dumps(trust))\n\
         policy = iam.create_policy(PolicyName='More', PolicyDocument=json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*'}]}))\n\
         iam.attach_role_policy(RoleName='claude-code-admin', PolicyArn=policy['Policy']['Arn'])\n\
         iam.deactivate_mfa_device(UserName='ben.baker', SerialNumber='arn:aws:iam::123456789012:mfa/ben.baker')",
    );
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-roles-developer",
        "fail",
        "its trust policy: it has otherwise Users",
    );
    run.is("attribution-roles-admin", "fail", "policy/More in addition");
    run.is("attribution-iam-users", "fail", "ben.baker has no second factor");
    assert_eq!(run.status, 10);
    stage.denied(&["iam:GetRole", "iam:ListMFADevices"], || {
        let run = stage.verify("4", &[]);
        run.is("attribution-roles-developer", "unknown", "access denied");
        run.is("attribution-iam-users", "unknown", "access denied");
    });

    stage.boto3(
        "iam = client('iam')\n\
         iam.delete_role_policy(RoleName='claude-code-developer', PolicyName='claude-code-developer')\n\
         iam.delete_role(RoleName='claude-code-developer')\n\
         iam.delete_user(UserName='alice.adams')",
    );
    let run = stage.verify("4", &[]);
    run.is("attribution-roles-developer", "fail", "there is no role");
    run.is("attribution-iam-users", "fail", "alice.adams does not exist");
}

#[test]
fn users_of_other_accounts_cannot_be_seen() {
    let stage = stage();
    let file = stage.path("tfgen.hcl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replace("123456789012:user/ben.baker", "210987654321:user/ben.baker"),
    )
    .unwrap();
    let run = stage.verify("4", &["--only", "attribution-iam-users"]);
    run.is(
        "attribution-iam-users",
        "manual",
        "arn:aws:iam::210987654321:user/ben.baker",
    );
}

#[test]
fn a_developer_assumes_the_role_under_their_own_name() {
    let stage = stage();
    let aws = stage.home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    let config = |role: &str, session: &str| {
        let text = format!(
            "[default]\naws_access_key_id = test\naws_secret_access_key = test\n\n[profile claude-code]\nrole_arn = \
             arn:aws:iam::123456789012:role/{role}\nsource_profile = default\nrole_session_name = \
             {session}\nduration_seconds = 28800\nregion = us-east-1\n"
        );
        fs::write(aws.join("config"), text).unwrap();
    };
    config("claude-code-developer", "alice.adams");
    let run = stage.verify("4", &[]);
    run.is("attribution-cli-profile", "pass", "means what tfgen onboard writes");
    run.is(
        "attribution-login",
        "pass",
        "assumed-role/claude-code-developer/alice.adams",
    );
    config("claude-code-admin", "mallory");
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-cli-profile",
        "fail",
        "role_session_name of [profile claude-code] is mallory",
    );
    run.is("attribution-login", "skipped", "attribution-cli-profile");
}
