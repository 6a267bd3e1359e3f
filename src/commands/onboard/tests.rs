use clap::Parser;

use super::*;
use crate::onboard::fixtures;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: OnboardArgs,
}

/// Runs the command with the outputs of the deployment in a file.
fn onboard(deployment: &Deployment, arguments: &[&str]) -> (Result<Outcome, Error>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let outputs = folder.path().join("outputs.json");
    std::fs::write(&outputs, fixtures::outputs(deployment)).unwrap();
    let outputs = outputs.into_os_string().into_string().unwrap();
    let given = ["onboard", "--outputs", &outputs];
    let all = given.iter().chain(arguments);
    let args = Cli::try_parse_from(all).unwrap().args;
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let result = run(&args, deployment, folder.path(), &mut stdout, &mut stderr);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (result, text(stdout), text(stderr))
}

#[test]
fn one_argument_is_a_developer_unless_it_is_a_file() {
    let parse = |arguments: &[&str]| {
        let args = Cli::try_parse_from(["onboard"].iter().chain(arguments)).unwrap().args;
        let file = args.deployment_file().map(Path::to_path_buf);
        (args.developer().map(str::to_owned), file)
    };
    assert_eq!(parse(&[]), (None, None));
    assert_eq!(parse(&["alice"]), (Some("alice".into()), None));
    assert_eq!(parse(&["x/acme.hcl"]), (None, Some("x/acme.hcl".into())));
    assert_eq!(parse(&["alice", "acme"]), (Some("alice".into()), Some("acme".into())));
}

#[test]
fn a_single_file_goes_to_stdout_and_the_notes_to_stderr() {
    let deployment = fixtures::identity_center();
    let (result, stdout, stderr) = onboard(&deployment, &["alice", "--format", "settings"]);
    result.unwrap();
    let settings: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(settings["env"]["AWS_PROFILE"], "claude-code");
    assert!(stderr.contains("note: Do not set `AWS_BEARER_TOKEN_BEDROCK`"));
}

#[test]
fn a_format_of_one_file_needs_one_developer_or_a_directory() {
    let deployment = fixtures::identity_center();
    let error = onboard(&deployment, &["--format", "env-fish"]).0.unwrap_err();
    assert_eq!(error.exit_code(), 2);
    insta::assert_snapshot!(error, @"this format is one file per developer, and there are 2 developers: name one, or give `--out DIR`");
}

#[test]
fn json_of_everybody_is_one_document() {
    let (result, stdout, _) = onboard(&fixtures::full(), &["--format", "json"]);
    result.unwrap();
    let document: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let ids: Vec<&str> = document["developers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|developer| developer["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["alice", "bob"]);
}

#[test]
fn out_writes_and_says_so() {
    let out = tempfile::tempdir().unwrap();
    let directory = out.path().join("new/onboarding");
    let (result, stdout, stderr) = onboard(&fixtures::roles(), &["--out", directory.to_str().unwrap()]);
    result.unwrap();
    assert_eq!(stdout, "");
    assert!(
        stderr.ends_with("2 developers, 12 files written, 0 unchanged\n"),
        "{stderr}"
    );
    assert!(directory.join("bob/settings.json").is_file());
}

#[test]
fn the_source_profile_can_be_named() {
    let arguments = ["alice", "--format", "aws-config", "--source-profile", "work"];
    let (result, stdout, _) = onboard(&fixtures::roles(), &arguments);
    result.unwrap();
    assert!(stdout.contains("source_profile = work\n"));
}

#[test]
fn a_source_profile_that_no_file_can_hold_is_refused() {
    for name in ["a b]", "", "a\nb", "x]"] {
        let error = onboard(&fixtures::roles(), &["alice", "--source-profile", name])
            .0
            .unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
        assert!(error.to_string().contains("--source-profile"), "{error}");
    }
}

/// Among all, whoever may assume the role gets a configuration, and the others are named.
#[test]
fn those_whom_nobody_trusts_are_named_and_the_others_served() {
    use crate::deployment::model::{Access, Trusted};
    let mut deployment = fixtures::roles();
    if let Access::Roles(roles) = &mut deployment.access {
        roles
            .developers
            .retain(|trusted| matches!(trusted, Trusted::User { .. }));
    }
    let (result, stdout, stderr) = onboard(&deployment, &["--format", "json"]);
    assert_eq!(result.unwrap(), Outcome::Findings);
    assert!(stdout.contains("\"alice\"") && !stdout.contains("\"bob\""), "{stdout}");
    assert!(
        stderr.starts_with("error: the developer role trusts only IAM users"),
        "{stderr}"
    );
    assert!(stderr.contains("local part of: bob."), "{stderr}");
    let (named, _, _) = onboard(&deployment, &["bob"]);
    assert_eq!(named.unwrap_err().exit_code(), 10);
}

