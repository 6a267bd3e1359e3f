//! `aws-config-source-profile`

use super::AwsConfig;
use super::known_region::is_placeholder;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-source-profile",
    family: Family::Bedrock,
    severity: Severity::Info,
    confidence: Confidence::Medium,
    summary: "A profile that takes its credentials from one that is not there.",
    page: r##"## What it finds

`source_profile` that names a profile which the file does not have. It is a warning where the name nearly is that of another
profile, and information otherwise: the profile may stand in `~/.aws/credentials`.

## Why it matters

The AWS CLI and the SDKs refuse the profile: "The source profile was not found".

## Bad

```ini .aws/config
[profile company-login]
sso_session = company
sso_account_id = 123456789012
sso_role_name = base
region = us-east-1

[profile claude-code]
role_arn = arn:aws:iam::123456789012:role/claude-code
source_profile = company-logn # <- here

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
```

## Good

```ini .aws/config
[profile company-login]
sso_session = company
sso_account_id = 123456789012
sso_role_name = base
region = us-east-1

[profile claude-code]
role_arn = arn:aws:iam::123456789012:role/claude-code
source_profile = company-login

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
```

## How to fix it

Name a profile that is there, or add its section.

## Source

[Assume role credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html)
"##,
};

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for section in &config.sections {
        let Some(setting) = section.setting("source_profile") else {
            continue;
        };
        let name = setting.value.as_str();
        if name.is_empty() || is_placeholder(name) || config.profiles().any(|known| known == name) {
            continue;
        }
        let message = format!("there is no profile `{name}` in this file to take credentials from");
        let finding = config.finding(&RULE, &setting.span, message);
        found.push(match config.profiles().find(|known| is_slip(name, known)) {
            Some(near) => finding
                .severity(Severity::Warning)
                .help(format!("did you mean `{near}`?")),
            None => finding.help("it is found where `~/.aws/credentials` has a section of that name"),
        });
    }
}

/// Whether a name is another with a slip of the keyboard: of short ones, and with other digits, it is another name.
fn is_slip(name: &str, known: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let allowed = match name.len() {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    };
    digits(name) == digits(known) && strsim::damerau_levenshtein(name, known) <= allowed
}
