//! The machine's own credentials, and what other programs are given.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::home::{Home, oidc};
use crate::server::Server;

fn ambient() -> Home {
    Home::new(&json!({"auth_type": "none", "aws_region": "us-east-1"}))
}

#[test]
fn credentials_of_the_environment_are_passed_on() {
    let home = ambient()
        .set("AWS_ACCESS_KEY_ID", "ASIAENV")
        .set("AWS_SECRET_ACCESS_KEY", "es")
        .set("AWS_SESSION_TOKEN", "et");
    let ended = home.run(&[]);
    assert_eq!(
        ended.stdout,
        "{\"Version\":1,\"AccessKeyId\":\"ASIAENV\",\"SecretAccessKey\":\"es\",\"SessionToken\":\"et\"}\n"
    );
    // Their source keeps them.
    assert!(!home.session().exists());
    let ended = home.set("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z").run(&[]);
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""));
    assert!(ended.stderr.contains("have ended"), "{}", ended.stderr);
}

#[test]
fn without_any_the_way_out_is_told() {
    let ended = ambient().set("PATH", "/nowhere").run(&[]);
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("install the AWS CLI"), "{}", ended.stderr);
    let asked = ambient().set("CREDENTIAL_PROCESS_ASKED", "1").run(&[]);
    assert!(asked.stderr.contains("asks this program again"), "{}", asked.stderr);
    let login = ambient().run(&["login"]);
    assert_eq!(login.status, 3, "{}", login.stderr);
}

#[test]
fn claude_desktop_gets_a_key_of_bedrock() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).with_credentials();
    let ended = home.run(&["--desktop"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let answer: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(answer["headers"], json!({}));
    let key = answer["token"]
        .as_str()
        .unwrap()
        .strip_prefix("bedrock-api-key-")
        .unwrap();
    let address = String::from_utf8(BASE64_STANDARD.decode(key).unwrap()).unwrap();
    assert!(
        address.starts_with("bedrock.amazonaws.com/?Action=CallWithBearerToken&") && address.contains("ASIAKEPT%2F"),
        "{address}"
    );
}

#[test]
fn nobody_is_asked_for_a_client_secret_without_a_terminal() {
    let server = Server::start();
    let ended = oidc(&server, &json!({})).run(&["--set-client-secret"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""));
    assert!(ended.stderr.contains("CCWB_CLIENT_SECRET"), "{}", ended.stderr);
}
