//! For people: excerpts, help, what was not determined, and a summary.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::excerpt::{Mark, Note, Style, write_notes};
use crate::text::one_line;
use crate::{Finding, Report, Summary, Undetermined};

/// How a report is shown to people.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// With colours or without.
    pub style: Style,
    /// Columns that an excerpt may take.
    pub width: usize,
    /// Findings alone: neither a summary nor what was not determined.
    pub quiet: bool,
}

/// Writes a report for people.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    write_notes(report.findings.iter().map(note), options.style, options.width, out)?;
    if options.quiet {
        return Ok(());
    }
    if !report.findings.is_empty() {
        writeln!(out)?;
    }
    if !report.undetermined.is_empty() {
        writeln!(out, "Not determined:")?;
        for item in &report.undetermined {
            undetermined(item, out)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", Summary::of(report))
}

fn note(finding: &Finding) -> Note<'_> {
    let mut help: Vec<Cow<'_, str>> = finding.help.iter().map(|help| Cow::Borrowed(help.as_str())).collect();
    if let Some(fix) = &finding.fix {
        help.push(Cow::Owned(format!("fixable with --fix: {}", fix.title)));
    }
    Note {
        severity: finding.severity,
        id: Some(finding.rule.id),
        title: &finding.message,
        primary: Some(Mark {
            source: &finding.place.source,
            span: finding.place.span.clone(),
            text: &finding.label,
        }),
        related: finding
            .related
            .iter()
            .map(|related| Mark {
                source: &related.place.source,
                span: related.place.span.clone(),
                text: &related.text,
            })
            .collect(),
        help,
    }
}

fn undetermined(item: &Undetermined, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  ")?;
    if let Some(place) = &item.place {
        let region = place.region();
        let name = one_line(&place.source.name);
        write!(out, "{name}:{}:{}: ", region.line, region.column)?;
    }
    write!(out, "{}", one_line(&item.message))?;
    if !item.needs.is_empty() {
        write!(out, "; to determine it: {}", one_line(&item.needs))?;
    }
    writeln!(out)
}
