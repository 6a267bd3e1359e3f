//! The quota in the run.

use std::fs;

use serde_json::json;

#[cfg(unix)]
use crate::home::Home;
use crate::home::oidc;
use crate::server::Server;

const GIVEN: &str = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
    <AccessKeyId>ASIANEW</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>\
    <Expiration>2099-11-26T09:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
    </AssumeRoleWithWebIdentityResponse>";

fn lines(server: &Server) -> Vec<String> {
    server.requests().into_iter().map(|request| request.line).collect()
}

fn blocked() -> serde_json::Value {
    json!({"allowed": false, "reason": "daily_exceeded", "message": "No more today.", "contact": "#ai-help",
           "usage": {"daily_tokens": 120, "daily_limit": 100}})
}

#[test]
fn it_is_asked_about_before_credentials_are_taken_and_again_after_the_interval() {
    let server = Server::start();
    let home = oidc(&server, &json!({})).with_token();
    server.answer(200, &json!({"allowed": true}));
    server.answer_with(200, "", GIVEN);
    assert_eq!(home.run(&[]).key(), "ASIANEW");
    assert_eq!(lines(&server), ["GET /prod/check", "POST /"]);
    // Within the interval nobody is asked.
    assert_eq!(home.run(&[]).key(), "ASIANEW");
    assert_eq!(lines(&server), [""; 0]);
    let state = home.path("claude-code-with-bedrock/.quota-state-ClaudeCode.json");
    fs::write(&state, r#"{"last_check_unix":1795676400}"#).unwrap();
    server.answer(200, &json!({"allowed": true}));
    assert_eq!(home.run(&[]).key(), "ASIANEW");
    assert_eq!(lines(&server), ["GET /prod/check"]);
    assert!(!fs::read_to_string(state).unwrap().contains("1795676400"));
}

#[test]
fn an_interval_of_zero_asks_each_time() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_check_interval": 0}))
        .with_token()
        .with_credentials();
    for _ in 0..2 {
        server.answer(200, &json!({"allowed": true}));
        assert_eq!(home.run(&[]).key(), "ASIAKEPT");
        assert_eq!(lines(&server), ["GET /prod/check"]);
    }
}

#[test]
fn whoever_is_blocked_gets_nothing_new_and_keeps_nothing_old() {
    let server = Server::start();
    for home in [
        oidc(&server, &json!({})).with_token(),
        oidc(&server, &json!({})).with_token().with_credentials(),
        oidc(&server, &json!({"quota_fail_mode": "closed"}))
            .with_token()
            .with_credentials(),
    ] {
        server.answer(200, &blocked());
        let ended = home.run(&["login"]);
        assert_eq!((ended.status, ended.stdout.as_str()), (7, ""), "{}", ended.stderr);
        for part in [
            "ACCESS BLOCKED - QUOTA EXCEEDED",
            "No more today.",
            "Daily: 120 / 100 tokens (120.0%)",
            "contact #ai-help",
        ] {
            assert!(ended.stderr.contains(part), "{part} in {}", ended.stderr);
        }
        assert!(!home.session().exists());
        // AWS was not asked.
        assert_eq!(lines(&server), ["GET /prod/check"]);
        server.answer(200, &blocked());
        assert_eq!(home.run(&[]).status, 1);
        lines(&server);
    }
}

