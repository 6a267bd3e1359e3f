//! What is wrong with a file.

use std::fmt;

use crate::raw::expected;

/// Profiles that are named where one is not there.
const SHOWN: usize = 20;

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
    /// A key stands twice in one object, so that nobody can tell what is meant.
    Twice {
        /// The key.
        key: String,
        /// Where the first and the second are. A key that is written with escapes has no place that is known.
        places: [Option<Place>; 2],
    },
    /// It has no profile at all.
    Empty,
    /// Something else stands where an object is expected: all profiles, or one.
    NoObject {
        /// Its name.
        what: String,
        /// What stands there, in words.
        found: String,
    },
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

/// A place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl Error {
    /// What to do about it, for whoever received the file from somebody else: what exactly to ask for.
    pub fn advice(&self) -> String {
        let giver = "ask whoever gave you the package";
        match self {
            Self::Syntax { .. } => format!("{giver} for its config.json once more: this one is damaged or was edited"),
            Self::Twice { key, .. } => format!("remove one of the two, or {giver} which `{key}` counts"),
            Self::Empty | Self::NoObject { .. } => format!("{giver} for a config.json that has a profile"),
            Self::NoProfile { name, .. } => format!(
                "name one that is there with `--profile`, or {giver} for a config.json that has `{}`",
                name.escape_debug()
            ),
            Self::Name(_) => format!("{giver} for a config.json whose profile has another name"),
            Self::Field { profile, field, .. } => {
                let profile = profile.escape_debug();
                match expected(field) {
                    Some(expected) => format!("{giver} for `{field}` of profile `{profile}`: {expected}"),
                    None => format!("{giver} for the right `{field}` of profile `{profile}`"),
                }
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { message, line, column } => write!(f, "line {line}, column {column}: {message}"),
            Self::Twice { key, places } => {
                write!(f, "`{}` stands twice in one object: ", key.escape_debug())?;
                match places {
                    [Some(first), Some(second)] => write!(f, "at {first} and at {second}"),
                    [Some(one), None] | [None, Some(one)] => write!(f, "at {one} and once more with escapes in it"),
                    [None, None] => f.write_str("both times with escapes in it"),
                }
            }
            Self::Empty => f.write_str("there is no profile in it"),
            Self::NoObject { what, found } => write!(f, "`{}` {found}; expected an object", what.escape_debug()),
            Self::NoProfile { name, known } => {
                let shown: Vec<&str> = known.iter().map(String::as_str).take(SHOWN).collect();
                write!(f, "there is no profile `{name}`; the profiles are {}", shown.join(", "))?;
                match known.len().saturating_sub(SHOWN) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Self::Name(name) => write!(
                f,
                "`{}` cannot be the name of a profile: it stands in ~/.aws/config and in names of files, so it has letters, \
                 digits, `-`, `_`, `.`, `@` and `+` alone, at most 64 of them, and does not begin with `-` or `.`",
                name.chars().take(100).collect::<String>().escape_debug()
            ),
            Self::Field {
                profile,
                field,
                message,
            } => write!(f, "profile `{profile}`: `{field}` {message}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl std::error::Error for Error {}
