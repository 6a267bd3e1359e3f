//! One JSON document, version 1. `docs/check.schema.json` is its schema; what stands in it stays in it.

use std::io::{self, Write};

use serde::Serialize;

use crate::{Edit, Finding, Place, Report, Summary};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    summary: Summary,
    findings: Vec<Item<'a>>,
    undetermined: Vec<NotDetermined<'a>>,
    suppressed: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    family: &'a str,
    severity: &'a str,
    confidence: &'a str,
    message: &'a str,
    #[serde(flatten)]
    at: At<'a>,
    /// Lines of help; `null` without.
    help: Option<String>,
    /// Remark about the place; `null` without.
    label: Option<&'a str>,
    related: Vec<Other<'a>>,
    fix: Option<Change<'a>>,
    /// Of the comment that suppresses it; absent where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct At<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Other<'a> {
    message: &'a str,
    #[serde(flatten)]
    at: At<'a>,
}

#[derive(Serialize)]
struct Change<'a> {
    title: &'a str,
    edits: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
struct Replacement<'a> {
    #[serde(flatten)]
    at: At<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct NotDetermined<'a> {
    message: &'a str,
    needs: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

/// Writes a report as JSON.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        summary: Summary::of(report),
        findings: report.findings.iter().map(|finding| item(finding, None)).collect(),
        undetermined: report
            .undetermined
            .iter()
            .map(|item| {
                let at = item.place.as_ref().map(at);
                NotDetermined {
                    message: &item.message,
                    needs: &item.needs,
                    file: at.as_ref().map(|at| at.file),
                    line: at.as_ref().map(|at| at.line),
                    column: at.as_ref().map(|at| at.column),
                    end_line: at.as_ref().map(|at| at.end_line),
                    end_column: at.as_ref().map(|at| at.end_column),
                }
            })
            .collect(),
        suppressed: report
            .suppressed
            .iter()
            .map(|suppressed| item(&suppressed.finding, Some(&suppressed.reason)))
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn item<'a>(finding: &'a Finding, reason: Option<&'a str>) -> Item<'a> {
    Item {
        rule: finding.rule.id,
        family: finding.rule.family.as_str(),
        severity: finding.severity.as_str(),
        confidence: finding.confidence.as_str(),
        message: &finding.message,
        at: at(&finding.place),
        help: (!finding.help.is_empty()).then(|| finding.help.join("\n")),
        label: (!finding.label.is_empty()).then_some(finding.label.as_str()),
        related: finding
            .related
            .iter()
            .map(|related| Other {
                message: &related.text,
                at: at(&related.place),
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| Change {
            title: &fix.title,
            edits: fix.edits.iter().map(replacement).collect(),
        }),
        reason,
    }
}

fn replacement(edit: &Edit) -> Replacement<'_> {
    Replacement {
        at: at(&edit.place),
        replacement: &edit.replacement,
    }
}

fn at(place: &Place) -> At<'_> {
    let region = place.region();
    At {
        file: &place.source.name,
        line: region.line,
        column: region.column,
        end_line: region.end_line,
        end_column: region.end_column,
    }
}
