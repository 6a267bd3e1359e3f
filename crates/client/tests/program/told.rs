//! What the program says of a configuration, of files that it cannot use, and of itself.

use std::fs;

use serde_json::{Value, json};

use crate::home::{GIVEN, Home, oidc, private};
use crate::server::Server;
use crate::signer::Signer;

/// What `login` refuses, `explain` and `status` refuse as well, with the same words and the same code.
#[track_caller]
fn refused(home: &Home, part: &str) {
    let login = home.run(&["login"]);
    assert_eq!(login.status, 3, "{}", login.stderr);
    assert!(login.stderr.contains(part), "{part} in {}", login.stderr);
    for word in ["status", "explain"] {
        let told = home.run(&[word]);
        assert_eq!((told.status, &told.stderr), (3, &login.stderr), "{word}");
    }
    let run = home.run(&[]);
    assert_eq!((run.status, run.stdout.as_str(), &run.stderr), (1, "", &login.stderr));
}

#[test]
fn what_login_refuses_is_refused_before_and_told_everywhere() {
    let server = Server::start();
    for (change, part) in [
        (
            json!({"aws_region": "eu-west"}),
            "`aws_region` is `eu-west`; expected a region",
        ),
        (
            json!({"redirect_port": 0.5}),
            "`redirect_port` is 0.5; expected a port from 1 to 65535",
        ),
        (
            json!({"federation_type": "cognito", "identity_pool_id": "pool"}),
            "`identity_pool_id` is `pool`; expected",
        ),
        (
            json!({"provider_type": "okta", "provider_domain": "acme.okta.com", "okta_auth_server_id": "a/b"}),
            "`okta_auth_server_id` is `a/b`",
        ),
        (
            json!({"provider_type": "google", "provider_domain": "accounts.google.com"}),
            "`client_secret` is missing, and Google",
        ),
        (
            json!({"provider_type": "cognito", "provider_domain": "a.auth.eu-west-1.amazoncognito.com"}),
            "`cognito_user_pool_id` is missing",
        ),
        (
            json!({
                "provider_type": "azure", "azure_auth_mode": "certificate",
                "provider_domain": "login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
                "client_certificate_path": "/nowhere/cert.pem", "client_certificate_key_path": "/nowhere/key.pem",
            }),
            "/nowhere/cert.pem cannot be read",
        ),
        (
            json!({"oidc_token_endpoint": "https://id.example@evil.example/t"}),
            "`oidc_token_endpoint` is `https://…@evil.example/t`, which has a user name in it",
        ),
        (
            json!({"quota_api_endpoint": "https://q.example/?key=1"}),
            "the address of the quota service is `https://q.example/?…`, which has a query",
        ),
    ] {
        refused(&oidc(&server, &change), part);
    }
    let port = oidc(&server, &json!({})).set("REDIRECT_PORT", "84OO");
    refused(&port, "`REDIRECT_PORT` is no port");
    let moved = oidc(&server, &json!({})).set("AWS_ENDPOINT_URL_STS", "http://sts.example");
    refused(&moved, "AWS_ENDPOINT_URL_STS must begin with https");
    assert!(server.requests().is_empty());
}

/// Whoever helps from afar gets an answer of the same form, whatever is wrong.
#[test]
fn explain_answers_for_a_configuration_that_is_none() {
    let server = Server::start();
    for (home, part) in [
        (
            oidc(&server, &json!({"federated_role_arn": "role"})),
            "`federated_role_arn`",
        ),
        (oidc(&server, &json!({"redirect_port": 70000})), "`redirect_port`"),
        (oidc(&server, &json!({})).set("CCWB_PROFILE", "Other"), "`Other`"),
    ] {
        let told = home.run(&["explain"]);
        let json: Value = serde_json::from_str(&told.stdout).unwrap();
        let fault = json["fault"].as_str().unwrap();
        assert!(told.status == 3 && fault.contains(part), "{part}: {fault}");
        assert!(json["version"].is_string() && json["environment"].is_array(), "{json}");
        assert!(told.stderr.contains(part), "{}", told.stderr);
    }
}

