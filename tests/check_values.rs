//! `tfgen check --var-file`, and the files of values that Terraform reads by itself.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

mod support;

use std::fs;
use std::path::Path;

use support::{text, tfgen};

/// Variables of every kind, and a resource whose name comes from one.
const MAIN: &str = r#"variable "days" {
  type = number
}

variable "name" {
  type     = string
  nullable = false
  validation {
    condition     = length(var.name) > 2
    error_message = "The name \"${var.name}\" is too short."
  }
}

variable "password" {
  type      = string
  default   = "something"
  sensitive = true
  validation {
    condition     = length(var.password) > 8
    error_message = "Not ${var.password}."
  }
}

variable "network" {
  type    = object({ cidr = string, zones = optional(number, 2) })
  default = null
}

resource "aws_sqs_queue" "jobs" {
  count                     = var.network == null ? 0 : 1
  name                      = "jobs-${var.network.cidr}"
  message_retention_seconds = var.days * 86400
}

output "cidr" {
  value = var.network.cidr
}
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Exit status and findings: `FILE:LINE:COLUMN severity rule: message`.
fn check(folder: &Path, words: &[&str]) -> (i32, Vec<String>) {
    let output = tfgen()
        .current_dir(folder)
        .args(["check", "--format=json"])
        .args(words)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| text(&output).1.into());
    let findings = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
    let told = findings.iter().map(|finding| {
        let part = |name: &str| match &finding[name] {
            serde_json::Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        format!(
            "{}:{}:{} {} {}: {}",
            part("file"),
            part("line"),
            part("column"),
            part("severity"),
            part("rule"),
            part("message")
        )
    });
    (output.status.code().unwrap(), told.collect())
}

#[test]
fn without_files_of_values_nothing_is_known() {
    let folder = folder(&[("main.tf", MAIN)]);
    assert_eq!(check(folder.path(), &[]), (0, vec![]));
}

#[test]
fn a_named_file_is_judged_as_a_plan_judges_it() {
    let values = "days     = \"ten\"\nname     = \"x\"\npassword = \"geheim\"\nnaem     = 1\nnetwork  = null\n";
    let folder = folder(&[("main.tf", MAIN), ("env/prod.tfvars", values)]);
    let (status, findings) = check(folder.path(), &["--var-file=env/prod.tfvars"]);
    assert_eq!(status, 10);
    assert_eq!(
        findings,
        [
            "env/prod.tfvars:1:12 error variables-file: the value of var.days: a number is required, and the string is none",
            "env/prod.tfvars:2:12 error variables-file: the value of var.name fails its validation: The name \"x\" is too short.",
            "env/prod.tfvars:3:12 error variables-file: the value of var.password fails its validation",
            "env/prod.tfvars:4:1 warning variables-file: no root module that is checked declares a variable `naem`",
            "main.tf:36:23 error invalid-expression: the value is null and has no attribute \"cidr\"",
        ],
        "the resource with `count = 0` is not looked at"
    );
}

#[test]
fn values_are_converted_and_what_is_not_given_may_come_from_elsewhere() {
    let values = "days = \"10\"\nnetwork = { cidr = \"10.0.0.0/8\", zones = \"3\", more = true }\n";
    let folder = folder(&[("main.tf", MAIN), ("prod.tfvars", values)]);
    assert_eq!(check(folder.path(), &["--var-file=prod.tfvars"]), (0, vec![]));
    fs::write(
        folder.path().join("prod.tfvars"),
        "name = null\nnetwork = { zones = 3 }\n",
    )
    .unwrap();
    let (_, findings) = check(folder.path(), &["--var-file=prod.tfvars"]);
    assert_eq!(
        findings,
        [
            "prod.tfvars:1:8 error variables-file: var.name has no default and takes no null",
            "prod.tfvars:2:11 error variables-file: the value of var.network: attribute \"cidr\" is required",
        ]
    );
}

