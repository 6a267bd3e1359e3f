//! Workflow commands of GitHub Actions: annotations on the lines of a pull request.
//!
//! GitHub shows at most ten errors, ten warnings and ten notices of a step; the log has all of them.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use super::{details, sentence};
use crate::text::one_line;
use crate::{Place, Report, Severity};

/// Writes a report as workflow commands: findings, and what was not determined as notices.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut message = vec![sentence(finding)];
        message.extend(details(finding));
        write!(out, "::{command} ")?;
        place(&finding.place, out)?;
        let title = property(&format!("tfgen {}", finding.rule.id));
        writeln!(out, ",title={title}::{}", data(&message.join("\n")))?;
    }
    for item in &report.undetermined {
        write!(out, "::notice ")?;
        if let Some(at) = &item.place {
            place(at, out)?;
            write!(out, ",")?;
        }
        let mut message = one_line(&item.message).into_owned();
        if !item.needs.is_empty() {
            message.push_str(&format!("\nto determine it: {}", one_line(&item.needs)));
        }
        writeln!(out, "title=tfgen undetermined::{}", data(&message))?;
    }
    Ok(())
}

/// GitHub takes columns only together with a place on one line.
fn place(place: &Place, out: &mut dyn Write) -> io::Result<()> {
    let region = place.region();
    let file = property(&one_line(&place.source.name));
    write!(out, "file={file},line={}", region.line)?;
    if region.line == region.end_line {
        write!(
            out,
            ",col={},endLine={},endColumn={}",
            region.column, region.end_line, region.end_column
        )
    } else {
        write!(out, ",endLine={}", region.end_line)
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
