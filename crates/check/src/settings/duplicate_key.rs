//! `settings-duplicate-key`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-duplicate-key",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A key that stands twice in the same object of settings.",
    page: r##"## What it finds

A key that an object in `settings.json` has more than once, at the top or further in.

## Why it matters

JSON allows it, and of two values the last one counts: the first is dropped without a word. With two members `env`, all
variables of the first are not set.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_REGION": "us-east-1",
    ^^^^^^^^^^^^
    "AWS_REGION": "eu-west-1"
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

Keep one of the two; put what both objects hold into one.

## Source

[RFC 8259, section 4](https://www.rfc-editor.org/rfc/rfc8259#section-4)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for (name, dropped, kept) in &settings.duplicates {
        let message = format!("`{name}` stands here twice: this value is dropped, the last one counts");
        let also = settings.place(kept);
        found.push(settings.finding(&RULE, dropped, message).also(also, "what counts"));
    }
}