#[test]
fn silence_is_told_and_judged_by_the_mode() {
    let server = Server::start();
    let nowhere = json!({"quota_api_endpoint": "http://127.0.0.1:9"});
    let open = oidc(&server, &nowhere).with_token().with_credentials().run(&[]);
    assert_eq!(open.key(), "ASIAKEPT");
    assert!(open.stderr.contains("not checked (unreachable)"), "{}", open.stderr);

    let closed = json!({"quota_api_endpoint": "http://127.0.0.1:9", "quota_fail_mode": "closed"});
    let home = oidc(&server, &closed).with_token().with_credentials();
    let ended = home.run(&["login"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (8, ""), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("(unreachable)") && !ended.stderr.contains("EXCEEDED"),
        "{}",
        ended.stderr
    );
    // It passes, so what is kept stays.
    assert!(home.session().exists());

    server.answer(401, &json!({"message": "Unauthorized"}));
    let home = oidc(&server, &json!({"quota_fail_mode": "closed"}))
        .with_token()
        .with_credentials();
    let ended = home.run(&["login"]);
    assert_eq!(ended.status, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("(unauthenticated)"), "{}", ended.stderr);
}

/// Whatever it is that was answered.
#[test]
fn an_answer_that_is_not_understood_is_no_leave() {
    let server = Server::start();
    let home = |mode: &str| {
        oidc(&server, &json!({"quota_fail_mode": mode, "quota_check_interval": 0}))
            .with_token()
            .with_credentials()
    };
    for body in [
        r#"{"allowed": "true"}"#,
        r#"{"allowed": "false"}"#,
        r#"{"allowed": 1}"#,
        r#"{"allowed": [true]}"#,
        r#"{"allowed": false, "allowed": true}"#,
        r#"{"allowed": true, "allowed": true}"#,
        r#"{"Allowed": true}"#,
        r#"{"allowed": true, "reason": "check_failed"}"#,
        "[true]",
        "true",
        "{}",
        "",
        r#"{"allowed": true"#,
        "<html>allowed</html>",
    ] {
        server.answer_with(200, "", body);
        let closed = home("closed").run(&["login"]);
        assert_eq!(
            (closed.status, closed.stdout.as_str()),
            (8, ""),
            "{body}: {}",
            closed.stderr
        );
        assert!(closed.stderr.contains("(unreadable)"), "{body}: {}", closed.stderr);
        server.answer_with(200, "", body);
        let open = home("open").run(&[]);
        assert_eq!(open.key(), "ASIAKEPT");
        assert!(
            open.stderr.contains("not checked (unreadable)"),
            "{body}: {}",
            open.stderr
        );
    }
}

/// The service was not asked at all: it is not told as one that gave no answer.
#[cfg(target_os = "linux")]
#[test]
fn what_keeps_the_token_from_coming_is_told_as_what_it_is() {
    let server = Server::start();
    let refreshing = |more: serde_json::Value| {
        let home = oidc(&server, &more).with_credentials();
        let kept = json!({"refresh_token": "rt", "profile": "ClaudeCode"}).to_string();
        crate::home::private(&home.path(".claude-code-session/ClaudeCode-refresh.json"), &kept);
        home
    };
    let tenant = "login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
    for (more, cause, why) in [
        (
            json!({"oidc_token_endpoint": "http://127.0.0.1:9/t"}),
            "unreachable",
            "no connection to 127.0.0.1",
        ),
        (
            json!({
                "provider_type": "azure", "provider_domain": tenant, "azure_auth_mode": "certificate",
                "client_certificate_path": "/nowhere/c.pem", "client_certificate_key_path": "/nowhere/k.pem",
            }),
            "unauthenticated",
            "/nowhere/c.pem cannot be read",
        ),
        (
            json!({"provider_type": "azure", "provider_domain": tenant, "azure_auth_mode": "secret"}),
            "unauthenticated",
            "the keyring could not be opened",
        ),
    ] {
        let ended = refreshing(more)
            .set("COGNITO_AUTH_DEBUG", "1")
            .run(&["--refresh-if-needed"]);
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let told = format!("not checked ({cause}): there is no id_token with which it could be asked: ");
        assert!(
            ended.stderr.contains(&told) && ended.stderr.contains(why),
            "{}",
            ended.stderr
        );
    }
    assert_eq!(lines(&server), [""; 0]);
}

/// What a timer's job prints is mailed.
#[test]
fn renewing_says_nothing_of_the_quota_unless_it_fails() {
    let server = Server::start();
    let home = |mode: &str| {
        oidc(
            &server,
            &json!({"quota_fail_mode": mode, "quota_check_interval": if mode == "open" { 30 } else { 0 }}),
        )
        .with_token()
        .with_credentials()
    };
    let much = json!({"allowed": true, "usage": {"monthly_tokens": 95, "monthly_limit": 100}});
    for (status, answer) in [(200, much), (503, json!({}))] {
        server.answer(status, &answer);
        let ended = home("open").run(&["--refresh-if-needed"]);
        assert_eq!((ended.status, ended.stderr.as_str()), (0, ""));
    }
    server.answer(503, &json!({}));
    let ended = home("closed").run(&["--refresh-if-needed"]);
    assert!(
        ended.status == 1 && ended.stderr.contains("unreadable"),
        "{}",
        ended.stderr
    );
}

/// A hundred programs would each wait for it, one after the other.
#[test]
fn a_service_that_is_silent_is_left_alone_for_a_minute() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_check_interval": 0}))
        .with_token()
        .with_credentials();
    server.answer(503, &json!({}));
    assert!(home.run(&[]).stderr.contains("not checked (unreadable)"));
    assert_eq!(lines(&server).len(), 1);
    let again = home.run(&[]);
    assert_eq!((again.key().as_str(), again.stderr.as_str()), ("ASIAKEPT", ""));
    assert_eq!(lines(&server), [""; 0]);
    // Where it must be known, it is asked each time.
    let closed = json!({"quota_check_interval": 0, "quota_fail_mode": "closed"});
    let home = oidc(&server, &closed).with_token().with_credentials();
    for _ in 0..2 {
        server.answer(503, &json!({}));
        assert_eq!(home.run(&["login"]).status, 8);
        assert_eq!(lines(&server).len(), 1);
    }
}

