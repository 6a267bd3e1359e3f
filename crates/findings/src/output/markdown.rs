//! Markdown for the comment on a pull request or the summary of a job.

use std::io::{self, Write};

use super::sentence;
use crate::text::{counted, one_line};
use crate::{Finding, Place, Report, Summary};

/// GitHub refuses a comment of more than 65,536 characters: rows beyond this many bytes are counted, not written.
///
/// Source: <https://docs.github.com/en/rest/issues/comments>, which answers 422 "Body is too long (maximum is 65536
/// characters)".
const LONGEST: usize = 55_000;

/// Writes a report as Markdown.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let summary = Summary::of(report);
    writeln!(out, "### tfgen check: {}\n", summary.findings())?;
    let mut room = LONGEST;
    if !report.findings.is_empty() {
        writeln!(out, "| | place | finding |\n|---|---|---|")?;
        rows(report.findings.iter().map(row), &mut room, out)?;
        writeln!(out)?;
    }
    if !report.undetermined.is_empty() {
        fold(&format!("{} undetermined", summary.undetermined), out)?;
        let lines = report.undetermined.iter().map(|item| {
            let place = item
                .place
                .as_ref()
                .map_or_else(String::new, |at| format!("{}: ", place(at)));
            let needs = match item.needs.is_empty() {
                true => String::new(),
                false => format!("; to determine it: {}", text(&item.needs)),
            };
            format!("- {place}{}{needs}\n", text(&item.message))
        });
        rows(lines, &mut room, out)?;
        writeln!(out, "\n</details>\n")?;
    }
    if !report.suppressed.is_empty() {
        fold(&format!("{} suppressed", summary.suppressed), out)?;
        let lines = report.suppressed.iter().map(|item| {
            let finding = &item.finding;
            let (place, reason) = (place(&finding.place), text(&item.reason));
            format!("- {place}: `{}`: {reason}\n", finding.rule.id)
        });
        rows(lines, &mut room, out)?;
        writeln!(out, "\n</details>\n")?;
    }
    write!(out, "{} checked", counted(summary.files, "file"))?;
    if summary.fixable > 0 {
        write!(out, "; {} fixable with `tfgen check --fix`", summary.fixable)?;
    }
    writeln!(out, ".")
}

/// Writes rows for as long as there is room, and how many there is none for.
fn rows(rows: impl ExactSizeIterator<Item = String>, room: &mut usize, out: &mut dyn Write) -> io::Result<()> {
    let mut left = rows.len();
    for row in rows {
        if row.len() > *room {
            *room = 0;
            return writeln!(out, "\n… and {left} more: `tfgen check` prints all of them");
        }
        *room -= row.len();
        left -= 1;
        out.write_all(row.as_bytes())?;
    }
    Ok(())
}

fn fold(title: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<details><summary>{title}</summary>\n")
}

fn row(finding: &Finding) -> String {
    let mut message = format!("{} (`{}`)", text(&sentence(finding)), finding.rule.id);
    for help in &finding.help {
        message.push_str(&format!("<br>{}", text(help)));
    }
    let (place, message) = (cell(&place(&finding.place)), cell(&message));
    format!("| {} | {place} | {message} |\n", finding.severity.as_str())
}

fn place(place: &Place) -> String {
    let region = place.region();
    let at = format!("{}:{}:{}", place.source.name, region.line, region.column);
    code(&one_line(&at))
}

/// In a table a bar ends the cell, even in code.
pub fn cell(markdown: &str) -> String {
    markdown.replace('|', "\\|")
}

/// Code that may hold backticks.
pub fn code(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text of a message. Names in backticks stay code; everything else that Markdown or HTML would take for its own is
/// shown as it is, and nobody is notified by an `@`.
pub fn text(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::with_capacity(line.len() + 16);
    let parts: Vec<&str> = line.split('`').collect();
    // Backticks that are not paired are text.
    let is_paired = parts.len() % 2 == 1;
    for (index, part) in parts.iter().enumerate() {
        if is_paired && index % 2 == 1 {
            if part.is_empty() {
                out.push_str("\\`\\`");
            } else {
                out.push_str(&code(part));
            }
            continue;
        }
        if !is_paired && index > 0 {
            out.push_str("\\`");
        }
        for letter in part.chars() {
            match letter {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '@' => out.push_str("@\u{200b}"),
                '\\' | '*' | '_' | '[' | ']' | '~' | '#' | '!' => {
                    out.push('\\');
                    out.push(letter);
                }
                letter => out.push(letter),
            }
        }
    }
    out
}
