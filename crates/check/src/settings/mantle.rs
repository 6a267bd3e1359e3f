//! `settings-mantle`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-mantle",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Calls that no invocation log records.",
    page: r##"## What it finds

`CLAUDE_CODE_USE_MANTLE` set to a true value.

## Why it matters

Claude Code then calls `bedrock-mantle`, whose calls are not in the model invocation logs. Application inference profiles do
not work there, and policies on `bedrock:` actions do not apply: its actions are `bedrock-mantle:`.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_MANTLE": "1"
    ^^^^^^^^^^^^^^^^^^^^^^^^
  }
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1"
  }
}
```

## How to fix it

Use `CLAUDE_CODE_USE_BEDROCK`, and deny `bedrock-mantle:*` where the logs are the record.

## Source

[Monitor model invocation](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html),
[Claude Code on Amazon Bedrock](https://code.claude.com/docs/en/amazon-bedrock)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    const NAME: &str = "CLAUDE_CODE_USE_MANTLE";
    if let Some(variable) = settings.variable(NAME).filter(|_| settings.is_on(NAME)) {
        let message = "calls through bedrock-mantle are in no invocation log, and use no application inference profile";
        found.push(settings.finding(&RULE, &variable.name_span, message));
    }
}
