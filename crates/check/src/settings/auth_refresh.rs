//! `settings-auth-refresh`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-auth-refresh",
    family: Family::Bedrock,
    severity: Severity::Info,
    confidence: Confidence::Medium,
    summary: "A profile that developers have to sign in to by hand.",
    page: r##"## What it finds

`CLAUDE_CODE_USE_BEDROCK` with `AWS_PROFILE`, without `awsAuthRefresh` or `awsCredentialExport`.

## Why it matters

When credentials of Identity Center expire, Claude Code can run the command that renews them. Without it the session ends
with an error, and developers sign in themselves.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_PROFILE": "claude-code"
    ^^^^^^^^^^^^^
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

Add `"awsAuthRefresh": "aws sso login --profile …"`.

## Source

[Claude Code on Amazon Bedrock](https://code.claude.com/docs/en/amazon-bedrock)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    let renewed = ["awsAuthRefresh", "awsCredentialExport"]
        .iter()
        .any(|name| settings.member(name).is_some());
    if let Some(profile) = settings
        .variable("AWS_PROFILE")
        .filter(|_| settings.uses_bedrock() && !renewed)
    {
        let message = "nothing renews expired credentials of this profile: `awsAuthRefresh` is not set";
        found.push(settings.finding(&RULE, &profile.name_span, message));
    }
}
