//! `settings-model-id`

use super::Settings;
use crate::bedrock::model;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-model-id",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A model in settings that Bedrock does not have, or does not serve under this id.",
    page: r##"## What it finds

In variables of models and in `modelOverrides`: an id with the name and version of a known model and another ending, or with
a slip of the keyboard. In Bedrock mode, as a warning: the id of a model without a profile (`us.`, `global.`, …), where the
model is called through profiles.

## Why it matters

With a wrong id every call fails. The bare id of a current model fails as well, nearly everywhere: "on-demand throughput
isn't supported".

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "ANTHROPIC_DEFAULT_SONNET_MODEL": "us.anthropic.claude-sonnet-4-6-v1",
                                      ^
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "anthropic.claude-opus-4-6-v1"
                                    ^
  }
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "ANTHROPIC_DEFAULT_SONNET_MODEL": "us.anthropic.claude-sonnet-4-6",
    "ANTHROPIC_DEFAULT_OPUS_MODEL": "us.anthropic.claude-opus-4-6-v1[1m]"
  }
}
```

## How to fix it

Copy the id from `aws bedrock list-inference-profiles`, or use the ARN of an application inference profile.

## Source

[Models supported by Amazon Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html)
"##,
};

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    let variables = settings.env.iter().filter(|variable| {
        variable.name.ends_with("_MODEL") && variable.name.contains("ANTHROPIC")
            || matches!(
                variable.name.as_str(),
                "CLAUDE_CODE_SUBAGENT_MODEL" | "ANTHROPIC_CUSTOM_MODEL_OPTION"
            )
    });
    for member in variables.chain(&settings.overrides) {
        let Some(written) = member.value.as_deref() else {
            continue;
        };
        // `[1m]` asks for the long context.
        let plain = written.split_once('[').map_or(written, |(plain, _)| plain);
        let Some(id) = model::of_text(plain) else {
            continue;
        };
        if let Some(meant) = model::meant(id) {
            let message = format!("there is no model `{id}` on Amazon Bedrock");
            found.push(
                settings
                    .finding(&RULE, &member.value_span, message)
                    .help(format!("did you mean `{meant}`?")),
            );
        } else if settings.uses_bedrock()
            && id == plain
            && matches!(model::split(id), Some((None, base)) if model::needs_profile(base))
        {
            let message =
                format!("`{id}` is called through an inference profile nearly everywhere: the bare id is refused");
            found.push(
                settings
                    .finding(&RULE, &member.value_span, message)
                    .severity(Severity::Warning)
                    .help(format!(
                        "write the profile of your geography, as `us.{id}` or `global.{id}`"
                    )),
            );
        }
    }
}
