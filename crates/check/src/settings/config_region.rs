//! `aws-config-region`

use super::{AwsConfig, known_region};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-region",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A region in the AWS configuration that AWS does not have.",
    page: r##"## What it finds

`region` or `sso_region` with a value that is no region of AWS. A value that differs from a region in its number alone, or
that has a region's form and is like none, is a warning: it may be newer than the list.

## Why it matters

The SDKs make the host's name of it: sign-in, or every call, fails with "could not connect to the endpoint URL".

## Bad

```ini .aws/config
[profile claude-code]
region = eu-wset-1 # <- here
```

## Good

```ini .aws/config
[profile claude-code]
region = eu-west-1
```

## How to fix it

Write the code of a region as AWS lists it, without the letter of an availability zone.

## Source

[AWS Region setting](https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html)
"##,
};

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        for key in ["region", "sso_region"] {
            if let Some(setting) = section.setting(key)
                && let Some(wrong) = known_region::wrong(&setting.value)
            {
                found.push(wrong.say(|message| config.finding(&RULE, &setting.span, message)));
            }
        }
    }
}
