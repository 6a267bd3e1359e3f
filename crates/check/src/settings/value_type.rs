//! `settings-value-type`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-value-type",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A variable or a model in settings that is no text.",
    page: r##"## What it finds

A value below `env` or `modelOverrides` that is a number, true or false, null, a list or an object.

## Why it matters

The schema of these members takes text alone. Claude Code reports the value and skips the entry or the file, so the variable
is not set.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": 1
                               ^
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

Put the value in quotes.

## Source

[Settings reference: env](https://code.claude.com/docs/en/settings-reference)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for member in settings.env.iter().chain(&settings.overrides) {
        if member.value.is_none() {
            let message = format!("`{}` is {}, and only text is taken here", member.name, member.kind);
            found.push(
                settings
                    .finding(&RULE, &member.value_span, message)
                    .help("put the value in quotes"),
            );
        }
    }
}
