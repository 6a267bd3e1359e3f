//! `tfgen explain`: the page of a rule.

use std::io::Write;

use findings::Style;

use super::UsageError;
use super::check::unknown_rule;

/// Prints the page of a rule; on a terminal its headings are bold and its examples coloured.
///
/// # Errors
/// [`UsageError`] when there is no such rule; otherwise when `out` cannot be written to.
pub fn run(id: &str, style: Style, out: &mut dyn Write) -> anyhow::Result<()> {
    let Some(rule) = ::check::rules().iter().find(|rule| rule.id == id) else {
        return Err(UsageError(unknown_rule(id)).into());
    };
    let page = findings::page(rule);
    if style == Style::Plain {
        out.write_all(page.as_bytes())?;
        return Ok(());
    }
    let mut is_code = false;
    for line in page.lines() {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        if !is_code && !is_fence && line.starts_with('#') {
            writeln!(out, "\u{1b}[1m{line}\u{1b}[0m")?;
        } else if is_fence {
            writeln!(out, "\u{1b}[2m{line}\u{1b}[0m")?;
        } else if is_code {
            writeln!(out, "\u{1b}[36m{line}\u{1b}[0m")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
