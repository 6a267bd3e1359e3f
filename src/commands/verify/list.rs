//! What would be looked at, and what it takes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use findings::output::markdown::{cell, code, text};
use policy::document::Document;
use serde_json::{Value, json};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Style, Width};

use super::args::VerifyFormat;
use crate::commands::Streams;
use crate::outcome::Failure;
use crate::steps::{Phase, Step};
use crate::verify::Check;

/// Prints the checks, and the steps that no check covers.
pub fn print(checks: &[Check], steps: &[Step], format: VerifyFormat, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let uncovered: Vec<&Step> = steps
        .iter()
        .filter(|step| !checks.iter().any(|check| check.step == step.id))
        .collect();
    match format {
        VerifyFormat::Json => {
            let document = json!({
                "version": 1,
                "checks": checks.iter().map(entry).collect::<Vec<_>>(),
                "attested": uncovered.iter().map(|step| step.id.as_str()).collect::<Vec<_>>(),
            });
            serde_json::to_writer_pretty(&mut *streams.stdout, &document)?;
            writeln!(streams.stdout)?;
        }
        VerifyFormat::Human => {
            let mut builder = Builder::default();
            builder.push_record(["phase", "check", "from", "what must be the case", "calls"]);
            for check in checks {
                let calls: Vec<&str> = check
                    .all_operations()
                    .into_iter()
                    .map(|operation| operation.name)
                    .collect();
                let from = check.from.word();
                builder.push_record([
                    check.phase.argument(),
                    &check.id,
                    from,
                    &check.expected,
                    &calls.join("\n"),
                ]);
            }
            let mut table = builder.build();
            table.with(Style::sharp());
            // The names of calls are not torn: what must be the case gets the room that they leave.
            let others = table.total_width() - widest(checks.iter().map(|check| check.expected.as_str()));
            let room = streams.width.saturating_sub(others).max(NARROWEST);
            table.modify(Columns::one(3), Width::wrap(room).keep_words(true));
            writeln!(streams.stdout, "{table}")?;
            if !uncovered.is_empty() {
                writeln!(streams.stdout, "\nNo API tells, so a person attests (`tfgen attest`):")?;
            }
            for step in uncovered {
                writeln!(streams.stdout, "  {}  {}", step.id, step.title)?;
            }
        }
        VerifyFormat::Markdown => markdown(checks, &uncovered, streams.stdout)?,
        VerifyFormat::Junit => {
            return Err(Failure::Usage(
                "--list has the formats human, json and markdown: nothing was tested".to_owned(),
            ));
        }
    }
    Ok(())
}

/// Columns that a sentence needs to be readable, even where the table becomes wider than the terminal.
const NARROWEST: usize = 30;

fn widest<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    lines.map(|line| line.chars().count()).max().unwrap_or_default()
}

/// The checks as a page, a table per phase.
fn markdown(checks: &[Check], uncovered: &[&Step], out: &mut dyn Write) -> io::Result<()> {
    for phase in Phase::ALL {
        let of_phase: Vec<&Check> = checks.iter().filter(|check| check.phase == phase).collect();
        if of_phase.is_empty() {
            continue;
        }
        writeln!(
            out,
            "## {}\n\n| check | from | what must be the case | calls |\n| --- | --- | --- | --- |",
            phase.title()
        )?;
        for check in of_phase {
            let optional = if check.optional { " (optional)" } else { "" };
            let calls: Vec<String> = check
                .all_operations()
                .into_iter()
                .map(|operation| code(operation.name))
                .collect();
            writeln!(
                out,
                "| {}{optional} | {} | {} | {} |",
                code(&check.id),
                check.from,
                cell(&text(&check.expected)),
                calls.join(", ")
            )?;
        }
        writeln!(out)?;
    }
    if !uncovered.is_empty() {
        writeln!(out, "## What people attest\n")?;
    }
    for step in uncovered {
        writeln!(out, "- {}: {}", code(&step.id), text(&step.title))?;
    }
    Ok(())
}

fn entry(check: &Check) -> Value {
    json!({
        "id": check.id,
        "step": check.step,
        "phase": check.phase.argument(),
        "title": check.title,
        "from": check.from.word(),
        "expected": check.expected,
        "operations": check.all_operations().into_iter().map(|operation| json!({
            "operation": operation.name,
            "actions": operation.grants.iter().map(|grant| grant.action).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "needs": check.needs,
        "optional": check.optional,
    })
}

/// Prints the policy of one account, or of each.
pub fn policies(policies: &BTreeMap<String, Document>, account: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let text = match account {
        "" => {
            let mut all = serde_json::Map::new();
            for (account, document) in policies {
                all.insert(
                    account.clone(),
                    serde_json::from_str(&policy::print::readable(document))?,
                );
            }
            format!("{}\n", serde_json::to_string_pretty(&all)?)
        }
        account => match policies.get(account) {
            Some(document) => policy::print::readable(document),
            None => {
                let known: Vec<&str> = policies.keys().map(String::as_str).collect();
                return Err(Failure::Usage(format!(
                    "--print-policy={account}: nothing is looked at from this account; the accounts are {}",
                    known.join(", ")
                )));
            }
        },
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}
