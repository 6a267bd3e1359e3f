//! `tfgen check`, `tfgen explain` and `tfgen rules` from outside.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;
use support::{files, text, tfgen};

const BROKEN: &str = "locals {\n  team = = \"platform\"\n}\n";
const UNUSED: &str = "locals {\n  # tfgen:ignore syntax-error: was wanted by an old tool\n  team = \"platform\"\n}\n";
/// The rules that the tests are about, so that others may come and go.
const RULES: &str = "--rule=syntax-error,suppression-unused";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, words: &[&str]) -> Output {
    tfgen().current_dir(folder).arg("check").args(words).output().unwrap()
}

fn said(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    let (stdout, stderr) = text(&output);
    format!(
        "$ tfgen check {}\n{stdout}{stderr}exit {}\n\n",
        words.join(" "),
        output.status.code().unwrap()
    )
}

fn status(folder: &Path, words: &[&str]) -> i32 {
    run(folder, words).status.code().unwrap()
}

fn json(folder: &Path, words: &[&str]) -> Value {
    let output = run(folder, &[&["--format=json"], words].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn findings_are_shown_and_counted() {
    let folder = folder(&[("a/main.tf", BROKEN), ("b/main.tf", UNUSED)]);
    let all = [
        said(folder.path(), &[RULES]),
        said(folder.path(), &[RULES, "b"]),
        said(folder.path(), &[RULES, "a", "--quiet", "--format=human"]),
        said(folder.path(), &["--rule=suppression-unused", "."]),
    ];
    insta::assert_snapshot!(all.concat());
}

#[test]
fn the_exit_status_follows_the_severity() {
    let folder = folder(&[("main.tf", UNUSED)]);
    for (words, wanted) in [
        (&[RULES][..], 10),
        (&[RULES, "--fail-on=info"], 10),
        (&[RULES, "--fail-on=error"], 0),
        (&[RULES, "--fail-on=never"], 0),
        (&[RULES, "--ignore=suppression-unused"], 0),
        (&["--rule=syntax-error"], 0),
        (&["--family=policy"], 0),
    ] {
        assert_eq!(status(folder.path(), words), wanted, "{words:?}");
    }
}

#[test]
fn every_form_can_be_written_to_a_file() {
    let folder = folder(&[("main.tf", BROKEN)]);
    for form in ["human", "json", "sarif", "junit", "github", "markdown"] {
        let printed = run(folder.path(), &["--format", form]);
        assert_eq!(printed.status.code(), Some(10), "{form}");
        assert_eq!(text(&printed).1, "", "{form}");
        let written = run(folder.path(), &["--format", form, "--output=report"]);
        let (stdout, stderr) = text(&written);
        assert_eq!((written.status.code(), stdout.as_str()), (Some(10), ""), "{form}");
        assert!(stderr.starts_with("1 error in 1 file"), "{stderr}");
        assert_eq!(
            fs::read(folder.path().join("report")).unwrap(),
            printed.stdout,
            "{form}"
        );
        fs::remove_file(folder.path().join("report")).unwrap();
    }
    let output = run(folder.path(), &["--output=nowhere/report"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).1.contains("nowhere/report"));
}

/// Whatever the language, the time zone and the current folder. 100 runs are in crates/check/tests/pages/stable.rs.
#[test]
fn the_same_input_gives_the_same_bytes() {
    let names: Vec<String> = (0..20).map(|number| format!("m{number}/main.tf")).collect();
    let tree: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), BROKEN)).collect();
    let folder = folder(&tree);
    let elsewhere = tempfile::tempdir().unwrap();
    for form in ["human", "json", "sarif", "junit", "github", "markdown"] {
        let report = |here: &Path, locale: &str, zone: &str| {
            let output = tfgen()
                .current_dir(here)
                .args(["check", "--format", form])
                .arg(folder.path())
                .envs([("LANG", locale), ("LC_ALL", locale), ("TZ", zone)])
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(10), "{form}");
            output.stdout
        };
        let first = report(folder.path(), "C", "UTC");
        for (here, locale, zone) in [
            (folder.path(), "C", "UTC"),
            (folder.path(), "tr_TR.UTF-8", "Asia/Tokyo"),
            (elsewhere.path(), "C", "UTC"),
            (elsewhere.path(), "de_DE.ISO-8859-1", "America/New_York"),
        ] {
            assert!(report(here, locale, zone) == first, "{form} with {locale}");
        }
    }
}

