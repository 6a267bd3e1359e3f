//! `settings-unknown-key`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-unknown-key",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A misspelt key of settings.",
    page: r##"## What it finds

A key at the top of `settings.json` that is not among the documented ones and nearly is one of them. Other keys are left
alone: new ones come with new versions of Claude Code.

## Why it matters

Claude Code passes over a key that it does not know, without a word: credentials are not renewed, models are not overridden.

## Bad

```json settings.json
{
  "awsAuthRefreshh": "aws sso login --profile claude-code",
  ^^^^^^^^^^^^^^^^^
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1"
  }
}
```

## Good

```json settings.json
{
  "awsAuthRefresh": "aws sso login --profile claude-code",
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1"
  }
}
```

## How to fix it

Write the key as it is documented, in the same case.

## Source

[Settings reference](https://code.claude.com/docs/en/settings-reference)
"##,
};

/// Keys that Claude Code reads, one a line, with comments.
const KNOWN: &str = include_str!("keys.txt");

fn known() -> impl Iterator<Item = &'static str> {
    KNOWN.lines().filter(|line| !line.starts_with('#'))
}

/// The key that was meant: the same letters in another case or with other signs between them, or a slip of the keyboard.
fn meant(key: &str) -> Option<&'static str> {
    let bare = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let wanted = bare(key);
    if let Some(same) = known().find(|known| bare(known) == wanted) {
        return Some(same);
    }
    let distance = |known: &str| strsim::damerau_levenshtein(known, key);
    // Of a short key two letters are another word.
    let allowed = if key.len() >= 8 { 2 } else { 1 };
    known()
        .filter(|known| known.len() >= 4 && distance(known) <= allowed)
        .min_by_key(|known| distance(known))
}

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for member in &settings.members {
        let key = member.name.as_str();
        if known().any(|known| known == key) {
            continue;
        }
        let Some(meant) = meant(key) else { continue };
        let message = format!("Claude Code reads no key `{key}` in settings");
        let finding = settings
            .finding(&RULE, &member.name_span, message)
            .help(format!("did you mean `{meant}`?"));
        found.push(match settings.member(meant) {
            None => finding.write_instead(format!("\"{meant}\"")),
            Some(_) => finding,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_keys() {
        for (key, wanted) in [
            ("awsAuthRefreshh", Some("awsAuthRefresh")),
            ("aws_auth_refresh", Some("awsAuthRefresh")),
            ("modelOveride", Some("modelOverrides")),
            ("Env", Some("env")),
            ("permission", Some("permissions")),
            ("mode", Some("model")),
            ("note", None),
            ("env2", None),
            ("x-company", None),
        ] {
            assert_eq!(meant(key), wanted, "{key}");
        }
    }
}