/// A login that is forgotten at once is none, whatever came of it. Where it is kept, credentials that are not cost a moment.
#[test]
fn a_login_that_cannot_be_kept_fails() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).with_token();
    fs::create_dir_all(home.path(".aws")).unwrap();
    fs::write(home.path(".aws/claude-code-with-bedrock"), "").unwrap();
    for (args, status) in [(&["login"][..], 0), (&[], 0), (&["--refresh-if-needed"], 1)] {
        server.answer_with(200, "", GIVEN);
        let ended = home.run(args);
        assert_eq!(ended.status, status, "{args:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("could not be kept") || ended.stderr.contains("cannot be kept"),
            "{}",
            ended.stderr
        );
    }
    // The token of the login is good for the last time, and its file is in the way of the next one's folder.
    let now = jiff::Timestamp::now().as_second();
    let signer = Signer::new("k");
    let home = oidc(
        &server,
        &json!({
            "quota_api_endpoint": "", "oidc_token_endpoint": format!("{}/t", server.base),
            "oidc_jwks_uri": format!("{}/k", server.base),
        }),
    );
    fs::create_dir_all(home.path(".aws")).unwrap();
    fs::write(home.path(".aws/claude-code-with-bedrock"), "").unwrap();
    private(
        &home.path(".claude-code-session/ClaudeCode-refresh.json"),
        &json!({"refresh_token": "rt", "profile": "ClaudeCode"}).to_string(),
    );
    fs::create_dir(home.path(".claude-code-session/ClaudeCode-monitoring.json")).unwrap();
    let token = signer
        .token(&json!({"iss": "https://id.example", "sub": "ada", "aud": "client", "iat": now, "exp": now + 600}));
    server.answer(200, &json!({"id_token": token, "refresh_token": "rt-2"}));
    server.answer(200, &json!({"keys": [signer.key()]}));
    server.answer_with(200, "", GIVEN);
    let ended = home.run(&["login"]);
    assert_eq!(ended.status, 0, "the refresh token is kept: {}", ended.stderr);
    // Nobody had to sign in, which somebody else must not take for a login of theirs.
    let home = oidc(&server, &json!({"quota_api_endpoint": ""}))
        .with_token()
        .with_credentials();
    let told = home.run(&["login"]).stderr;
    assert!(
        told.starts_with("Already signed in as ada@acme.example until ") && told.contains("credential-process logout"),
        "{told}"
    );
}

/// Whoever writes config.json is sent the token.
#[cfg(unix)]
#[test]
fn files_that_decide_where_tokens_go_are_looked_at() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    let tenant = "login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
    let mut home = oidc(&server, &json!({}));
    let key = home.path("key.pem");
    fs::write(&key, "").unwrap();
    let certificate = json!({
        "provider_type": "azure", "azure_auth_mode": "certificate", "provider_domain": tenant,
        "client_certificate_path": "cert.pem", "client_certificate_key_path": key,
    });
    let mode = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let config = home.path("claude-code-with-bedrock/config.json");
    mode(&config, 0o664);
    assert!(!home.run(&["status"]).stderr.contains("chmod"));
    mode(&config, 0o666);
    let told = home.run(&["status"]).stderr;
    assert!(
        told.contains("config.json can be written by everybody (mode 0666)"),
        "{told}"
    );

    home = oidc(&server, &certificate);
    refused(
        &home,
        "the path cert.pem (`client_certificate_path`) does not begin at the root",
    );
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
    let key = home.path("key.pem");
    fs::copy(format!("{folder}/client.pkcs8.pem"), &key).unwrap();
    mode(&key, 0o644);
    let home = home
        .set("AZURE_CLIENT_CERTIFICATE_PATH", &format!("{folder}/client.crt.pem"))
        .set("AZURE_CLIENT_CERTIFICATE_KEY_PATH", key.to_str().unwrap());
    let told = home.run(&["status"]).stderr;
    assert!(told.contains("key.pem can be read by others (mode 0644)"), "{told}");
    let endless = home.set("AZURE_CLIENT_CERTIFICATE_KEY_PATH", "/dev/zero");
    refused(&endless, "/dev/zero cannot be read: it is no file");
}

