//! IAM Identity Center in the run. The login of the AWS CLI is in its cache already, or there is none.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::home::{Home, private};
use crate::server::Server;

/// printf %s https://acme.awsapps.com/start | sha1sum
const CACHE: &str = ".aws/sso/cache/40169cea58ca6cbf23fb27b2542923fb5f524af0.json";

fn profile(quota: Option<&Server>) -> Value {
    let mut profile = json!({
        "auth_type": "idc", "aws_region": "eu-west-1", "idc_start_url": "https://acme.awsapps.com/start", "idc_region": "eu-west-1",
        "idc_account_id": "123456789012", "idc_permission_set_name": "Dev",
    });
    if let Some(server) = quota {
        profile["quota_api_endpoint"] = json!(server.base);
    }
    profile
}

fn signed_in(server: &Server, quota: Option<&Server>) -> Home {
    let home = Home::new(&profile(quota)).set("AWS_ENDPOINT_URL", &server.base);
    let end = Timestamp::now() + SignedDuration::from_hours(2);
    let token = json!({
        "startUrl": "https://acme.awsapps.com/start", "region": "eu-west-1", "accessToken": "at-cli", "expiresAt": end,
    });
    private(&home.path(CACHE), &token.to_string());
    home
}

fn role(key: &str) -> Value {
    let end = (Timestamp::now() + SignedDuration::from_hours(1)).as_millisecond();
    json!({"roleCredentials": {"accessKeyId": key, "secretAccessKey": "rs", "sessionToken": "rt", "expiration": end}})
}

#[test]
fn a_login_of_the_cli_brings_credentials_which_are_kept() {
    let server = Server::start();
    let home = signed_in(&server, None);
    server.answer(200, &role("ASIAROLE"));
    assert_eq!(home.run(&[]).key(), "ASIAROLE");
    let asked = server.requests().remove(0);
    assert_eq!(
        asked.line,
        "GET /federation/credentials?account_id=123456789012&role_name=Dev"
    );
    assert!(
        asked.headers.contains("x-amz-sso_bearer_token: at-cli\n"),
        "{}",
        asked.headers
    );
    assert_eq!(home.run(&[]).key(), "ASIAROLE");
    assert!(server.requests().is_empty());
}

#[test]
fn the_quota_is_asked_about_with_the_credentials_that_are_not_yet_handed_out() {
    let server = Server::start();
    let home = signed_in(&server, Some(&server));
    server.answer(200, &role("ASIAROLE"));
    server.answer(200, &json!({"allowed": false, "reason": "monthly_exceeded"}));
    let ended = home.run(&["login"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (7, ""), "{}", ended.stderr);
    let asked = server.requests().remove(1);
    assert!(
        asked
            .headers
            .contains("authorization: AWS4-HMAC-SHA256 Credential=ASIAROLE/"),
        "{}",
        asked.headers
    );
    assert!(!home.session().exists());
}

#[test]
fn an_sdk_that_nobody_watches_leads_nobody_to_a_code() {
    let server = Server::start();
    let home = Home::new(&profile(None)).set("AWS_ENDPOINT_URL", &server.base);
    let ended = home.run(&[]);
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("credential-process login"), "{}", ended.stderr);
    assert!(server.requests().is_empty());
}

