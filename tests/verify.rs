//! What `tfgen verify` says without calling anybody. Everything that calls is in tests/real/tests/verify.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn tfgen(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tfgen"))
        .args(args)
        .current_dir(repository())
        .env_clear()
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_page_of_checks_is_what_the_command_lists() {
    let output = tfgen(&[
        "verify",
        "examples/acme.hcl",
        "--root",
        ".",
        "--list",
        "--format",
        "markdown",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let page = fs::read_to_string(repository().join("docs/verify-checks.md")).unwrap();
    let (head, tables) = page.split_at(page.find("## ").unwrap());
    assert!(head.contains("`tfgen verify --list --format markdown`"), "{head}");
    assert_eq!(
        tables,
        text(&output.stdout),
        "write the output of `tfgen verify examples/acme.hcl --root . --list --format markdown` below the head of \
         docs/verify-checks.md"
    );
}

#[test]
fn wrong_usage_is_named_and_calls_nobody() {
    for (args, said) in [
        (&["verify-phase", "6"][..], "the phases are 1, 2, 3, 4, 5, onboarding"),
        (
            &[
                "verify",
                "examples/acme.hcl",
                "--only",
                "cost-tags-activate",
                "--root",
                ".",
            ],
            "did you mean `cost-tags-activated`?",
        ),
        (
            &[
                "verify",
                "examples/acme.hcl",
                "--root",
                ".",
                "--print-policy=111111111111",
            ],
            "nothing is looked at from this account",
        ),
        (
            &["verify", "examples/acme.hcl", "--timeout", "10"],
            "expected a time with its unit",
        ),
        (
            &["verify", "examples/acme.hcl", "--timeout", "0s"],
            "expected a time above zero",
        ),
        (&["verify", "nowhere.hcl"], "nowhere.hcl"),
        (&["attest", "foundation-account", "examples/acme.hcl"], "--note"),
        (
            &[
                "attest",
                "foundation-acount",
                "examples/acme.hcl",
                "--note",
                "x",
                "--by",
                "me",
                "--root",
                ".",
            ],
            "did you mean `foundation-account`?",
        ),
    ] {
        let output = tfgen(args);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.contains(said), "{args:?}: {stderr}");
    }
}

#[test]
fn an_attestation_is_never_written_beside_a_file_that_is_not_understood() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["acme.hcl", "developers.csv"] {
        fs::copy(
            Path::new(&repository()).join("examples").join(name),
            folder.path().join(name),
        )
        .unwrap();
    }
    let file = folder.path().join("acme.hcl");
    let file = file.to_str().unwrap();
    let attest = [
        "attest",
        "attribution-identity-source",
        file,
        "--note",
        "seen",
        "--by",
        "me",
    ];
    let kept = folder.path().join("attestations.json");
    fs::write(&kept, "not ours").unwrap();
    let output = tfgen(&attest);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(
        text(&output.stderr).contains("attestations.json"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(fs::read_to_string(&kept).unwrap(), "not ours");
    fs::remove_file(&kept).unwrap();
    assert!(tfgen(&attest).status.success());
    let list = text(&tfgen(&["attest", "--list", file]).stdout);
    assert!(list.contains("holds") && list.contains("me on 20"), "{list}");
    assert!(
        tfgen(&["attest", "attribution-identity-source", file, "--revoke", "--by", "you"])
            .status
            .success()
    );
    let list = text(&tfgen(&["attest", file]).stdout);
    assert!(list.contains("revoked"), "{list}");
    // A second time there is nothing left to revoke.
    let again = tfgen(&["attest", "attribution-identity-source", file, "--revoke", "--by", "you"]);
    assert_eq!(again.status.code(), Some(2), "{}", text(&again.stderr));
}

#[test]
fn warnings_about_the_file_do_not_bury_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let example = fs::read_to_string(repository().join("examples/acme.hcl")).unwrap();
    let (before, rest) = example.split_once("identity_center {").unwrap();
    let (_, after) = rest.split_once("}\n").unwrap();
    let roles = "roles {\n  trusted = [\"arn:aws:iam::123456789012:user/nobody\"]\n}\n";
    let file = folder.path().join("acme.hcl");
    fs::write(&file, format!("{before}{roles}{after}")).unwrap();
    fs::copy(
        repository().join("examples/developers.csv"),
        folder.path().join("developers.csv"),
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let output = tfgen(&["verify", file, "--list", "--only", "foundation-region"]);
    let stderr = text(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    let shown = stderr.split('`').nth(1).unwrap();
    assert_eq!(shown, format!("tfgen render {file} --check"));
    // The command that it names shows them.
    let stderr = text(&tfgen(&["render", file, "--check"]).stderr);
    assert!(stderr.matches("warning:").count() > 1, "{stderr}");
}
