//! The wizard of `tfgen init` at a terminal.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod support;

use std::fs;
use std::path::Path;

use rexpect::process::WaitStatus;
use rexpect::session::{Options, PtySession, spawn_with_options};
use support::{files, text, tfgen};

/// Nothing is measured with it: a question that never comes ends the test instead of hanging it.
const PATIENCE_MS: u64 = 60_000;

fn wizard(folder: &Path, flags: &[&str], patience_ms: u64) -> PtySession {
    let mut command = tfgen();
    command.current_dir(folder).env("TERM", "xterm").arg("init").args(flags);
    let options = Options::new()
        .timeout_ms(Some(patience_ms))
        .strip_ansi_escape_codes(true);
    spawn_with_options(command, options).unwrap()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("developers.csv"), "email\nalice@example.com\n").unwrap();
    folder
}

/// Waits for each question and answers it; an empty answer takes what is offered.
fn answer(session: &mut PtySession, dialogue: &[(&str, &str)]) {
    for (question, answer) in dialogue {
        session.exp_string(question).unwrap();
        session.send_line(answer).unwrap();
    }
}

const BEGINNING: [(&str, &str); 6] = [
    ("Name of the deployment", ""),
    ("Dedicated AWS account", "123456789012"),
    ("Region from which models are called", ""),
    ("Where may requests be served?", ""),
    ("Which models may developers call?", ""),
    ("Which one does Claude Code start with?", ""),
];

#[test]
fn a_full_run_writes_a_file_that_renders() {
    let folder = folder();
    let mut session = wizard(folder.path(), &[], PATIENCE_MS);
    answer(&mut session, &BEGINNING);
    answer(
        &mut session,
        &[
            ("The list of developers is", ""),
            ("File", "nobody.csv"),
            ("there is no file nobody.csv", "\u{15}developers.csv"),
            ("How do developers get credentials?", ""),
            ("Account of Identity Center", "999999999999"),
            ("Where do its people come from?", ""),
            ("ARN of the instance", "arn:aws:sso:::instance/ssoins-1234567890abcdef"),
            ("Access portal", "https://d-1234567890.awsapps.com/start"),
            ("Region of Identity Center", ""),
            ("Group of the developers", ""),
            ("Group of administrators", "Claude Code Admins"),
            ("Group of analysts", ""),
            ("Attach a service control policy", ""),
            ("Management account of the organization", ""),
            ("roles that run Terraform", ""),
            ("Store prompts and code", ""),
            ("Set a monthly budget", ""),
            ("Monthly budget in USD", ""),
            ("E-mail addresses to notify", "platform@example.com"),
            ("Keep Terraform's state in S3?", ""),
            ("Bucket of the state", "acme-terraform-state"),
        ],
    );
    session.exp_string("wrote tfgen.hcl").unwrap();
    session.exp_eof().unwrap();
    assert!(matches!(session.process().wait().unwrap(), WaitStatus::Exited(_, 0)));
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("tfgen.hcl")).unwrap());
    let output = tfgen().current_dir(folder.path()).arg("render").output().unwrap();
    assert!(output.status.success(), "{}", text(&output).1);
}

/// An issuer that is none is asked for again; one that is typed otherwise than its tokens have it becomes right.
#[test]
fn an_issuer_is_looked_at_while_the_wizard_runs() {
    let folder = folder();
    let mut session = wizard(folder.path(), &["--offline"], PATIENCE_MS);
    answer(&mut session, &BEGINNING);
    answer(
        &mut session,
        &[
            ("The list of developers is", ""),
            ("File", ""),
            // The second of the list.
            ("How do developers get credentials?", "\u{1b}[B"),
            ("Issuer of the tokens", "https://login.microsoftonline.com/common/v2.0"),
            ("stands for many tenants", ""),
            ("expected a text", "https://acme.eu.auth0.com"),
            ("https://acme.eu.auth0.com/ was not asked: `--offline` was given", ""),
            ("expected the id of an application", "abcDEF123"),
            ("Domains of the e-mail addresses that may sign in", "example.com"),
            ("Tag of the token with the e-mail address", ""),
        ],
    );
    // A key is the whole answer to a yes-or-no question.
    for question in [
        "Attach a service control policy",
        "Store prompts and code",
        "Set a monthly budget",
        "Keep Terraform's state in S3?",
    ] {
        session.exp_string(question).unwrap();
        session.send("n").unwrap();
        session.flush().unwrap();
    }
    session.exp_string("wrote tfgen.hcl").unwrap();
    session.exp_eof().unwrap();
    assert!(matches!(session.process().wait().unwrap(), WaitStatus::Exited(_, 0)));
    insta::assert_snapshot!(fs::read_to_string(folder.path().join("tfgen.hcl")).unwrap());
    let output = tfgen().current_dir(folder.path()).arg("render").output().unwrap();
    assert!(output.status.success(), "{}", text(&output).1);
}

#[test]
fn ctrl_c_leaves_nothing_behind() {
    // At a text, and at a list, which hides the cursor.
    for (questions, end) in [(1, "Dedicated AWS account"), (3, "10 % cheaper")] {
        let folder = folder();
        let before = files(folder.path());
        let mut session = wizard(folder.path(), &[], 2_000);
        answer(&mut session, &BEGINNING[..questions]);
        session.exp_string(end).unwrap();
        // One that comes before the question listens is ignored, as a person would see.
        let mut said = None;
        for _ in 0..30 {
            session.send_control('c').ok();
            said = session.exp_eof().ok();
            if said.is_some() {
                break;
            }
        }
        let said = said.unwrap();
        assert!(
            said.ends_with("\r\nerror: interrupted; nothing was written\r\n"),
            "{said:?}"
        );
        let status = session.process().wait().unwrap();
        assert!(matches!(status, WaitStatus::Exited(_, 1)), "{status:?}");
        assert_eq!(files(folder.path()), before);
    }
}