#[test]
fn whoever_has_no_token_is_let_through_in_the_open_mode_alone() {
    let server = Server::start();
    let open = oidc(&server, &json!({}))
        .with_credentials()
        .set("COGNITO_AUTH_DEBUG", "1")
        .run(&["--refresh-if-needed"]);
    assert_eq!((open.status, open.stdout.as_str()), (0, ""), "{}", open.stderr);
    assert!(open.stderr.contains("not checked (unauthenticated)"), "{}", open.stderr);
    let closed = oidc(&server, &json!({"quota_fail_mode": "closed"})).with_credentials();
    let ended = closed.run(&["--refresh-if-needed"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (1, ""), "{}", ended.stderr);
    assert!(ended.stderr.contains("(unauthenticated)"), "{}", ended.stderr);
    assert_eq!(lines(&server), [""; 0]);
}

/// The page is fetched as a browser does, by a program that `BROWSER` names.
#[cfg(unix)]
#[test]
fn the_page_is_shown_once_for_each_step_and_never_where_it_is_unwanted() {
    let server = Server::start();
    let used = |tokens: u32| json!({"allowed": true, "usage": {"daily_tokens": tokens, "daily_limit": 100}});
    let home = |server: &Server| {
        let home = oidc(server, &json!({"quota_check_interval": 0}))
            .with_token()
            .with_credentials();
        let browser = home.path("browser");
        browser_at(&browser, &home.path("page"));
        let browser = browser.display().to_string();
        home.set("BROWSER", &browser)
    };
    let shown = |home: &Home, answer: &serde_json::Value| {
        server.answer(200, answer);
        let ended = home.run(&[]);
        // The program ends when the browser has the page, which writes it down a moment later. Where it opened none there is none.
        let page = home.path("page");
        while fs::remove_file(home.path("opened")).is_ok() || page.with_extension("part").exists() {
            while !page.exists() {
                std::thread::yield_now();
            }
        }
        let text = fs::read_to_string(&page).unwrap_or_default();
        let _ = fs::remove_file(page);
        (ended, text)
    };
    let first = home(&server);
    let (ended, page) = shown(&first, &used(85));
    assert_eq!(ended.key(), "ASIAKEPT");
    assert!(ended.stderr.contains("QUOTA WARNING"), "{}", ended.stderr);
    assert!(page.contains("Daily: 85 / 100 tokens (85.0%)"), "{page}");
    assert_eq!(shown(&first, &used(86)).1, "");
    assert!(shown(&first, &used(95)).1.contains("95.0%"));
    let (ended, page) = shown(&first, &blocked());
    assert_eq!(ended.status, 1);
    assert!(page.contains("ACCESS BLOCKED"), "{page}");

    let quiet = home(&server).set("CCWB_NO_BROWSER_NOTIFICATION", "1");
    let (ended, page) = shown(&quiet, &used(85));
    assert!(ended.stderr.contains("QUOTA WARNING") && page.is_empty(), "{page}");
    let desktop = home(&server);
    server.answer(200, &used(85));
    assert_eq!(desktop.run(&["--desktop"]).status, 0);
    assert!(!desktop.path("opened").exists());
}

#[cfg(unix)]
fn browser_at(program: &std::path::Path, page: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    // The shell alone speaks HTTP where there is no other client for certain.
    let script = format!(
        "#!/usr/bin/env bash\n: >'{1}'\nrest=${{1#http://}}\nexec 3<>\"/dev/tcp/${{rest%%:*}}/$(p=${{rest#*:}}; echo \"${{p%%/*}}\")\"\n\
         printf 'GET /%s HTTP/1.1\\r\\nHost: %s\\r\\n\\r\\n' \"${{rest#*/}}\" \"${{rest%%/*}}\" >&3\ncat <&3 >'{0}.part'\n\
         mv '{0}.part' '{0}'\n",
        page.display(),
        page.with_file_name("opened").display()
    );
    fs::write(program, script).unwrap();
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
}
