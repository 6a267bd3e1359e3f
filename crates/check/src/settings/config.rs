//! Sections of `~/.aws/config`, with the place of every part.
//!
//! Source for the grammar: <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use std::ops::Range;
use std::sync::Arc;

use findings::suppress::Comment;
use findings::{Finding, Place, Rule, Source};

/// What a section is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Header {
    Profile(String),
    Session(String),
    /// `services` and others, which no rule is about.
    Other,
}

/// A setting.
#[derive(Debug)]
pub(crate) struct Setting {
    pub key: String,
    pub value: String,
    /// From the key to the end of the value.
    pub span: Range<usize>,
}

/// A section.
#[derive(Debug)]
pub(crate) struct Section {
    pub header: Header,
    pub span: Range<usize>,
    pub settings: Vec<Setting>,
}

impl Section {
    /// A setting.
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }
}

/// A file of sections.
#[derive(Debug)]
pub(crate) struct AwsConfig {
    source: Arc<Source>,
    pub sections: Vec<Section>,
}

impl AwsConfig {
    /// Reads a file; lines that belong to no section are passed over.
    pub fn read(source: &Arc<Source>) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        let mut start = 0;
        for line in source.text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            let text = line.trim();
            if text.is_empty() || is_comment(text) {
                continue;
            }
            let begin = at + (line.len() - line.trim_start().len());
            let span = begin..begin + text.len();
            if let Some(name) = text.strip_prefix('[') {
                let name = name.split(']').next().unwrap_or_default();
                sections.push(Section {
                    header: header(name.trim()),
                    span,
                    settings: Vec::new(),
                });
                continue;
            }
            // An indented line continues the setting above it.
            if line.starts_with([' ', '\t']) {
                continue;
            }
            if let (Some(section), Some((key, value))) = (sections.last_mut(), text.split_once('=')) {
                section.settings.push(Setting {
                    key: key.trim().to_ascii_lowercase(),
                    value: without_comment(value).trim().to_owned(),
                    span,
                });
            }
        }
        // Some other file that happens to have brackets.
        if sections.iter().all(|section| section.header == Header::Other) {
            sections.clear();
        }
        Self {
            source: Arc::clone(source),
            sections,
        }
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The section of an `sso-session`.
    pub fn session(&self, name: &str) -> Option<&Section> {
        let wanted = Header::Session(name.to_owned());
        self.sections.iter().find(|section| section.header == wanted)
    }

    /// Names of the profiles.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().filter_map(|section| match &section.header {
            Header::Profile(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Names of the sessions.
    pub fn sessions(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().filter_map(|section| match &section.header {
            Header::Session(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The comments that may suppress findings. One that trails a setting is about its line, any other about the next line
    /// that is no comment.
    pub fn comments(&self) -> Vec<Comment> {
        let mut comments = Vec::new();
        let mut start = 0;
        let lines: Vec<&str> = self.source.text.split_inclusive('\n').collect();
        for (index, line) in lines.iter().enumerate() {
            let at = start;
            start += line.len();
            let text = line.trim_end();
            let alone = is_comment(text);
            let begin = if alone {
                text.len() - text.trim_start().len()
            } else {
                without_comment(text).len()
            };
            if begin >= text.len() {
                continue;
            }
            let about = if alone {
                let code = |line: &&str| !line.trim().is_empty() && !is_comment(line);
                let after = lines.get(index + 1..).unwrap_or_default();
                after.iter().position(code).map(|skipped| index + 1 + skipped)
            } else {
                Some(index)
            };
            let comment = text.get(begin..).unwrap_or_default();
            let begin = at + begin + (comment.len() - comment.trim_start().len());
            comments.push(Comment {
                place: Place::new(&self.source, begin..at + text.len()),
                lines: about.map_or(0..0, |line| line + 1..line + 2),
            });
        }
        comments
    }

    /// A finding of a rule.
    pub fn finding(&self, rule: &'static Rule, span: &Range<usize>, message: impl Into<String>) -> Finding {
        Finding::new(rule, Place::new(&self.source, span.clone()), message)
    }
}

fn header(text: &str) -> Header {
    let unquoted = |name: &str| name.trim().trim_matches(['"', '\'']).to_owned();
    if text == "default" {
        return Header::Profile(text.to_owned());
    }
    match text.split_once(char::is_whitespace) {
        Some(("profile", name)) => Header::Profile(unquoted(name)),
        Some(("sso-session", name)) => Header::Session(unquoted(name)),
        _ => Header::Other,
    }
}

/// Whether a line is a comment as a whole.
fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(['#', ';'])
}

/// A value without the comment behind it, which white space sets apart.
fn without_comment(value: &str) -> &str {
    let comment = value
        .char_indices()
        .zip(value.chars().skip(1))
        .find(|((_, before), mark)| before.is_whitespace() && matches!(mark, '#' | ';'));
    match comment {
        Some(((at, _), _)) => value.get(..at).unwrap_or(value),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_settings_have_their_places() {
        let text = "# mine\n[default]\nregion = us-east-1 ; home\n\n[profile \"my team\"]\nsso_session=corp\ns3 =\n  max = 1\n[sso-session corp]\n";
        let source = Source::new("config", text);
        let config = AwsConfig::read(&source);
        assert_eq!(config.profiles().collect::<Vec<_>>(), ["default", "my team"]);
        assert_eq!(config.sessions().collect::<Vec<_>>(), ["corp"]);
        let region = config.sections[0].setting("region").unwrap();
        assert_eq!(
            (region.value.as_str(), &text[region.span.clone()]),
            ("us-east-1", "region = us-east-1 ; home")
        );
        assert_eq!(config.sections[1].settings.len(), 2);
    }

    #[test]
    fn other_files_have_no_sections() {
        let source = Source::new("x.toml", "[package]\nname = \"x\"\n");
        assert!(AwsConfig::read(&source).sections.is_empty());
    }
}
