//! An address that is pasted into a real terminal.
#![cfg(unix)]

use std::process::Command;

use rexpect::session::spawn_command;
use serde_json::json;

use crate::home::{GIVEN, oidc, private};
use crate::server::Server;
use crate::signer::Signer;

/// A terminal gives no more than 4,095 characters of a line, and nothing of its end.
#[test]
fn an_address_of_any_length_arrives_whole() {
    let server = Server::start();
    let token = format!("{}/t", server.base);
    let home = oidc(
        &server,
        &json!({"oidc_token_endpoint": token, "quota_api_endpoint": ""}),
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_credential-process"));
    home.prepare(&mut command, &["login", "--paste"]);
    let mut terminal = spawn_command(command, Some(60_000)).unwrap();
    terminal.exp_string("&state=").unwrap();
    let (state, _) = terminal
        .exp_regex("[A-Za-z0-9_-]+&")
        .map(|(_, state)| (state, ()))
        .unwrap();
    terminal.exp_string("Address: ").unwrap();
    let code = "c0de".repeat(2000);
    server.answer(400, &json!({"error": "invalid_grant"}));
    terminal
        .send_line(&format!(
            "http://localhost:8400/callback?code={code}&state={}",
            state.trim_end_matches('&')
        ))
        .unwrap();
    terminal.exp_string("the provider does not take the code").unwrap();
    terminal.exp_eof().unwrap();
    let asked = server.requests().pop().unwrap();
    assert!(asked.body.contains(&format!("&code={code}&")), "{}", asked.body.len());
}

/// Somebody else signs in, and the provider gives no refresh token: the one of before would bring the other one back.
#[test]
fn a_login_of_somebody_else_leaves_no_refresh_token_of_before() {
    let (server, signer) = (Server::start(), Signer::new("k"));
    let home = oidc(
        &server,
        &json!({
            "oidc_token_endpoint": format!("{}/t", server.base), "oidc_jwks_uri": format!("{}/k", server.base),
            "quota_api_endpoint": "",
        }),
    );
    let file = home.path(".claude-code-session/ClaudeCode-refresh.json");
    for (kept, stays) in [("ada", false), ("bob", true)] {
        let _ = std::fs::remove_file(home.session());
        let _ = std::fs::remove_file(home.path(".claude-code-session/ClaudeCode-monitoring.json"));
        private(
            &file,
            &json!({"refresh_token": "rt", "profile": "ClaudeCode", "subject": kept}).to_string(),
        );
        // The provider is in no mood to refresh, which says nothing of the token.
        server.answer(401, &json!({"error": "invalid_client"}));
        let mut command = Command::new(env!("CARGO_BIN_EXE_credential-process"));
        home.prepare(&mut command, &["login", "--paste"]);
        let mut terminal = spawn_command(command, Some(60_000)).unwrap();
        let (_, fields) = terminal
            .exp_regex("&state=[A-Za-z0-9_-]+&nonce=[A-Za-z0-9_-]+&")
            .unwrap();
        let field = |name: &str| {
            let mut all = fields.split('&').filter_map(|field| field.split_once('='));
            all.find(|(found, _)| *found == name).unwrap().1.to_owned()
        };
        terminal.exp_string("Address: ").unwrap();
        let now = jiff::Timestamp::now().as_second();
        let token = signer.token(&json!({
            "iss": "https://id.example", "sub": "bob", "aud": "client", "iat": now, "exp": now + 600, "nonce": field("nonce"),
        }));
        server.answer(200, &json!({"id_token": token}));
        if kept == "ada" {
            server.answer(200, &json!({"keys": [signer.key()]}));
        }
        server.answer_with(200, "", GIVEN);
        let state = field("state");
        terminal
            .send_line(&format!("http://localhost:8400/callback?code=c&state={state}"))
            .unwrap();
        terminal.exp_string("Signed in until").unwrap();
        terminal.exp_eof().unwrap();
        assert_eq!(file.exists(), stays, "{kept}");
    }
}

/// Likewise where somebody else ends it, such as `timeout`.
#[test]
fn whoever_is_ended_gives_the_terminal_back_as_it_was() {
    let server = Server::start();
    for (signal, status) in [("TERM", 143), ("HUP", 129)] {
        let home = oidc(&server, &json!({"quota_api_endpoint": ""})).set("PATH", "/usr/bin:/bin");
        let script = "stty echo; echo \"<$(stty -g)>\"; \"$0\" login --paste; echo \"ended with $?\"; \
                      echo \"<$(stty -g)>\"";
        let mut command = Command::new("/bin/sh");
        home.prepare(&mut command, &["-c", script, env!("CARGO_BIN_EXE_credential-process")]);
        let mut terminal = spawn_command(command, Some(60_000)).unwrap();
        let (_, before) = terminal.exp_regex("<[^>]+>").unwrap();
        terminal.exp_string("Address: ").unwrap();
        // It shows what it reads, so it is reading.
        terminal.send("x").unwrap();
        terminal.flush().unwrap();
        terminal.exp_string("x").unwrap();
        let holder = std::fs::read_to_string(home.path(".claude-code-session/ClaudeCode-login.holder")).unwrap();
        let process: serde_json::Value = serde_json::from_str(&holder).unwrap();
        let kill = format!("kill -{signal} {}", process["pid"]);
        let ended = Command::new("/bin/sh").args(["-c", &kill]).status().unwrap();
        assert!(ended.success());
        terminal.exp_string(&format!("ended with {status}")).unwrap();
        let (_, after) = terminal.exp_regex("<[^>]+>").unwrap();
        assert_eq!(before, after, "{signal}");
    }
}

/// A shell would go on in a terminal that shows nothing.
#[test]
fn whoever_breaks_off_gets_the_terminal_back_as_it_was() {
    let server = Server::start();
    let home = oidc(&server, &json!({"quota_api_endpoint": ""})).set("PATH", "/usr/bin:/bin");
    let script =
        "stty echo; echo \"<$(stty -g)>\"; \"$0\" login --paste; echo \"ended with $?\"; echo \"<$(stty -g)>\"";
    let mut command = Command::new("/bin/sh");
    home.prepare(&mut command, &["-c", script, env!("CARGO_BIN_EXE_credential-process")]);
    let mut terminal = spawn_command(command, Some(60_000)).unwrap();
    let (_, before) = terminal.exp_regex("<[^>]+>").unwrap();
    terminal.exp_string("Address: ").unwrap();
    terminal.send("http://localhost:8400/call").unwrap();
    terminal.send_control('c').unwrap();
    terminal.exp_string("it was broken off").unwrap();
    terminal.exp_string("ended with 4").unwrap();
    let (_, after) = terminal.exp_regex("<[^>]+>").unwrap();
    assert_eq!(before, after);
}
