//! `policy-condition-key`

use findings::{Confidence, Family, Rule, Severity};

use super::super::Input;
use super::super::finding::PolicyFinding;
use super::super::keys::{self, Found};
use super::super::model::Condition;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-condition-key",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A condition key that AWS does not have.",
    page: r#"## What it finds

A condition key that is neither global nor known to any service of the IAM reference, and a claim of a renowned OpenID
provider that AWS does not compare. It is an error where the name is a slip away from a key, and a warning otherwise: the
reference has a date. Claims of other OpenID providers have any name and are not checked.

## Why it matters

IAM stores such a policy. No request carries the key: `StringEquals` never holds, `StringNotEquals` and everything with
`IfExists` always do. So an `Allow` grants nothing, and a `Deny` denies nothing or everything.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::reports",
    "Condition": {
      "StringEquals": { "aws:PrincipalOrgIdd": "o-a1b2c3d4e5" }
                        ^^^^^^^^^^^^^^^^^^^^^
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
      "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" }
    }
  }
}
```

## How to fix it

Write the name of the reference; its case does not matter.

## Source

[Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
[IAM and STS condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html),
[Service authorization reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for condition in input
        .document
        .statements
        .iter()
        .flat_map(|statement| statement.conditions())
    {
        if let Found::Nothing {
            candidates,
            prefix_known,
        } = keys::find(&condition.key.value)
        {
            found.push(finding(condition, &candidates, prefix_known));
        }
    }
}

fn finding(condition: &Condition, candidates: &[&'static str], prefix_known: bool) -> PolicyFinding {
    let written = &condition.key.value;
    let message = format!("AWS has no condition key `{written}`");
    let finding = PolicyFinding::new(&RULE, &condition.key, message);
    let (near, slip) = if prefix_known {
        let near = findings::nearest_few(written, candidates.iter().copied(), 3);
        let slip = near.iter().any(|near| is_slip(written, near, 2));
        (near.into_iter().map(str::to_owned).collect::<Vec<_>>(), slip)
    } else {
        let (prefix, name) = written.split_once(':').unwrap_or((written, ""));
        let near = findings::nearest_few(prefix, keys::prefixes(), 3);
        // The rest tells whether it is the prefix that is wrong.
        let whole: Vec<String> = near.iter().map(|near| format!("{near}:{name}")).collect();
        let slip = near.iter().any(|near| is_slip(prefix, near, 1));
        let exists: Vec<String> = whole
            .into_iter()
            .filter(|key| matches!(keys::find(key), Found::Global(_) | Found::Service(_)))
            .collect();
        (exists, slip)
    };
    let finding = finding.did_you_mean(&near);
    if slip {
        return finding;
    }
    let date = iam_reference::source().date;
    finding
        .severity(Severity::Warning)
        .confidence(Confidence::Medium)
        .help(format!(
            "if the key is newer than {date}, the reference does not have it yet"
        ))
}

fn is_slip(written: &str, near: &str, most: usize) -> bool {
    // Tag keys behind a slash are free: only what is before counts.
    let head = |text: &str| text.split('/').next().unwrap_or_default().to_lowercase();
    strsim::damerau_levenshtein(&head(written), &head(near)) <= most
}
