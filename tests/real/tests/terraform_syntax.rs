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
use terraform::ast::{Body, Expression, ExpressionKind, Template, TemplatePart};
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

/// The template that an expression is, and whether it is nothing but an interpolation, the value of which it then has.
fn template(expression: &Expression) -> (&Template, bool) {
    let ExpressionKind::Template(template) = &expression.kind else {
        panic!("{expression:?}");
    };
    let is_wrapped = matches!(template.parts.as_slice(), [TemplatePart::Interpolation(_)]);
    (template, is_wrapped)
}

/// What Terraform makes of the values of `locals { values = … }`.
fn evaluate(name: &str, file: &str) -> Vec<serde_json::Value> {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(name), file).unwrap();
    let run = terraform(directory.path(), &["console"], "jsonencode(local.values)\n").unwrap();
    let printed: String = serde_json::from_slice(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&run.stderr)));
    serde_json::from_str(&printed).unwrap()
}

/// Demands of each template the text that Terraform gives it. A number alone stays a number, which shows that nothing
/// beside it was lost.
fn same_texts(body: &Body, theirs: &[serde_json::Value], sources: &[String]) {
    let locals = body.blocks().next().unwrap();
    let ExpressionKind::Tuple(elements) = &locals.body.attribute("values").unwrap().value.kind else {
        panic!("{body:?}");
    };
    assert_eq!((elements.len(), theirs.len()), (sources.len(), sources.len()));
    for ((source, element), theirs) in sources.iter().zip(elements).zip(theirs) {
        let (template, is_wrapped) = template(element);
        assert_eq!(theirs.is_string(), !is_wrapped, "{source}{theirs}");
        if !is_wrapped {
            assert_eq!(*theirs, text(&template.parts, &BTreeMap::new()), "{source}");
        }
    }
}

fn same_native_texts(sources: &[String]) {
    let list: String = sources.iter().map(|source| format!("{source}\n,\n")).collect();
    let file = format!("locals {{\n  values = [\n{list}\n  ]\n}}\n");
    let (body, errors) = parse_file(&file);
    assert_eq!(errors, [], "{file}");
    same_texts(&body, &evaluate("main.tf", &file), sources);
}

#[test]
fn templates_have_the_text_that_terraform_gives_them() {
    same_native_texts(&fixtures("templates.txt").unwrap());
}

/// SplitMix64: the same templates on every run.
fn random(state: &mut u64, limit: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) % limit as u64) as usize
}

/// Texts of templates: everything that trims, indents or escapes, in any order.
fn random_texts(seed: u64) -> Vec<String> {
    const PIECES: [&str; 24] = [
        " ",
        "  ",
        "\t",
        "\n",
        "\n    ",
        "\n  ",
        "\n\n",
        "x",
        "é",
        "\u{a0}",
        "$",
        "%",
        "$ ",
        "$${",
        "%%{",
        "${1}",
        "${~ 2 ~}",
        "${3 ~}",
        "${~ 4}",
        "%{ if true }a%{ endif }",
        "%{~ if false ~} b %{~ else ~} c %{~ endif ~}",
        "%{ for x in [5, 6] ~}\n      ${x}\n    %{ endfor ~}",
        "\n    %{ if true ~}\n      d\n    %{ endif ~}",
        "{",
    ];
    let mut state = seed;
    let mut text = || {
        let mut text = String::new();
        for _ in 0..random(&mut state, 9) {
            let piece = PIECES[random(&mut state, PIECES.len())];
            // A dollar before an interpolation would escape it.
            if !(text.ends_with(['$', '%']) && piece.starts_with(['$', '%', '{'])) {
                text.push_str(piece);
            }
        }
        text
    };
    (0..400).map(|_| text()).collect()
}

#[test]
fn random_heredocs_have_the_text_that_terraform_gives_them() {
    for open in ["<<-EOT\n", "<<EOT\n", "<<-EOT\n    "] {
        let sources: Vec<_> = random_texts(1)
            .iter()
            .map(|text| format!("{open}{text}\nEOT"))
            .collect();
        same_native_texts(&sources);
    }
}

#[test]
fn random_quoted_templates_have_the_text_that_terraform_gives_them() {
    let sources = random_texts(2).into_iter().map(|text| {
        let text = text.replace('\n', "\\n").replace('\t', "\\t");
        format!("\"{text}\"")
    });
    same_native_texts(&sources.collect::<Vec<_>>());
}

#[test]
fn random_strings_of_json_have_the_text_that_terraform_gives_them() {
    // Where a line ends with a lone dollar, Terraform trims less than in a heredoc; nobody writes that.
    let is_usual = |text: &String| !text.lines().any(|line| line.trim_end().ends_with(['$', '%']));
    let sources: Vec<_> = random_texts(3).into_iter().filter(is_usual).collect();
    assert!(sources.len() > 200);
    let file = serde_json::json!({"locals": {"values": sources}}).to_string();
    let (body, errors) = parse_json(&file);
    assert_eq!(errors, [], "{file}");
    same_texts(&body, &evaluate("main.tf.json", &file), &sources);
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
