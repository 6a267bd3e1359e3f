//! `aws-config-value`

use super::AwsConfig;
use super::known_region::is_placeholder;
use crate::policy::{Arn, is_account};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-value",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A value in the AWS configuration that has the wrong form.",
    page: r##"## What it finds

`sso_account_id` that has not twelve digits, `role_arn` that is no ARN of an IAM role, and `sso_start_url` that is no URL.
Values that are still to be filled in, as `<account>`, are left alone.

## Why it matters

Sign-in works, and the first call fails: AWS has no such account or role, or refuses the request as invalid.

## Bad

```ini .aws/config
[profile claude-code]
role_arn = arn:aws:iam::12345678901:role/claude-code # <- here
credential_source = Environment
```

## Good

```ini .aws/config
[profile claude-code]
role_arn = arn:aws:iam::123456789012:role/claude-code
credential_source = Environment
```

## How to fix it

Copy the value from the console: an account has twelve digits, zeros in front included.

## Source

[Assume role credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html),
[IAM Identity Center credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html)
"##,
};

/// What is wrong with a value, if anything.
type Wrong = fn(&str) -> Option<String>;

const CHECKS: [(&str, Wrong); 3] = [
    ("sso_account_id", account),
    ("role_arn", role),
    ("sso_start_url", start_url),
];

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        for (key, wrong) in CHECKS {
            let Some(setting) = section.setting(key) else { continue };
            let value = setting.value.as_str();
            if value.is_empty() || is_placeholder(value) {
                continue;
            }
            if let Some(message) = wrong(value) {
                found.push(config.finding(&RULE, &setting.span, message));
            }
        }
    }
}

fn account(value: &str) -> Option<String> {
    (!is_account(value)).then(|| format!("`{value}` is no account: expected twelve digits"))
}

fn role(value: &str) -> Option<String> {
    let Some(arn) = Arn::split(value) else {
        return Some(format!(
            "`{value}` is no ARN of a role: expected `arn:aws:iam::ACCOUNT:role/NAME`"
        ));
    };
    if let Some(fault) = arn.fault() {
        return Some(format!("`{value}` is no ARN of a role: {fault}"));
    }
    if arn.service != "iam" || !arn.region.is_empty() || !is_account(arn.account) {
        return Some(format!(
            "`{value}` is no ARN of a role: expected `arn:aws:iam::ACCOUNT:role/NAME`"
        ));
    }
    match arn.resource.strip_prefix("role/") {
        Some(name) if !name.is_empty() && !name.ends_with('/') => None,
        _ => Some(format!("`{}` is no role: expected `role/NAME`", arn.resource)),
    }
}

fn start_url(value: &str) -> Option<String> {
    let is_url = value.starts_with("https://") || value.starts_with("http://");
    (!is_url).then(|| format!("`{value}` is no URL: expected `https://…awsapps.com/start`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles() {
        for right in [
            "arn:aws:iam::123456789012:role/a",
            "arn:aws-us-gov:iam::123456789012:role/path/to/a",
            "arn:aws-cn:iam::123456789012:role/a@b.c=d,e_f+g",
        ] {
            assert_eq!(role(right), None);
        }
        for wrong in [
            "a",
            "arn:aws:iam::1234:role/a",
            "arn:aws:iam:us-east-1:123456789012:role/a",
            "arn:aws:sts::123456789012:assumed-role/a/b",
            "arn:aws:iam::123456789012:user/a",
            "arn:aws:iam::123456789012:role/",
            "arn:asw:iam::123456789012:role/a",
        ] {
            assert!(role(wrong).is_some(), "{wrong}");
        }
    }
}
