//! The parser against the real Terraform: the same sources are valid, and templates have the same text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use std::collections::BTreeMap;
use std::fs;

use real::fmt::{fixtures, terraform, terraform_fmt};
use terraform::ast::{Expression, ExpressionKind, TemplatePart};
use terraform::syntax::{parse_file, parse_json};

/// Demands that Terraform and we find the same sources valid; how many those are.
fn agree(sources: &[String]) -> usize {
    let verdicts = terraform_fmt(sources).unwrap();
    let mut differences = Vec::new();
    let mut valid = 0;
    for (source, theirs) in sources.iter().zip(&verdicts) {
        let (_, errors) = parse_file(source);
        match (theirs, errors.as_slice()) {
            (Some(_), [first, ..]) => differences.push(format!("only we reject {source:?}: {first}")),
            (None, []) => differences.push(format!("only terraform rejects {source:?}")),
            _ => {}
        }
        valid += usize::from(theirs.is_some());
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    valid
}

#[test]
fn odd_but_valid_sources_are_valid() {
    let sources = fixtures("syntax-valid.txt").unwrap();
    assert!(sources.len() > 150);
    assert_eq!(agree(&sources), sources.len());
    let sources = fixtures("accepted.txt").unwrap();
    assert_eq!(agree(&sources), sources.len());
}

#[test]
fn invalid_sources_are_invalid() {
    let sources = fixtures("syntax-invalid.txt").unwrap();
    assert!(sources.len() > 200);
    assert_eq!(agree(&sources), 0);
    assert_eq!(agree(&fixtures("rejected.txt").unwrap()), 0);
}

/// An odd source after and inside of others changes nothing: the error is that of the odd one.
#[test]
fn surroundings_do_not_change_a_verdict() {
    let embed = |source: &String| format!("x1 = 1\nouter \"a\" {{\n{source}\n}}\ny1 = [\n  1,\n]\n");
    let valid: Vec<_> = fixtures("syntax-valid.txt").unwrap().iter().map(embed).collect();
    agree(&valid);
    let invalid: Vec<_> = fixtures("syntax-invalid.txt").unwrap().iter().map(embed).collect();
    agree(&invalid);
}

/// The text of a template whose interpolations are strings, numbers and names of `for`.
fn text(parts: &[TemplatePart], names: &BTreeMap<&str, String>) -> String {
    let known = |expression: &Expression| match &expression.kind {
        ExpressionKind::Number(number) => number.clone(),
        ExpressionKind::Bool(value) => value.to_string(),
        ExpressionKind::Variable(name) => names[name.as_str()].clone(),
        ExpressionKind::Template(template) => text(&template.parts, names),
        kind => panic!("{kind:?}"),
    };
    parts
        .iter()
        .map(|part| match part {
            TemplatePart::Literal { text, .. } => text.clone(),
            TemplatePart::Interpolation(expression) => known(expression),
            TemplatePart::If {
                condition,
                then,
                otherwise,
            } => text(if known(condition) == "true" { then } else { otherwise }, names),
            TemplatePart::For {
                value,
                collection,
                body,
                ..
            } => {
                let ExpressionKind::Tuple(elements) = &collection.kind else {
                    panic!("{collection:?}");
                };
                elements
                    .iter()
                    .map(|element| {
                        let mut names = names.clone();
                        names.insert(&value.text, known(element));
                        text(body, &names)
                    })
                    .collect()
            }
        })
        .collect()
}

#[test]
fn templates_have_the_text_that_terraform_gives_them() {
    let sources = fixtures("templates.txt").unwrap();
    let list: String = sources.iter().map(|source| format!("{source}\n,\n")).collect();
    let file = format!("locals {{\n  values = [\n{list}\n  ]\n}}\n");
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), &file).unwrap();
    let run = terraform(directory.path(), &["console"], "jsonencode(local.values)\n").unwrap();
    let printed: String = serde_json::from_slice(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&run.stderr)));
    let theirs: Vec<serde_json::Value> = serde_json::from_str(&printed).unwrap();
    assert_eq!(theirs.len(), sources.len());
    for (source, theirs) in sources.iter().zip(theirs) {
        let source = format!("a = [\n{source}\n]\n");
        let (body, errors) = parse_file(&source);
        assert_eq!(errors, [], "{source}");
        let ExpressionKind::Tuple(elements) = &body.attribute("a").unwrap().value.kind else {
            panic!("{source}");
        };
        let ExpressionKind::Template(template) = &elements[0].kind else {
            panic!("{source}");
        };
        // A number alone stays a number, which shows that nothing was lost beside it.
        let is_wrapped = matches!(template.parts.as_slice(), [TemplatePart::Interpolation(_)]);
        assert_eq!(theirs.is_string(), !is_wrapped, "{source}{theirs}");
        if !is_wrapped {
            assert_eq!(theirs, text(&template.parts, &BTreeMap::new()), "{source}");
        }
    }
}

/// Terraform reads all modules of a configuration and reports what is wrong with each. A file of JSON each.
#[test]
fn json_is_judged_alike() {
    let directory = tempfile::tempdir().unwrap();
    let valid = fixtures("json-valid.txt").unwrap();
    let invalid = fixtures("json-invalid.txt").unwrap();
    let mut root = String::new();
    for (index, source) in valid.iter().chain(&invalid).enumerate() {
        let module = directory.path().join(format!("m{index}"));
        fs::create_dir(&module).unwrap();
        fs::write(module.join("main.tf.json"), source).unwrap();
        root.push_str(&format!("module \"m{index}\" {{\n  source = \"./m{index}\"\n}}\n"));
    }
    fs::write(directory.path().join("main.tf"), root).unwrap();
    let run = terraform(directory.path(), &["get", "-no-color"], "").unwrap();
    let report = String::from_utf8_lossy(&run.stderr).into_owned();
    let mut differences = Vec::new();
    for (index, source) in valid.iter().chain(&invalid).enumerate() {
        let is_rejected = report.contains(&format!("m{index}/main.tf.json"));
        let (_, errors) = parse_json(source);
        if is_rejected != (index >= valid.len()) {
            differences.push(format!("terraform rejects: {is_rejected}: {source}"));
        }
        if errors.is_empty() == is_rejected {
            differences.push(format!("we say {errors:?} of {source}"));
        }
    }
    assert!(differences.is_empty(), "{}\n{report}", differences.join("\n"));
}
