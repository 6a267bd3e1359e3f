//! JSON: version 1 of the contract. Nothing in it is renamed or removed without a new version.

use std::io::{self, Write};

use serde_json::json;

use crate::verify::next;
use crate::verify::status::Report;

/// Writes a report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut results = serde_json::to_value(&report.results)?;
    for (value, result) in results.as_array_mut().into_iter().flatten().zip(&report.results) {
        value["commands"] = json!(next::commands(result.next_step.as_deref().unwrap_or_default()));
    }
    let document = json!({
        "version": 1,
        "deployment": report.deployment,
        "account_id": report.account_id,
        "accounts": report.accounts,
        "summary": report.summary(),
        "results": results,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