#[test]
fn outputs_in_the_encoding_of_powershell_are_read() {
    let deployment = fixtures::full();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("outputs.json");
    let text = fixtures::outputs(&deployment);
    let little = text.encode_utf16().flat_map(u16::to_le_bytes);
    let big = text.encode_utf16().flat_map(u16::to_be_bytes);
    for bytes in [
        [0xff, 0xfe].into_iter().chain(little).collect::<Vec<u8>>(),
        [0xfe, 0xff].into_iter().chain(big).collect(),
    ] {
        std::fs::write(&file, bytes).unwrap();
        let arguments = ["onboard", "alice", "--outputs", file.to_str().unwrap()];
        let args = Cli::try_parse_from(arguments).unwrap().args;
        run(&args, &deployment, folder.path(), &mut Vec::new(), &mut Vec::new()).unwrap();
    }
    std::fs::write(&file, b"{\xff}").unwrap();
    let arguments = ["onboard", "alice", "--outputs", file.to_str().unwrap()];
    let args = Cli::try_parse_from(arguments).unwrap().args;
    let error = run(&args, &deployment, folder.path(), &mut Vec::new(), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("neither UTF-8 nor UTF-16"), "{error}");
}

#[test]
fn without_profiles_and_guardrail_no_outputs_are_read() {
    let deployment = fixtures::bare();
    let args = Cli::try_parse_from(["onboard", "alice", "--outputs", "/nowhere/x.json"])
        .unwrap()
        .args;
    let mut sink = Vec::new();
    run(&args, &deployment, Path::new("."), &mut sink, &mut Vec::new()).unwrap();
    assert!(!sink.is_empty());
    let error = run(
        &args,
        &fixtures::full(),
        Path::new("."),
        &mut Vec::new(),
        &mut Vec::new(),
    );
    assert!(
        error
            .unwrap_err()
            .to_string()
            .starts_with("cannot read /nowhere/x.json")
    );
}

/// A reader that has seen enough.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_success() {
    for format in ["human", "json", "env"] {
        let args = Cli::try_parse_from(["onboard", "alice", "--format", format])
            .unwrap()
            .args;
        run(&args, &fixtures::bare(), Path::new("."), &mut Closed, &mut Vec::new()).unwrap();
    }
}

/// What a script must tell apart: what was given is wrong, the deployment is not ready, tfgen failed.
#[test]
fn every_failure_has_the_status_of_its_kind() {
    let deployment = fixtures::full();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("outputs.json");
    let status = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let arguments = ["onboard", "alice", "--outputs", file.to_str().unwrap()];
        let args = Cli::try_parse_from(arguments).unwrap().args;
        let result = run(&args, &deployment, folder.path(), &mut Vec::new(), &mut Vec::new());
        result.unwrap_err().exit_code()
    };
    assert_eq!(status("no json"), 2);
    assert_eq!(status("[]"), 2);
    assert_eq!(status("{\"vpc_id\": {\"value\": \"vpc-1\"}}"), 2);
    assert_eq!(status("{}"), 10, "nothing is applied");
    let text = fixtures::outputs(&deployment);
    let foreign = text.replace("123456789012", "999999999999");
    assert_ne!(foreign, text);
    assert_eq!(status(&foreign), 2);

    let out = tempfile::tempdir().unwrap();
    let directory = out.path().to_str().unwrap();
    onboard(&deployment, &["--out", directory]).0.unwrap();
    std::fs::write(out.path().join("alice/settings.json"), "{}").unwrap();
    let differs = onboard(&deployment, &["--out", directory]).0.unwrap_err();
    assert_eq!(differs.exit_code(), 10);
    std::fs::remove_file(&file).unwrap();
    let arguments = ["onboard", "alice", "--outputs", file.to_str().unwrap()];
    let args = Cli::try_parse_from(arguments).unwrap().args;
    let gone = run(&args, &deployment, folder.path(), &mut Vec::new(), &mut Vec::new());
    assert_eq!(gone.unwrap_err().exit_code(), 1);
}

#[test]
fn one_developer_is_counted_as_one() {
    let out = tempfile::tempdir().unwrap();
    let arguments = ["alice", "--format", "settings", "--out", out.path().to_str().unwrap()];
    let (_, _, stderr) = onboard(&fixtures::roles(), &arguments);
    assert!(
        stderr.ends_with("1 developer, 1 file written, 0 unchanged\n"),
        "{stderr}"
    );
}
