//! An identity pool of Amazon Cognito: the emulation's, which believes any login, behind what Amazon Cognito would look at.

use real::oidc::{CLIENT_ID, Endpoint, Fault};
use serde_json::{Value, json};

use crate::gate;
use crate::pool::{Asked, Pool};
use crate::stage::{Stage, moto};

/// Exit codes of the sub-commands.
const CONFIG: i32 = 3;
const FEDERATION: i32 = 6;

/// What a session with tags needs.
const BOTH: [&str; 2] = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"];

/// The profile of a pool, in which no role stands.
fn profile(pool: &str) -> Value {
    json!({ "federated_role_arn": null, "identity_pool_id": pool })
}

/// A home, and a pool of the emulation with the provider in it, tags, and a role whose trust policy allows these actions.
fn stage(actions: &[&str]) -> (Stage, Pool) {
    let stage = Stage::new();
    let arn = gate::provider_arn(stage.provider.issuer());
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Federated": "cognito-identity.amazonaws.com" }, "Action": actions,
        "Condition": {
            "StringEquals": { "cognito-identity.amazonaws.com:aud": "POOL" },
            "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
            "StringLike": { "aws:RequestTag/Email": "*@example.com" },
        },
    }] });
    let script = format!(
        "pools = client('cognito-identity')\nresult = pools.create_identity_pool(IdentityPoolName='developers', \
         AllowUnauthenticatedIdentities=False, OpenIdConnectProviderARNs=['{arn}'])\npool = result['IdentityPoolId']\ntrust = \
         '{trust}'.replace('POOL', pool)\nrole = client('iam').create_role(RoleName='pool-' + pool.split(':')[1], \
         AssumeRolePolicyDocument=trust)['Role']\npools.set_identity_pool_roles(IdentityPoolId=pool, Roles={{'authenticated': \
         role['Arn']}})\npools.set_principal_tag_attribute_map(IdentityPoolId=pool, IdentityProviderName='{arn}', \
         UseDefaults=False, PrincipalTags={{'Email': 'email', 'Department': 'department'}})\n"
    );
    let made = moto().boto3(&script).unwrap();
    // The pool knows its provider by the name that stands in the ARN.
    let provider = made["OpenIdConnectProviderARNs"][0].as_str().unwrap();
    let pool = Pool {
        id: made["IdentityPoolId"].as_str().unwrap().to_owned(),
        provider: provider.split_once(":oidc-provider/").unwrap().1.to_owned(),
        arn,
    };
    stage.gate.open_pool(pool.clone());
    stage.set("AWS_ENDPOINT_URL_COGNITO_IDENTITY", stage.gate.endpoint());
    stage.configure(&profile(&pool.id));
    (stage, pool)
}

fn operations(asked: &[Asked]) -> Vec<(&str, Option<&'static str>)> {
    asked
        .iter()
        .map(|asked| (asked.operation.as_str(), asked.refused))
        .collect()
}

#[test]
fn a_token_becomes_an_identity_and_its_credentials() {
    let (stage, pool) = stage(&BOTH);
    let first = stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    let both = [("GetId", None), ("GetCredentialsForIdentity", None)];
    let asked = stage.gate.pooled();
    assert_eq!(operations(&asked), both);
    // The pool makes tags of the claims that the token has.
    assert_eq!(
        asked[1].tags,
        [("Email".to_owned(), "alice@example.com".to_owned())].into()
    );
    // What is kept is what was given, to its own end: the emulation gives 90 seconds.
    assert_eq!(stage.start(&[]).ended().credentials(), first);
    assert_eq!(stage.gate.pooled().len(), 2);
    let end: jiff::Timestamp = first["Expiration"].as_str().unwrap().parse().unwrap();
    assert!(
        end < jiff::Timestamp::now() + jiff::SignedDuration::from_secs(91),
        "{end}"
    );
    // The emulation has the identity.
    let script = format!(
        "result = client('cognito-identity').list_identities(IdentityPoolId='{}', MaxResults=9)",
        pool.id
    );
    let known = moto().boto3(&script).unwrap();
    assert_eq!(known["Identities"].as_array().map(Vec::len), Some(1));
    // AWS STS has no part in it.
    assert_eq!(stage.gate.federated(), []);

    // Renewed without anybody, while the token is good, and after it by a refresh.
    std::fs::remove_file(stage.session()).unwrap();
    stage.start(&[]).ended().credentials();
    stage.forget_session();
    stage.start(&[]).ended().credentials();
    assert_eq!(stage.gate.pooled().len(), 6);
    assert_eq!(stage.provider.count(Endpoint::Authorization).unwrap(), 1);
}