/// Such as `head`. An SDK that is gone gets no credentials, which is a failure.
#[test]
fn whoever_reads_no_further_makes_no_failure_of_what_is_no_secret() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).with_credentials();
    for (args, status) in [(&["--help"][..], 0), (&["explain"], 0), (&["status"], 0), (&[], 1)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_credential-process"));
        home.prepare(&mut command, args);
        let output = command.stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {output:?}");
    }
}

/// As Windows PowerShell writes a file.
#[test]
fn another_encoding_is_told_as_one() {
    let home = oidc(&Server::start(), &json!({}));
    let file = home.path("claude-code-with-bedrock/config.json");
    let text = fs::read_to_string(&file).unwrap();
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, part) in [
        (utf16, "written in UTF-16"),
        (b"{\"\xe4\": {}}".to_vec(), "no text in UTF-8"),
    ] {
        fs::write(&file, bytes).unwrap();
        refused(&home, part);
    }
}

/// Past the proxy that somebody meant, nothing is asked.
#[test]
fn a_proxy_that_is_not_understood_is_an_error() {
    let server = Server::start();
    for (variable, value) in [
        ("HTTPS_PROXY", "http://proxy.example:port"),
        ("https_proxy", "http://ada:hunter#2@proxy.example:3128"),
        ("ALL_PROXY", "ftp://proxy.example"),
        ("HTTPS_PROXY", "http://proxy.example:port"),
    ] {
        let home = oidc(&server, &json!({"quota_api_endpoint": ""})).set(variable, value);
        private(
            &home.path(".claude-code-session/ClaudeCode-refresh.json"),
            &json!({"refresh_token": "rt", "profile": "ClaudeCode"}).to_string(),
        );
        let told = home.run(&["--refresh-if-needed"]);
        let expected = format!("the proxy of the variable `{variable}` has an address that is not understood");
        assert_eq!(told.status, 1);
        // Windows makes no difference between `https_proxy` and `HTTPS_PROXY`.
        let (told, expected) = (told.stderr.to_lowercase(), expected.to_lowercase());
        assert!(told.contains(&expected) && !told.contains("hunter"), "{told}");
    }
}

#[test]
fn a_configuration_that_stands_twice_is_refused_with_both_places() {
    let server = Server::start();
    let home = oidc(&server, &json!({}));
    let file = home.path("claude-code-with-bedrock/config.json");
    fs::write(&file, "{\"p\": {\"client_id\": \"a\",\n\"client_id\": \"b\"}}").unwrap();
    refused(
        &home,
        "config.json: `client_id` stands twice in one object: at line 1, column 8 and at line 2, column 1\n  remove one of the two",
    );
}

#[test]
fn a_configuration_that_is_a_folder_is_not_passed_over() {
    let server = Server::start();
    let home = oidc(&server, &json!({}));
    let file = home.path("claude-code-with-bedrock/config.json");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    refused(&home, "config.json cannot be read: it is no file");
}

#[test]
fn explain_says_what_the_configuration_comes_to_and_no_secret() {
    let server = Server::start();
    let home = oidc(
        &server,
        &json!({"client_secret": "hunter2", "quota_fail_mode": "closed", "max_session_duration": 3600}),
    );
    let told = home.run(&["explain", "--json"]);
    assert_eq!((told.status, told.stderr.as_str()), (0, ""));
    assert!(!told.stdout.contains("hunter2"));
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    for (pointer, expected) in [
        ("/version", json!(env!("CARGO_PKG_VERSION"))),
        ("/fault", Value::Null),
        ("/auth/issuer", json!("https://id.example")),
        ("/auth/endpoints/token", json!("https://id.example/t")),
        ("/auth/endpoints/keys", json!("https://id.example/k")),
        ("/auth/client_id", json!("client")),
        ("/auth/client", json!("secret of config.json")),
        ("/auth/scopes", json!("openid profile email offline_access")),
        ("/auth/redirect_uri", json!("http://localhost:8400/callback")),
        ("/auth/federation/role_arn", json!("arn:aws:iam::123456789012:role/dev")),
        ("/auth/federation/region", json!("us-east-1")),
        ("/auth/federation/max_session_duration", json!(3600)),
        ("/storage", json!("session")),
        ("/quota/fail_mode", json!("closed")),
        ("/quota/asked", json!(format!("{}/prod/check", server.base))),
    ] {
        assert_eq!(told.pointer(pointer), Some(&expected), "{pointer} in {told:#}");
    }
    assert!(told.as_object().unwrap().contains_key("commit"));
    let kept = told.pointer("/kept/credentials").unwrap().as_str().unwrap();
    assert!(kept.ends_with("ClaudeCode-credentials.json"), "{kept}");

    let discovered =
        oidc(&server, &json!({"oidc_token_endpoint": null, "oidc_prompt": "consent"})).set("REDIRECT_PORT", "9000");
    let told: Value = serde_json::from_str(&discovered.run(&["explain"]).stdout).unwrap();
    assert_eq!(told.pointer("/auth/endpoints"), Some(&json!("by discovery")));
    assert_eq!(told.pointer("/auth/issuer"), Some(&json!("https://id.example")));
    assert_eq!(told.pointer("/auth/redirect_port"), Some(&json!(9000)));
    assert!(server.requests().is_empty());
}