#[test]
fn the_last_value_counts_and_no_other() {
    let folder = folder(&[
        ("main.tf", MAIN),
        ("terraform.tfvars", "days = \"a\"\nname = \"a\"\n"),
        ("a.auto.tfvars", "days = 1\n"),
        ("b.auto.tfvars.json", r#"{"password": "short"}"#),
        ("more.tfvars", "name = \"more\"\n"),
        ("prod.json", r#"{"password": "long enough"}"#),
    ]);
    let (_, findings) = check(folder.path(), &["--rule=variables-file"]);
    assert_eq!(
        findings,
        [
            "b.auto.tfvars.json:1:14 error variables-file: the value of var.password fails its validation",
            "terraform.tfvars:2:8 error variables-file: the value of var.name fails its validation: The name \"a\" is too short.",
        ]
    );
    let all = [
        "--var-file=prod.json",
        "--var-file=more.tfvars",
        "--rule=variables-file",
    ];
    assert_eq!(check(folder.path(), &all), (0, vec![]));
}

#[test]
fn what_terraform_reads_by_itself_shows_more_than_validate_as_warnings() {
    let network = "network = null\n";
    let folder = folder(&[
        ("main.tf", MAIN),
        ("terraform.tfvars", network),
        ("given.tfvars", "days = 1\n"),
    ]);
    let wanted = |severity: &str| {
        format!("main.tf:36:23 {severity} invalid-expression: the value is null and has no attribute \"cidr\"")
    };
    assert_eq!(check(folder.path(), &[]), (10, vec![wanted("warning")]));
    assert_eq!(
        check(folder.path(), &["--var-file=given.tfvars"]),
        (10, vec![wanted("error")])
    );
}

#[test]
fn a_file_serves_every_root_that_declares_its_variables() {
    let folder = folder(&[
        ("a/main.tf", "variable \"region\" {\n  type = string\n}\n"),
        ("b/main.tf", "variable \"zones\" {\n  type = number\n}\n"),
        ("c/main.tf", "module \"d\" {\n  source = \"../d\"\n  own    = 1\n}\n"),
        ("d/main.tf", "variable \"own\" {\n  type = number\n}\n"),
        ("prod.tfvars", "region = \"eu-central-1\"\nzones  = []\nown    = 1\n"),
    ]);
    let (_, findings) = check(folder.path(), &["--var-file=prod.tfvars"]);
    assert_eq!(
        findings,
        [
            "prod.tfvars:2:10 error variables-file: the value of var.zones: number is required, not tuple",
            "prod.tfvars:3:1 warning variables-file: no root module that is checked declares a variable `own`",
        ]
    );
}

#[test]
fn what_is_known_of_variables_reaches_policies() {
    let main = "variable \"action\" {\n  type = string\n}\n\nresource \"aws_iam_policy\" \"a\" {\n  policy = jsonencode({\n    \
                Version = \"2012-10-17\"\n    Statement = [{\n      Effect   = \"Allow\"\n      Action   = var.action\n      \
                Resource = \"*\"\n    }]\n  })\n}\n";
    let folder = folder(&[("main.tf", main), ("prod.tfvars", "action = \"s3:GetObjet\"\n")]);
    let (_, findings) = check(folder.path(), &["--family=policy"]);
    assert_eq!(findings, [""; 0]);
    let (_, findings) = check(folder.path(), &["--family=policy", "--var-file=prod.tfvars"]);
    assert!(
        findings.iter().any(|finding| finding.contains("GetObjet")),
        "{findings:?}"
    );
}

#[test]
fn a_file_that_is_none() {
    let folder = folder(&[
        ("main.tf", "variable \"a\" {}\n"),
        ("block.tfvars", "a {\n}\nb = = 1\n"),
    ]);
    let output = tfgen()
        .current_dir(folder.path())
        .args(["check", "--var-file=nowhere.tfvars"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).1.contains("`nowhere.tfvars`"), "{output:?}");
    // A folder can be named, and has no values.
    let (status, findings) = check(folder.path(), &["main.tf", "--var-file=."]);
    assert_eq!(status, 10);
    assert_eq!(
        findings,
        [".:1:1 error syntax-error: . cannot be read: it is not a regular file"]
    );
    // Also where a single file is checked, the findings in the files of values count.
    let (status, findings) = check(folder.path(), &["main.tf", "--var-file=block.tfvars"]);
    assert_eq!(status, 10);
    assert_eq!(
        findings
            .iter()
            .map(|finding| finding.split(": ").next().unwrap())
            .collect::<Vec<_>>(),
        [
            "block.tfvars:1:1 error variables-file",
            "block.tfvars:3:1 warning variables-file",
            "block.tfvars:3:5 error syntax-error"
        ]
    );
}

#[test]
fn the_deployment_file_names_files_of_values_as_well() {
    let folder = folder(&[
        ("main.tf", "variable \"days\" {\n  type = number\n}\n"),
        ("env/prod.tfvars", "days = true\n"),
        (
            "tfgen.hcl",
            "name = \"acme\"\n\ncheck {\n  var_files = [\"env/prod.tfvars\"]\n}\n",
        ),
    ]);
    let (status, findings) = check(folder.path(), &[]);
    assert_eq!((status, findings.len()), (10, 1), "{findings:?}");
    assert!(
        findings[0].contains("env/prod.tfvars:1:8 error variables-file"),
        "{findings:?}"
    );
}

#[test]
fn a_suppression_in_a_named_file_counts() {
    let values = "# tfgen:ignore variables-file: for the other root\nother = 1\n";
    let folder = folder(&[("main.tf", "variable \"a\" {\n}\n"), ("env/prod.tfvars", values)]);
    assert_eq!(check(folder.path(), &["--var-file=env/prod.tfvars"]), (0, vec![]));
}
