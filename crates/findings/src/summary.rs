//! A report in one line.

use std::fmt;

use serde::Serialize;

use crate::text::counted;
use crate::{Report, Severity};

/// How much of what a report holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files that were looked at.
    pub files: usize,
    /// Findings that are errors.
    pub error: usize,
    /// Findings that are warnings.
    pub warning: usize,
    /// Findings that are worth knowing.
    pub info: usize,
    /// Findings that have a fix.
    pub fixable: usize,
    /// What could not be checked.
    pub undetermined: usize,
    /// Findings that a comment suppresses.
    pub suppressed: usize,
}

impl Summary {
    /// The summary of a report.
    pub fn of(report: &Report) -> Self {
        Self {
            files: report.files,
            error: report.count(Severity::Error),
            warning: report.count(Severity::Warning),
            info: report.count(Severity::Info),
            fixable: report.findings.iter().filter(|found| found.fix.is_some()).count(),
            undetermined: report.undetermined.len(),
            suppressed: report.suppressed.len(),
        }
    }

    /// The findings alone: `2 errors, 1 warning`, or `no findings`.
    pub fn findings(&self) -> String {
        let counts: Vec<String> = [(self.error, "error"), (self.warning, "warning"), (self.info, "info")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        if counts.is_empty() {
            "no findings".to_owned()
        } else {
            counts.join(", ")
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}", self.findings(), counted(self.files, "file"))?;
        if self.fixable > 0 {
            write!(f, " ({} fixable with --fix)", self.fixable)?;
        }
        if self.undetermined > 0 {
            write!(f, ", {} undetermined", self.undetermined)?;
        }
        if self.suppressed > 0 {
            write!(f, ", {} suppressed", self.suppressed)?;
        }
        Ok(())
    }
}
