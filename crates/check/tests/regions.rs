//! Places in SARIF, JSON and annotations of GitHub select exactly the text that a finding is about, whatever the file's
//! lines end with and however many bytes its characters have. The texts are cut out as a viewer would cut them out.
//!
//! In the cases `⟦` and `⟧` stand around that text; they are taken out before the check.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use check::{Input, Options};
use findings::Report;
use findings::output::{github, json, sarif};
use serde_json::Value;

/// Rule, file and text.
const CASES: &[(&str, &str, &str)] = &[
    ("undeclared-reference", "main.tf", "locals {\n  a = ⟦nothing.here⟧\n}\n"),
    (
        "undeclared-reference",
        "main.tf",
        "locals {\n\ta\t=\t⟦nothing.here⟧ # tab\n}\n",
    ),
    (
        "undeclared-reference",
        "main.tf",
        "locals {\n  a = [\"ä\", ⟦nothing.here⟧]\n}\n",
    ),
    (
        "undeclared-reference",
        "main.tf",
        "locals {\n  a = [\"…漢\", ⟦nothing.here⟧]\n}\n",
    ),
    (
        "undeclared-reference",
        "main.tf",
        "locals {\n  a = [\"😀👩‍👩‍👧\", ⟦nothing.here⟧] # 😀\n}\n",
    ),
    (
        "undeclared-reference",
        "main.tf",
        "locals {\n  a = [\"e\u{301}\u{5d0}\u{202e}\", ⟦nothing.here⟧]\n}\n",
    ),
    (
        "undeclared-reference",
        "main.tf",
        "/* ä\n😀 */ locals {\n  a = \"😀${⟦nothing.here⟧}ä\"\n}\n",
    ),
    (
        "undeclared-reference",
        "main.tf",
        "locals {\n  größe = [\n    1,\n    ⟦nothing.größe⟧,\n  ]\n}\n",
    ),
    (
        "undeclared-reference",
        "main.tf",
        "locals {\n  a = <<-EOT\n    ä 😀 ${⟦nothing.here⟧}\n\n\tb\n  EOT\n}\n",
    ),
    ("unknown-function", "main.tf", "locals { a = ⟦uper⟧(\"😀\") }"),
    (
        "type-mismatch",
        "main.tf",
        "resource \"terraform_data\" \"a\" {\n  count = ⟦[\n    \"ä\",\n    \"😀\",\n  ]⟧\n}\n",
    ),
    (
        "unknown-argument",
        "main.tf",
        "output \"a\" {\n  value = \"😀\"\n  ⟦größe⟧ = 1\n}\n",
    ),
    ("variables-file", "terraform.tfvars", "a = \"😀\"\n\t⟦größe⟧ = 1\n"),
    (
        "policy-action",
        "developer-policy.json",
        "{\n\t\"Version\": \"2012-10-17\",\n\t\"Statement\": [{\n\t\t\"Sid\": \"A\",\n\t\t\"Effect\": \"Allow\",\n\t\t\"Resource\": \"arn:aws:s3:::ä😀/*\", \"Action\": ⟦\"s3:GetObjet\"⟧\n\t}]\n}\n",
    ),
    (
        "policy-action",
        "main.tf",
        "resource \"aws_iam_policy\" \"a\" {\n  policy = <<-EOT\n    {\n      \"Version\": \"2012-10-17\",\n      \"Statement\": [{ \"Effect\": \"Allow\", \"Resource\": \"arn:aws:s3:::ä😀/*\", \"Action\": ⟦\"s3:GetObjet\"⟧ }]\n    }\n  EOT\n}\n",
    ),
    (
        "policy-action",
        "main.tf",
        "resource \"aws_iam_policy\" \"a\" {\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [{ Effect = \"Allow\", Resource = \"arn:aws:s3:::ä😀/*\", Action = ⟦\"s3:GetObjet\"⟧ }]\n  })\n}\n",
    ),
    (
        "settings-unknown-variable",
        ".claude/settings.json",
        "{\n\t\"env\": { \"ÄÖ😀\": \"e\u{301}\", ⟦\"ANTHROPIC_MODELL\"⟧: \"x\" }\n}\n",
    ),
    (
        "suppression-unused",
        "main.tf",
        "# 😀 ä\nlocals {\n\ta = \"😀\" # tfgen:ignore ⟦syntax-error⟧: wäs there\n}\n",
    ),
];

/// The text without its marks, and what stands between them.
fn unmarked(text: &str) -> (String, String) {
    let (before, rest) = text.split_once('⟦').unwrap();
    let (marked, behind) = rest.split_once('⟧').unwrap();
    (format!("{before}{marked}{behind}"), marked.to_owned())
}

/// A text as an editor shows it: without byte order mark, line by line, each with its break.
fn lines(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.split_inclusive('\n')
        .map(str::to_owned)
        .chain([String::new()])
        .collect()
}

