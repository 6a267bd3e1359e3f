//! Markdown, for issues and pages: a table, and below it what is to be done.

use std::io::{self, Write};

use findings::output::markdown::{cell, code, text};

use crate::verify::next::{Part, parts};
use crate::verify::status::{Report, StepResult};

/// Writes a report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Verification of {}\n", code(&report.deployment))?;
    for account in &report.accounts {
        writeln!(
            out,
            "- account {} ({}) as {}",
            account.account_id,
            account.roles.join(", "),
            code(&account.caller)
        )?;
    }
    if !report.accounts.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}\n", report.counts())?;
    writeln!(out, "| phase | status | check | observed |\n| --- | --- | --- | --- |")?;
    for result in &report.results {
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            result.phase.argument(),
            result.status.word(),
            code(&result.id),
            cell(&text(&result.observed))
        )?;
    }
    for result in report.results.iter().filter(|result| !result.status.is_settled()) {
        detail(result, out)?;
    }
    Ok(())
}

fn detail(result: &StepResult, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## {}: {}\n", result.status.word(), text(&result.title))?;
    writeln!(out, "- check: {}", code(&result.id))?;
    writeln!(out, "- expected: {}", text(&result.expected))?;
    writeln!(out, "- observed: {}", text(&result.observed))?;
    match &result.next_step {
        Some(next) => {
            let parts: Vec<String> = parts(&findings::one_line(next))
                .into_iter()
                .map(|part| match part {
                    Part::Prose(words) => text(words),
                    Part::Command(command) => code(command),
                })
                .collect();
            writeln!(out, "- next: {}", parts.concat())
        }
        None => Ok(()),
    }
}
