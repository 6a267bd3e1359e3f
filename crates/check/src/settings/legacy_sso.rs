//! `aws-config-legacy-sso`

use super::{AwsConfig, Header};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-legacy-sso",
    family: Family::Bedrock,
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "A profile of Identity Center in the old form.",
    page: r##"## What it finds

A profile with `sso_start_url` and no `sso_session`.

## Why it matters

The old form cannot renew its sign-in: it ends after eight hours at most, in the middle of work. With a session the token is
renewed as long as Identity Center allows.

## Bad

```ini .aws/config
[profile claude-code]
sso_start_url = https://example.awsapps.com/start # <- here
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = claude-code
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

Run `aws configure sso` and give the session a name.

## Source

[Configuring IAM Identity Center authentication](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html)
"##,
};

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        let of_profile = matches!(section.header, Header::Profile(_)) && section.setting("sso_session").is_none();
        if let Some(url) = section.setting("sso_start_url").filter(|_| of_profile) {
            let message = "without an `sso-session` the sign-in is not renewed";
            found.push(config.finding(&RULE, &url.span, message));
        }
    }
}