#[test]
fn what_may_be_a_secret_in_an_address_is_shown_to_nobody() {
    let server = Server::start();
    for address in ["https://ada:hunter2@q.example", "https://q.example/?key=hunter2"] {
        let home = oidc(&server, &json!({"quota_api_endpoint": address}));
        for args in [&["explain"][..], &["status"], &["login"], &[]] {
            let told = home.run(args);
            assert_ne!(told.status, 0);
            assert!(
                !told.stdout.contains("hunter2") && !told.stderr.contains("hunter2"),
                "{args:?}"
            );
        }
    }
}

#[test]
fn a_name_of_the_provider_does_not_move_the_cursor() {
    let server = Server::start();
    let home = oidc(&server, &json!({}));
    let end = jiff::Timestamp::now().as_second() + 3600;
    let kept = json!({"token": "t", "expires": end, "email": "a\u{1b}[2J\u{202e}@x", "profile": "ClaudeCode"});
    private(
        &home.path(".claude-code-session/ClaudeCode-monitoring.json"),
        &kept.to_string(),
    );
    let told = home.run(&["status"]);
    assert!(!told.stdout.contains(['\u{1b}', '\u{202e}']), "{:?}", told.stdout);
}

/// AWS's programs never start this one then, and a login seems to change nothing.
#[test]
fn keys_of_somebodys_own_are_told_at_each_login_and_status_and_not_to_sdks() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).with_credentials();
    let told = "has a section [ClaudeCode] of its own";
    private(
        &home.path(".aws/credentials"),
        "[ClaudeCode]\naws_access_key_id = AKIA\n",
    );
    for _ in 0..2 {
        for word in ["login", "status"] {
            let ended = home.run(&[word]);
            assert_eq!(ended.status, 0, "{}", ended.stderr);
            assert!(ended.stderr.contains(told), "{word}: {}", ended.stderr);
        }
    }
    let json: Value = serde_json::from_str(&home.run(&["status", "--json"]).stdout).unwrap();
    assert!(json["troubles"][0].as_str().unwrap().contains(told), "{json}");
    let run = home.run(&[]);
    assert_eq!((run.key().as_str(), run.stderr.as_str()), ("ASIAKEPT", ""));
}

#[cfg(unix)]
#[test]
fn files_that_cannot_be_used_are_told_with_their_reason() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""}))
        .with_credentials()
        .with_token();
    let session = home.session();
    fs::set_permissions(&session, fs::Permissions::from_mode(0o644)).unwrap();
    for args in [&["status"][..], &["--check-expiration"]] {
        let ended = home.run(args);
        assert!(
            ended
                .stderr
                .contains("credentials.json is not used: others can reach it (mode 0644)"),
            "{args:?}: {}",
            ended.stderr
        );
    }
    fs::remove_file(&session).unwrap();
    fs::create_dir(&session).unwrap();
    for args in [&["status"][..], &["--check-expiration"]] {
        let ended = home.run(args);
        assert!(
            ended
                .stderr
                .contains("credentials.json is not used: it is a folder; move it away"),
            "{args:?}: {}",
            ended.stderr
        );
    }
    fs::create_dir(home.path(".aws/credentials")).unwrap();
    let ended = home.run(&["status", "--json"]);
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    let json: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(json["troubles"].as_array().unwrap().len(), 2, "{json}");
    assert!(
        json["troubles"][1]
            .as_str()
            .unwrap()
            .contains(".aws/credentials is not used: it is a folder"),
        "{json}"
    );
}

