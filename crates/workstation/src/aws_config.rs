//! Sections of the AWS CLI's `~/.aws/config`.
//!
//! Source for the grammar: <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use std::fmt;

use indexmap::IndexMap;

/// What a section describes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Header {
    /// `[profile NAME]`, or `[default]` for the profile of that name.
    Profile(String),
    /// `[sso-session NAME]`.
    SsoSession(String),
}

impl Header {
    /// A header that the file format can carry.
    fn check(&self) -> Result<(), Error> {
        let (Self::Profile(name) | Self::SsoSession(name)) = self;
        let writable = |c: char| !c.is_control() && !matches!(c, '[' | ']' | '"' | '\\' | '#' | ';');
        if name.is_empty() || name.trim() != name || !name.chars().all(writable) {
            return Err(Error::Name(name.clone()));
        }
        Ok(())
    }
}

impl fmt::Display for Header {
    /// The header without its brackets; a name with white space stands in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = match self {
            Self::Profile(name) if name == "default" => return f.write_str("default"),
            Self::Profile(name) => ("profile", name),
            Self::SsoSession(name) => ("sso-session", name),
        };
        if name.contains(char::is_whitespace) {
            write!(f, "{kind} \"{name}\"")
        } else {
            write!(f, "{kind} {name}")
        }
    }
}

/// A section: its header and its settings in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    header: Header,
    settings: IndexMap<String, String>,
}

impl Section {
    /// An empty section.
    ///
    /// # Errors
    /// When the file format cannot carry the name.
    pub fn new(header: Header) -> Result<Self, Error> {
        header.check()?;
        Ok(Self {
            header,
            settings: IndexMap::new(),
        })
    }

    /// The same section with one more setting.
    ///
    /// # Errors
    /// When the value would be read back differently: it contains a line break, begins or ends with white space, is
    /// empty, or contains what starts a comment.
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Result<Self, Error> {
        let value = value.into();
        let comment = value.starts_with(['#', ';'])
            || value
                .chars()
                .zip(value.chars().skip(1))
                .any(|(a, b)| a.is_whitespace() && matches!(b, '#' | ';'));
        if value.is_empty() || value.trim() != value || value.contains(char::is_control) || comment {
            return Err(Error::Value {
                key: key.to_owned(),
                value,
            });
        }
        self.settings.insert(key.to_owned(), value);
        Ok(self)
    }

    /// What the section describes.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its settings in order.
    pub fn settings(&self) -> &IndexMap<String, String> {
        &self.settings
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[{}]", self.header)?;
        for (key, value) in &self.settings {
            writeln!(f, "{key} = {value}")?;
        }
        Ok(())
    }
}

/// The text of several sections, an empty line between them.
pub fn to_text(sections: &[Section]) -> String {
    let mut text = String::new();
    for (i, section) in sections.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        text.push_str(&section.to_string());
    }
    text
}

/// A name or value that the file format cannot carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// Name of a profile or session.
    Name(String),
    /// Value of a setting.
    Value {
        /// Key of the setting.
        key: String,
        /// The value.
        value: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "`{name}` cannot be the name of a section of ~/.aws/config"),
            Self::Value { key, value } => {
                write!(
                    f,
                    "`{}` cannot be the value of `{key}` in ~/.aws/config",
                    value.escape_debug()
                )
            }
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> Section {
        Section::new(Header::Profile(name.to_owned())).unwrap()
    }

    #[test]
    fn sections_are_written_in_order() {
        let sections = [
            Section::new(Header::SsoSession("claude-code".into()))
                .unwrap()
                .with("sso_region", "us-east-1")
                .unwrap(),
            profile("claude-code")
                .with("sso_session", "claude-code")
                .unwrap()
                .with("region", "eu-west-1")
                .unwrap(),
        ];
        insta::assert_snapshot!(to_text(&sections), @r"
        [sso-session claude-code]
        sso_region = us-east-1

        [profile claude-code]
        sso_session = claude-code
        region = eu-west-1
        ");
    }

    #[test]
    fn the_default_profile_has_no_keyword_and_spaces_are_quoted() {
        assert_eq!(profile("default").to_string(), "[default]\n");
        assert_eq!(profile("my team").to_string(), "[profile \"my team\"]\n");
    }

    #[test]
    fn values_that_would_read_back_differently_are_refused() {
        for bad in ["", " a", "a ", "a\nb", "#a", "a #b", "a ;b", "a\u{7f}b"] {
            assert!(profile("p").with("k", bad).is_err(), "{bad:?}");
        }
        for good in ["https://d-1.awsapps.com/start#/", "a;b", "alice@example.com"] {
            assert!(profile("p").with("k", good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn names_that_would_break_the_header_are_refused() {
        for bad in ["", "a]b", "a\nb", " a", "a\"b"] {
            assert!(Section::new(Header::Profile(bad.into())).is_err(), "{bad:?}");
        }
    }
}
