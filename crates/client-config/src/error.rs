//! What is wrong with a file.

use std::fmt;

/// What is wrong with a file, in words for whoever has to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// It is no JSON, or no object.
    Syntax {
        /// What the parser expected.
        message: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It has no profile at all.
    Empty,
    /// It has no profile of this name.
    NoProfile {
        /// The name.
        name: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// A profile's name would not survive the places in which it is written.
    Name(String),
    /// A field of a profile is wrong or missing.
    Field {
        /// The profile.
        profile: String,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { message, line, column } => write!(f, "line {line}, column {column}: {message}"),
            Self::Empty => f.write_str("there is no profile in it"),
            Self::NoProfile { name, known } => {
                write!(f, "there is no profile `{name}`; the profiles are {}", known.join(", "))
            }
            Self::Name(name) => write!(
                f,
                "`{name}` cannot be the name of a profile: it stands in ~/.aws/config and in names of files, so it has letters, \
                 digits, `-`, `_`, `.`, `@` and `+` alone, at most 64 of them, and does not begin with `-` or `.`"
            ),
            Self::Field {
                profile,
                field,
                message,
            } => write!(f, "profile `{profile}`: `{field}` {message}"),
        }
    }
}

impl std::error::Error for Error {}