#[test]
fn standard_input_is_checked_by_its_name() {
    let folder = folder(&[]);
    let piped = |words: &[&str], input: &str| {
        let mut child = tfgen()
            .current_dir(folder.path())
            .arg("check")
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let output = piped(&["-", "--format=json", "--stdin-filename=modules/x/main.tf"], BROKEN);
    assert_eq!(output.status.code(), Some(10));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"][0]["file"], "modules/x/main.tf");
    let diff = piped(&["-", "--diff", RULES], UNUSED);
    assert!(text(&diff).0.starts_with("--- stdin.tf\n+++ stdin.tf\n"), "{diff:?}");
}

#[test]
fn fixes_are_shown_or_written() {
    let crlf = UNUSED.replace('\n', "\r\n");
    let folder = folder(&[("main.tf", UNUSED), ("windows.tf", &crlf)]);
    let before = files(folder.path());
    let diff = said(folder.path(), &["--diff", RULES]);
    insta::assert_snapshot!(diff);
    assert!(files(folder.path()) == before, "--diff wrote something");
    assert_eq!(status(folder.path(), &["--fix", "--diff", RULES]), 10);
    assert!(files(folder.path()) == before, "--fix --diff wrote something");

    let fixed = said(folder.path(), &["--fix", RULES]);
    insta::assert_snapshot!(fixed);
    let after = files(folder.path());
    let wanted = "locals {\n  team = \"platform\"\n}\n";
    assert_eq!(after["main.tf"], wanted.as_bytes());
    assert_eq!(after["windows.tf"], wanted.replace('\n', "\r\n").as_bytes());
    assert_eq!(after.len(), 2, "nothing is left behind");
    assert!(said(folder.path(), &["--fix", RULES]).contains("\nno findings in 2 files\nexit 0\n"));
}

#[test]
fn a_schema_that_is_none_is_wrong_usage() {
    let folder = folder(&[("main.tf", "locals {}\n"), ("other.json", "{}"), ("text.json", "nope")]);
    fs::write(folder.path().join("binary.json"), b"\xff").unwrap();
    for (name, why) in [
        (
            "other.json",
            "a JSON object without `format_version` and `provider_schemas`",
        ),
        ("text.json", "not JSON"),
        ("binary.json", "not UTF-8"),
        (".", "a folder"),
        ("missing.json", "no file or folder `missing.json`"),
    ] {
        let output = run(folder.path(), &["--provider-schema", name, "main.tf"]);
        let (stdout, stderr) = text(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {stderr}");
        assert!(
            stdout.is_empty() && stderr.contains(name) && stderr.contains(why),
            "{name}: {stderr}"
        );
    }
}

#[test]
fn a_list_of_the_command_line_takes_the_place_of_the_blocks() {
    let unknown = "locals {\n  team = nothing.here\n}\n";
    let block = "check {\n  ignore = [\"syntax-error\", \"suppression-unused\"]\n}\n";
    let folder = folder(&[
        ("tfgen.hcl", block),
        ("a/main.tf", BROKEN),
        ("b/main.tf", UNUSED),
        ("c/main.tf", unknown),
    ]);
    for (words, wanted) in [
        (&["a", "b"][..], 0),
        (&["a", "--ignore=undeclared-reference"], 10),
        (&["c", "--ignore=undeclared-reference"], 0),
        (&["b", "--ignore=suppression-unused"], 0),
        (&["a", "b", "--rule=syntax-error"], 10),
        (&["a", "--rule=suppression-unused"], 0),
    ] {
        assert_eq!(status(folder.path(), words), wanted, "{words:?}");
    }
    let only = "check {\n  rules = [\"syntax-error\"]\n}\n";
    fs::write(folder.path().join("tfgen.hcl"), only).unwrap();
    for (words, wanted) in [
        (&["b", "c"][..], 0),
        (&["c", "--rule=undeclared-reference"], 10),
        (&["a", "--rule=undeclared-reference"], 0),
        (&["c", "--family=language"], 10),
    ] {
        assert_eq!(status(folder.path(), words), wanted, "{words:?}");
    }
}

#[test]
fn a_deployment_file_holds_defaults() {
    let block = "nmae = 5\ncheck {\n  fail_on = \"error\"\n  ignore = [\"syntax-error\"]\n}\n";
    let folder = folder(&[
        ("deploy/tfgen.hcl", block),
        ("deploy/terraform/broken/main.tf", BROKEN),
        ("deploy/terraform/unused/main.tf", UNUSED),
        ("elsewhere/main.tf", BROKEN),
    ]);
    for (words, wanted) in [
        (&["deploy/terraform"][..], 0),
        (&["deploy/terraform/broken/main.tf"], 0),
        // The command line wins.
        (&["deploy/terraform", "--ignore=suppression-unused"], 10),
        (&["deploy/terraform", "--rule=syntax-error"], 10),
        (
            &[
                "deploy/terraform/unused",
                "--rule=suppression-unused,syntax-error",
                "--fail-on=warning",
            ],
            10,
        ),
        // What lies elsewhere has nothing to do with it.
        (&["elsewhere"], 10),
        (&["."], 10),
        (&["deploy", "elsewhere"], 10),
    ] {
        assert_eq!(status(folder.path(), words), wanted, "{words:?}");
    }
    // The block may be all that the file has, and all that is asked of it.
    let alone = "check {\n  ignore = [\"syntax-error\", \"suppression-unused\"]\n}\n";
    fs::write(folder.path().join("deploy/tfgen.hcl"), alone).unwrap();
    assert_eq!(status(folder.path(), &["deploy/terraform"]), 0);
    fs::write(
        folder.path().join("deploy/tfgen.hcl"),
        "check {\n  ignore = [\"sintax-error\"]\n}\n",
    )
    .unwrap();
    let output = run(&folder.path().join("deploy"), &["terraform"]);
    assert_eq!(output.status.code(), Some(2));
    let (stdout, stderr) = text(&output);
    assert!(
        stdout.is_empty() && stderr.contains("did you mean `syntax-error`?"),
        "{stderr}"
    );
}

#[test]
fn json_names_places() {
    let folder = folder(&[("main.tf", BROKEN)]);
    let report = json(folder.path(), &[]);
    let finding = &report["findings"][0];
    assert_eq!(report["version"], 1);
    assert_eq!(report["summary"]["error"], 1);
    assert_eq!(
        (finding["rule"].as_str(), finding["family"].as_str()),
        (Some("syntax-error"), Some("language"))
    );
    assert_eq!(
        (
            finding["file"].as_str(),
            finding["line"].as_u64(),
            finding["column"].as_u64()
        ),
        (Some("main.tf"), Some(2), Some(10))
    );
}

#[test]
fn every_rule_is_listed_and_explained() {
    let list = tfgen().args(["rules", "--format=json"]).output().unwrap();
    let list: Value = serde_json::from_slice(&list.stdout).unwrap();
    assert_eq!(list["version"], 1);
    let ids: Vec<&str> = list["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let table = text(&tfgen().arg("rules").output().unwrap()).0;
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    for id in &ids {
        assert!(table.contains(&format!("| {id} ")), "{id} is not in\n{table}");
        let page = tfgen().args(["explain", id]).output().unwrap();
        assert_eq!(page.status.code(), Some(0), "{id}");
        let wanted = fs::read_to_string(docs.join(format!("{id}.md")))
            .unwrap()
            .replace("\r\n", "\n");
        assert_eq!(text(&page).0, wanted, "{id}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 140), "{table}");
    let of_check = tfgen()
        .args(["rules", "--family=check", "--format=json"])
        .output()
        .unwrap();
    let of_check: Value = serde_json::from_slice(&of_check.stdout).unwrap();
    let families: BTreeSet<&str> = of_check["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["family"].as_str().unwrap())
        .collect();
    assert_eq!(families, BTreeSet::from(["check"]));
    assert!(of_check["rules"].as_array().unwrap().len() < ids.len());
}

#[test]
fn a_page_has_colours_on_request() {
    let page = |color: &str| {
        text(
            &tfgen()
                .args(["explain", "syntax-error", "--color", color])
                .output()
                .unwrap(),
        )
        .0
    };
    let coloured = page("always");
    assert!(coloured.contains("\u{1b}[1m# syntax-error\u{1b}[0m\n"), "{coloured:?}");
    assert!(!page("never").contains('\u{1b}'));
}

#[test]
fn a_file_that_is_named_and_of_no_kind_that_is_read_is_not_determined() {
    let deep = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": {}1{}}}]}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let folder = folder(&[
        ("big/p.json", deep.as_str()),
        ("notes.txt", "to do\n"),
        ("package.json", "{}\n"),
        (".aws/config", "nothing\n"),
    ]);
    for (name, why) in [
        (
            "big/p.json",
            "it cannot be read as a policy document or as settings of Claude Code",
        ),
        (
            "package.json",
            "it cannot be read as a policy document or as settings of Claude Code",
        ),
        ("notes.txt", "it is no Terraform, no JSON and no AWS configuration"),
        (".aws/config", "it is no Terraform, no JSON and no AWS configuration"),
    ] {
        assert_eq!(status(folder.path(), &[name]), 11, "{name}");
        assert_eq!(status(folder.path(), &[name, "--allow-undetermined"]), 0, "{name}");
        let said = said(folder.path(), &[name]);
        assert!(said.contains(&format!("`{name}` was not checked: {why}")), "{said}");
    }
    // Below a folder they are what nobody asked for.
    assert!(said(folder.path(), &["."]).contains("no findings in 0 files\nexit 0\n"));
}

#[test]
fn a_file_that_cannot_be_read_counts_as_looked_at() {
    let folder = folder(&[]);
    fs::write(folder.path().join("p.json"), [b'{', 0xff, b'}']).unwrap();
    for words in [&["p.json"][..], &["."], &[]] {
        let said = said(folder.path(), words);
        assert!(said.contains("\n1 error in 1 file\nexit 10\n"), "{said}");
    }
    fs::write(folder.path().join("main.tf"), [b'{', 0xff, b'}']).unwrap();
    let said = said(folder.path(), &[]);
    assert!(said.contains("\n2 errors in 2 files\nexit 10\n"), "{said}");
}

/// The names of correct policies hold words that mean other kinds, and this project's own are among them.
#[test]
fn the_correct_policies_of_this_project_are_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let report = json(&root.join("crates/check/tests/policy/correct"), &["--fail-on=error"]);
    assert_eq!(report["summary"]["error"], 0, "{report}");
}
