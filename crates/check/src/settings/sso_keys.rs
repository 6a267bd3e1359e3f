//! `aws-config-sso-keys`

use super::{AwsConfig, Header};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-sso-keys",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A profile or session of Identity Center with a setting missing.",
    page: r##"## What it finds

A profile with `sso_session` that has only one of `sso_account_id` and `sso_role_name`; a session without `sso_start_url` or
`sso_region`. A profile without `region` is information.

## Why it matters

The AWS CLI refuses what is incomplete. A profile without both account and role can sign in, but has no credentials for AWS;
that is allowed.

## Bad

```ini .aws/config
[profile claude-code] # <- here
sso_session = company
sso_account_id = 123456789012
region = us-east-1

[sso-session company] # <- here
sso_start_url = https://example.awsapps.com/start
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

Add what is missing; `aws configure sso` writes all of it.

## Source

[IAM Identity Center credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html)
"##,
};

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        let missing = |keys: &[&'static str]| -> Vec<&'static str> {
            keys.iter()
                .copied()
                .filter(|key| section.setting(key).is_none())
                .collect()
        };
        match &section.header {
            Header::Session(_) => {
                for key in missing(&["sso_start_url", "sso_region"]) {
                    let message = format!("a session needs `{key}`");
                    found.push(config.finding(&RULE, &section.span, message));
                }
            }
            Header::Profile(_) if section.setting("sso_session").is_some() => {
                if let [key] = missing(&["sso_account_id", "sso_role_name"]).as_slice() {
                    let message = format!("a profile that has the other of account and role needs `{key}`");
                    found.push(config.finding(&RULE, &section.span, message));
                }
                if section.setting("region").is_none() && section.setting("sso_account_id").is_some() {
                    let message = "the profile has no `region`";
                    let finding = config.finding(&RULE, &section.span, message);
                    found.push(finding.severity(Severity::Info));
                }
            }
            _ => {}
        }
    }
}
