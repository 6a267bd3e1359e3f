//! `tfgen prove`: the proof table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;
use tabled::builder::Builder;
use tabled::settings::peaker::Priority;
use tabled::settings::{Style, Width};

use super::UsageError;
use crate::deployment::model::Deployment;
use crate::diagnostic::nearest;
use crate::guardrails::attribution::{self, Attribution};
use crate::guardrails::proof::{NotProven, Row, Theme, not_proven, scp_attached};
use crate::guardrails::{documents, prove};

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Tables for people.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

/// What to show.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only rows that fail.
    pub failed: bool,
    /// Only rows of this principal, as `developer`.
    pub principal: Option<String>,
    /// Form of the output.
    pub format: Format,
    /// Columns of the terminal; rows wrap within them.
    pub width: usize,
}

/// How the proofs came out, over all rows, whatever is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Rows.
    pub total: usize,
    /// Rows that fail.
    pub failed: usize,
}

/// Refuses a principal that no proof is about.
///
/// # Errors
/// With the nearest name, or all of them.
pub fn known(d: &Deployment, principal: &str) -> Result<(), UsageError> {
    let rows = prove(d, &documents(d));
    let names: BTreeSet<&str> = rows.iter().map(|row| row.principal.as_str()).collect();
    if names.contains(principal) {
        return Ok(());
    }
    let near = nearest(principal, names.iter().copied());
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let all: Vec<&str> = names.into_iter().collect();
    Err(UsageError(format!(
        "`--principal {principal}`: no proof is about it{hint}\nthere are proofs about {}",
        all.join(", ")
    )))
}

/// Proves a deployment's documents and writes the table.
///
/// # Errors
///
/// Those of the writer.
pub fn run(d: &Deployment, options: &Options, out: &mut impl Write) -> io::Result<Summary> {
    let rows = prove(d, &documents(d));
    let summary = Summary {
        total: rows.len(),
        failed: rows.iter().filter(|row| !row.holds()).count(),
    };
    let shown: Vec<&Row> = rows
        .iter()
        .filter(|row| !options.failed || !row.holds())
        .filter(|row| {
            options
                .principal
                .as_deref()
                .is_none_or(|principal| row.principal == principal)
        })
        .collect();
    let about = About {
        attributions: attribution::of(d),
        scp: scp_attached(d),
        not_proven: not_proven(d),
        summary,
    };
    match options.format {
        Format::Json => json(&shown, &about, out)?,
        Format::Human => human(&shown, &about, options, out)?,
    }
    Ok(summary)
}

/// What is said beside the rows.
struct About {
    attributions: Vec<Attribution>,
    /// Whether the deployment attaches the SCP: the error says that it does not.
    scp: Result<&'static str, &'static str>,
    not_proven: Vec<NotProven>,
    summary: Summary,
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    rows: Vec<JsonRow<'a>>,
    attribution: Vec<JsonAttribution<'a>>,
    /// Whether the deployment attaches the SCP that the rows of themes `account` and on are about.
    scp: &'static str,
    not_proven: Vec<JsonNotProven<'a>>,
    total: usize,
    failed: usize,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    principal: &'a str,
    action: &'a str,
    resource: &'a str,
    /// Values by condition key; `null` says that the request does not carry the key.
    context: &'a BTreeMap<String, Option<Vec<String>>>,
    expected: String,
    verdict: String,
    decided_by: &'a str,
    holds: bool,
    theme: &'static str,
    caller: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct JsonAttribution<'a> {
    callers: &'a str,
    strength: String,
    reason: &'static str,
}

#[derive(Serialize)]
struct JsonNotProven<'a> {
    theme: &'static str,
    reason: &'a str,
}