/// What stands between two places; lines and columns from 1, the last column excluded, columns in code points.
fn cut(lines: &[String], (line, column): (usize, usize), (end_line, end_column): (usize, usize)) -> String {
    let mut text = String::new();
    for number in line..=end_line {
        let first = if number == line { column } else { 1 };
        let last = if number == end_line { end_column } else { usize::MAX };
        let letters = lines[number - 1].chars().enumerate();
        text.extend(
            letters
                .filter(|(at, _)| (first..last).contains(&(at + 1)))
                .map(|(_, letter)| letter),
        );
    }
    text
}

fn number(value: &Value, name: &str) -> usize {
    usize::try_from(value[name].as_u64().unwrap_or_else(|| panic!("no {name}"))).unwrap()
}

/// The places of a rule's findings in all three forms, as texts.
fn selected(report: &Report, rule: &str, file: &[String]) -> BTreeMap<&'static str, Vec<String>> {
    let mut found: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut add = |form, start, end| found.entry(form).or_default().push(cut(file, start, end));

    let mut out = Vec::new();
    sarif::write(report, "0.0.0", &mut out).unwrap();
    let log: Value = serde_json::from_slice(&out).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    for result in run["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["ruleId"] == rule)
    {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let at = |line, column| (number(region, line), number(region, column));
        add("sarif", at("startLine", "startColumn"), at("endLine", "endColumn"));
    }

    let mut out = Vec::new();
    json::write(report, &mut out).unwrap();
    let document: Value = serde_json::from_slice(&out).unwrap();
    for finding in document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == rule)
    {
        let at = |line, column| (number(finding, line), number(finding, column));
        add("json", at("line", "column"), at("end_line", "end_column"));
    }

    let mut out = Vec::new();
    github::write(report, &mut out).unwrap();
    for line in String::from_utf8(out)
        .unwrap()
        .lines()
        .filter(|line| line.contains(&format!("title=tfgen {rule}::")))
    {
        let (command, _) = line.split_once(",title=").unwrap();
        let property = |name: &str| -> Option<usize> {
            let (_, rest) = command.split_once(&format!(",{name}="))?;
            Some(rest.split(',').next()?.parse().unwrap())
        };
        let (line, end_line) = (property("line").unwrap(), property("endLine").unwrap());
        match (property("col"), property("endColumn")) {
            (Some(column), Some(end_column)) => add("github", (line, column), (end_line, end_column)),
            // Over several lines GitHub takes lines alone.
            _ => assert!(line < end_line, "{command}"),
        }
    }
    found
}

/// Checks one file in a folder of its own.
fn report(folder: &Path, name: &str, content: &str) -> (Report, Vec<String>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    if name.ends_with(".tfvars") {
        fs::write(folder.join("main.tf"), "variable \"a\" {}\n").unwrap();
    }
    let report = check::run(&[Input::Path(folder.to_owned())], &Options::default()).unwrap();
    (report, lines(&fs::read(&path).unwrap()))
}

#[test]
fn places_select_the_text_that_a_finding_is_about() {
    let mut faults = Vec::new();
    for (rule, name, text) in CASES {
        let (text, marked) = unmarked(text);
        for line_break in ["\n", "\r\n"] {
            for mark in ["", "\u{feff}"] {
                // JSON with a byte order mark is no JSON.
                if !mark.is_empty() && name.ends_with(".json") {
                    continue;
                }
                let folder = tempfile::tempdir().unwrap();
                let content = format!("{mark}{}", text.replace('\n', line_break));
                let marked = marked.replace('\n', line_break);
                let (report, file) = report(folder.path(), name, &content);
                let found = selected(&report, rule, &file);
                let mut wanted = vec!["json", "sarif"];
                if !marked.contains('\n') {
                    wanted.insert(0, "github");
                }
                if found.keys().copied().collect::<Vec<_>>() != wanted
                    || found.values().flatten().any(|selected| *selected != marked)
                {
                    faults.push(format!("{rule} in {content:?}: {found:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a program makes of a fix that it reads from SARIF is what `--fix` makes.
#[test]
fn fixes_in_sarif_change_what_they_should() {
    let text = "# 😀 ä\nlocals {\n\ta = \"😀\" # tfgen:ignore syntax-error: wäs there\n}\n";
    for line_break in ["\n", "\r\n"] {
        for mark in ["", "\u{feff}"] {
            let folder = tempfile::tempdir().unwrap();
            let content = format!("{mark}{}", text.replace('\n', line_break));
            let (report, file) = report(folder.path(), "main.tf", &content);
            let mut out = Vec::new();
            sarif::write(&report, "0.0.0", &mut out).unwrap();
            let log: Value = serde_json::from_slice(&out).unwrap();
            let change = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0];
            let region = &change["deletedRegion"];
            let start = (number(region, "startLine"), number(region, "startColumn"));
            let end = (number(region, "endLine"), number(region, "endColumn"));
            let last = (file.len(), 1);
            let by_viewer = format!(
                "{mark}{}{}{}",
                cut(&file, (1, 1), start),
                change["insertedContent"]["text"].as_str().unwrap(),
                cut(&file, end, last)
            );
            let fixed = findings::fix::apply(&report).files;
            assert_eq!(fixed[0].text, by_viewer);
            assert_eq!(
                by_viewer,
                content.replace(" # tfgen:ignore syntax-error: wäs there", "")
            );
        }
    }
}
