//! Comments against findings.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::{Confidence, Family, Report, Severity, Source, fix};

static A: Rule = rule("rule-a");
static B: Rule = rule("rule-b");
static RULES: [&Rule; 2] = [&A, &B];

const fn rule(id: &'static str) -> Rule {
    Rule {
        id,
        family: Family::Policy,
        severity: Severity::Error,
        confidence: Confidence::High,
        summary: "",
        page: "",
    }
}

/// Every comment of a text: the rest of a line behind `#`, or one in `/* */`. It speaks for its own line where code
/// stands before it, otherwise for the next line.
fn comments(source: &Arc<Source>) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut start = 0;
    for (index, line) in source.text.split_inclusive('\n').enumerate() {
        if let Some(at) = line.find(['#', '/', ';']) {
            let own = index + 1;
            let next = own + usize::from(line[..at].trim().is_empty());
            found.push(Comment {
                place: Place::new(source, start + at..start + line.len()),
                lines: next..next + 1,
            });
        }
        start += line.len();
    }
    found
}

/// What is found, suppressed and said of a text in which rule A finds each `a` and rule B each `b` at the start of a line.
fn sifted(text: &str) -> (Arc<Source>, Sifted) {
    sifted_by(text, &|_| true)
}

fn sifted_by(text: &str, has_run: &dyn Fn(&Rule) -> bool) -> (Arc<Source>, Sifted) {
    let source = Source::new("main.tf", text);
    let mut findings = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for (letter, rule) in [('a', &A), ('b', &B)] {
            let code = line.split(['#', '/', ';']).next().unwrap();
            if let Some(at) = code.find(letter) {
                findings.push(Finding::new(
                    rule,
                    Place::new(&source, start + at..start + at + 1),
                    letter,
                ));
            }
        }
        start += line.len();
    }
    let sifted = sift(findings, &comments(&source), &RULES, has_run);
    (source, sifted)
}

/// A line for each finding: its rule, its place, and what it says; the suppressed ones with their reason.
fn told(text: &str) -> String {
    let (_, sifted) = sifted(text);
    let mut report = Report {
        findings: sifted.findings,
        suppressed: sifted.suppressed,
        ..Report::default()
    };
    report.sort();
    let mut out = String::new();
    for found in &report.findings {
        let region = found.place.region();
        let text = &found.place.source.text[found.place.span.clone()];
        let help = found.help.concat();
        out.push_str(&format!(
            "{}:{} {} {text:?}: {} {help}\n",
            region.line, region.column, found.rule.id, found.message
        ));
    }
    for item in &report.suppressed {
        out.push_str(&format!("{} suppressed: {}\n", item.finding.message, item.reason));
    }
    out
}

#[test]
fn what_is_said_of_comments() {
    let cases = [
        (
            "comments of every kind suppress",
            "a # tfgen:ignore rule-a: trailing\n# tfgen:ignore rule-a: above\na\na // tfgen:ignore rule-a: slashes\n\
             a /* tfgen:ignore rule-a: in a block */\na ; tfgen:ignore rule-a: of an ini file\n\
             a ## tfgen:ignore rule-a: more: than one colon\nab # tfgen:ignore rule-a,rule-b : both\r\n",
        ),
        (
            "only what is named, and only there",
            "ab # tfgen:ignore rule-a: a alone\nab\n",
        ),
        (
            "a reason is needed",
            "a # tfgen:ignore rule-a\na # tfgen:ignore rule-a:\na # tfgen:ignore rule-a because it is so\n",
        ),
        (
            "unknown rules have nearest names",
            "a # tfgen:ignore rul-a: misspelt\nb # tfgen:ignore rule-b, nonsense: half\n",
        ),
        (
            "nearly a suppression, and none",
            "a # tfgen:ignroe rule-a: why\na # tfgen:ignore: why\na # tfgen: ignore rule-a: why\n\
             a # tfgen:ignore-next-line rule-a: why\n\
             # see tfgen:ignore in the docs\n# tfgen:generated v1\n# tfgen: the program\n",
        ),
        (
            "what suppresses nothing is found",
            "x # tfgen:ignore rule-a: mended\na # tfgen:ignore rule-b, rule-a: half\n# tfgen:ignore rule-a: the last line",
        ),
    ];
    let said = cases.map(|(title, text)| format!("{title}\n\n{}\n", told(text)));
    insta::assert_snapshot!(said.concat());
}

#[test]
fn a_rule_that_has_not_run_is_not_unused() {
    let text = "x # tfgen:ignore rule-a: mended\nx # tfgen:ignore rule-a, rule-b: mended\n";
    let (_, sifted) = sifted_by(text, &|rule| rule.id != "rule-a");
    let said: Vec<&str> = sifted.findings.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(said, ["no finding of `rule-b` is suppressed here"]);
}

#[test]
fn unused_suppressions_are_removed_by_their_fix() {
    let fixed = |text: &str| {
        let (_, sifted) = sifted(text);
        let report = Report {
            findings: sifted.findings,
            ..Report::default()
        };
        fix::apply(&report).files.first().map(|file| file.text.clone())
    };
    for (text, wanted) in [
        ("x # tfgen:ignore rule-a: mended\ny\n", Some("x\ny\n")),
        ("x\r\n  # tfgen:ignore rule-a: mended\r\ny\r\n", Some("x\r\ny\r\n")),
        ("x /* tfgen:ignore rule-a: mended */\n", Some("x\n")),
        (
            "a # tfgen:ignore rule-b, rule-a: half\n",
            Some("a # tfgen:ignore rule-a: half\n"),
        ),
        ("# tfgen:ignore rule-a: the last line", Some("")),
        ("a # tfgen:ignore rule-a: used\n", None),
    ] {
        assert_eq!(fixed(text).as_deref(), wanted, "{text:?}");
    }
}

#[test]
fn a_comment_of_several_lines_may_say_something_else_as_well() {
    let text = "/* This is\n * tfgen:ignore rule-a, rule-b: for a reason\n */\na\n";
    let source = Source::new("main.tf", text);
    let comment = Comment {
        place: Place::new(&source, 0..text.len() - 3),
        lines: 4..5,
    };
    let finding = Finding::new(&A, Place::new(&source, text.len() - 2..text.len() - 1), "a");
    let sifted_one = sift(vec![finding], std::slice::from_ref(&comment), &RULES, &|_| true);
    assert_eq!(sifted_one.suppressed.len(), 1);
    assert_eq!(sifted_one.suppressed[0].reason, "for a reason");
    assert_eq!(
        sifted_one.findings[0].message,
        "no finding of `rule-b` is suppressed here"
    );
    let nothing = sift(Vec::new(), &[comment], &RULES, &|_| true);
    assert!(nothing.findings[0].fix.is_none(), "the comment says more");
}

#[test]
fn ids_are_unique_and_pages_are_whole() {
    let ids: BTreeSet<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules::ALL.len());
    assert!(rules::ALL.is_sorted_by_key(|rule| rule.id));
}

proptest! {
    #[test]
    fn any_comment_is_survived(text in "[ab]{0,2} ?(#|//|/\\*|;)? ?(tfgen:)?(ignore|ignroe)?[ :,a-z漢*/#\r\n-]{0,20}") {
        let (_, sifted) = sifted(&text);
        let report = Report { findings: sifted.findings, suppressed: sifted.suppressed, ..Report::default() };
        fix::apply(&report);
    }
}
