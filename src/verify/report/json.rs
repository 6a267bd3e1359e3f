//! JSON: version 1 of the contract. Nothing in it is renamed or removed without a new version.

use std::io::{self, Write};

use serde_json::json;

use crate::verify::status::Report;

/// Writes a report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let document = json!({
        "version": 1,
        "deployment": report.deployment,
        "account_id": report.account_id,
        "accounts": report.accounts,
        "summary": report.summary(),
        "results": report.results,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
