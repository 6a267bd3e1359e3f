//! All forms on one report, and on any text.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;

use super::{github, human, json, junit, markdown, sarif};
use crate::{
    Confidence, Edit, Family, Finding, Fix, Place, Report, Rule, Severity, Source, Style, Suppressed, Undetermined,
};

static WRONG: Rule = Rule {
    id: "wrong-name",
    family: Family::Language,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A name is wrong.",
    page: "## What it finds\n\nA name that is wrong.\n",
};

static ODD: Rule = Rule {
    id: "odd-value",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A value is odd.",
    page: "## What it finds\n\nA value that is odd.\n",
};

const OPTIONS: human::Options = human::Options {
    style: Style::Plain,
    width: 100,
    quiet: false,
};

/// The bytes of `part` in a source.
fn at(source: &Arc<Source>, part: &str) -> Place {
    let start = source.text.find(part).unwrap();
    Place::new(source, start..start + part.len())
}

fn end_of(source: &Arc<Source>) -> Place {
    Place::new(source, source.text.len()..source.text.len())
}

fn report() -> Report {
    let crlf = Source::new(
        "modules/a b/main.tf",
        "\u{feff}resource \"x\" \"y\" {\r\n\tnmae = \"漢字\" # 🚀 é\r\n\tother = <<EOT\r\nlong\r\nEOT\r\n}\r\n",
    );
    let bare = Source::new("bare.tf", "a = [\n  1,\n  2\n] b");
    let long = Source::new(
        "long.tf",
        format!("value = \"{}\" + wrong + \"{}\"\n", "x".repeat(300), "y".repeat(300)),
    );
    let mut report = Report {
        files: 4,
        findings: vec![
            Finding::new(&WRONG, at(&crlf, "nmae"), "`nmae` is no argument of `x`")
                .label("expected one of `name`, `other`")
                .nearest("nmae", ["name", "other"])
                .also(at(&crlf, "resource"), "of this resource")
                .fix(Fix {
                    title: "rename it to `name`".to_owned(),
                    edits: vec![Edit {
                        place: at(&crlf, "nmae"),
                        replacement: "name".to_owned(),
                    }],
                }),
            Finding::new(
                &ODD,
                at(&crlf, "\"漢字\""),
                "the value is odd, 100 % <sure> | `a|b` @all\n::error::",
            )
            .also(at(&bare, "1"), "and this: one, two"),
            Finding::new(&ODD, at(&crlf, "<<EOT\r\nlong\r\nEOT\r\n"), "a heredoc").severity(Severity::Info),
            Finding::new(&WRONG, at(&bare, "[\n  1,\n  2\n]"), "a list over several lines").label("all of it"),
            Finding::new(&WRONG, end_of(&bare), "the file ends too early"),
            Finding::new(&WRONG, end_of(&crlf), "nothing follows"),
            Finding::new(&WRONG, at(&long, "wrong"), "in the middle of a long line"),
            Finding::new(&ODD, Place::new(&Source::new("empty.tf", ""), 0..0), "an empty file").help("write something"),
        ],
        undetermined: vec![
            Undetermined {
                message: "the module `vpc` was not checked: its source is remote".to_owned(),
                place: Some(at(&bare, "b")),
                needs: "run `terraform init`".to_owned(),
            },
            Undetermined {
                message: "resources of the provider `google` were not checked".to_owned(),
                place: None,
                needs: String::new(),
            },
        ],
        suppressed: vec![Suppressed {
            finding: Finding::new(&ODD, at(&bare, "2"), "two is odd"),
            reason: "it is <not>".to_owned(),
        }],
    };
    report.sort();
    report
}

fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_form() {
    let report = report();
    insta::assert_snapshot!("human", written(|out| human::write(&report, &OPTIONS, out)));
    insta::assert_snapshot!("json", written(|out| json::write(&report, out)));
    insta::assert_snapshot!("sarif", written(|out| sarif::write(&report, "1.2.3", out)));
    insta::assert_snapshot!(
        "junit",
        written(|out| junit::write(&report, Some(Severity::Warning), out))
    );
    insta::assert_snapshot!("github", written(|out| github::write(&report, out)));
    insta::assert_snapshot!("markdown", written(|out| markdown::write(&report, out)));
}

#[test]
fn a_clean_report_in_every_form() {
    let report = Report {
        files: 1,
        ..Report::default()
    };
    let forms = [
        written(|out| human::write(&report, &OPTIONS, out)),
        written(|out| json::write(&report, out)),
        written(|out| sarif::write(&report, "1.2.3", out)),
        written(|out| junit::write(&report, Some(Severity::Warning), out)),
        written(|out| github::write(&report, out)),
        written(|out| markdown::write(&report, out)),
    ];
    insta::assert_snapshot!("clean", forms.join("----\n"));
}

#[test]
fn quiet_means_findings_alone() {
    let quiet = human::Options { quiet: true, ..OPTIONS };
    let said = written(|out| human::write(&report(), &quiet, out));
    assert!(said.starts_with("error[wrong-name]") && !said.contains("Not determined") && !said.contains("suppressed"));
    assert_eq!(written(|out| human::write(&Report::default(), &quiet, out)), "");
}

#[test]
fn colours_are_optional_and_change_nothing_else() {
    let coloured = human::Options {
        style: Style::Coloured,
        ..OPTIONS
    };
    let coloured = written(|out| human::write(&report(), &coloured, out));
    assert!(coloured.contains("\u{1b}["));
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_eq!(plain, written(|out| human::write(&report(), &OPTIONS, out)));
}

