//! The command line from outside: help, wrong usage, exit statuses, and what goes to which stream.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use support::{example, files, text, tfgen};

const COMMANDS: [&str; 15] = [
    "init",
    "render",
    "prove",
    "verify",
    "verify-phase",
    "check",
    "explain",
    "rules",
    "attest",
    "fix",
    "onboard",
    "models",
    "schema",
    "completions",
    "man",
];

/// Runs `tfgen` in a folder.
fn run(folder: &Path, words: &[&str]) -> Output {
    tfgen().current_dir(folder).args(words).output().unwrap()
}

/// An empty folder, and what `tfgen` says in it: exit status and standard error, nothing on standard output.
fn complaint(words: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    complaint_in(folder.path(), words)
}

fn complaint_in(folder: &Path, words: &[&str]) -> String {
    let before = files(folder);
    let output = run(folder, words);
    let (stdout, stderr) = text(&output);
    assert_eq!(stdout, "");
    assert!(files(folder) == before, "something was written");
    assert!(!stderr.contains("panicked"), "{stderr}");
    let status = output.status.code().unwrap();
    // What the system calls the folder is not always what it was created as.
    let real = folder.canonicalize().unwrap();
    let stderr = stderr
        .replace(real.to_str().unwrap(), "DIR")
        .replace(folder.to_str().unwrap(), "DIR")
        .replace('\\', "/")
        .replace("tfgen.exe", "tfgen");
    format!("exit {status}\n{stderr}")
}

/// Standard output of a command that succeeds and has nothing else to say.
fn result(words: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    result_in(folder.path(), words)
}

fn result_in(folder: &Path, words: &[&str]) -> String {
    let output = run(folder, words);
    let (stdout, stderr) = text(&output);
    assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""), "{words:?}");
    stdout.replace("tfgen.exe", "tfgen")
}

fn json(folder: &Path, words: &[&str]) -> serde_json::Value {
    serde_json::from_str(&result_in(folder, words)).unwrap()
}

#[test]
fn help() {
    insta::assert_snapshot!("help", result(&["--help"]));
    for command in COMMANDS {
        insta::assert_snapshot!(format!("help_{command}"), result(&[command, "--help"]));
    }
}

/// No line of a help page is longer than a terminal, whatever the environment says.
#[test]
fn help_has_one_width() {
    for command in COMMANDS {
        for flag in ["-h", "--help"] {
            let usual = result(&[command, flag]);
            let long: Vec<&str> = usual.lines().filter(|line| line.chars().count() > 100).collect();
            assert_eq!(long, Vec::<&str>::new(), "{command} {flag}");
            let output = tfgen()
                .args([command, flag])
                .env("LANG", "de_DE.UTF-8")
                .env("TERM", "dumb")
                .output()
                .unwrap();
            assert_eq!(text(&output).0.replace("tfgen.exe", "tfgen"), usual);
        }
    }
}

#[test]
fn the_version() {
    let expected = format!("tfgen {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(result(&["--version"]), expected);
    assert_eq!(result(&["-V"]), expected);
}

#[test]
fn no_arguments_show_the_help_and_are_an_error() {
    let said = complaint(&[]);
    let help = result(&["-h"]);
    assert_eq!(said, format!("exit 2\n{help}"));
}

#[test]
fn wrong_usage() {
    let all = [
        &["rendr"][..],
        &["render", "--forse"],
        &["render", "--check", "--force"],
        &["prove", "--format", "xml"],
        &["completions", "tcsh"],
        &["completions"],
        &["--color", "sometimes", "models"],
        &["init", "--no-logging", "--budget=5"],
        &["check", "nowhere"],
        &["check", "-", "main.tf"],
        &["check", "-", "--fix"],
        &["check", "--diff", "--format=json"],
        &["check", "--fail-on=fatal"],
        &["check", "--rule=sintax-error,xyzzy", "--ignore", "suppression"],
        &["check", "--family=polices"],
        &["explain"],
        &["explain", "sintax-error"],
        &["explain", "xyzzy"],
    ];
    let said: String = all
        .map(|words| format!("$ tfgen {}\n{}\n", words.join(" "), complaint(words)))
        .concat();
    insta::assert_snapshot!(said);
}

#[test]
fn a_deployment_file_that_is_not_there() {
    let all = [
        &["render"][..],
        &["prove"],
        &["onboard", "alice"],
        &["render", "acme.hcl"],
        &["prove", "."],
        &["onboard", "alice", "acme.hcl"],
    ];
    let said: String = all
        .map(|words| format!("$ tfgen {}\n{}\n", words.join(" "), complaint(words)))
        .concat();
    insta::assert_snapshot!(said);
}

#[test]
fn a_broken_deployment_file_is_refused_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("tfgen.hcl"),
        "name = \"Claude Code\"\naccount_id = \"1234\"\nbudgets {\n  monthly = 5\n}\n",
    )
    .unwrap();
    let said = complaint_in(folder.path(), &["render"]);
    insta::assert_snapshot!(said);
    for words in [
        &["prove"][..],
        &["prove", "--format=json"],
        &["onboard"],
        &["render", "--check"],
    ] {
        assert_eq!(complaint_in(folder.path(), words), said, "{words:?}");
    }
}

