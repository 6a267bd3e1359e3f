//! `policy-grammar`

use findings::{Confidence, Family, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-grammar",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An element that the policy language does not have, or a value that it cannot have.",
    page: r#"## What it finds

An element that the language does not have, or has in another case (`action`). A missing `Effect`, `Action`, `Resource` or
`Statement`. `Action` and `NotAction` in one statement. An `Effect` that is neither `Allow` nor `Deny`, a `Version` that
AWS never had, an empty list, a number where a string is expected, an action without its service.

## Why it matters

AWS answers `MalformedPolicyDocument`, at apply, and names neither line nor element.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "allow",
              ^^^^^^^
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*"
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
    "Resource": "arn:aws:s3:::reports/*"
  }
}
```

## How to fix it

Write the element as the message says. Names of elements, `Allow` and `Deny` have case.

## Source

[Grammar of the IAM policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
"#,
};
