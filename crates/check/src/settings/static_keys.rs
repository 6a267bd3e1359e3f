//! `aws-config-static-keys`

use super::AwsConfig;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-static-keys",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A long-lived access key in the AWS configuration.",
    page: r##"## What it finds

`aws_access_key_id` or `aws_secret_access_key` in `~/.aws/config`.

## Why it matters

The key does not expire, works from anywhere, and is read by every program of the user. With Identity Center there are only
credentials for hours.

## Bad

```ini .aws/config
[profile claude-code]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY # <- here
```

## Good

```ini .aws/config
[profile claude-code]
sso_session = company
sso_account_id = 123456789012
sso_role_name = claude-code
region = us-east-1

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
```

## How to fix it

Deactivate the key, delete it, and sign in with `aws sso login`.

## Source

[Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
"##,
};

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        if let Some(key) = section.setting("aws_secret_access_key") {
            let message = "an access key that does not expire, for every program that reads this file";
            found.push(config.finding(&RULE, &key.span, message));
        }
    }
}
