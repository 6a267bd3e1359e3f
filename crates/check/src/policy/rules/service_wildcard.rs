//! `policy-service-wildcard`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::Input;
use super::super::finding::PolicyFinding;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-service-wildcard",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "An `Allow` of everything that IAM, STS or KMS can do.",
    page: r#"## What it finds

An identity policy that allows `iam:*`, `sts:*` or `kms:*` on every resource without a condition.

## Why it matters

Each of the three leads further than it says. `iam:*` lets a principal attach any policy to itself. `sts:*` lets it assume
every role that trusts its account. `kms:*` opens whatever is encrypted with keys whose policies leave access to IAM, and
lets keys be deleted.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "kms:*"],
                               ^^^^^^^
    "Resource": "*"
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
    "Resource": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }
}
```

## How to fix it

List the actions, and name the roles or keys.

## Source

[Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege),
[KMS policies](https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let confidence = match input.kind {
        Some(Kind::Identity) => RULE.confidence,
        None if input.assumed == Kind::Identity => Confidence::Low,
        _ => return,
    };
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let everywhere = statement.resources().iter().any(|resource| resource.value == "*");
        if !everywhere || !statement.conditions().is_empty() || statement.may_have_conditions() {
            continue;
        }
        for action in statement.actions() {
            let consequence = match action.value.to_ascii_lowercase().as_str() {
                "iam:*" => "whoever has it can give itself any permission",
                "sts:*" => "whoever has it can assume every role that trusts the account",
                "kms:*" => "whoever has it can use and delete every key that leaves access to IAM",
                _ => continue,
            };
            let message = format!("`{}` on every resource is allowed: {consequence}", action.value);
            found.push(PolicyFinding::new(&RULE, action, message).confidence(confidence));
        }
    }
}
