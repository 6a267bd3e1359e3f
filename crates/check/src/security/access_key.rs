//! `security-access-key`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-access-key",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A long-lived access key that Terraform makes.",
    page: r##"## What it finds

An `aws_iam_access_key`.

## Why it matters

The key does not expire. Its secret stands in Terraform's state in clear, for everybody who may read the state; and calls
made with it name a user, not who uses the key.

## Bad

```hcl main.tf
resource "aws_iam_access_key" "developer" { # <- here
  user = "alice"
}
```

## Good

```hcl main.tf
resource "aws_ssoadmin_permission_set" "developer" {
  name             = "claude-code"
  instance_arn     = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  session_duration = "PT8H"
}
```

## How to fix it

Give people access through IAM Identity Center, and programs a role. Where a key has to be, give `pgp_key`, so that the state
holds it encrypted only.

## Source

[Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for key in look.resources("aws_iam_access_key") {
        if key.view.attribute("pgp_key").is_none() {
            let (file, span) = key.header();
            let message = "a key that does not expire, with its secret in the state in clear";
            found.push(look.finding(&RULE, file, &span, message));
        }
    }
}
