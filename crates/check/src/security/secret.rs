//! `security-secret-in-code`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-secret-in-code",
    family: Family::Security,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An access key or a private key in code.",
    page: r##"## What it finds

Text that holds the id of an AWS access key (`AKIA…`, `ASIA…`) or the head of a private key. AWS's own examples, which end
in `EXAMPLE`, are left out.

## Why it matters

Code is copied, reviewed and kept for ever; a secret in it is known to everybody who ever had it, and it stands in the state
as well.

## Bad

```hcl main.tf
locals {
  key = "AKIAQ3EGSRTYPLX7KZWD" # <- here
}
```

## Good

```hcl main.tf
variable "key_arn" {
  description = "ARN of the secret."
  type        = string
}
```

## How to fix it

Revoke the key, take it out of the history, and read it from Secrets Manager.

## Source

[Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for text in &look.texts {
        let what = text.literals().iter().find_map(|(literal, _)| {
            if has_key_id(literal) {
                Some("the id of an AWS access key")
            } else if has_private_key(literal) {
                Some("a private key")
            } else {
                None
            }
        });
        if let Some(what) = what {
            let message = format!("{what} stands in the code");
            found.push(
                look.finding(&RULE, text.file, &text.span, message)
                    .help("revoke it first"),
            );
        }
    }
}

/// Whether a text holds the id of an access key: twenty capital letters and digits that begin in one of two ways.
fn has_key_id(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        word.len() == 20
            && (word.starts_with("AKIA") || word.starts_with("ASIA"))
            && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && !word.ends_with("EXAMPLE")
    })
}

fn has_private_key(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        line.starts_with("-----BEGIN ") && line.ends_with("PRIVATE KEY-----")
    })
}
