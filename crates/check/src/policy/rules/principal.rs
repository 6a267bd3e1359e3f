//! `policy-principal`

use findings::{Confidence, Family, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-principal",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A principal that AWS cannot resolve.",
    page: r#"## What it finds

An account id that has not twelve digits, an ARN with parts missing or with wildcards, a service or a federated provider
with wildcards, a service that is no host name (`lambda` instead of `lambda.amazonaws.com`), a string other than `*` where an object with `AWS`, `Service` or `Federated` is expected.

## Why it matters

AWS resolves principals when the policy is stored and refuses the whole of it with `Invalid principal in policy`. Unlike
everywhere else, `*` within a principal's ARN is no wildcard.

## Bad

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "AWS": "arn:aws:iam::123456789012:role/deploy-*" },
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "Action": "sts:AssumeRole"
  }
}
```

## Good

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "AWS": "123456789012" },
    "Action": "sts:AssumeRole",
    "Condition": {
      "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/deploy-*" }
    }
  }
}
```

## How to fix it

Name each principal in full, or name its account and compare `aws:PrincipalArn`, which takes wildcards.

## Source

[Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
"#,
};
