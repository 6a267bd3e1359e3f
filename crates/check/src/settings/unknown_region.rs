//! `settings-unknown-region`

use super::{Settings, known_region};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "settings-unknown-region",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A region in settings that AWS does not have.",
    page: r##"## What it finds

`AWS_REGION`, `AWS_DEFAULT_REGION` or `ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION` with a value that is no region of AWS. A value
that differs from a region in its number alone, or that has a region's form and is like none, is a warning: it may be newer
than the list. `ANTHROPIC_BEDROCK_REGION_PREFIX` with a value that Claude Code does not take is a warning. Values that are
still to be filled in, as `<region>` and `${REGION}`, are left alone.

## Why it matters

A value without a region's form counts as unset: Claude Code takes the region of the AWS profile, or `us-east-1`. One that has
the form names a host that does not exist, and every call fails. An unknown prefix gives way to the one of the region.

## Bad

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_REGION": "us-eats-1"
                  ^^^^^^^^^^^
  }
}
```

## Good

```json settings.json
{
  "env": {
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "AWS_REGION": "us-east-1"
  }
}
```

## How to fix it

Write the code of a region as AWS lists it, without the letter of an availability zone.

## Source

[Claude Code on Amazon Bedrock](https://code.claude.com/docs/en/amazon-bedrock),
[AWS Regions](https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)
"##,
};

const VARIABLES: [&str; 3] = [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION",
];

const PREFIX: &str = "ANTHROPIC_BEDROCK_REGION_PREFIX";

/// What [`PREFIX`] may be; `us-gov` follows from the region.
const PREFIXES: [&str; 7] = ["us", "eu", "apac", "jp", "au", "global", "us-gov"];

pub(super) fn check(settings: &Settings, found: &mut Vec<Finding>) {
    for variable in &settings.env {
        let Some(value) = variable.value.as_deref() else {
            continue;
        };
        if VARIABLES.contains(&variable.name.as_str())
            && let Some(wrong) = known_region::wrong(value)
        {
            found.push(wrong.say(|message| settings.finding(&RULE, &variable.value_span, message)));
        }
        let known = value.is_empty() || PREFIXES.contains(&value) || known_region::is_placeholder(value);
        if variable.name == PREFIX && !known {
            let message = format!("`{value}` is no prefix of inference profiles: Claude Code takes that of the region");
            found.push(
                settings
                    .finding(&RULE, &variable.value_span, message)
                    .severity(Severity::Warning)
                    .help("it takes `us`, `eu`, `apac`, `jp`, `au` and `global`"),
            );
        }
    }
}
