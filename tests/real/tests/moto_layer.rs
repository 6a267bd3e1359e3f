//! The layer in front of moto: every answer of an operation that it adds or replaces fits botocore's model of it, read by
//! boto3 over HTTP, and none of them is left out.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use real::moto::Moto;
use serde_json::{Value, json};

#[test]
fn the_example_has_a_world_in_which_everything_is_done() {
    let moto = Moto::start().unwrap();
    let made = moto.world(&json!({})).unwrap();
    assert_eq!(made["profiles"].as_object().map(serde_json::Map::len), Some(75));
    assert_eq!(moto.recorded().unwrap(), [], "making the world is nobody's call");
    let state = moto
        .boto3("result = client('organizations', account='999999999999').describe_account(AccountId='123456789012')['Account']['State']")
        .unwrap();
    assert_eq!(state, Value::from("ACTIVE"));

    moto.reset().unwrap();
    let made = moto.world(&json!({ "access": "roles", "without": ["scp"] })).unwrap();
    let roles: Vec<&str> = made["roles"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        roles.contains(&"arn:aws:iam::123456789012:role/claude-code-developer"),
        "{roles:?}"
    );
    assert_eq!(made.get("policy_id"), None);
    assert!(moto.world(&json!({ "without": ["nonsense"] })).is_err());
}

#[test]
fn every_operation_of_the_layer_answers_as_the_model_has_it() {
    let moto = Moto::start().unwrap();
    moto.world(&json!({})).unwrap();
    let driven = moto.boto3("import drive; result = drive.drive(client, knobs)").unwrap();
    assert_eq!(driven["problems"], json!([]), "{:#}", driven["problems"]);
    assert_eq!(driven["missing"], json!([]), "of the layer, but never called");
}

#[test]
fn a_denial_may_be_of_one_account_and_calls_are_recorded_with_their_end() {
    let moto = Moto::start().unwrap();
    moto.knobs(&json!({ "deny": ["999999999999/iam:ListUsers"] })).unwrap();
    let environment = moto.environment().join("bin/python");
    let script = "import boto3, sys\n\
        plain = {'aws_access_key_id': 'test', 'aws_secret_access_key': 'test'}\n\
        own = boto3.client('sts', endpoint_url=sys.argv[1], **plain)\n\
        role = 'arn:aws:iam::999999999999:role/verify'\n\
        keys = own.assume_role(RoleArn=role, RoleSessionName='verify')['Credentials']\n\
        other = {'aws_access_key_id': keys['AccessKeyId'], 'aws_secret_access_key': keys['SecretAccessKey'], 'aws_session_token': keys['SessionToken']}\n\
        boto3.client('iam', endpoint_url=sys.argv[1], **plain).list_users()\n\
        boto3.client('iam', endpoint_url=sys.argv[1], **other).list_users()\n";
    let output = std::process::Command::new(environment)
        .args(["-c", script, &moto.endpoint()])
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains(
            "User: arn:aws:sts::999999999999:assumed-role/verify/verify is not authorized to perform: iam:ListUsers"
        ),
        "{told}"
    );
    let calls: Vec<(String, String, String, Option<u16>)> = moto
        .recorded()
        .unwrap()
        .into_iter()
        .map(|call| (call.account, call.action, call.operation, call.status))
        .collect();
    let expected = [
        ("123456789012", "sts:AssumeRole", "AssumeRole", 200),
        ("123456789012", "iam:ListUsers", "ListUsers", 200),
        ("999999999999", "iam:ListUsers", "ListUsers", 403),
    ]
    .map(|(account, action, operation, status)| {
        (
            account.to_owned(),
            action.to_owned(),
            operation.to_owned(),
            Some(status),
        )
    });
    assert_eq!(calls, expected);
    moto.forget().unwrap();
    assert_eq!(moto.recorded().unwrap(), []);
}
