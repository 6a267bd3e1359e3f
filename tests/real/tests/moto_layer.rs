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
