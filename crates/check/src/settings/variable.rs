//! `settings-unknown-variable`

use super::Settings;
use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-unknown-variable",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A variable that Claude Code does not read.",
    page: r##"## What it finds

A variable `CLAUDE_CODE_…` or `ANTHROPIC_…` in settings that is not among the documented ones. One that is nearly a
documented one is a warning; `CLAUDE_CODE_BEDROCK_PROFILE_ARN`, which is made up and spread by copies, is an error, in
Terraform as well; any other is information, because the list may be older than your version.

## Why it matters

A variable that nobody reads is ignored without a word. With the made-up one, calls go to the system profile: application
inference profiles stay unused, and their cost tags never reach the bill.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "CLAUDE_CODE_BEDROCK_PROFILE_ARN": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6"
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  }
}
```
```hcl main.tf
output "settings" {
  value = jsonencode({
    env = {
      CLAUDE_CODE_BEDROCK_PROFILE_ARN = "a" # <- here
    }
  })
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6"
  }
}
```

## How to fix it

Put the ARN of the profile into `ANTHROPIC_DEFAULT_OPUS_MODEL`, `ANTHROPIC_DEFAULT_SONNET_MODEL` and
`ANTHROPIC_DEFAULT_HAIKU_MODEL`, or into `modelOverrides`.

## Source

[Environment variables of Claude Code](https://code.claude.com/docs/en/env-vars),
[Claude Code on Amazon Bedrock](https://code.claude.com/docs/en/amazon-bedrock)
"##,
};

/// Never part of Claude Code, and copied from one published module to the next.
const MADE_UP: &str = "CLAUDE_CODE_BEDROCK_PROFILE_ARN";

const INSTEAD: &str = "put the ARN of the profile into `ANTHROPIC_DEFAULT_OPUS_MODEL`, `…_SONNET_MODEL` and `…_HAIKU_MODEL`, or into `modelOverrides`";

/// Names that Claude Code reads, one a line, with comments.
const KNOWN: &str = include_str!("variables.txt");

/// Ends that go with any variable of a model.
const COMPANIONS: [&str; 3] = ["_NAME", "_DESCRIPTION", "_SUPPORTED_CAPABILITIES"];

fn known() -> impl Iterator<Item = &'static str> {
    KNOWN.lines().filter(|line| !line.starts_with('#'))
}

fn is_known(name: &str) -> bool {
    let base = COMPANIONS
        .iter()
        .find_map(|end| name.strip_suffix(end).filter(|base| base.ends_with("_MODEL")));
    known().any(|known| known == name || Some(known) == base)
}

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for variable in &settings.env {
        let name = variable.name.as_str();
        if !(name.starts_with("CLAUDE_CODE_") || name.starts_with("ANTHROPIC_")) || is_known(name) {
            continue;
        }
        let near = known().find(|known| strsim::damerau_levenshtein(known, name) <= 2);
        let message = format!("Claude Code reads no variable `{name}`");
        let finding = settings.finding(&RULE, &variable.name_span, message);
        found.push(if name == MADE_UP {
            finding.severity(Severity::Error).help(INSTEAD)
        } else if let Some(near) = near {
            finding.help(format!("did you mean `{near}`?"))
        } else {
            finding
                .severity(Severity::Info)
                .help("none of that name was documented on 2026-08-22")
        });
    }
}

/// The made-up variable in Terraform that writes settings or scripts.
pub(super) fn check_terraform(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for text in &look.texts {
        if matches!(text.argument, "description" | "error_message") {
            continue;
        }
        for (literal, span) in text.literals() {
            let Some(at) = literal.find(MADE_UP) else { continue };
            let place = if literal.len() == span.len() {
                span.start + at..span.start + at + MADE_UP.len()
            } else {
                let line = literal.get(..at).map_or(0, |before| before.matches('\n').count());
                look.line(text.file, &span, line).unwrap_or(span)
            };
            let message = format!("Claude Code reads no variable `{MADE_UP}`");
            found.push(
                look.finding(&RULE, text.file, &place, message)
                    .severity(Severity::Error)
                    .help(INSTEAD),
            );
        }
    }
}
