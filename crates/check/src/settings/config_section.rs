//! `aws-config-section`

use super::config::Section;
use super::{AwsConfig, Header};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-section",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A section of the AWS configuration that nothing reads.",
    page: r##"## What it finds

A section `[NAME]` with the settings of a profile, without the word `profile`; a kind of section that is misspelt, as
`[profle NAME]` or `[sso_session NAME]`; and a kind without a name. `[default]` needs no word, and neither do the sections of
`~/.aws/credentials`. Sections of other programs are left alone.

## Why it matters

The AWS CLI and the SDKs pass over such a section. Whoever names the profile is told that it could not be found.

## Bad

```ini .aws/config
[claude-code] # <- here
region = us-east-1
```

## Good

```ini .aws/config
[profile claude-code]
region = us-east-1
```

## How to fix it

Write `[profile NAME]`, `[sso-session NAME]` or `[services NAME]`; `--fix` does it.

## Source

[Shared config and credentials files](https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html)
"##,
};

/// Kinds of sections that have a name.
const KINDS: [&str; 3] = ["profile", "sso-session", "services"];

/// Settings that nothing but a profile has, nor a session.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>
const OF_PROFILES: [&str; 16] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "credential_process",
    "credential_source",
    "duration_seconds",
    "mfa_serial",
    "output",
    "region",
    "role_arn",
    "role_session_name",
    "source_profile",
    "sso_account_id",
    "sso_role_name",
    "sso_session",
    "web_identity_token_file",
];

/// Settings that sessions have and that old profiles may have.
const OF_SESSIONS: [&str; 3] = ["sso_registration_scopes", "sso_start_url", "sso_region"];

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        let Header::Other(text) = &section.header else {
            continue;
        };
        if KINDS.contains(&text.as_str()) {
            let message = format!("`[{text}]` has no name: nothing can refer to it");
            let finding = config.finding(&RULE, &section.span, message);
            found.push(finding.help(format!("write `[{text} NAME]`")));
            continue;
        }
        let (message, meant) = match misspelt(text) {
            Some(meant) => (format!("`[{text}]` is no kind of section that AWS knows"), meant),
            None => match kind_by_settings(text, section) {
                Some(kind) => (
                    format!("`[{text}]` is no profile: the AWS CLI and the SDKs pass over it"),
                    format!("{kind} {text}"),
                ),
                None => continue,
            },
        };
        let finding = config
            .finding(&RULE, &section.span, message)
            .help(format!("write `[{meant}]`"));
        let taken = config.sections.iter().any(|other| {
            let name = |kind| meant.strip_prefix(kind).map(str::trim);
            match &other.header {
                Header::Profile(own) => name("profile ") == Some(own),
                Header::Session(own) => name("sso-session ") == Some(own),
                Header::Other(own) => *own == meant,
            }
        });
        found.push(match taken {
            true => finding,
            false => finding.write_instead(format!("[{meant}]")),
        });
    }
}

/// The header with the kind that was meant, where it has one with a slip and a name.
fn misspelt(text: &str) -> Option<String> {
    let (kind, name) = text.split_once(char::is_whitespace)?;
    let plain = kind.to_ascii_lowercase().replace('_', "-");
    let meant = KINDS
        .into_iter()
        .find(|known| *known != kind && strsim::damerau_levenshtein(known, &plain) <= 2)?;
    Some(format!("{meant} {}", name.trim()))
}

/// What a section is by its settings: a profile or a session.
fn kind_by_settings(text: &str, section: &Section) -> Option<&'static str> {
    let has = |keys: &[&str]| keys.iter().any(|key| section.setting(key).is_some());
    if text.is_empty() || text.contains(char::is_whitespace) {
        None
    } else if has(&OF_PROFILES) {
        Some("profile")
    } else if has(&OF_SESSIONS) {
        Some("sso-session")
    } else {
        None
    }
}