/// The order in which findings are made does not matter, nor does it matter how often they are written.
#[test]
fn the_order_is_that_of_the_places() {
    let wanted = written(|out| json::write(&report(), out));
    let mut other = report();
    other.findings.reverse();
    other.undetermined.reverse();
    other.sort();
    assert_eq!(written(|out| json::write(&other, out)), wanted);
}

#[test]
fn findings_of_a_hostile_file_move_no_cursor() {
    let source = Source::new("\u{1b}[2Jevil.tf", "\u{1b}]0;title\u{7} = \"\u{202e}\"\n");
    let finding = Finding::new(&WRONG, Place::new(&source, 0..4), "`\u{1b}[31m` is no name")
        .label("\u{1b}[1m")
        .help("\u{1b}c");
    let report = Report {
        findings: vec![finding; 30],
        ..Report::default()
    };
    for form in [
        written(|out| human::write(&report, &OPTIONS, out)),
        written(|out| github::write(&report, out)),
        written(|out| markdown::write(&report, out)),
        written(|out| junit::write(&report, Some(Severity::Error), out)),
    ] {
        assert!(!form.contains('\u{1b}') && !form.contains('\u{202e}'), "{form:?}");
    }
}

#[test]
fn many_findings_of_a_file_take_a_line_each_and_a_comment_stays_short_enough() {
    let source = Source::new("a.tf", "a = 1\n".repeat(5_000));
    let findings = (0..5_000).map(|line| Finding::new(&WRONG, Place::new(&source, line * 6..line * 6 + 1), "wrong"));
    let report = Report {
        findings: findings.collect(),
        ..Report::default()
    };
    let said = written(|out| human::write(&report, &OPTIONS, out));
    assert_eq!(said.matches("wrong").count(), 2 * 5_000);
    assert!(said.contains("\na.tf:5000:1: error[wrong-name]: wrong\n"));
    let comment = written(|out| markdown::write(&report, out));
    assert!(comment.len() < 65_536, "{}", comment.len());
    let rows = comment.matches("| error |").count();
    assert!(comment.contains(&format!("… and {} more", 5_000 - rows)));
}

/// Line and column of a byte, counted anew.
fn counted(text: &str, mut offset: usize) -> (usize, usize) {
    offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text[..offset].strip_prefix('\u{feff}').unwrap_or(&text[..offset]);
    let line = before.split('\n').next_back().unwrap();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

fn number(text: &str, before: &str) -> usize {
    let at = text.find(before).unwrap_or_else(|| panic!("no {before:?} in {text:?}")) + before.len();
    let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

/// Line and column that each form names for the only finding of a report.
fn places(report: &Report) -> Vec<(&'static str, (usize, usize))> {
    let said = written(|out| human::write(report, &OPTIONS, out));
    let human = (
        number(&said, "a.tf:"),
        number(&said[said.find("a.tf:").unwrap() + 5..], ":"),
    );
    let document: Value = serde_json::from_str(&written(|out| json::write(report, out))).unwrap();
    let finding = &document["findings"][0];
    let log: Value = serde_json::from_str(&written(|out| sarif::write(report, "0.0.0", out))).unwrap();
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    let pair = |value: &Value, line: &str, column: &str| {
        let number = |key: &str| usize::try_from(value[key].as_u64().unwrap()).unwrap();
        (number(line), number(column))
    };
    let junit = written(|out| junit::write(report, Some(Severity::Error), out));
    let junit = roxmltree::Document::parse(&junit).unwrap();
    let case = junit.descendants().find(|node| node.has_tag_name("testcase")).unwrap();
    let name = case.attribute("name").unwrap().strip_prefix("wrong-name ").unwrap();
    let (line, column) = name.split_once(':').unwrap();
    let github = written(|out| github::write(report, out));
    let markdown = written(|out| markdown::write(report, out));
    let mut places = vec![
        ("human", human),
        ("json", pair(finding, "line", "column")),
        ("json end", pair(finding, "end_line", "end_column")),
        ("sarif", pair(region, "startLine", "startColumn")),
        ("sarif end", pair(region, "endLine", "endColumn")),
        ("junit", (line.parse().unwrap(), column.parse().unwrap())),
        (
            "markdown",
            (
                number(&markdown, "a.tf:"),
                number(&markdown[markdown.find("a.tf:").unwrap() + 5..], ":"),
            ),
        ),
    ];
    if github.contains(",col=") {
        places.push(("github", (number(&github, "line="), number(&github, "col="))));
        places.push((
            "github end",
            (number(&github, "endLine="), number(&github, "endColumn=")),
        ));
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_form_names_the_same_place_of_any_text(
        text in "\u{feff}?[a-c \t\r\nä漢👩\u{200d}\u{301}\u{feff}\u{0}\u{1b}|`<&\"]{0,24}",
        start in 0..40_usize,
        len in 0..20_usize,
        other in (0..40_usize, 0..20_usize),
        remark in "[a-c<|`\n]{0,4}",
        repeated in 1..4_usize,
    ) {
        let source = Source::new("a.tf", text.repeat(repeated));
        let place = Place::new(&source, start..start + len);
        let finding = Finding::new(&WRONG, place.clone(), format!("wrong {remark}"))
            .label(remark.clone())
            .also(Place::new(&source, other.0..other.0 + other.1), remark)
            .fix(Fix { title: "mend".to_owned(), edits: vec![Edit { place, replacement: "x".to_owned() }] });
        let report = Report { findings: vec![finding], ..Report::default() };
        let (from, to) = (counted(&source.text, start), counted(&source.text, start + len));
        for (form, found) in places(&report) {
            let wanted = if form.ends_with("end") { to } else { from };
            prop_assert_eq!(found, wanted, "{} of {:?}", form, source.text);
        }
        crate::fix::apply(&report);
    }
}
