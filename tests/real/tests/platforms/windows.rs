//! Windows on x64, by Wine.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use real::platforms::{Platform, Toolchain};
use real::wine::Wine;
use serde_json::Value;

use crate::home::{Home, PROFILE, SESSION};
use crate::program;

/// Processes that are started at once.
const MANY: usize = 100;

/// A path as programs for Windows see it.
fn seen(path: &Path) -> String {
    format!("Z:{}", path.to_str().unwrap().replace('/', "\\"))
}

fn command(home: &Home, args: &[&str]) -> Command {
    command_in(&Wine::install().unwrap(), home, args)
}

/// Wine sets `USERPROFILE` itself, so that a script has to set it once more.
fn command_in(wine: &Wine, home: &Home, args: &[&str]) -> Command {
    let script = home.beside().join("run.bat");
    // Once: others may be reading it.
    if !script.exists() {
        let (profile, program) = (seen(home.path()), seen(&program("windows")));
        let lines = format!("@set \"USERPROFILE={profile}\"\r\n@\"{program}\" %*\r\n");
        fs::write(&script, lines).unwrap();
    }
    let mut command = wine.command(Path::new("cmd.exe")).unwrap();
    command.args(["/c", &seen(&script)]).args(args);
    command
}

fn run(home: &Home, args: &[&str]) -> Output {
    command(home, args).output().unwrap()
}

#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let text = String::from_utf8_lossy(&output.stderr).replace("\r\n", "\n");
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

#[test]
fn it_says_who_it_is_and_what_it_can() {
    let home = Home::new("session");
    let version = run(&home, &["--version"]);
    said(&version, 0);
    assert!(version.stdout.starts_with(b"credential-process 0.1.0 ("), "{version:?}");
    let explained = run(&home, &["explain"]);
    said(&explained, 0);
    assert!(String::from_utf8_lossy(&explained.stdout).contains("\"windows/x86_64\""));
    let help = run(&home, &["-help"]);
    said(&help, 0);
    assert!(String::from_utf8_lossy(&help.stdout).contains("--check-expiration"));
    assert!(said(&run(&home, &["--chek-expiration"]), 2).contains("--check-expiration"));
}

#[test]
fn what_is_wrong_with_the_configuration_is_said() {
    let home = Home::new("session");
    home.write(
        "claude-code-with-bedrock/config.json",
        "{\"profiles\":{\"ClaudeCode\":{}}}",
    );
    let text = said(&run(&home, &["status"]), 3);
    assert!(
        text.contains("`provider_domain` is missing") && text.contains("config.json"),
        "{text}"
    );
    home.write("claude-code-with-bedrock/config.json", "{");
    assert!(said(&run(&home, &[]), 1).contains("line 1"));
    fs::remove_file(home.file("claude-code-with-bedrock/config.json")).unwrap();
    let text = said(&run(&home, &["status"]), 3);
    assert!(
        text.contains("Z:\\") && text.contains("claude-code-with-bedrock\\config.json"),
        "{text}"
    );
}

#[test]
fn a_session_that_is_kept_is_answered_and_goes_at_logout() {
    let home = Home::new("session");
    assert_eq!(run(&home, &["--check-expiration"]).status.code(), Some(1));
    let answer = home.keep_session("2099-01-01T00:00:00Z");
    let hit = run(&home, &[]);
    assert_eq!(said(&hit, 0), "");
    assert_eq!(String::from_utf8_lossy(&hit.stdout).trim_end(), answer);
    said(&run(&home, &["--check-expiration"]), 0);
    said(&run(&home, &["--clear-cache"]), 0);
    assert!(!home.file(SESSION).exists());
    // Nobody can be asked here.
    let text = said(&run(&home, &["--refresh-if-needed"]), 1);
    assert!(text.contains("login"), "{text}");
}

