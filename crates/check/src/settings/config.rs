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
    /// Any other, by what stands between the brackets.
    Other(String),
}

/// A line that is no part of a section, or that some readers refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A header without `]`.
    Open,
    /// A setting above the first section.
    Above,
    /// Neither a header nor `name = value`.
    NoEquals,
    /// `name: value`.
    Colon,
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
    /// The header with its brackets.
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
    /// Lines that are wrong by themselves, and why.
    pub faults: Vec<(Fault, Range<usize>)>,
}

impl AwsConfig {
    /// Reads a file. One that is no AWS configuration, by its place and its sections, has neither sections nor faults.
    pub fn read(source: &Arc<Source>) -> Self {
        let mut config = Self {
            source: Arc::clone(source),
            sections: Vec::new(),
            faults: Vec::new(),
        };
        let of_credentials = config.of_credentials();
        let mut start = 0;
        for line in source.text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            let text = line.trim_start_matches('\u{feff}').trim();
            if text.is_empty() || is_comment(text) {
                continue;
            }
            let begin = at + line.find(text).unwrap_or_default();
            let span = begin..begin + text.len();
            if let Some(name) = text.strip_prefix('[') {
                let closed = name.split_once(']');
                if closed.is_none() {
                    config.faults.push((Fault::Open, span.clone()));
                }
                let (name, end) = match closed {
                    Some((name, _)) => (name, begin + name.len() + 2),
                    None => (name, span.end),
                };
                config.sections.push(Section {
                    header: header(name.trim(), of_credentials),
                    span: begin..end,
                    settings: Vec::new(),
                });
                continue;
            }
            // An indented line continues the setting above it.
            let continues = line.starts_with([' ', '\t']);
            match (config.sections.last_mut(), text.split_once('=')) {
                (None, _) => config.faults.push((Fault::Above, span)),
                (Some(section), _) if continues && !section.settings.is_empty() => {}
                (Some(section), Some((key, value))) => section.settings.push(Setting {
                    key: key.trim().to_ascii_lowercase(),
                    value: without_comment(value).trim().to_owned(),
                    span,
                }),
                (Some(_), None) if text.contains(':') => config.faults.push((Fault::Colon, span)),
                (Some(_), None) => config.faults.push((Fault::NoEquals, span)),
            }
        }
        // Some other file that happens to have brackets.
        let is_known = |section: &Section| !matches!(section.header, Header::Other(_));
        if !is_in_place(&source.name) && !config.sections.iter().any(is_known) {
            config.sections.clear();
            config.faults.clear();
        }
        config
    }

    /// Whether it is the file of credentials, whose sections are profiles without the word.
    pub fn of_credentials(&self) -> bool {
        self.source.name.rsplit(['/', '\\']).next() == Some("credentials")
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

    /// What stands at a place of the file.
    pub fn written(&self, span: &Range<usize>) -> &str {
        self.source.text.get(span.clone()).unwrap_or_default()
    }

    /// A place in the file.
    pub fn place(&self, span: &Range<usize>) -> Place {
        Place::new(&self.source, span.clone())
    }

    /// A finding of a rule.
    pub fn finding(&self, rule: &'static Rule, span: &Range<usize>, message: impl Into<String>) -> Finding {
        Finding::new(rule, Place::new(&self.source, span.clone()), message)
    }
}

/// Whether a file is where the AWS CLI looks for its configuration.
fn is_in_place(name: &str) -> bool {
    let mut parts = name.rsplit(['/', '\\']);
    (parts.next(), parts.next()) == (Some("config"), Some(".aws"))
}

fn header(text: &str, of_credentials: bool) -> Header {
    let unquoted = |name: &str| name.trim().trim_matches(['"', '\'']).to_owned();
    if text == "default" || of_credentials {
        return Header::Profile(text.to_owned());
    }
    match text.split_once(char::is_whitespace) {
        Some(("profile", name)) => Header::Profile(unquoted(name)),
        Some(("sso-session", name)) => Header::Session(unquoted(name)),
        _ => Header::Other(text.to_owned()),
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
    fn faults_of_lines_have_their_places() {
        let text = "region = a\n[profile x] # mine\nregion: a\nregion a\ns3 =\n  no equals\n[profile y\n";
        let config = AwsConfig::read(&Source::new("config", text));
        let faults: Vec<(Fault, &str)> = config
            .faults
            .iter()
            .map(|(fault, span)| (*fault, &text[span.clone()]))
            .collect();
        assert_eq!(
            faults,
            [
                (Fault::Above, "region = a"),
                (Fault::Colon, "region: a"),
                (Fault::NoEquals, "region a"),
                (Fault::Open, "[profile y"),
            ]
        );
        assert_eq!(&text[config.sections[0].span.clone()], "[profile x]");
    }

    #[test]
    fn sections_of_credentials_are_profiles() {
        let config = AwsConfig::read(&Source::new(".aws/credentials", "[dev]\naws_access_key_id = a\n"));
        assert_eq!(config.profiles().collect::<Vec<_>>(), ["dev"]);
        let config = AwsConfig::read(&Source::new(".aws/config", "[dev]\nregion = us-east-1\n"));
        assert_eq!(config.sections[0].header, Header::Other("dev".to_owned()));
    }

    #[test]
    fn other_files_have_no_sections() {
        let source = Source::new("x.toml", "[package]\nname = \"x\"\n");
        assert!(AwsConfig::read(&source).sections.is_empty());
    }
}
