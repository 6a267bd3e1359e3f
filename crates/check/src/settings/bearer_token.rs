//! `settings-bearer-token`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-bearer-token",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A Bedrock API key instead of a developer's own credentials.",
    page: r##"## What it finds

`AWS_BEARER_TOKEN_BEDROCK` in the environment of settings.

## Why it matters

Claude Code uses the key instead of the AWS credentials. Calls are then made as the key's user, not as the developer: logs,
costs and policies no longer know who it was. Whoever can read the file can use the key.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_BEARER_TOKEN_BEDROCK": "ABSK…"
    ^^^^^^^^^^^^^^^^^^^^^^^^^^
  }
}
```

## Good

```json settings.json
{
  "awsAuthRefresh": "aws sso login --profile claude-code",
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_PROFILE": "claude-code"
  }
}
```

## How to fix it

Delete the key, and sign in through IAM Identity Center.

## Source

[Claude Code on Amazon Bedrock](https://code.claude.com/docs/en/amazon-bedrock)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    // An empty value unsets what the shell may have set.
    let set = settings
        .variable("AWS_BEARER_TOKEN_BEDROCK")
        .filter(|variable| variable.value.as_deref() != Some(""));
    if let Some(variable) = set {
        let message =
            "a Bedrock API key takes the place of the developer's credentials: calls are made as the key's user";
        found.push(settings.finding(&RULE, &variable.name_span, message));
    }
}
