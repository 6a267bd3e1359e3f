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
that has a region's form and is like none, is a warning: it may be newer than the list. In a profile without sign-in to AWS
only a value that nearly is a region is told, as a warning, and in one with `endpoint_url` or `services` none: stores that are
like S3 have regions of their own.

## Why it matters

The SDKs make the host's name of it: sign-in, or every call, fails with "could not connect to the endpoint URL".

## Bad

```ini .aws/config
[profile claude-code]
role_arn = arn:aws:iam::123456789012:role/claude-code
credential_source = Environment
region = eu-wset-1 # <- here
```

## Good

```ini .aws/config
[profile claude-code]
role_arn = arn:aws:iam::123456789012:role/claude-code
credential_source = Environment
region = eu-west-1
```

## How to fix it

Write the code of a region as AWS lists it, without the letter of an availability zone.

## Source

[AWS Region setting](https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html)
"##,
};

/// Settings of a profile that calls another store than AWS's.
const ELSEWHERE: [&str; 2] = ["endpoint_url", "services"];

/// Settings that only sign-in to AWS needs.
const SIGN_IN: [&str; 4] = ["role_arn", "sso_account_id", "sso_session", "sso_start_url"];

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        let has = |keys: &[&str]| keys.iter().any(|key| section.setting(key).is_some());
        if has(&ELSEWHERE) {
            continue;
        }
        for key in ["region", "sso_region"] {
            let Some(setting) = section.setting(key) else { continue };
            let Some(wrong) = known_region::wrong(&setting.value) else {
                continue;
            };
            // Stores that are only like S3 have regions of their own, and their profiles have keys alone.
            let is_aws = key == "sso_region" || has(&SIGN_IN);
            if is_aws || wrong.is_slip() {
                let finding = wrong.say(|message| config.finding(&RULE, &setting.span, message));
                let severity = finding.severity;
                found.push(match is_aws {
                    true => finding,
                    false => finding.severity(severity.min(Severity::Warning)),
                });
            }
        }
    }
}
