//! The reports of `tfgen check` against the schemas of their forms, by a validator that nobody here wrote; and the diff
//! of its fixes, by `git apply`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use real::{npm, paths, python, tfgen};
use serde_json::Value;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("check")
}

/// What the validator has against a document; empty where it is valid.
fn faults(schema: &Path, document: &str) -> String {
    let environment = python::venv(&here().join("requirements.txt")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.json");
    fs::write(&file, document).unwrap();
    let output = Command::new(environment.join("bin/python"))
        .arg(here().join("validate.py"))
        .args([schema, &file])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() == said.is_empty() && error.is_empty(),
        "{error}"
    );
    said
}

/// Files with findings of every kind: with and without a fix, suppressed, on CRLF lines behind wide letters.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "a b/crlf.tf",
            "locals {\r\n  # tfgen:ignore syntax-error: nothing here\r\n  größe = 1\r\n}",
        ),
        ("a b/größe.tf", "\u{feff}locals {\r\n  \"漢字\" = = 1\r\n}\r\n"),
        (
            "suppressed.tf",
            "locals {\n  a = = 1 # tfgen:ignore syntax-error: for the \"test\" <&>\n}\n",
        ),
        (
            "unused.tf",
            "locals {\n  # tfgen:ignore syntax-error: nothing here\n  a = 1\n\n  b = 2 # tfgen:ignore no-such-rule: x\n}\n",
        ),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn report(folder: &Path, format: &str) -> String {
    let output = tfgen::command()
        .unwrap()
        .current_dir(folder)
        .args(["check", "--format", format])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(10), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A document in which the first of something was changed.
fn broken(document: &str, pointer: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(document).unwrap();
    *document.pointer_mut(pointer).unwrap() = value;
    document.to_string()
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = paths::repository().join("docs/check.schema.json");
    let document = report(folder().path(), "json");
    let parsed: Value = serde_json::from_str(&document).unwrap();
    for list in ["findings", "suppressed"] {
        assert!(!parsed[list].as_array().unwrap().is_empty(), "{list}");
    }
    assert!(document.contains("\"replacement\""), "no finding has a fix");
    assert_eq!(faults(&schema, &document), "");
    for (pointer, value) in [
        ("/findings/0/severity", Value::from("fatal")),
        ("/findings/0/line", Value::from(0)),
        ("/suppressed/0/reason", Value::Null),
    ] {
        assert!(
            !faults(&schema, &broken(&document, pointer, value)).is_empty(),
            "{pointer}"
        );
    }
}

#[test]
fn sarif_is_valid_and_names_the_right_lines() {
    let schema = npm::install("check", &here())
        .unwrap()
        .join("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    let document = report(folder().path(), "sarif");
    assert_eq!(faults(&schema, &document), "");
    let wrong = broken(&document, "/runs/0/results/0/level", Value::from("fatal"));
    assert!(!faults(&schema, &wrong).is_empty());

    let log: Value = serde_json::from_str(&document).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().unwrap();
    let in_file = |uri: &str| {
        results
            .iter()
            .find(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri)
            .unwrap()
    };
    let wide = &in_file("a%20b/gr%C3%B6%C3%9Fe.tf")["locations"][0]["physicalLocation"]["region"];
    assert_eq!(wide["startLine"], 2);
    let suppressed = in_file("suppressed.tf");
    assert_eq!(suppressed["suppressions"][0]["justification"], "for the \"test\" <&>");
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(
            rule["help"]["markdown"]
                .as_str()
                .unwrap()
                .starts_with("## What it finds")
        );
    }
    let fixes: Vec<&Value> = results.iter().filter_map(|result| result.get("fixes")).collect();
    assert!(!fixes.is_empty());
}

#[test]
fn a_clean_run_is_valid_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.tf"), "locals {}\n").unwrap();
    let schema = npm::install("check", &here())
        .unwrap()
        .join("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    let output = tfgen::command()
        .unwrap()
        .current_dir(folder.path())
        .args(["check", "--format=sarif"])
        .output()
        .unwrap();
    assert_eq!(faults(&schema, &String::from_utf8(output.stdout).unwrap()), "");
}

#[test]
fn git_applies_the_diff_and_gets_what_fix_writes() {
    let run = |folder: &Path, word: &str| {
        tfgen::command()
            .unwrap()
            .current_dir(folder)
            .args(["check", word])
            .output()
            .unwrap()
    };
    let (by_git, by_tfgen) = (folder(), folder());
    let diff = run(by_git.path(), "--diff");
    assert_eq!(diff.status.code(), Some(10));
    fs::write(by_git.path().join("fix.diff"), &diff.stdout).unwrap();
    let applied = Command::new("git")
        .current_dir(by_git.path())
        .args(["apply", "-p0", "fix.diff"])
        .output()
        .unwrap();
    assert!(applied.status.success(), "{applied:?}");
    run(by_tfgen.path(), "--fix");
    for name in ["a b/crlf.tf", "a b/größe.tf", "suppressed.tf", "unused.tf"] {
        let read = |folder: &tempfile::TempDir| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read(&by_git), read(&by_tfgen), "{name}");
    }
    for name in ["a b/crlf.tf", "unused.tf"] {
        let text = fs::read_to_string(by_git.path().join(name)).unwrap();
        assert!(!text.contains("nothing here"), "{name}");
    }
}