#[test]
fn tags_are_named_where_none_was_asked_for() {
    let server = Server::start();
    let home = oidc(&server, &json!({}));
    let nobody = home.run(&["--get-tag"]);
    assert_eq!((nobody.status, nobody.stdout.as_str()), (2, ""));
    assert!(
        nobody.stderr.contains("`--get-tag` has no key (there is no token"),
        "{}",
        nobody.stderr
    );

    let now = jiff::Timestamp::now().as_second();
    let token = Signer::new("k").token(&json!({
        "iss": "https://id.example", "sub": "s", "aud": "client", "iat": now, "exp": now + 3600,
        "https://aws.amazon.com/tags": {"principal_tags": {"Team": ["hunter2"], "Cost\u{1b}[2J": ["hunter3"]}},
    }));
    let kept = json!({"token": token, "expires": now + 3600, "email": "", "profile": "ClaudeCode"});
    private(
        &home.path(".claude-code-session/ClaudeCode-monitoring.json"),
        &kept.to_string(),
    );
    let missing = home.run(&["--get-tag", ""]);
    assert_eq!(missing.status, 2);
    assert_eq!(
        missing.stderr,
        "`--get-tag` has no key (of tags, the token has `Cost\\u{1b}[2J`, `Team`). Write `--get-tag KEY`.\n"
    );
    let other = home.run(&["--get-tag", "team"]);
    assert_eq!((other.status, other.stdout.as_str()), (2, ""));
    assert_eq!(
        other.stderr,
        "The token has no tag `team`; it has `Cost\\u{1b}[2J`, `Team`.\n"
    );
    let there = home.run(&["--get-tag=Team"]);
    assert_eq!((there.status, there.stdout.as_str()), (0, "hunter2\n"));
}

/// One line: the name, the version, and the commit in parentheses.
#[test]
fn the_version_has_the_commit() {
    let server = Server::start();
    let ended = oidc(&server, &json!({})).run(&["--version"]);
    let start = format!("credential-process {} (", env!("CARGO_PKG_VERSION"));
    let commit = ended.stdout.strip_prefix(&start).unwrap().strip_suffix(")\n").unwrap();
    assert_eq!(commit, client::version::COMMIT.unwrap_or("commit unknown"));
    assert!(ended.stdout.lines().count() == 1 && !commit.is_empty());
}

/// Somebody may be at a login page for minutes, and scripts ask often.
#[test]
fn whoever_only_asks_waits_for_nobody() {
    let server = Server::start();
    let home = oidc(&server, &json!({}));
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let environment = [(variable, home.path(""))].into_iter().collect();
    let paths = client::paths::Paths::new(&environment, None).unwrap();
    let files = paths.of_profile("ClaudeCode").unwrap();
    let lock = client::lock::Lock::try_acquire(&files, "testing").unwrap();
    assert!(lock.is_some());
    for args in [&["--check-expiration"][..], &["status"]] {
        let ended = home.run(args);
        assert!(!ended.stderr.contains("Waiting"), "{args:?}: {}", ended.stderr);
    }
}

/// Whoever leaves a machine must not be kept from it.
#[test]
fn a_damaged_configuration_keeps_nobody_from_signing_out() {
    let server = Server::start();
    for text in ["{", "{\"ClaudeCode\": {\"aws_region\": \"x\"}}"] {
        let home = oidc(&server, &json!({})).with_credentials().with_token();
        fs::write(home.path("claude-code-with-bedrock/config.json"), text).unwrap();
        let ended = home.run(&["logout"]);
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        assert!(ended.stderr.contains("goes all the same"), "{}", ended.stderr);
        assert!(!home.session().exists());
        assert!(!home.path(".claude-code-session/ClaudeCode-monitoring.json").exists());
    }
    let home = oidc(&server, &json!({})).with_credentials();
    let other = home.run(&["logout", "--profile", "Claude"]);
    assert_eq!(other.status, 3, "{}", other.stderr);
    assert!(home.session().exists());
}