/// A file in a folder above is found, and what is relative to it stays so.
#[test]
fn the_nearest_deployment_file_is_used() {
    let folder = tempfile::tempdir().unwrap();
    fs::rename(example(folder.path()), folder.path().join("tfgen.hcl")).unwrap();
    let deep = folder.path().join("one/two");
    fs::create_dir_all(&deep).unwrap();
    let output = run(&deep, &["render"]);
    assert!(output.status.success(), "{}", text(&output).1);
    assert!(folder.path().join("terraform/workload/main.tf").is_file());
    assert_eq!(files(&deep).len(), 0);
}

#[test]
fn prove_prints_tables_and_json() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    let human = result_in(folder.path(), &["prove", "acme.hcl"]);
    assert!(human.trim_end().ends_with("proofs, all hold."), "{human}");
    let document = json(folder.path(), &["prove", "acme.hcl", "--format", "json"]);
    assert_eq!(document["version"], 1);
    let rows = document["rows"].as_array().unwrap();
    assert!(rows.len() > 100);
    for row in rows {
        for key in [
            "principal",
            "action",
            "resource",
            "context",
            "expected",
            "verdict",
            "decided_by",
        ] {
            assert!(!row[key].is_null(), "{key} is missing in {row}");
        }
    }
    let failed = json(folder.path(), &["prove", "acme.hcl", "--format=json", "--failed"]);
    assert_eq!(failed["rows"].as_array().unwrap().len(), 0);
}

#[test]
fn models_prints_a_table_and_json() {
    let folder = tempfile::tempdir().unwrap();
    let human = result_in(folder.path(), &["models"]);
    assert!(human.lines().any(|line| line.starts_with(" opus-4-6 ")), "{human}");
    let document = json(folder.path(), &["models", "--format", "json"]);
    assert_eq!(document["version"], 1);
    assert!(document["models"].as_array().unwrap().len() > 5);
}

#[test]
fn the_schema_is_one_and_the_reference_is_the_documentation() {
    let folder = tempfile::tempdir().unwrap();
    let schema = json(folder.path(), &["schema"]);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema["properties"]["models"].is_object());
    let reference = result(&["schema", "--format", "markdown"]);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deployment.md");
    let docs = fs::read_to_string(docs).unwrap().replace("\r\n", "\n");
    assert!(
        docs.ends_with(&reference),
        "docs/deployment.md does not end with the reference"
    );
}

