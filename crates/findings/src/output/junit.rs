//! JUnit XML, for systems that show test results: a suite per file, a case per finding.
//!
//! A finding below the limit of the run is a case that passes, with the finding as its output; what was not determined
//! or is suppressed is a case that was skipped. So the page agrees with the exit status.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{details, sentence};
use crate::{Finding, Report, Severity};

/// Name of the suite of what has no file.
const NOWHERE: &str = "tfgen check";

enum Verdict {
    Passed,
    Failed,
    Skipped(String),
}

struct Case {
    name: String,
    verdict: Verdict,
    /// First line for the list, all of it for the page.
    text: Vec<String>,
    kind: &'static str,
}

/// Writes a report as JUnit XML. Findings that are at least as bad as `fail_on` are failures; none is without it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, fail_on: Option<Severity>, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for finding in &report.findings {
        let verdict = match fail_on.is_some_and(|least| finding.severity >= least) {
            true => Verdict::Failed,
            false => Verdict::Passed,
        };
        suites
            .entry(&finding.place.source.name)
            .or_default()
            .push(case(finding, verdict));
    }
    for suppressed in &report.suppressed {
        let verdict = Verdict::Skipped(format!("suppressed: {}", suppressed.reason));
        suites
            .entry(&suppressed.finding.place.source.name)
            .or_default()
            .push(case(&suppressed.finding, verdict));
    }
    for item in &report.undetermined {
        let (suite, place) = item.place.as_ref().map_or((NOWHERE, String::new()), |place| {
            let region = place.region();
            (&place.source.name, format!(" {}:{}", region.line, region.column))
        });
        suites.entry(suite).or_default().push(Case {
            name: format!("undetermined{place}"),
            verdict: Verdict::Skipped(item.message.clone()),
            text: vec![item.message.clone(), item.needs.clone()],
            kind: "undetermined",
        });
    }
    // A file without any case is a broken run to some readers.
    if suites.is_empty() {
        let case = Case {
            name: "no findings".to_owned(),
            verdict: Verdict::Passed,
            text: Vec::new(),
            kind: "",
        };
        suites.insert(NOWHERE, vec![case]);
    }
    let all = || suites.values().flatten();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="tfgen check" {} time="0">"#,
        counts(all().collect::<Vec<_>>().as_slice())
    )?;
    for (name, cases) in &suites {
        suite(name, cases, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn case(finding: &Finding, verdict: Verdict) -> Case {
    let region = finding.place.region();
    let mut text = vec![sentence(finding)];
    text.extend(details(finding));
    Case {
        name: format!("{} {}:{}", finding.rule.id, region.line, region.column),
        verdict,
        text,
        kind: finding.severity.as_str(),
    }
}

fn counts(cases: &[&Case]) -> String {
    let failed = cases.iter().filter(|case| matches!(case.verdict, Verdict::Failed));
    let skipped = cases.iter().filter(|case| matches!(case.verdict, Verdict::Skipped(_)));
    format!(
        r#"tests="{}" failures="{}" errors="0" skipped="{}""#,
        cases.len(),
        failed.count(),
        skipped.count()
    )
}

fn suite(name: &str, cases: &[Case], out: &mut dyn Write) -> io::Result<()> {
    let counts = counts(cases.iter().collect::<Vec<_>>().as_slice());
    let name = escape(name);
    writeln!(out, r#"  <testsuite name="{name}" {counts} time="0">"#)?;
    for case in cases {
        let (title, kind) = (escape(&case.name), case.kind);
        writeln!(out, r#"    <testcase name="{title}" classname="{name}" time="0">"#)?;
        let text = case.text.join("\n");
        let first = case.text.first().map_or("", String::as_str);
        match &case.verdict {
            Verdict::Passed if text.is_empty() => {}
            Verdict::Passed => writeln!(out, "      <system-out>{}: {}</system-out>", kind, escape(&text))?,
            Verdict::Failed => writeln!(
                out,
                r#"      <failure type="{kind}" message="{}">{}</failure>"#,
                escape(first),
                escape(&text)
            )?,
            Verdict::Skipped(why) => writeln!(out, r#"      <skipped message="{}"/>"#, escape(why))?,
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// Text of an element or an attribute. Characters that no XML document may hold are replaced.
pub fn escape(text: &str) -> Cow<'_, str> {
    let is_plain =
        |letter: char| !matches!(letter, '<' | '>' | '&' | '"' | '\'' | '\u{fffe}' | '\u{ffff}') && (letter >= ' ');
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // Attributes would lose them otherwise.
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            letter if is_plain(letter) => out.push(letter),
            _ => out.push('\u{fffd}'),
        }
    }
    Cow::Owned(out)
}
