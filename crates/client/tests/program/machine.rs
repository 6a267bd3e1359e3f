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

/// Packages are renewed: what another provider, application or role brought is not handed to this one.
#[test]
fn what_belongs_to_another_login_or_role_is_nothing() {
    let server = Server::start();
    let given = |key: &str| {
        format!(
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>{key}</AccessKeyId>\
             <SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2099-11-26T09:00:00Z</Expiration>\
             </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        )
    };
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).with_token();
    server.answer_with(200, "", &given("ASIAONE"));
    assert_eq!(home.run(&[]).key(), "ASIAONE");
    let file = home.path("claude-code-with-bedrock/config.json");
    let before = std::fs::read_to_string(&file).unwrap();
    // Another role: the token is as good as before, the credentials are not.
    std::fs::write(&file, before.replace(":role/dev", ":role/other")).unwrap();
    server.answer_with(200, "", &given("ASIATWO"));
    assert_eq!(home.run(&[]).key(), "ASIATWO");
    let asked = server.requests().pop().unwrap();
    assert!(asked.body.contains("role%2Fother"), "{}", asked.body);
}

/// A window for each call of an SDK would not change what AWS denies.
#[cfg(unix)]
#[test]
fn what_aws_denies_opens_no_window() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).with_token();
    let opened = home.path("opened");
    let browser = home.path("browser");
    std::fs::write(&browser, format!("#!/bin/sh\n: >'{}'\n", opened.display())).unwrap();
    std::fs::set_permissions(&browser, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let home = home.set("BROWSER", &browser.display().to_string());
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>m</Message></Error></ErrorResponse>";
    server.answer_with(403, "", denied);
    let ended = home.run(&["login"]);
    assert_eq!(ended.status, 6, "{}", ended.stderr);
    assert!(!opened.exists());
}

#[test]
fn credentials_that_have_ended_are_none() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).with_token();
    let ended = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>A</AccessKeyId>\
        <SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2020-11-26T09:00:00Z</Expiration>\
        </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
    server.answer_with(200, "", ended);
    let ended = home.run(&[]);
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("clock"), "{}", ended.stderr);
}

#[test]
fn status_tells_by_its_exit_code_that_somebody_has_to_sign_in() {
    let server = Server::start();
    let nobody = oidc(&server, &json!({}));
    assert_eq!(nobody.run(&["status"]).status, 4);
    assert_eq!(nobody.run(&["status", "--json"]).status, 4);
    assert_eq!(nobody.with_token().run(&["status"]).status, 0);
    // Nobody signs in for the machine's own credentials.
    let own = ambient().run(&["status"]);
    assert!(own.status == 0 && !own.stderr.contains("login"), "{}", own.stderr);
}

#[test]
fn what_an_earlier_version_left_counts_as_credentials() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""}));
    let old = "[ClaudeCode]\naws_access_key_id = ASIAOLD\naws_secret_access_key = s\naws_session_token = t\n\
               x-expiration = 2099-01-01T00:00:00Z\n";
    crate::home::private(&home.path(".aws/credentials"), old);
    assert_eq!(home.run(&["--check-expiration"]).status, 0);
    assert_eq!(home.run(&[]).key(), "ASIAOLD");
}

#[test]
fn the_token_of_telemetry_is_nobody_elses() {
    let server = Server::start();
    let home = oidc(&server, &json!({})).set("CLAUDE_CODE_MONITORING_TOKEN", "injected");
    assert_eq!(home.run(&["--get-monitoring-token"]).stdout, "injected\n");
    assert_eq!(home.run(&["--get-mcp-auth-header"]).stdout, "");
}

/// No bus: nothing says that the refresh token is gone.
#[cfg(target_os = "linux")]
#[test]
fn logging_out_fails_where_the_keyring_cannot_be_looked_at() {
    let server = Server::start();
    let home = oidc(&server, &json!({"credential_storage": "keyring"}));
    assert_eq!(home.run(&["logout"]).status, 1);
    let files = oidc(&server, &json!({}));
    let ended = files.run(&["logout"]);
    assert_eq!(ended.status, 0);
    assert!(ended.stderr.contains("keyring was not looked at"), "{}", ended.stderr);
}