fn json(rows: &[&Row], about: &About, out: &mut impl Write) -> io::Result<()> {
    let report = Report {
        version: 1,
        rows: rows
            .iter()
            .map(|row| JsonRow {
                principal: &row.principal,
                action: &row.action,
                resource: &row.resource,
                context: &row.context,
                expected: row.expected.to_string(),
                verdict: row.verdict.to_string(),
                decided_by: &row.decided_by,
                holds: row.holds(),
                theme: row.theme.id(),
                caller: &row.caller,
                reason: &row.reason,
            })
            .collect(),
        attribution: about
            .attributions
            .iter()
            .map(|attribution| JsonAttribution {
                callers: &attribution.callers,
                strength: attribution.strength.to_string(),
                reason: attribution.reason,
            })
            .collect(),
        scp: about.scp.unwrap_or_else(|not| not),
        not_proven: about
            .not_proven
            .iter()
            .map(|missing| JsonNotProven {
                theme: missing.theme.id(),
                reason: &missing.reason,
            })
            .collect(),
        total: about.summary.total,
        failed: about.summary.failed,
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

/// Rows that say the same of one principal: for people they are one line, with their number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line<'a> {
    theme: Theme,
    principal: &'a str,
    expected: String,
    reason: &'a str,
}

fn human(shown: &[&Row], about: &About, options: &Options, out: &mut impl Write) -> io::Result<()> {
    let mut lines: BTreeMap<Line<'_>, Vec<&Row>> = BTreeMap::new();
    for row in shown.iter().filter(|row| row.holds()) {
        let line = Line {
            theme: row.theme,
            principal: &row.principal,
            expected: row.expected.to_string(),
            reason: &row.reason,
        };
        lines.entry(line).or_default().push(row);
    }
    let mut tables: BTreeMap<Theme, Builder> = BTreeMap::new();
    for (line, rows) in &lines {
        let table = tables
            .entry(line.theme)
            .or_insert_with(|| Builder::from(vec![COLUMNS.map(str::to_owned).to_vec()]));
        table.push_record([
            line.principal,
            &line.expected,
            &rows.len().to_string(),
            line.reason,
            &deciders(rows),
        ]);
    }
    let detached = about.scp.is_err();
    for (theme, table) in tables {
        writeln!(out, "{}", theme.title())?;
        if detached && theme.is_about_scp() {
            writeln!(out, "{UNATTACHED}")?;
        }
        writeln!(out, "{}\n", fitted(table, options.width))?;
    }
    let all_shown = !options.failed && options.principal.is_none();
    for missing in about.not_proven.iter().filter(|_| all_shown) {
        writeln!(out, "{}\nNot proven: {}.\n", missing.theme.title(), missing.reason)?;
    }
    let failures: Vec<&&Row> = shown.iter().filter(|row| !row.holds()).collect();
    if !failures.is_empty() {
        writeln!(out, "Failed\n")?;
    }
    for row in failures {
        failure(row, out)?;
    }
    if !options.failed {
        for Attribution {
            callers,
            strength,
            reason,
        } in &about.attributions
        {
            writeln!(out, "Attribution of {callers}: {strength}: {reason}.")?;
        }
    }
    if detached {
        writeln!(out, "{UNATTACHED}")?;
    }
    let Summary { total, failed } = about.summary;
    match failed {
        0 => writeln!(out, "{total} proofs, all hold."),
        failed => writeln!(out, "{total} proofs, {failed} failed."),
    }
}

const UNATTACHED: &str = "This deployment has no `organization` block and attaches no SCP: what scp.json denies is \
                          denied once somebody attaches it by hand, and not before.";

/// A row that fails, in full: this is what somebody has to act on.
fn failure(row: &Row, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  {} ({}): {}", row.principal, row.theme.id(), row.reason)?;
    writeln!(out, "    caller    {}", row.caller)?;
    writeln!(out, "    action    {}", row.action)?;
    writeln!(out, "    resource  {}", row.resource)?;
    for (key, values) in &row.context {
        let values = values
            .as_ref()
            .map_or("(absent)".to_owned(), |values| values.join(", "));
        writeln!(out, "    context   {key} = {values}")?;
    }
    writeln!(out, "    must be   {}", row.expected)?;
    writeln!(out, "    is        {}: {}\n", row.verdict, row.decided_by)
}

const COLUMNS: [&str; 5] = ["principal", "must", "rows", "why", "decided by"];

/// The statements that decide the rows of a line: the first two, and how many more.
fn deciders(rows: &[&Row]) -> String {
    let deciders: BTreeSet<&str> = rows.iter().map(|row| row.decided_by.as_str()).collect();
    let mut text = deciders.iter().take(2).copied().collect::<Vec<_>>().join("; ");
    if deciders.len() > 2 {
        text.push_str(&format!("; {} more", deciders.len() - 2));
    }
    text
}

fn fitted(builder: Builder, width: usize) -> String {
    let mut table = builder.build();
    table.with(Style::sharp());
    table.with(Width::wrap(width).keep_words(true).priority(Priority::max(true)));
    table.to_string()
}

#[cfg(test)]
mod tests;
