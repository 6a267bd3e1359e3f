//! Phase 4 with the tokens of an OpenID provider.

use serde_json::json;

use crate::stage::{Stage, example};

/// Makes provider and role as the rendered root makes them.
const MAKE: &str = "
iam = client('iam')
mine = json.loads(POLICIES)
iam.create_open_id_connect_provider(Url='https://acme.okta.com/oauth2/default', ClientIDList=['0oa1b2c3d4e5f6g7h8i9'], ThumbprintList=['0' * 40])
name = 'claude-code-developer'
iam.create_role(RoleName=name, AssumeRolePolicyDocument=mine['developer-trust'], MaxSessionDuration=28800)
iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=mine['developer'])
";

#[test]
fn provider_and_role_are_as_rendered_or_say_how_they_differ() {
    let stage = Stage::empty(&example("federation.hcl"), &example("developers.csv"));
    stage.render();
    let policies = stage.policies();
    stage
        .moto
        .world(&json!({ "without": ["identity-center", "users", "scim", "groups", "permission-sets"], "policies": policies }))
        .unwrap();
    let run = stage.verify("4", &[]);
    run.is("attribution-oidc-provider", "fail", "there is no arn:aws:iam");
    run.is("attribution-roles-developer", "fail", "there is no role");

    let text = serde_json::Value::from(policies.to_string()).to_string();
    stage.boto3(&MAKE.replace("POLICIES", &text));
    let run = stage.verify("4", &[]);
    for id in ["attribution-oidc-provider", "attribution-roles-developer"] {
        assert_eq!(run.status_of(id), "pass", "{:#}", run.result(id));
    }
    // What no API tells.
    for id in [
        "attribution-application",
        "attribution-token-tags",
        "attribution-claimed",
    ] {
        assert_eq!(run.status_of(id), "manual", "{:#}", run.result(id));
    }
    let statuses = run.statuses();
    for other in [
        "attribution-roles-admin",
        "attribution-iam-users",
        "attribution-identity-center",
    ] {
        assert!(!statuses.contains_key(other), "{statuses:#?}");
    }

    stage.boto3(
        "iam = client('iam')\n\
         arn = 'arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default'\n\
         iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)\n\
         iam.create_open_id_connect_provider(Url='https://acme.okta.com/oauth2/default', ClientIDList=['0oa1b2c3d4e5f6g7h8i9', 'another'], ThumbprintList=['0' * 40])\n\
         trust = iam.get_role(RoleName='claude-code-developer')['Role']['AssumeRolePolicyDocument']\n\
         trust['Statement'][0]['Condition'].pop('StringLike')\n\
         iam.update_assume_role_policy(RoleName='claude-code-developer', PolicyDocument=json.dumps(trust))",
    );
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-oidc-provider",
        "fail",
        "it takes tokens for another as well",
    );
    run.is(
        "attribution-roles-developer",
        "fail",
        "its trust policy: it has otherwise Tokens",
    );
    assert_eq!(run.status, 10);
}
