//! Why a check could not be made at all.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a check could not be made at all. What is wrong inside of a file is a finding, no error.
#[derive(Debug)]
pub enum Error {
    /// There is nothing at a path that was named.
    Missing(PathBuf),
    /// A file or folder cannot be read.
    Unreadable {
        /// It.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The file of provider schemas is none.
    Schema {
        /// It.
        path: PathBuf,
        /// Why not.
        error: terraform::schema::SchemaError,
    },
}

impl Error {
    /// What happened at a path.
    pub(crate) fn at(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            _ => Self::Unreadable {
                path: path.to_owned(),
                error,
            },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "there is no file or folder `{}`", path.display()),
            Self::Unreadable { path, .. } => write!(f, "`{}` cannot be read", path.display()),
            Self::Schema { path, .. } => write!(
                f,
                "`{}` is no output of `terraform providers schema -json`",
                path.display()
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Missing(_) => None,
            Self::Unreadable { error, .. } => Some(error),
            Self::Schema { error, .. } => Some(error),
        }
    }
}