/// What companies set in Windows and its browsers go by. Whoever is asked is this test.
#[test]
fn the_proxy_of_the_systems_settings_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let wine = Wine::install().unwrap().with_own_registry(folder.path()).unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = proxy.local_addr().unwrap().to_string();
    let key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings";
    for (name, kind, value) in [
        ("ProxyEnable", "REG_DWORD", "1"),
        ("ProxyServer", "REG_SZ", address.as_str()),
        ("ProxyOverride", "REG_SZ", "*.corp.example;<local>"),
    ] {
        let mut set = wine.command(Path::new("reg.exe")).unwrap();
        let output = set
            .args(["add", key, "/v", name, "/t", kind, "/d", value, "/f"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let asked = thread::spawn(move || {
        let (stream, _) = proxy.accept().unwrap();
        // All of it, or the connection would be reset.
        let mut head = BufReader::new(&stream).lines().map(Result::unwrap);
        let line = head.next().unwrap();
        head.find(String::is_empty).unwrap();
        write!(&stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").unwrap();
        line
    });
    let home = Home::new("session");
    // No name that somebody has.
    let config = fs::read_to_string(home.file("claude-code-with-bedrock/config.json")).unwrap();
    let config = config.replace(
        "\"provider_domain\":\"acme.okta.com\"",
        "\"provider_type\":\"okta\",\"provider_domain\":\"okta.company.invalid\"",
    );
    home.write("claude-code-with-bedrock/config.json", &config);
    home.write(
        ".claude-code-session/ClaudeCode-refresh.json",
        r#"{"refresh_token":"r","profile":"ClaudeCode"}"#,
    );
    let renewed = command_in(&wine, &home, &["--refresh-if-needed"]).output().unwrap();
    let text = said(&renewed, 1);
    assert!(
        text.contains("the proxy refused the connection to okta.company.invalid (HTTP status 403)"),
        "{text}"
    );
    assert_eq!(asked.join().unwrap(), "CONNECT okta.company.invalid:443 HTTP/1.1");
    // A variable comes first, also one that says that there is none.
    let direct = command_in(&wine, &home, &["--refresh-if-needed"])
        .env("HTTPS_PROXY", "")
        .output()
        .unwrap();
    let text = said(&direct, 1);
    assert!(
        text.contains("the name okta.company.invalid cannot be resolved"),
        "{text}"
    );
}

#[test]
fn an_old_section_becomes_a_session_and_the_others_stay() {
    let home = Home::new("session");
    let other = "[default]\r\naws_access_key_id = mine\r\n";
    home.write(
        ".aws/credentials",
        &format!(
            "{other}[{PROFILE}]\r\naws_access_key_id = ASIAOLD\r\naws_secret_access_key = s\r\naws_session_token = t\r\nx-expiration = \
             2099-01-01T00:00:00Z\r\n"
        ),
    );
    let migrated = run(&home, &[]);
    said(&migrated, 0);
    assert!(String::from_utf8_lossy(&migrated.stdout).contains("ASIAOLD"));
    assert_eq!(fs::read_to_string(home.file(".aws/credentials")).unwrap(), other);
    assert!(fs::read_to_string(home.file(SESSION)).unwrap().contains("ASIAOLD"));
}

#[test]
fn one_hundred_at_once_migrate_once_and_answer_alike() {
    let home = Home::new("session");
    home.write(
        ".aws/credentials",
        &format!(
            "[{PROFILE}]\naws_access_key_id = ASIAOLD\naws_secret_access_key = s\naws_session_token = t\nx-expiration = \
             2099-01-01T00:00:00Z\n"
        ),
    );
    let all: Vec<_> = (0..MANY)
        .map(|_| {
            command(&home, &[])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let ended: Vec<Output> = all
        .into_iter()
        .map(|child| thread::spawn(move || child.wait_with_output().unwrap()))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|waiting| waiting.join().unwrap())
        .collect();
    for output in &ended {
        said(output, 0);
        assert_eq!(output.stdout, ended[0].stdout);
    }
    assert!(String::from_utf8_lossy(&ended[0].stdout).contains("ASIAOLD"));
}

/// Unit and integration tests of the crates, built for Windows.
fn test_programs() -> Vec<PathBuf> {
    let platform = Platform::of_name("windows").unwrap();
    let output = Toolchain::install(&[platform])
        .unwrap()
        .cargo(platform, "test")
        .unwrap()
        .args([
            "--package",
            "client",
            "--package",
            "client-config",
            "--no-run",
            "--message-format",
            "json",
        ])
        // A panic says its line without it, and it is a third of the work.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let artifacts = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    artifacts
        .filter(|artifact| artifact["profile"]["test"] == true)
        // It asks cargo, which is not on that Windows.
        .filter(|artifact| artifact["target"]["name"] != "dependencies")
        .filter_map(|artifact| artifact["executable"].as_str().map(PathBuf::from))
        .collect()
}

/// Wine 8 replaces no file that another program has open, even where that one allows it, as Windows 10 does: docs/platforms.md.
const NOT_HERE: [&str; 1] = ["nobody_ever_sees_half_a_file"];

#[test]
fn the_tests_of_the_crates_hold_there() {
    let wine = Wine::install().unwrap();
    let programs = test_programs();
    assert!(programs.len() > 3, "{programs:?}");
    let mut failed = Vec::new();
    let mut ran = 0;
    for program in programs {
        let mut command = wine.command(&program).unwrap();
        command
            .env("PROPTEST_RNG_SEED", "20261121")
            .current_dir(real::paths::repository().join("crates/client"));
        for skipped in NOT_HERE {
            command.args(["--skip", skipped]);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let passed = text.split(" passed;").next().and_then(|start| start.rsplit(' ').next());
        ran += passed
            .and_then(|number| number.parse::<usize>().ok())
            .unwrap_or_default();
        if !output.status.success() {
            failed.push(format!(
                "{}:\n{text}{}",
                program.display(),
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(ran > 240, "{ran} tests ran");
}
