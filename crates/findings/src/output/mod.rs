//! The forms that a report is written in. All of them name the same places, with lines and columns as [`crate::Region`]
//! counts them, and keep the order of the report.

pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
#[cfg(test)]
mod tests;

use crate::Finding;
use crate::text::one_line;

/// Message and remark of a finding as one sentence, for forms that have no underlined place to put the remark at.
fn sentence(finding: &Finding) -> String {
    let message = one_line(&finding.message);
    if finding.label.is_empty() {
        return message.into_owned();
    }
    format!("{message}: {}", one_line(&finding.label))
}

/// What stands below the sentence: other places and help, one line each.
fn details(finding: &Finding) -> Vec<String> {
    let related = finding.related.iter().map(|related| {
        let region = related.place.region();
        format!(
            "{}:{}:{}: {}",
            one_line(&related.place.source.name),
            region.line,
            region.column,
            one_line(&related.text)
        )
    });
    let help = finding.help.iter().map(|help| format!("help: {}", one_line(help)));
    let fix = finding
        .fix
        .iter()
        .map(|fix| format!("fixable with --fix: {}", one_line(&fix.title)));
    related.chain(help).chain(fix).collect()
}
