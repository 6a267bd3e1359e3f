//! `settings-secret`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-secret",
    family: Family::Security,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A secret in settings.",
    page: r##"## What it finds

`AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `ANTHROPIC_API_KEY` or `ANTHROPIC_AUTH_TOKEN` with a value in the environment
of settings.

## Why it matters

Settings are files that are copied, backed up and, in a project, committed. Whoever reads the file has the key; a key of AWS
also has no developer behind it that the logs would name.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_SECRET_ACCESS_KEY": "secret"
    ^^^^^^^^^^^^^^^^^^^^^^^
  }
}
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

## How to fix it

Take it out, revoke the key, and sign in through IAM Identity Center.

## Source

[Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
"##,
};

const SECRETS: [&str; 4] = [
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
];

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for variable in &settings.env {
        let empty = variable.value.as_deref() == Some("");
        if SECRETS.contains(&variable.name.as_str()) && !empty {
            let message = format!("`{}` stands in a file that is copied and committed", variable.name);
            found.push(settings.finding(&RULE, &variable.name_span, message));
        }
    }
}
