//! `settings-profile`

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

`AWS_PROFILE` in settings, where an AWS configuration is checked in the same run and has no section of that name.

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

pub(super) fn check(settings: &Settings, configs: &[AwsConfig], found: &mut Vec<Finding>) {
    let Some(variable) = settings.variable("AWS_PROFILE") else {
        return;
    };
    let Some(name) = variable.value.as_deref().filter(|name| !name.is_empty()) else {
        return;
    };
    let known: Vec<&str> = configs.iter().flat_map(AwsConfig::profiles).collect();
    if !known.is_empty() && !known.contains(&name) {
        let message = format!("the AWS configuration has no profile `{name}`");
        found.push(
            settings
                .finding(&RULE, &variable.value_span, message)
                .nearest(name, known),
        );
    }
}
