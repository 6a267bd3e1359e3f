//! What to do next: whole commands, that can be typed where `tfgen` was.

use std::fs;
use std::path::Path;
use std::process::Command;

use real::tfgen;
use serde_json::Value;

use crate::stage::{Run, Stage, example, finished, management_role};

/// What programs' commands begin with, where they stand in a text.
const COMMANDS: [&str; 8] = [
    "tfgen attest ",
    "tfgen fix ",
    "tfgen render",
    "tfgen verify",
    "terraform -chdir=",
    "aws iam ",
    "aws organizations ",
    "aws bedrock ",
];

fn next(result: &Value) -> Option<&str> {
    result["next_step"].as_str()
}

fn commands(result: &Value) -> Vec<&str> {
    result["commands"]
        .as_array()
        .unwrap()
        .iter()
        .map(|command| command.as_str().unwrap())
        .collect()
}

/// The text without what stands between backticks.
fn prose(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

/// A world in which much is to be done.
fn undone() -> Stage {
    Stage::without(&[
        "use-case",
        "scp",
        "scp-attachment",
        "groups",
        "permission-sets",
        "topic",
        "budgets",
        "logging",
        "profiles",
    ])
}

#[test]
fn commands_stand_apart_from_prose_and_are_listed() {
    let stage = undone();
    let run = stage.verify_all(&[]);
    let mut seen = 0;
    for (id, result) in run.results() {
        let Some(next) = next(&result) else {
            assert_eq!(commands(&result), Vec::<&str>::new(), "{id}");
            continue;
        };
        let prose = prose(next);
        for command in COMMANDS {
            assert!(!prose.contains(command), "{id}: {next}");
        }
        for command in commands(&result) {
            assert!(next.contains(&format!("`{command}`")), "{id}: {command}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} commands in {}", run.stdout);
}

/// The deployment under another name, seen from a folder beside it, and rendered elsewhere.
struct Elsewhere {
    stage: Stage,
    folder: tempfile::TempDir,
}

impl Elsewhere {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("my deployments")).unwrap();
        fs::create_dir_all(folder.path().join("tree")).unwrap();
        for (from, to) in [("acme.hcl", "acme.hcl"), ("developers.csv", "developers.csv")] {
            fs::write(folder.path().join("my deployments").join(to), example(from)).unwrap();
        }
        Self {
            stage: undone(),
            folder,
        }
    }

    fn run(&self, args: &[&str]) -> Run {
        let mut command = self.stage.command(&self.stage.moto.endpoint());
        finished(command.current_dir(self.folder.path()).args(args))
    }

    /// Runs a line as a shell does, with our program under its name.
    fn shell(&self, line: &str) -> Run {
        let program = tfgen::command().unwrap();
        let folder = Path::new(program.get_program()).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .current_dir(self.folder.path())
            .env("PATH", format!("{}:{path}", folder.display()));
        finished(&mut command)
    }
}

#[test]
fn commands_name_the_deployment_and_its_tree_as_the_user_did() {
    let there = Elsewhere::new();
    let run = there.run(&["render", "my deployments/acme.hcl", "--out", "tree"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = there.run(&[
        "verify",
        "my deployments/acme.hcl",
        "--root",
        "tree",
        "--format",
        "json",
        "--management-role-arn",
        &management_role(),
    ]);
    let results = run.results();
    let all: Vec<&str> = results.values().flat_map(commands).collect();
    for command in &all {
        if let Some(folder) = command.strip_prefix("terraform -chdir=") {
            let folder = folder.split(' ').next().unwrap();
            assert!(there.folder.path().join(folder).join("main.tf").exists(), "{command}");
        }
        let needs_file = ["tfgen attest ", "tfgen fix ", "tfgen verify", "tfgen onboard "];
        if needs_file.iter().any(|start| command.starts_with(start)) {
            assert!(command.contains("'my deployments/acme.hcl'"), "{command}");
            assert!(command.ends_with("--root tree"), "{command}");
        }
    }
    assert!(all.iter().any(|command| command.starts_with("terraform")), "{all:#?}");
    // The command of a step that no API tells is what it takes.
    let by_hand = commands(&results["attribution-identity-source"]);
    let [attest] = by_hand.as_slice() else {
        panic!("{by_hand:?}")
    };
    let run = there.shell(attest);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = there.run(&[
        "verify",
        "my deployments/acme.hcl",
        "--root",
        "tree",
        "--format",
        "json",
        "--only",
        "attribution-identity-source",
    ]);
    run.is("attribution-identity-source", "attested", "NAME");
    // So is a fix's answer for a step that a root owns.
    let run = there.run(&["fix", "foundation-scp", "my deployments/acme.hcl", "--root", "tree"]);
    assert!(
        run.stdout
            .contains("terraform -chdir=tree/terraform/organization apply"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_tree_that_is_not_there_is_wrong_usage() {
    let stage = Stage::example();
    for command in [
        vec!["verify", "--root", "nowhere"],
        vec![
            "attest",
            "foundation-scp",
            "--note",
            "seen",
            "--by",
            "Ann",
            "--root",
            "nowhere",
        ],
        vec!["fix", "foundation-use-case", "--root", "nowhere"],
    ] {
        let run = stage.run(&command);
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(
            run.stderr.contains("--root nowhere: there is no such folder"),
            "{}",
            run.stderr
        );
    }
    fs::create_dir(stage.path("empty")).unwrap();
    let run = stage.run(&["verify", "--root", "empty"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("has written nothing there"), "{}", run.stderr);
}