#[test]
fn what_a_pool_refuses_is_told_with_what_to_compare() {
    let (stage, pool) = stage(&BOTH);
    let issuer = stage.provider.issuer();
    let refused = |said: &str, code: i32, refusal: &'static str| {
        stage.start(&["logout"]).ended();
        let ended = stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
        assert_eq!(ended.refusal(), (code, said.to_owned()));
        assert_eq!(operations(&stage.gate.pooled()).last(), Some(&("GetId", Some(refusal))));
    };
    // The pool has another provider than the login names.
    let host = gate::host(issuer).to_owned();
    stage.gate.open_pool(Pool {
        provider: "id.other.example".to_owned(),
        ..pool.clone()
    });
    refused(
        &format!(
            "AWS refused cognito-identity:GetId: NotAuthorizedException: Invalid login token. Issuer doesn't match \
             providerName\n  compare the identity pool {} with the token: the provider {host} must be one of its authentication \
             providers, with the issuer {issuer} and the audience {CLIENT_ID}, and its keys must be readable from the internet",
            pool.id
        ),
        FEDERATION,
        "NotAuthorizedException",
    );
    // There is no such pool.
    stage.gate.open_pool(pool.clone());
    let nowhere = "us-east-1:00000000-0000-0000-0000-000000000000";
    stage.configure(&profile(nowhere));
    refused(
        &format!(
            "AWS refused cognito-identity:GetId: ResourceNotFoundException: IdentityPool \"{nowhere}\" not found.\n  there is no \
             identity pool {nowhere}: look at `identity_pool_id` in config.json"
        ),
        CONFIG,
        "ResourceNotFoundException",
    );
    // What the issuer did not sign for this application is not shown to AWS at all.
    stage.configure(&profile(&pool.id));
    let before = stage.gate.pooled().len();
    for fault in [Fault::WrongKey, Fault::WrongAudience, Fault::Unsigned] {
        stage.provider.fault(Endpoint::Token, Some(fault)).unwrap();
        stage.start(&["logout"]).ended();
        let ended = stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
        assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    }
    assert_eq!(stage.gate.pooled().len(), before);
}

#[test]
fn a_role_that_does_not_let_the_pool_in_is_told() {
    let advice = |pool: &Pool| {
        format!(
            "AWS refused cognito-identity:GetCredentialsForIdentity: InvalidIdentityPoolConfigurationException: Invalid identity \
             pool configuration. Check assigned IAM roles for this pool.\n  look at the role for authenticated users of the identity \
             pool {}: its trust policy must name cognito-identity.amazonaws.com, with this pool as \
             `cognito-identity.amazonaws.com:aud`, and allow `sts:TagSession` where the pool maps claims to tags",
            pool.id
        )
    };
    // Sessions may not be tagged; or not with this address.
    for (actions, login) in [(&BOTH[..1], "alice"), (&BOTH, "mallory@example.org")] {
        let (stage, pool) = stage(actions);
        let ended = stage.start(&["login"]).signed_in_at(&stage.provider, login);
        assert_eq!(ended.refusal(), (FEDERATION, advice(&pool)), "{login}");
    }
}
