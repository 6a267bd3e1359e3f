//! Markdown, for issues and pages.

use std::io::{self, Write};

use crate::verify::status::Report;

/// Writes a report.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    crate::verify::report::json::write(report, out)
}
