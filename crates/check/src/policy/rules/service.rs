//! `policy-service`

use findings::{Confidence, Family, Rule, Severity};

use super::super::finding::PolicyFinding;
use super::super::{Input, UNKNOWN};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-service",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An action of a service that AWS does not have.",
    page: r#"## What it finds

An action whose prefix belongs to no service of the IAM reference. It is an error where a service's prefix differs by a
letter or two, and a warning otherwise: the reference has a date, and the service may be newer, or closed.

## Why it matters

IAM stores such a policy. An `Allow` grants nothing and a `Deny` denies nothing, and nobody says so. Often the prefix is
not the service's name: Identity Center is `sso`, Step Functions is `states`, CloudWatch Logs is `logs`.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "bedrok:InvokeModel",
              ^^^^^^^^^^^^^^^^^^^^
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
    "Action": "bedrock:InvokeModel",
    "Resource": "*"
  }
}
```

## How to fix it

Look the service up in the reference: its page names the prefix.

## Source

[Service authorization reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
"#,
};

/// Macie Classic, which AWS has closed: its prefix differs by one letter from that of Macie and is no slip of it
/// (<https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html>).
const CLOSED: &str = "macie";

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        let Some(actions) = &statement.actions else { continue };
        let mut said: Vec<&str> = Vec::new();
        for action in &actions.list {
            let Some((prefix, _)) = action.value.split_once(':') else {
                continue;
            };
            // What is not a prefix's form is the grammar's.
            let readable = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if !readable || prefix.contains(UNKNOWN) || said.contains(&prefix) {
                continue;
            }
            if iam_reference::is_service(prefix) {
                continue;
            }
            said.push(prefix);
            let near = findings::nearest_few(prefix, iam_reference::services(), 3);
            let closed = prefix.eq_ignore_ascii_case(CLOSED);
            let slip = !closed
                && near.iter().any(|near| {
                    let distance = strsim::damerau_levenshtein(&prefix.to_lowercase(), near);
                    distance == 1 || distance == 2 && prefix.len() >= 6
                });
            let names: Vec<String> = near.into_iter().map(str::to_owned).collect();
            let mut finding =
                PolicyFinding::new(&RULE, action, format!("`{prefix}` is no service of AWS")).did_you_mean(&names);
            if !slip {
                let date = iam_reference::source().date;
                finding = finding
                    .severity(Severity::Warning)
                    .confidence(Confidence::Medium)
                    .help(format!(
                        "if the service is newer than {date}, the reference does not have it yet"
                    ));
            }
            found.push(finding);
        }
    }
}
