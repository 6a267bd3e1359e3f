//! The real AWS CLI and botocore, which start the program by the line of a profile.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use real::{paths, python};
use serde_json::{Value, json};

use crate::gate;
use crate::process::Ended;
use crate::stage::{self, Stage};

pub fn python_of(folder: &str) -> PathBuf {
    let requirements = paths::repository()
        .join("tests/real")
        .join(folder)
        .join("requirements.txt");
    python::venv(&requirements).unwrap().join("bin")
}

/// Writes a profile that starts the program; `line` is what stands before its arguments.
fn profile(stage: &Stage, line: &str) {
    let folder = stage.home().join(".aws");
    fs::create_dir_all(&folder).unwrap();
    let text = format!("[profile claude-code]\nregion = us-east-1\ncredential_process = {line} --profile ClaudeCode\n");
    fs::write(folder.join("config"), text).unwrap();
    stage.set("AWS_PROFILE", "claude-code");
    stage.set("AWS_EC2_METADATA_DISABLED", "true");
}

/// Puts the program where an installation has it.
fn install(stage: &Stage) -> PathBuf {
    let installed = stage.installation().join("credential-process");
    fs::copy(stage::program(), &installed).unwrap();
    installed
}

fn aws(stage: &Stage) -> Ended {
    let words = ["sts", "get-caller-identity"];
    stage
        .spawn(Command::new(python_of("onboard").join("aws")).args(words), &words)
        .ended()
}

#[track_caller]
pub fn identity(ended: &Ended) -> Value {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

/// A word of the line, as AWS's documentation wants it: in double quotes where there is a space in it.
fn quoted(path: &std::path::Path) -> String {
    format!("\"{}\"", path.display())
}

#[test]
fn the_aws_cli_is_alice_whatever_the_home_is_called() {
    for home in ["plain", "with two spaces ", "it's hers "] {
        let stage = Stage::at(home, &json!({}));
        let installed = install(&stage);
        profile(&stage, &quoted(&installed));
        stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
        let role = "arn:aws:sts::123456789012:assumed-role/claude-code-developer/alice@example.com";
        assert_eq!(identity(&aws(&stage))["Arn"], role, "{home}");
        // And as AWS's other programs in Python read the line.
        let script = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])";
        let words = ["-c", script];
        let python = python_of("moto").join("python");
        let ended = stage.spawn(Command::new(python).args(words), &words).ended();
        assert_eq!(
            (ended.stdout.trim_end(), ended.code),
            (role, Some(0)),
            "{}",
            ended.stderr
        );
        // A login and nothing else: what it brought was good for both.
        let given = stage.gate.federated();
        assert_eq!(given.len(), 1, "{given:?}");
        assert_eq!(
            (given[0].session_name.as_str(), given[0].refused),
            ("alice@example.com", None)
        );
    }
}

#[test]
fn the_aws_cli_waits_for_the_login() {
    let stage = Stage::new();
    profile(&stage, &quoted(&install(&stage)));
    // Standard error of the program is the AWS CLI's, so its address can be read there.
    let words = ["sts", "get-caller-identity"];
    let mut command = Command::new(python_of("onboard").join("aws"));
    let started = stage.spawn(command.args(words), &words);
    let url = stage.opened_url();
    stage.provider.sign_in(&url, "bob").unwrap();
    let arn = identity(&started.ended())["Arn"].clone();
    assert_eq!(
        arn,
        "arn:aws:sts::123456789012:assumed-role/claude-code-developer/bob@example.com"
    );
}

#[test]
fn the_aws_cli_repeats_why_there_are_no_credentials() {
    let stage = Stage::new();
    profile(&stage, &quoted(&install(&stage)));
    let trust = gate::trust_policy(stage.provider.issuer(), "another-application");
    stage.gate.trust(&trust);
    stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
    let words = ["sts", "get-caller-identity"];
    let mut command = Command::new(python_of("onboard").join("aws"));
    let started = stage.spawn(command.args(words), &words);
    stage.provider.sign_in(&stage.opened_url(), "alice").unwrap();
    let ended = started.ended();
    assert_ne!(ended.code, Some(0));
    assert!(
        ended.stderr.contains("sts:AssumeRoleWithWebIdentity"),
        "{}",
        ended.stderr
    );
    let refused: Vec<_> = stage.gate.federated().into_iter().map(|one| one.refused).collect();
    assert!(refused.iter().all(|one| *one == Some("AccessDenied")), "{refused:?}");
}

