//! One module per command: what it does, in terms of the rooms beside this one.

pub mod init;
pub mod models;
pub mod onboard;

use std::fmt;

/// The command was called wrongly; ends with exit status 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageError(pub String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
