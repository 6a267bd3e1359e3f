//! `policy-operator`

use findings::{Confidence, Family, Rule, Severity};
use policy::operator::Operator;

use super::super::finding::PolicyFinding;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-operator",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A condition operator that AWS does not know.",
    page: r#"## What it finds

A name in `Condition` that is no operator, such as `StringEqual`, a set qualifier that AWS does not know, and `IfExists`
behind `Null`.

## Why it matters

AWS refuses the document.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::reports",
    "Condition": {
      "StringLikes": { "s3:prefix": "public/*" }
      ^^^^^^^^^^^^^
    }
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::reports",
    "Condition": {
      "StringLike": { "s3:prefix": "public/*" }
    }
  }
}
```

## How to fix it

Write the operator's name as AWS lists it.

## Source

[Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
"#,
};

/// Suggests the nearest operators, and offers the nearest where nothing else is near.
pub(crate) fn mended(finding: PolicyFinding, written: &str) -> PolicyFinding {
    let (qualifier, bare) = match written.rsplit_once(':') {
        Some((qualifier, bare)) => (Some(qualifier), bare),
        None => (None, written),
    };
    let qualifier = match qualifier {
        None => String::new(),
        Some(qualifier) => {
            let near = findings::nearest_few(qualifier, ["ForAllValues", "ForAnyValue"], 1);
            match near.first() {
                Some(near) => format!("{near}:"),
                None => return finding,
            }
        }
    };
    let (bare, suffix) = match bare.strip_suffix("IfExists") {
        Some(bare) => (bare, "IfExists"),
        None => (bare, ""),
    };
    let near: Vec<String> = findings::nearest_few(bare, Operator::names(), 3)
        .into_iter()
        .map(|name| format!("{qualifier}{name}{suffix}"))
        .filter(|name| Operator::parse(name).is_some())
        .collect();
    let distance = |name: &String| strsim::damerau_levenshtein(&name.to_lowercase(), &written.to_lowercase());
    let close: Vec<&String> = near.iter().filter(|name| distance(name) <= 2).collect();
    match close.as_slice() {
        [only] => {
            let only = (*only).clone();
            finding.did_you_mean(std::slice::from_ref(&only)).write_instead(only)
        }
        _ => finding.did_you_mean(&near),
    }
}