/// The condition keys that AWS makes of a token, and what a policy that asks for them lets through.
#[test]
fn the_trust_policy_decides_by_what_the_token_says() {
    let stage = Stage::new();
    let issuer = stage.provider.issuer().to_owned();
    let host = gate::host(&issuer);
    let alone = |key: &str, value: &str| {
        let mut policy = gate::trust_policy(&issuer, real::oidc::CLIENT_ID);
        policy["Statement"][0]["Condition"]["StringEquals"][key] = json!(value);
        policy
    };
    let tags = |team: &str| real::oidc::Knobs {
        aws_tags: Some(Some([("Team".to_owned(), team.to_owned())].into())),
        ..real::oidc::Knobs::default()
    };
    let login = |policy: &Value| {
        stage.gate.trust(policy);
        stage.start(&["logout"]).ended();
        stage.start(&["login"]).signed_in_at(&stage.provider, "alice").code
    };
    assert_eq!(login(&alone(&format!("{host}:sub"), "alice")), Some(0));
    assert_eq!(login(&alone(&format!("{host}:sub"), "bob")), Some(6));
    assert_eq!(login(&alone("sts:RoleSessionName", "alice@example.com")), Some(0));
    assert_eq!(login(&alone("sts:RoleSessionName", "bob@example.com")), Some(6));
    // A token without tags has none that a policy could ask for.
    assert_eq!(login(&alone("aws:RequestTag/Team", "red")), Some(6));
    stage.provider.set(&tags("red")).unwrap();
    assert_eq!(login(&alone("aws:RequestTag/Team", "red")), Some(0));
    stage.provider.set(&tags("blue")).unwrap();
    assert_eq!(login(&alone("aws:RequestTag/Team", "red")), Some(6));
    // Tags need leave of their own.
    let mut without = gate::trust_policy(&issuer, real::oidc::CLIENT_ID);
    without["Statement"][0]["Action"] = json!("sts:AssumeRoleWithWebIdentity");
    assert_eq!(login(&without), Some(6));
}

/// The trust policy that is rendered for the example, for this provider and application.
fn rendered(stage: &Stage) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let rendered = real::tfgen::command()
        .unwrap()
        .args(["render", "examples/federation.hcl", "--out"])
        .arg(folder.path())
        .current_dir(paths::repository())
        .output()
        .unwrap();
    assert!(
        rendered.status.success(),
        "{}",
        String::from_utf8_lossy(&rendered.stderr)
    );
    let text = fs::read_to_string(folder.path().join("policies/developer-trust.json")).unwrap();
    let ours = text
        .replace("acme.okta.com/oauth2/default", gate::host(stage.provider.issuer()))
        .replace("0oa1b2c3d4e5f6g7h8i9", real::oidc::CLIENT_ID);
    assert_ne!(ours, text);
    serde_json::from_str(&ours).unwrap()
}

#[test]
fn the_rendered_trust_policy_lets_developers_in_and_nobody_else() {
    let stage = Stage::new();
    stage.gate.trust(&rendered(&stage));
    let tagged = |email: &str, group: &str| real::oidc::Knobs {
        aws_tags: Some(Some(
            [("Email", email), ("Group", group)]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        )),
        ..real::oidc::Knobs::default()
    };
    let developers = "claude-code-developers";
    for (knobs, refused) in [
        (tagged("alice@example.com", developers), None),
        (tagged("alice@example.com", "others"), Some("AccessDenied")),
        (tagged("alice@example.org", developers), Some("AccessDenied")),
        (
            real::oidc::Knobs {
                aws_tags: Some(None),
                ..real::oidc::Knobs::default()
            },
            Some("AccessDenied"),
        ),
    ] {
        stage.provider.set(&knobs).unwrap();
        let ended = stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
        let expected = if refused.is_none() { 0 } else { 6 };
        assert_eq!(ended.code, Some(expected), "{}", ended.stderr);
        assert_eq!(stage.gate.federated().last().unwrap().refused, refused);
        assert_eq!(stage.start(&["logout"]).ended().code, Some(0));
    }
}
