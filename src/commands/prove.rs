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
mod tests {
    use super::*;
    use crate::deployment::model::{Geography, ProfileScope};
    use crate::guardrails::fixtures;

    fn run_with(options: &Options, d: &Deployment) -> (Summary, String) {
        let mut out = Vec::new();
        let summary = run(d, options, &mut out).unwrap();
        (summary, String::from_utf8(out).unwrap())
    }

    /// Terraform can do nothing where no exempt pattern names a role of the dedicated account.
    fn failing() -> Deployment {
        let mut d = fixtures::full(Geography::Us, 1);
        if let Some(deploy) = &mut d.deploy {
            deploy.principals = vec!["arn:aws:iam::777777777777:role/terraform".to_owned()];
        }
        d
    }

    #[test]
    fn all_rows_hold() {
        let options = Options {
            width: 100,
            ..Options::default()
        };
        let (summary, text) = run_with(&options, &fixtures::full(Geography::Us, 2));
        assert_eq!(summary.failed, 0);
        assert!(
            text.ends_with(&format!("{} proofs, all hold.\n", summary.total)),
            "{text}"
        );
        assert!(text.contains("Attribution of Identity Center users: bound"), "{text}");
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(wide.iter().all(|line| line.starts_with("Attribution")), "{wide:#?}");
    }

    #[test]
    fn a_failed_row_is_shown_in_full_and_makes_ten() {
        let options = Options {
            failed: true,
            width: 100,
            ..Options::default()
        };
        let (summary, text) = run_with(&options, &failing());
        assert!(summary.failed > 0);
        assert!(
            text.contains("    action    bedrock:PutModelInvocationLoggingConfiguration"),
            "{text}"
        );
        assert!(text.contains("    is        deny: scp.json: ProtectSettings"), "{text}");
        assert!(!text.contains("decided by"), "{text}");
    }

    #[test]
    fn json_has_the_fields_of_the_contract() {
        let options = Options {
            principal: Some("analyst".to_owned()),
            format: Format::Json,
            ..Options::default()
        };
        let (_, text) = run_with(&options, &fixtures::full(Geography::Us, 1));
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["version"], 1);
        let rows = report["rows"].as_array().unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            assert_eq!(row["principal"], "analyst");
            for field in ["action", "resource", "expected", "verdict", "decided_by"] {
                assert!(row[field].is_string(), "{field} of {row}");
            }
            assert!(row["context"].is_object(), "{row}");
        }
    }

    /// What holds only with an SCP, and what is not there to be proven, is said where it would be overlooked.
    #[test]
    fn what_is_not_attached_and_not_proven_is_said() {
        let text = |d: &Deployment, format| {
            let options = Options {
                format,
                width: 100,
                ..Options::default()
            };
            run_with(&options, d).1
        };
        let json = |d: &Deployment| -> serde_json::Value { serde_json::from_str(&text(d, Format::Json)).unwrap() };
        let full = fixtures::full(Geography::Us, 1);
        let alone = Deployment {
            organization: None,
            ..full.clone()
        };
        let bare = fixtures::bare(Geography::Us, 1);

        let human = text(&full, Format::Human);
        assert!(!human.contains(UNATTACHED) && !human.contains("Not proven"), "{human}");
        assert_eq!(json(&full)["scp"], "attached by terraform/organization");
        assert_eq!(json(&full)["not_proven"].as_array().unwrap().len(), 0);

        let mut elsewhere = full.clone();
        if let Some(deploy) = &mut elsewhere.deploy {
            deploy
                .principals
                .push("arn:aws:iam::777788889999:role/terraform".to_owned());
        }
        let human = text(&elsewhere, Format::Human);
        assert!(
            human.contains("Not proven: `arn:aws:iam::777788889999:role/terraform` is exempt and matches no role of"),
            "{human}"
        );
        assert_eq!(json(&elsewhere)["not_proven"][0]["theme"], "deploy");

        let human = text(&alone, Format::Human);
        for theme in [
            Theme::Account,
            Theme::Tampering,
            Theme::Takeover,
            Theme::Open,
            Theme::Deploy,
        ] {
            assert!(human.contains(&format!("{}\n{UNATTACHED}\n", theme.title())), "{human}");
        }
        let last: Vec<&str> = human.lines().rev().take(2).collect();
        assert_eq!(last[1], UNATTACHED);
        assert_eq!(json(&alone)["scp"], "not attached by this deployment");

        let human = text(&bare, Format::Human);
        for theme in [Theme::Tampering, Theme::Takeover] {
            assert!(
                human.contains(&format!("{}\nNot proven: no `deploy` block", theme.title())),
                "{human}"
            );
        }
        assert_eq!(json(&bare)["not_proven"][0]["theme"], "tampering");
    }

    #[test]
    fn each_role_has_its_own_attribution() {
        let d = Deployment {
            access: fixtures::roles(),
            ..fixtures::full(Geography::Us, 1)
        };
        let options = Options {
            width: 100,
            ..Options::default()
        };
        assert_eq!(
            attributions(&run_with(&options, &d).1),
            [
                "developers: 2 IAM users: bound",
                "developers: 2 roles or role patterns: claimed",
                "admins: 1 IAM user: bound",
                "admins: 1 role or role pattern: claimed",
                "application inference profiles: claimed",
            ]
        );
    }

    /// A bound session does not bind the profile that it names.
    #[test]
    fn profiles_per_developer_are_bound_by_a_session_tag_alone() {
        let options = Options {
            width: 100,
            ..Options::default()
        };
        let lines = |tag: Option<&str>, profiles: ProfileScope| {
            let d = Deployment {
                access: fixtures::identity_center(tag),
                profiles,
                ..fixtures::full(Geography::Us, 1)
            };
            attributions(&run_with(&options, &d).1)
        };
        let users = "Identity Center users: bound";
        let (bound, claimed) = (
            "application inference profiles: bound",
            "application inference profiles: claimed",
        );
        assert_eq!(lines(None, ProfileScope::Developer), [users, claimed]);
        assert_eq!(lines(Some("email"), ProfileScope::Developer), [users, bound]);
        assert_eq!(lines(None, ProfileScope::Team), [users]);
    }

    /// Whose attribution, and how strong.
    fn attributions(text: &str) -> Vec<String> {
        text.lines()
            .filter_map(|line| line.strip_prefix("Attribution of "))
            .filter_map(|line| {
                let end = line.find(": bound").map(|at| at + ": bound".len());
                let end = end.or_else(|| line.find(": claimed").map(|at| at + ": claimed".len()));
                line.get(..end?).map(str::to_owned)
            })
            .collect()
    }

    #[test]
    fn a_principal_without_rows_is_refused_with_those_that_have_some() {
        let deployment = fixtures::full(Geography::Us, 1);
        let fault = known(&deployment, "develper").unwrap_err().to_string();
        assert!(fault.contains("did you mean `developer`?"), "{fault}");
        assert!(
            fault.contains("there are proofs about ") && fault.contains("analyst"),
            "{fault}"
        );
        assert_eq!(known(&deployment, "analyst"), Ok(()));
    }
}