#[test]
fn completions_and_the_manual_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = result(&["completions", shell]);
        for word in COMMANDS
            .iter()
            .chain(&["--from-tfvars", "--drop-retired", "--drop-removed"])
        {
            let word = if shell == "fish" {
                word.trim_start_matches("--")
            } else {
                word
            };
            assert!(script.contains(word), "{word} is not in the script for {shell}");
        }
    }
    let manual = result(&["man"]);
    assert!(manual.contains(".TH tfgen 1"), "{manual}");
    for command in COMMANDS {
        let name = format!("tfgen\\-{}(1)", command.replace('-', "\\-"));
        assert!(manual.contains(&name), "{name} is not in\n{manual}");
        let page = result(&["man", command]);
        assert!(page.contains(&format!(".TH tfgen-{command} 1")), "{page}");
    }
    assert!(result(&["man", "render"]).contains("drop\\-retired"));

    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["man", "--out", "pages"]);
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    let mut pages: Vec<_> = fs::read_dir(folder.path().join("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let mut wanted: Vec<_> = COMMANDS.iter().map(|command| format!("tfgen-{command}.1")).collect();
    wanted.push("tfgen.1".to_owned());
    wanted.sort();
    assert_eq!(pages, wanted);
    assert_eq!(
        complaint(&["man", "rendr"]),
        "exit 2\nerror: tfgen has no command `rendr`, so there is no page of it; did you mean `render`?\n"
    );
}

/// `tfgen models | true`, with a reader that is gone before anything is written: no failure, and what was found is still
/// told by the status.
#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    for words in [
        &["models"][..],
        &["models", "--format=json"],
        &["rules"],
        &["rules", "--format=json"],
        &["explain", "syntax-error"],
        &["check"],
        &["prove", "acme.hcl"],
        &["prove", "acme.hcl", "--format=json"],
        &["schema"],
        &["schema", "--format=markdown"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
        &["render", "acme.hcl", "--check", "--out=elsewhere"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = tfgen()
            .current_dir(folder.path())
            .args(words)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(
            (output.status.code(), text(&output).1.as_str()),
            (Some(if words.contains(&"--check") { 10 } else { 0 }), ""),
            "{words:?}"
        );
    }
}

/// A disk that is full is no closed pipe.
#[cfg(target_os = "linux")]
#[test]
fn output_that_is_lost_is_an_error() {
    for words in [&["models"][..], &["schema"], &["man"], &["completions", "zsh"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = tfgen().args(words).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(text(&output).1.starts_with("error: "), "{}", text(&output).1);
    }
}

#[test]
fn colour_is_for_terminals_or_by_request() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tfgen.hcl"), "name = 5\n").unwrap();
    let said = |words: &[&str], no_color: Option<&str>| {
        let mut command = tfgen();
        command
            .current_dir(folder.path())
            .arg("render")
            .args(words)
            .env_remove("NO_COLOR");
        command.envs(no_color.map(|value| ("NO_COLOR", value)));
        text(&command.output().unwrap()).1
    };
    let plain = said(&[], None);
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    assert_eq!(said(&["--color=auto"], None), plain);
    assert_eq!(said(&["--color=never"], None), plain);
    for no_color in [None, Some("1")] {
        let coloured = said(&["--color=always"], no_color);
        assert!(coloured.contains("\u{1b}["), "{coloured:?}");
    }
}

#[test]
fn onboard_names_the_nearest_developer() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    let roster = fs::read_to_string(folder.path().join("developers.csv")).unwrap();
    let id = roster.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let wrong = format!("{id}x");
    let said = complaint_in(folder.path(), &["onboard", &wrong, "acme.hcl"]);
    assert_eq!(
        said,
        format!("exit 2\nerror: no developer has the id `{wrong}`; did you mean `{id}`?\n")
    );
}

#[test]
fn onboard_says_what_it_needs_from_terraform() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    let unrendered = complaint_in(folder.path(), &["onboard", "acme.hcl"]);
    assert!(run(folder.path(), &["render", "acme.hcl"]).status.success());
    let without_terraform = complaint_in(folder.path(), &["onboard", "acme.hcl"]);
    fs::write(folder.path().join("outputs.json"), "{}").unwrap();
    let unapplied = complaint_in(folder.path(), &["onboard", "acme.hcl", "--outputs=outputs.json"]);
    insta::assert_snapshot!([unrendered, without_terraform, unapplied].join("\n"));
    let missing = complaint_in(folder.path(), &["onboard", "acme.hcl", "--outputs=nowhere.json"]);
    assert!(
        missing.starts_with("exit 1\nerror: cannot read nowhere.json: "),
        "{missing}"
    );
}

#[test]
fn an_output_folder_that_cannot_be_written_to() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    // A file stands where the folder would be; permissions would not stop root.
    let said = complaint_in(folder.path(), &["render", "acme.hcl", "--out=developers.csv"]);
    assert_eq!(
        said,
        "exit 2\nerror: developers.csv is a file; name a folder with --out\n"
    );
    let said = complaint_in(folder.path(), &["render", "acme.hcl", "--out=developers.csv/deeper"]);
    assert!(
        said.starts_with("exit 1\nerror: ") && said.contains("developers.csv"),
        "{said}"
    );
}

#[test]
fn a_wrong_date_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let output = tfgen()
        .current_dir(folder.path())
        .arg("models")
        .env("SOURCE_DATE_EPOCH", "yesterday")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(
        text(&output).1,
        @"error: SOURCE_DATE_EPOCH is \"yesterday\": expected seconds since 1970"
    );
}

#[test]
fn prove_refuses_a_principal_that_no_proof_is_about() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    let said = complaint_in(folder.path(), &["prove", "acme.hcl", "--principal", "nobody"]);
    assert!(
        said.starts_with("exit 2\nerror: `--principal nobody`: no proof is about it"),
        "{said}"
    );
    assert!(
        said.contains("there are proofs about ") && said.contains("developer"),
        "{said}"
    );
}

#[test]
fn models_shows_the_model_blocks_of_a_deployment() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let mut text = fs::read_to_string(&file).unwrap();
    text.push_str("\nmodel \"opus-4-6\" {\n  max_output_tokens = 77777\n}\n");
    fs::write(&file, text).unwrap();
    let words = ["models", "opus-4-6", "--file", "acme.hcl"];
    assert!(result_in(folder.path(), &words).contains("77,777"));
    assert!(!result_in(folder.path(), &words[..2]).contains("77,777"));
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_is_lost_is_an_error() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let status = tfgen()
        .arg("--help")
        .stdout(full)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}
