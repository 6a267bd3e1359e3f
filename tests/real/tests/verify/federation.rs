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

/// Makes an identity pool as the rendered root makes it, and the role that trusts it.
const POOL: &str = "
mine = json.loads(POLICIES)
arn = 'arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default'
role = 'arn:aws:iam::123456789012:role/claude-code-developer'
iam, pools = client('iam'), client('cognito-identity')
iam.create_open_id_connect_provider(Url='https://acme.okta.com/oauth2/default', ClientIDList=['0oa1b2c3d4e5f6g7h8i9'], ThumbprintList=['0' * 40])
pool = {'IdentityPoolId': pools.create_identity_pool(IdentityPoolName='claude-code-developer', AllowUnauthenticatedIdentities=False, OpenIdConnectProviderARNs=[arn])['IdentityPoolId']}
pools.set_identity_pool_roles(**pool, Roles={'authenticated': role})
pools.set_principal_tag_attribute_map(**pool, IdentityProviderName=arn, UseDefaults=False, PrincipalTags={'Email': 'email', 'Group': 'department'})
name = 'claude-code-developer'
iam.create_role(RoleName=name, AssumeRolePolicyDocument=mine['developer-trust'].replace('${identity_pool_id}', pool['IdentityPoolId']), MaxSessionDuration=3600)
iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=mine['developer'])
";

#[test]
fn an_identity_pool_is_as_rendered_or_says_how_it_differs() {
    let file = example("federation.hcl")
        .replace("  max_session_hours = 8\n", "")
        .replace(
            "  groups            = [\"claude-code-developers\"]\n",
            "  groups            = [\"claude-code-developers\"]\n\n  identity_pool {\n    group_tag_claim = \"department\"\n  }\n",
        );
    assert!(file.contains("identity_pool"), "{file}");
    let stage = Stage::empty(&file, &example("developers.csv"));
    stage.render();
    let policies = stage.policies();
    stage
        .moto
        .world(&json!({ "without": ["identity-center", "users", "scim", "groups", "permission-sets"], "policies": policies }))
        .unwrap();
    let run = stage.verify("4", &[]);
    run.is("attribution-identity-pool", "fail", "there is no identity pool");

    let text = serde_json::Value::from(policies.to_string()).to_string();
    stage.boto3(&POOL.replace("POLICIES", &text));
    let run = stage.verify("4", &[]);
    for id in [
        "attribution-oidc-provider",
        "attribution-identity-pool",
        "attribution-roles-developer",
    ] {
        assert_eq!(run.status_of(id), "pass", "{:#}", run.result(id));
    }
    assert_eq!(run.status_of("attribution-claimed"), "manual");
    // Tags are the pool's matter, not the provider's.
    assert!(!run.statuses().contains_key("attribution-token-tags"));

    stage.boto3(
        "pools = client('cognito-identity')\n\
         pool = {'IdentityPoolId': pools.list_identity_pools(MaxResults=10)['IdentityPools'][0]['IdentityPoolId']}\n\
         arn = 'arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default'\n\
         pools.set_principal_tag_attribute_map(**pool, IdentityProviderName=arn, UseDefaults=False, PrincipalTags={'Email': 'nickname', 'Group': 'department'})\n\
         pools.set_identity_pool_roles(**pool, Roles={'authenticated': 'arn:aws:iam::123456789012:role/other'})\n\
         iam = client('iam')\n\
         trust = iam.get_role(RoleName='claude-code-developer')['Role']['AssumeRolePolicyDocument']\n\
         trust['Statement'][0]['Condition']['StringEquals']['cognito-identity.amazonaws.com:aud'] = 'us-east-1:00000000-0000-0000-0000-000000000000'\n\
         iam.update_assume_role_policy(RoleName='claude-code-developer', PolicyDocument=json.dumps(trust))",
    );
    let run = stage.verify("4", &[]);
    run.is(
        "attribution-identity-pool",
        "fail",
        "it makes the tags Email of nickname",
    );
    run.is(
        "attribution-identity-pool",
        "fail",
        "role/other to authenticated callers",
    );
    run.is(
        "attribution-roles-developer",
        "fail",
        "its trust policy: it has otherwise Tokens",
    );

    // Names are not unique, and a second pool of this name is somebody's.
    stage.boto3("client('cognito-identity').create_identity_pool(IdentityPoolName='claude-code-developer', AllowUnauthenticatedIdentities=True)");
    let run = stage.verify("4", &[]);
    run.is("attribution-identity-pool", "fail", "2 identity pools are called");
    assert_eq!(run.status, 10);
}
