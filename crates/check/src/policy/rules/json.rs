//! `policy-json`

use findings::{Confidence, Family, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-json",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A policy document that is not JSON as AWS reads it.",
    page: r#"## What it finds

A document that is not JSON: a comment, a trailing comma, a missing quote. A member that is there twice in one object, or
two that differ in case only. A character that IAM stores in no document.

## Why it matters

AWS refuses the document, at apply. A member that is there twice is worse where something in between reads the JSON first:
it keeps one of the two and the other is lost without a word.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Resource": "arn:aws:s3:::invoices/*"
    ^^^^^^^^^^
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": ["arn:aws:s3:::reports/*", "arn:aws:s3:::invoices/*"]
  }
}
```

## How to fix it

Give each member one value, a list where there are several. Write the document with `jsonencode` or
`aws_iam_policy_document`, which cannot produce broken JSON.

## Source

[Grammar of the IAM policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
"#,
};
