//! `settings-deprecated-variable`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-deprecated-variable",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A variable that Claude Code has replaced.",
    page: r##"## What it finds

`ANTHROPIC_SMALL_FAST_MODEL`, `ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION` and `ENABLE_PROMPT_CACHING_1H_BEDROCK`.

## Why it matters

They are deprecated and will be ignored one day; the background model then changes without notice, and with it the price.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "ANTHROPIC_SMALL_FAST_MODEL": "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  }
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL": "us.anthropic.claude-haiku-4-5-20251001-v1:0"
  }
}
```

## How to fix it

Use the variable that the finding names.

## Source

[Environment variables of Claude Code](https://code.claude.com/docs/en/env-vars)
"##,
};

/// Old names, and what to use instead.
const REPLACED: [(&str, &str); 3] = [
    ("ANTHROPIC_SMALL_FAST_MODEL", "use `ANTHROPIC_DEFAULT_HAIKU_MODEL`"),
    (
        "ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION",
        "leave it out: it only goes with `ANTHROPIC_SMALL_FAST_MODEL`",
    ),
    ("ENABLE_PROMPT_CACHING_1H_BEDROCK", "use `ENABLE_PROMPT_CACHING_1H`"),
];

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for (name, instead) in REPLACED {
        if let Some(variable) = settings.variable(name) {
            let message = format!("`{name}` is deprecated");
            found.push(settings.finding(&RULE, &variable.name_span, message).help(instead));
        }
    }
}
