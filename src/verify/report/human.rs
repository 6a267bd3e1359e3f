//! The table for people, and below it what to do about what is not done.

use std::io::{self, Write};

use tabled::builder::Builder;
use tabled::settings::peaker::Priority;
use tabled::settings::{Style as TableStyle, Width};

use crate::diagnostic::Style;
use crate::verify::status::{Report, SeenAccount, Status, StepResult};

/// Says in whose name AWS is asked: first of all, before a result.
///
/// # Errors
/// When `out` cannot be written to.
pub fn accounts(accounts: &[SeenAccount], out: &mut dyn Write) -> io::Result<()> {
    for account in accounts {
        writeln!(
            out,
            "account {} ({}) as {}",
            account.account_id,
            account.roles.join(", "),
            account.caller
        )?;
    }
    Ok(())
}

/// Writes a report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, width: usize, _style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut builder = Builder::default();
    builder.push_record(["phase", "status", "check", "observed"]);
    for result in &report.results {
        builder.push_record([
            result.phase.argument(),
            result.status.word(),
            &result.id,
            &result.observed,
        ]);
    }
    let mut table = builder.build();
    table.with(TableStyle::sharp());
    table.with(Width::wrap(width).keep_words(true).priority(Priority::max(true)));
    writeln!(out, "{table}")?;
    for result in report.results.iter().filter(|result| !result.status.is_settled()) {
        detail(result, out)?;
    }
    let counts: Vec<String> = report
        .summary()
        .into_iter()
        .filter(|(status, count)| *count > 0 || *status == Status::Fail)
        .map(|(status, count)| format!("{count} {}", status.word()))
        .collect();
    writeln!(out, "\n{}", counts.join(", "))
}

fn detail(result: &StepResult, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{} {}: {}", result.status.word(), result.id, result.title)?;
    writeln!(out, "  expected  {}", result.expected)?;
    writeln!(out, "  observed  {}", result.observed)?;
    if let Some(next) = &result.next_step {
        writeln!(out, "  next      {next}")?;
    }
    Ok(())
}
