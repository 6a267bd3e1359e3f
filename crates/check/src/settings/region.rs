//! `settings-region`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-region",
    family: Family::Bedrock,
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "Bedrock without a region.",
    page: r##"## What it finds

`CLAUDE_CODE_USE_BEDROCK` without `AWS_REGION` or `AWS_DEFAULT_REGION`.

## Why it matters

Claude Code then takes the region of the AWS profile, and without one `us-east-1`. What policies allow and what is logged
depends on the region; on each laptop it may be another.

## Bad

```json settings.json
{
  "env": {
  ^^^^^
    "CLAUDE_CODE_USE_BEDROCK": "1"
  }
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_REGION": "eu-west-1"
  }
}
```

## How to fix it

Set `AWS_REGION`.

## Source

[Claude Code on Amazon Bedrock](https://code.claude.com/docs/en/amazon-bedrock)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    let set = ["AWS_REGION", "AWS_DEFAULT_REGION"]
        .iter()
        .any(|name| settings.variable(name).is_some());
    if settings.uses_bedrock() && !set {
        let message = "no `AWS_REGION`: the region is that of the AWS profile, or us-east-1";
        found.push(settings.finding(&RULE, &settings.about_all(), message));
    }
}
