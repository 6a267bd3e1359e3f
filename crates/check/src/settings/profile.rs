//! `settings-profile`

use super::known_region::is_placeholder;
use super::{AwsConfig, Settings};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-profile",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A profile in settings that the AWS configuration does not have.",
    page: r##"## What it finds

`AWS_PROFILE` in settings, or `--profile` of the AWS CLI in `awsAuthRefresh` or `awsCredentialExport`, where an AWS
configuration is checked in the same run and has no section of that name.

## Why it matters

The AWS SDK stops with "the config profile could not be found", and Claude Code cannot call Bedrock.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_PROFILE": "claude-cod"
                   ^^^^^^^^^^^^
  }
}
```
```ini .aws/config
[profile claude-code]
region = us-east-1
```

```json settings.json
{
  "awsAuthRefresh": "aws sso login --profile claude-cod",
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_PROFILE": "claude-code"
  }
}
```
```ini .aws/config
[profile claude-code]
region = us-east-1
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_PROFILE": "claude-code"
  }
}
```
```ini .aws/config
[profile claude-code]
region = us-east-1
```

## How to fix it

Name a profile that is there, or add the section.

## Source

[Configuration files of the AWS CLI](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html)
"##,
};

/// Commands that Claude Code runs for credentials.
const COMMANDS: [&str; 2] = ["awsAuthRefresh", "awsCredentialExport"];

pub(super) fn check(settings: &Settings, configs: &[AwsConfig], found: &mut Vec<Finding>) {
    let known: Vec<&str> = configs.iter().flat_map(AwsConfig::profiles).collect();
    if known.is_empty() {
        return;
    }
    let is_unknown = |name: &str| !name.is_empty() && !is_placeholder(name) && !known.contains(&name);
    let variable = settings.variable("AWS_PROFILE").map(|member| {
        let name = member.value.as_deref().unwrap_or_default();
        (member, name.to_owned())
    });
    let of_commands = COMMANDS
        .iter()
        .filter_map(|command| settings.member(command))
        .flat_map(|member| {
            let names = profiles(member.value.as_deref().unwrap_or_default());
            names.into_iter().map(move |name| (member, name))
        });
    for (member, name) in variable.into_iter().chain(of_commands) {
        if is_unknown(&name) {
            let message = format!("the AWS configuration has no profile `{name}`");
            found.push(
                settings
                    .finding(&RULE, &member.value_span, message)
                    .nearest(&name, known.iter().copied()),
            );
        }
    }
}

/// The profiles that calls of the AWS CLI in a command line name.
fn profiles(command: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in command.split(['&', '|', ';', '\n']) {
        let words: Vec<&str> = call.split_whitespace().collect();
        let program = words.iter().position(|word| {
            let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
            matches!(name, "aws" | "aws.exe")
        });
        let mut arguments = words.iter().skip(program.map_or(words.len(), |at| at + 1));
        while let Some(word) = arguments.next() {
            let name = match word.split_once('=') {
                Some(("--profile", name)) => Some(name),
                _ if *word == "--profile" => arguments.next().copied(),
                _ => None,
            };
            // A name of several words in quotes is not taken apart here.
            found.extend(name.and_then(unquoted).map(str::to_owned));
        }
    }
    found
}

/// A word without the quotes around it; `None` where it has only one of them.
fn unquoted(word: &str) -> Option<&str> {
    let bare = ['"', '\'']
        .into_iter()
        .find_map(|quote| word.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(word);
    (!bare.contains(['"', '\''])).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_of_command_lines() {
        for (command, wanted) in [
            ("aws sso login --profile a", &["a"][..]),
            (
                "aws --profile=a sso login && aws sts get-caller-identity --profile \"b\"",
                &["a", "b"],
            ),
            ("/usr/bin/aws sso login --profile 'a'", &["a"]),
            ("saml2aws login --profile a", &[]),
            ("aws sso login --profile \"my team\"", &[]),
            ("aws sso login --profile", &[]),
            ("aws-vault exec x; echo --profile y", &[]),
        ] {
            assert_eq!(profiles(command), wanted, "{command}");
        }
    }
}
