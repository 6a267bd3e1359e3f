//! `aws-config-session`

use super::AwsConfig;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-session",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A profile whose sign-in session does not exist.",
    page: r##"## What it finds

A profile with `sso_session = NAME` in a file without a section `[sso-session NAME]`.

## Why it matters

The AWS CLI and the SDKs refuse the profile, so nobody can sign in with it.

## Bad

```ini .aws/config
[profile claude-code]
sso_session = corp # <- here
sso_account_id = 123456789012
sso_role_name = claude-code

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
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

Name a session that is there, or add its section.

## Source

[Configuring IAM Identity Center authentication](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html)
"##,
};

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        let Some(session) = section.setting("sso_session") else {
            continue;
        };
        if config.session(&session.value).is_none() {
            let message = format!("there is no section `[sso-session {}]`", session.value);
            found.push(
                config
                    .finding(&RULE, &session.span, message)
                    .nearest(&session.value, config.sessions()),
            );
        }
    }
}
