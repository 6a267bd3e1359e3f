//! The real AWS CLI and real shells read what onboarding and the checklist print.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use real::{paths, python};
use workstation::aws_config::{self, Header, Section};
use workstation::shell::Shell;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("onboard")
}

/// Folder with the programs of the AWS CLI's environment.
fn programs() -> PathBuf {
    python::venv(&here().join("requirements.txt")).unwrap().join("bin")
}

/// What the AWS CLI answers with this text as its configuration and nothing else of this machine.
fn aws(config: &str, arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config");
    fs::write(&file, config).unwrap();
    Command::new(programs().join("aws"))
        .args(arguments)
        .env_clear()
        .env("PATH", programs())
        .env("HOME", home.path())
        .env("AWS_CONFIG_FILE", &file)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .unwrap()
}

fn value(config: &str, key: &str) -> String {
    let output = aws(config, &["configure", "get", key, "--profile", "claude-code"]);
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn section(header: Header, settings: &[(&str, &str)]) -> Section {
    let empty = Section::new(header).unwrap();
    settings
        .iter()
        .fold(empty, |section, (key, value)| section.with(key, *value).unwrap())
}

#[test]
fn the_aws_cli_finds_the_profile_and_asks_for_a_sign_in() {
    let config = aws_config::to_text(&[
        section(
            Header::SsoSession("claude-code".to_owned()),
            &[
                ("sso_start_url", "https://d-1234567890.awsapps.com/start#/"),
                ("sso_region", "eu-west-1"),
                ("sso_registration_scopes", "sso:account:access"),
            ],
        ),
        section(
            Header::Profile("claude-code".to_owned()),
            &[
                ("sso_session", "claude-code"),
                ("sso_account_id", "123456789012"),
                ("sso_role_name", "claude-code-developer"),
                ("region", "us-east-1"),
            ],
        ),
    ]);
    for (key, expected) in [
        ("sso_session", "claude-code"),
        ("sso_account_id", "123456789012"),
        ("sso_role_name", "claude-code-developer"),
        ("region", "us-east-1"),
    ] {
        assert_eq!(value(&config, key), expected, "{key}");
    }
    let output = aws(&config, &["sts", "get-caller-identity", "--profile", "claude-code"]);
    let said = String::from_utf8(output.stderr).unwrap();
    // The session's section was read too: without it the CLI complains of the configuration.
    assert!(said.contains("Error loading SSO Token"), "{said}");
}

#[test]
fn the_aws_cli_follows_a_role_to_its_source_profile() {
    let config = aws_config::to_text(&[section(
        Header::Profile("claude-code".to_owned()),
        &[
            ("role_arn", "arn:aws:iam::123456789012:role/claude-code-developer"),
            ("source_profile", "somewhere"),
            ("role_session_name", "alice@example.com"),
            ("duration_seconds", "28800"),
            ("region", "us-east-1"),
        ],
    )]);
    assert_eq!(value(&config, "role_session_name"), "alice@example.com");
    let output = aws(&config, &["sts", "get-caller-identity", "--profile", "claude-code"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("source_profile \"somewhere\""), "{said}");
}

#[test]
fn a_posix_shell_reads_each_value_back() {
    for value in [
        "X-Amzn-Bedrock-GuardrailIdentifier: abc\nX-Amzn-Bedrock-GuardrailVersion: 1",
        "it's $HOME `id` \\ \"x\" !y * ~",
        "",
        "-n",
    ] {
        let script = format!("{}\nprintf '%s' \"$A\"", Shell::Posix.assignment("A", value));
        for shell in ["bash", "sh"] {
            let output = Command::new(shell).args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), value, "{shell}");
        }
    }
}

/// The commands of the AWS CLI in the code blocks of a Markdown text.
fn commands(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter_map(|line| {
        let line = line.trim();
        // `NAME=$(command)` and `command > file` are the shell's business.
        let command = match line.split_once("=$(") {
            Some((_, rest)) => rest.strip_suffix(')')?,
            None => line,
        };
        let command = match command.rsplit_once(" > ") {
            Some((command, file)) if !file.contains(['\'', '"']) => command,
            _ => command,
        };
        command.starts_with("aws ").then(|| command.to_owned())
    })
}

#[test]
fn the_aws_cli_accepts_every_command_of_the_checklists() {
    let mut all = BTreeSet::new();
    for folder in ["src/steps/snapshots", "src/steps/tests/snapshots"] {
        for entry in fs::read_dir(paths::repository().join(folder)).unwrap() {
            all.extend(commands(&fs::read_to_string(entry.unwrap().path()).unwrap()));
        }
    }
    // Fewer mean that the snapshots moved, not that the checklist became shorter.
    assert!(
        all.len() > 60,
        "only {} commands in the snapshots of src/steps",
        all.len()
    );
    assert_eq!(refused(&all), "");
}

#[test]
fn a_command_that_does_not_exist_is_refused() {
    let wrong: BTreeSet<String> = [
        "aws sns list-subscriptions --topic-arn x",
        "aws bedrock list-nothing",
        "aws ce get-cost-and-usage --granularity MONTHLY",
        "aws organizations attach-policy --policy-id p-EXAMPLE",
        "aws ce list-cost-allocation-tags --query 'a[?'",
    ]
    .map(str::to_owned)
    .into();
    let refused = refused(&wrong);
    for command in wrong {
        assert!(
            refused.lines().any(|line| line == command),
            "{command} was accepted\n{refused}"
        );
    }
}

/// Those commands that the real CLI refuses, each with its reason.
fn refused(commands: &BTreeSet<String>) -> String {
    let mut child = Command::new(programs().join("python"))
        .arg(here().join("check_commands.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<&str> = commands.iter().map(String::as_str).collect();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.join("\n").as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.success(), printed.is_empty(), "{printed}");
    printed
}
