//! `settings-override-key`

use super::Settings;
use crate::bedrock::model;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-override-key",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A key of `modelOverrides` that is no model's id.",
    page: r##"## What it finds

A key of `modelOverrides` that is nearly the id of a model of Anthropic's, or is the id of Bedrock where Anthropic's is
meant.

## Why it matters

Keys are Anthropic's own ids, such as `claude-opus-4-6`. Another key is never asked for: the override does nothing, and calls
go past the application inference profile.

## Bad

```json settings.json
{
  "modelOverrides": {
    "us.anthropic.claude-opus-4-6-v1": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6"
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  }
}
```

## Good

```json settings.json
{
  "modelOverrides": {
    "claude-opus-4-6": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6"
  }
}
```

## How to fix it

Use the id that Anthropic's documentation gives for the model.

## Source

[Settings reference: modelOverrides](https://code.claude.com/docs/en/settings-reference)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for member in &settings.overrides {
        let key = member.name.as_str();
        let Some(catalog) = model::catalog() else { return };
        if catalog.models().any(|model| model.anthropic_id == key) {
            continue;
        }
        let of_bedrock = model::split(key).and_then(|(_, base)| {
            let meant = model::meant(base).unwrap_or_else(|| base.to_owned());
            catalog.models().find(|model| model.base_id == meant)
        });
        // The same digits with other signs between them: another version would have other digits.
        let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let near = || catalog.models().find(|model| bare(&model.anthropic_id) == bare(key));
        if let Some(meant) = of_bedrock.or_else(near) {
            let message = format!("`{key}` is not the id that Anthropic gives to a model: the override does nothing");
            found.push(
                settings
                    .finding(&RULE, &member.name_span, message)
                    .help(format!("did you mean `{}`?", meant.anthropic_id)),
            );
        }
    }
}
