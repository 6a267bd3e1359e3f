//! `policy-sid`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::Input;
use super::super::finding::PolicyFinding;
use super::super::model::Text;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-sid",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A `Sid` that is there twice, or with characters that IAM does not take.",
    page: r#"## What it finds

Two statements of one document with the same `Sid`, and a `Sid` with anything but letters and digits in a policy that IAM
stores. In resource policies, which other services store under rules of their own, only the repetition, as a warning.

## Why it matters

IAM and Organizations refuse the document.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "read-reports",
           ^^^^^^^^^^^^^^
    "Effect": "Allow",
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
    "Sid": "ReadReports",
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*"
  }
}
```

## How to fix it

Give each statement its own name of letters and digits, or none.

## Source

[Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let mut seen: Vec<&Text> = Vec::new();
    for statement in &input.document.statements {
        let Some(sid) = &statement.sid else { continue };
        if !sid.known() || sid.value.is_empty() {
            continue;
        }
        let Some(first) = seen.iter().find(|first| first.value == sid.value) else {
            seen.push(sid);
            continue;
        };
        let severity = if input.assumed == Kind::Resource {
            Severity::Warning
        } else {
            Severity::Error
        };
        let message = format!("`Sid` `{}` is there twice", sid.value);
        found.push(PolicyFinding::new(&RULE, sid, message).severity(severity).also(
            &first.path,
            first.span.clone(),
            "first here",
        ));
    }
}

/// Offers the name without what IAM does not take, each word with a capital.
pub(crate) fn mended(finding: PolicyFinding, written: &str) -> PolicyFinding {
    let words = written.split(|c: char| !c.is_ascii_alphanumeric());
    let name: String = words
        .filter_map(|word| {
            let mut letters = word.chars();
            let first = letters.next()?.to_ascii_uppercase();
            Some(std::iter::once(first).chain(letters).collect::<String>())
        })
        .collect();
    if name.is_empty() {
        finding
    } else {
        finding.write_instead(name)
    }
}
