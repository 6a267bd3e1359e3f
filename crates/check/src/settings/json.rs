//! `settings-json`

use findings::{Confidence, Family, Finding, Rule, Severity};
use findings::{Place, Source};
use jsonc_parser::errors::ParseError;

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-json",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "Settings that are no JSON.",
    page: r##"## What it finds

A `settings.json` of Claude Code with a syntax error, a comment or a trailing comma.

## Why it matters

Claude Code takes strict JSON. It skips the file as a whole: no variable is set, and it does not call Bedrock.

## Bad

```json .claude/settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
                                  ^
  }
}
```

## Good

```json .claude/settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1"
  }
}
```

## How to fix it

Mend the syntax; take comments out.

## Source

[Settings of Claude Code](https://code.claude.com/docs/en/settings)
"##,
};

/// Says where the syntax is wrong.
pub(super) fn fault(source: &std::sync::Arc<Source>, error: &ParseError) -> Finding {
    let range = error.range();
    let start = range.start.min(source.text.len());
    let place = Place::new(source, start..range.end.clamp(start, source.text.len()));
    let what = error.kind().to_string();
    Finding::new(
        &RULE,
        place,
        format!("Claude Code skips this file, because it is no JSON: {what}"),
    )
}

/// Says that the file is JSON, but no object.
pub(super) fn no_object(source: &std::sync::Arc<Source>) -> Finding {
    let place = Place::new(source, 0..1.min(source.text.len()));
    Finding::new(
        &RULE,
        place,
        "settings are an object, `{ … }`: Claude Code skips this file",
    )
}