#[test]
fn a_code_is_shown_and_the_login_shared_with_the_cli() {
    let server = Server::start();
    let home = Home::new(&profile(None)).set("AWS_ENDPOINT_URL", &server.base);
    server.answer(
        200,
        &json!({"clientId": "c", "clientSecret": "cs", "clientSecretExpiresAt": 4_102_444_800_u64}),
    );
    server.answer(
        200,
        &json!({"deviceCode": "dc", "userCode": "ABCD-EFGH", "verificationUri": "https://acme.awsapps.com/start/#/device",
                "expiresIn": 600, "interval": 1}),
    );
    server.answer(
        200,
        &json!({"accessToken": "at-new", "expiresIn": 3600, "refreshToken": "rt-new"}),
    );
    server.answer(200, &role("ASIANEW"));
    let ended = home.run(&["--login"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (0, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("ABCD-EFGH"), "{}", ended.stderr);
    assert!(std::fs::read_to_string(home.path(CACHE)).unwrap().contains("at-new"));
    assert_eq!(home.run(&[]).key(), "ASIANEW");
    for secret in ["at-new", "rt-new", "dc\"", "cs\""] {
        assert!(!ended.stderr.contains(secret));
    }
}

/// A file of profiles with two sessions of the portal and one of another.
fn with_sessions(home: Home) -> Home {
    let mut config = String::new();
    for (name, portal) in [("acme", "acme"), ("also acme", "acme"), ("other", "other")] {
        config.push_str(&format!(
            "[sso-session '{name}']\nsso_region = eu-west-1\nsso_start_url = https://{portal}.awsapps.com/start\n"
        ));
    }
    std::fs::write(home.path("profiles of AWS"), config).unwrap();
    let place = home.path("profiles of AWS").display().to_string();
    home.set("AWS_CONFIG_FILE", &place)
}

/// printf %s acme | sha1sum, and so on.
const SESSIONS: [&str; 2] = [
    ".aws/sso/cache/293abb6b76d7791c0732cc517d38c4b5c734b87f.json",
    ".aws/sso/cache/641ac9ecbaab021d6c454d080f22c28f68f6e0e9.json",
];
const OTHER: &str = ".aws/sso/cache/d0941e68da8f38151ff86a61fc59f7c5cf9fcaa2.json";

#[test]
fn a_login_of_a_session_of_the_cli_counts_and_goes_with_the_others() {
    let server = Server::start();
    let home = with_sessions(Home::new(&profile(None)).set("AWS_ENDPOINT_URL", &server.base));
    let end = Timestamp::now() + SignedDuration::from_hours(2);
    let token = json!({
        "startUrl": "https://acme.awsapps.com/start", "region": "eu-west-1", "accessToken": "at-session", "expiresAt": end,
    });
    private(&home.path(OTHER), &token.to_string());
    assert_eq!(home.run(&["status"]).status, 4);
    private(&home.path(SESSIONS[1]), &token.to_string());
    assert_eq!(home.run(&["status"]).status, 0);
    server.answer(200, &role("ASIAROLE"));
    assert_eq!(home.run(&[]).key(), "ASIAROLE");
    let asked = server.requests().remove(0);
    assert!(
        asked.headers.contains("x-amz-sso_bearer_token: at-session\n"),
        "{}",
        asked.headers
    );

    private(&home.path(SESSIONS[0]), &token.to_string());
    private(&home.path(CACHE), &token.to_string());
    for (flag, status, told) in [
        ("logout", 200, "Ended: the login at IAM Identity Center"),
        ("--clear-cache", 401, "Ended: the login at IAM Identity Center"),
        (
            "logout",
            503,
            "The login was not ended at IAM Identity Center, where a copy of it",
        ),
        ("logout", 403, "AWS refused sso:Logout"),
    ] {
        server.answer(status, &json!({}));
        let ended = home.run(&[flag]);
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{status}: {}", ended.stderr);
        let asked = server.requests();
        // One login in three files is ended once.
        let [question] = asked.as_slice() else {
            panic!("{asked:?}")
        };
        assert_eq!(question.line, "POST /logout");
        assert!(question.headers.contains("x-amz-sso_bearer_token: at-session\n"));
        for file in [CACHE, SESSIONS[0], SESSIONS[1]] {
            assert!(!home.path(file).exists(), "{flag} {file}: {}", ended.stderr);
            private(&home.path(file), &token.to_string());
        }
        assert!(home.path(OTHER).exists());
    }
}

#[test]
fn a_login_of_ours_is_one_of_the_sessions_as_well() {
    let server = Server::start();
    let home = with_sessions(Home::new(&profile(None)).set("AWS_ENDPOINT_URL", &server.base));
    server.answer(
        200,
        &json!({"clientId": "c", "clientSecret": "cs", "clientSecretExpiresAt": 4_102_444_800_u64}),
    );
    server.answer(
        200,
        &json!({"deviceCode": "dc", "userCode": "ABCD-EFGH", "verificationUri": "https://acme.awsapps.com/start/#/device",
                "expiresIn": 600, "interval": 1}),
    );
    server.answer(
        200,
        &json!({"accessToken": "at-new", "expiresIn": 3600, "refreshToken": "rt-new"}),
    );
    server.answer(200, &role("ASIANEW"));
    let ended = home.run(&["--login"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let written = |file: &str| std::fs::read_to_string(home.path(file)).unwrap();
    assert!(written(CACHE).contains("at-new"));
    for file in SESSIONS {
        assert_eq!(written(file), written(CACHE));
    }
    assert!(!home.path(OTHER).exists());
}

#[test]
fn a_login_that_the_portal_ended_is_made_anew() {
    let server = Server::start();
    let home = signed_in(&server, None);
    server.answer(
        401,
        &json!({"__type": "UnauthorizedException", "message": "Session token not found or invalid"}),
    );
    let ended = home.run(&["--refresh-if-needed"]);
    assert_eq!(ended.status, 1);
    assert!(ended.stderr.contains("somebody has to sign in"), "{}", ended.stderr);
}

/// The next call takes new credentials by it.
#[test]
fn a_login_of_the_cli_counts_as_one() {
    let server = Server::start();
    let ended = signed_in(&server, None).run(&["status"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("signed in; the next call"), "{}", ended.stdout);
    let nobody = Home::new(&profile(None)).run(&["status", "--json"]);
    assert_eq!(nobody.status, 4, "{}", nobody.stderr);
}

#[test]
fn what_needs_a_token_says_that_there_is_none() {
    let server = Server::start();
    let home = signed_in(&server, None);
    let telemetry = home.run(&["--get-monitoring-token"]);
    assert_eq!((telemetry.status, telemetry.stdout.as_str()), (0, "\n"));
    let header = home.run(&["--get-mcp-auth-header"]);
    assert_eq!((header.status, header.stdout.as_str()), (1, ""));
}
