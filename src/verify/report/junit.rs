//! JUnit XML, for systems that show test results: a suite per phase, a case per result.
//!
//! A failure is what was observed to be wrong; everything else that is not settled was skipped, with the reason.

use std::io::{self, Write};

use findings::output::junit::escape;

use crate::steps::Phase;
use crate::verify::status::{Report, Status, StepResult};

/// Writes a report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<&StepResult> = report.results.iter().collect();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="tfgen verify {}" {} time="0">"#,
        escape(&report.deployment),
        counts(&all)
    )?;
    for phase in Phase::ALL {
        let of_phase: Vec<&StepResult> = all.iter().copied().filter(|result| result.phase == phase).collect();
        if of_phase.is_empty() {
            continue;
        }
        writeln!(
            out,
            r#"  <testsuite name="{}" {} time="0">"#,
            escape(phase.title()),
            counts(&of_phase)
        )?;
        for result in of_phase {
            case(result, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn counts(results: &[&StepResult]) -> String {
    let failures = results.iter().filter(|result| result.status == Status::Fail).count();
    let skipped = results
        .iter()
        .filter(|result| result.status != Status::Fail && !result.status.is_settled())
        .count();
    format!(
        r#"tests="{}" failures="{failures}" errors="0" skipped="{skipped}""#,
        results.len()
    )
}

fn case(result: &StepResult, out: &mut dyn Write) -> io::Result<()> {
    let name = escape(&result.id);
    let class = format!("verify.{}", result.phase.argument());
    writeln!(out, r#"    <testcase name="{name}" classname="{class}" time="0">"#)?;
    let observed = format!("{}: {}", result.status.word(), result.observed);
    if result.status == Status::Fail {
        let text = [Some(format!("expected: {}", result.expected)), result.next_step.clone()];
        let text: Vec<String> = text.into_iter().flatten().collect();
        writeln!(
            out,
            r#"      <failure type="fail" message="{}">{}</failure>"#,
            escape(&observed),
            escape(&text.join("\n"))
        )?;
    } else if result.status.is_settled() {
        writeln!(out, "      <system-out>{}</system-out>", escape(&observed))?;
    } else {
        writeln!(out, r#"      <skipped message="{}"/>"#, escape(&observed))?;
    }
    writeln!(out, "    </testcase>")
}
