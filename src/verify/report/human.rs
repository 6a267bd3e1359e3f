//! The table for people, and below it what to do about what is not done.

use std::io::{self, Write};

use findings::one_line;
use tabled::builder::Builder;
use tabled::settings::peaker::Priority;
use tabled::settings::{Style as TableStyle, Width};

use crate::diagnostic::Style;
use crate::verify::next::sole_command;
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
pub fn write(report: &Report, width: usize, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut builder = Builder::default();
    builder.push_record(["phase", "status", "check", "observed"]);
    for result in &report.results {
        builder.push_record([
            result.phase.argument(),
            result.status.word(),
            &result.id,
            &one_line(&result.observed),
        ]);
    }
    let mut table = builder.build();
    table.with(TableStyle::sharp());
    table.with(Width::wrap(width).keep_words(true).priority(Priority::max(true)));
    writeln!(out, "{table}")?;
    // What is wrong comes last: that is what a terminal still shows.
    for status in [
        Status::Skipped,
        Status::Manual,
        Status::Pending,
        Status::Unknown,
        Status::Fail,
    ] {
        for result in report.results.iter().filter(|result| result.status == status) {
            detail(result, style, out)?;
        }
    }
    writeln!(out, "\n{}", report.counts())
}

fn detail(result: &StepResult, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let word = result.status.word();
    let head = match style {
        Style::Plain => word.to_owned(),
        Style::Coloured => format!("\x1b[1;{}m{word}\x1b[0m", colour(result.status)),
    };
    let optional = if result.optional { " (optional)" } else { "" };
    writeln!(out, "\n{head} {}: {}{optional}", result.id, result.title)?;
    writeln!(out, "  expected  {}", one_line(&result.expected))?;
    writeln!(out, "  observed  {}", one_line(&result.observed))?;
    if let Some(next) = &result.next_step {
        writeln!(out, "  next      {}", one_line(sole_command(next).unwrap_or(next)))?;
    }
    Ok(())
}

/// Foreground colour of a status.
fn colour(status: Status) -> u8 {
    match status {
        Status::Pass | Status::Attested => 32,
        Status::Fail => 31,
        Status::Pending | Status::Manual | Status::Unknown => 33,
        Status::Skipped => 36,
    }
}
