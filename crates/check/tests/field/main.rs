//! The rules about Bedrock, settings and security on short cases: `cases/<rule>.txt`. A line `>>> fires FILE` or
//! `>>> silent FILE` begins a case, `>>> and FILE` adds a file to it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::fs;
use std::path::Path;

use check::{Input, Options};
use findings::{Family, Rule, Severity};

struct Case {
    fires: bool,
    inputs: Vec<Input>,
}

fn cases(rule: &Rule) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/field/cases/{}.txt", rule.id));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut cases: Vec<Case> = Vec::new();
    for part in format!("\n{text}").split("\n>>> ").skip(1) {
        let (head, text) = part.split_once('\n').unwrap();
        let (what, name) = head.split_once(' ').unwrap();
        let input = Input::Text {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        match what {
            "and" => cases.last_mut().unwrap().inputs.push(input),
            _ => cases.push(Case {
                fires: what == "fires",
                inputs: vec![input],
            }),
        }
    }
    cases
}

fn fires(rule: &Rule, case: &Case) -> bool {
    let report = check::run(&case.inputs, &Options::default()).unwrap();
    report.findings.iter().any(|finding| finding.rule == rule)
}

#[test]
fn every_rule_has_cases_and_keeps_to_them() {
    let mut faults = Vec::new();
    let ours = |rule: &&&Rule| matches!(rule.family, Family::Bedrock | Family::Security);
    for rule in check::rules().iter().filter(ours) {
        let cases = cases(rule);
        let positive = cases.iter().filter(|case| case.fires).count();
        if positive < 2 || cases.len() - positive < 2 {
            faults.push(format!("{}: needs two cases of each kind", rule.id));
        }
        for (number, case) in cases.iter().enumerate() {
            if fires(rule, case) != case.fires {
                let wanted = if case.fires { "should fire" } else { "should be silent" };
                faults.push(format!("{}: case {} {wanted}", rule.id, number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The case with a comment in front of, or behind, each line that the rule fires at.
fn suppressed(rule: &Rule, case: &Case, behind: bool) -> Option<Case> {
    let report = check::run(&case.inputs, &Options::default()).unwrap();
    let mut inputs = case.inputs.clone();
    let mut lines: Vec<(String, usize)> = report
        .findings
        .iter()
        .filter(|finding| finding.rule == rule)
        .map(|finding| (finding.place.source.name.clone(), finding.place.region().line))
        .collect();
    lines.sort();
    lines.dedup();
    for (name, line) in lines.into_iter().rev() {
        // JSON has no comments.
        if name.ends_with(".json") {
            return None;
        }
        for input in &mut inputs {
            let Input::Text { name: own, text } = input else {
                continue;
            };
            if *own == name {
                let comment = format!("# tfgen:ignore {}: it is meant", rule.id);
                let mut written: Vec<String> = text.lines().map(str::to_owned).collect();
                if behind {
                    written[line - 1] = format!("{} {comment}", written[line - 1]);
                } else {
                    // Within a heredoc a comment is text: it stands above the argument.
                    let heredoc = written[..line].iter().rposition(|line| line.contains("<<"));
                    written.insert(heredoc.unwrap_or(line - 1), comment);
                }
                *text = written.join("\n") + "\n";
            }
        }
    }
    Some(Case { fires: false, inputs })
}

#[test]
fn a_comment_suppresses_every_rule_where_there_are_comments() {
    let mut faults = Vec::new();
    let mut tried = 0;
    let ours = |rule: &&&Rule| matches!(rule.family, Family::Bedrock | Family::Security);
    for rule in check::rules().iter().filter(ours) {
        for case in cases(rule).iter().filter(|case| case.fires) {
            // One of the two places is enough.
            let ways: Vec<Case> = [true, false]
                .into_iter()
                .filter_map(|behind| suppressed(rule, case, behind))
                .collect();
            if ways.is_empty() {
                continue;
            }
            tried += 1;
            if ways.iter().all(|case| fires(rule, case)) {
                faults.push(rule.id);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried > 60, "{tried} cases");
}

/// What this project ships is right: nothing in it is worse than information.
#[test]
fn our_own_files_have_nothing_above_information() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let inputs: Vec<Input> = ["terraform", "examples", "policies"]
        .iter()
        .map(|folder| Input::Path(root.join(folder)))
        .collect();
    let report = check::run(&inputs, &Options::default()).unwrap();
    let bad: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| matches!(finding.rule.family, Family::Bedrock | Family::Security))
        .filter(|finding| finding.severity > Severity::Info)
        .map(|finding| {
            let place = &finding.place;
            format!(
                "{}:{} {}: {}",
                place.source.name,
                place.region().line,
                finding.rule.id,
                finding.message
            )
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(report.files > 60, "{} files", report.files);
}
