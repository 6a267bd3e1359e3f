//! `settings-value-type`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-value-type",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A value in settings of a type that is not taken there.",
    page: r##"## What it finds

A value below `env` or `modelOverrides` that is a number, true or false, null, a list or an object. `env` or `modelOverrides`
that is no object, and a command or the model that is no text.

## Why it matters

The schema takes nothing else there. Claude Code reports the value and skips the entry or, where `env` itself is of another
type, the file, so the variable is not set.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": 1
                               ^
  }
}
```

```json .claude/settings.json
{
  "env": ["CLAUDE_CODE_USE_BEDROCK=1"]
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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

Put the value in quotes; `--fix` does that for numbers, true and false. Write `env` as an object of names and texts.

## Source

[Settings reference: env](https://code.claude.com/docs/en/settings-reference)
"##,
};

/// Members at the top that are objects of texts.
const OBJECTS: [&str; 2] = ["env", "modelOverrides"];

/// Members at the top that are texts.
const TEXTS: [&str; 4] = ["awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper", "model"];

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for member in settings.env.iter().chain(&settings.overrides) {
        if member.value.is_some() {
            continue;
        }
        let message = format!("`{}` is {}, and only text is taken here", member.name, member.kind);
        let finding = settings
            .finding(&RULE, &member.value_span, message)
            .help("put the value in quotes");
        found.push(if matches!(member.kind, "a number" | "true or false") {
            let quoted = format!("\"{}\"", settings.written(&member.value_span));
            finding.write_instead(quoted)
        } else {
            finding
        });
    }
    for member in &settings.members {
        let (name, kind) = (member.name.as_str(), member.kind);
        let wanted = if OBJECTS.contains(&name) && kind != "an object" {
            "an object of names and texts"
        } else if TEXTS.contains(&name) && member.value.is_none() {
            "text"
        } else {
            continue;
        };
        let message = format!("`{name}` is {kind}, and only {wanted} is taken here");
        let finding = settings.finding(&RULE, &member.value_span, message);
        found.push(match name {
            "env" => finding.help("write `\"env\": {\"NAME\": \"value\"}`"),
            _ => finding,
        });
    }
}
