//! `settings-unpinned-models`

use super::Settings;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-unpinned-models",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Models of Claude Code on Bedrock that change with its version.",
    page: r##"## What it finds

`CLAUDE_CODE_USE_BEDROCK` without `ANTHROPIC_DEFAULT_OPUS_MODEL`, `ANTHROPIC_DEFAULT_SONNET_MODEL` or
`ANTHROPIC_DEFAULT_HAIKU_MODEL`, or with one of them set to an alias, as `opus`.

## Why it matters

The names `opus`, `sonnet` and `haiku` stand for what the installed version thinks best. After an update Claude Code calls
another model, at another price, that policies may not allow; and it calls it past the application inference profiles.

## Bad

```json settings.json
{
  "env": {
  ^^^^^
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_REGION": "us-east-1",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "us.anthropic.claude-opus-4-6-v1"
  }
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_REGION": "us-east-1",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "us.anthropic.claude-opus-4-6-v1",
    "ANTHROPIC_DEFAULT_SONNET_MODEL": "us.anthropic.claude-sonnet-4-6",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL": "us.anthropic.claude-haiku-4-5-20251001-v1:0"
  }
}
```

## How to fix it

Set all three to ids or ARNs of inference profiles that the developers' policies allow.

## Source

[Claude Code on Amazon Bedrock: pin model versions](https://code.claude.com/docs/en/amazon-bedrock)
"##,
};

const ALIASES: [&str; 3] = [
    "ANTHROPIC_DEFAULT_OPUS_MODEL",
    "ANTHROPIC_DEFAULT_SONNET_MODEL",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL",
];

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    if !settings.uses_bedrock() {
        return;
    }
    let missing: Vec<String> = ALIASES
        .into_iter()
        .filter(|name| settings.variable(name).is_none())
        .map(|name| format!("`{name}`"))
        .collect();
    if !missing.is_empty() {
        let message = format!(
            "models change with the version of Claude Code: {} not set",
            list(&missing)
        );
        found.push(settings.finding(&RULE, &settings.about_all(), message));
    }
    for variable in ALIASES.into_iter().filter_map(|name| settings.variable(name)) {
        let value = variable.value.as_deref().unwrap_or_default();
        if ["opus", "sonnet", "haiku", "default"].contains(&value.to_ascii_lowercase().as_str()) {
            let message = format!("`{}` is set to an alias, which pins nothing", variable.name);
            let help = "name the id or ARN of an inference profile, as `us.anthropic.claude-opus-4-6-v1`";
            found.push(settings.finding(&RULE, &variable.value_span, message).help(help));
        }
    }
}

fn list(names: &[String]) -> String {
    match names {
        [only] => format!("{only} is"),
        [first @ .., last] => format!("{} and {last} are", first.join(", ")),
        [] => String::new(),
    }
}
