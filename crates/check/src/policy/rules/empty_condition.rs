//! `policy-empty-condition`

use findings::{Confidence, Family, Rule, Severity};

use super::super::Input;
use super::super::finding::PolicyFinding;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-empty-condition",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A condition without operators, keys or values.",
    page: r#"## What it finds

`"Condition": {}`, an operator that holds no key, and a key with an empty list of values.

## Why it matters

The first two demand nothing: the statement applies as if no condition stood there, which is seldom what a condition is
written for. An empty list of values is worse: nothing equals it, so the statement never applies, or with a negated operator
always. Both are usually left by a list or map that came out empty.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {}
    ^^^^^^^^^^^
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

Write the condition that was meant, or leave it out.

## Source

[Condition](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        let Some(conditions) = &statement.conditions else {
            continue;
        };
        if conditions.list.is_empty() && conditions.empty.is_empty() && !conditions.open {
            let message = "this `Condition` is empty: the statement applies without one";
            found.push(PolicyFinding::new(&RULE, &conditions.name, message));
        }
        for operator in &conditions.empty {
            let message = format!("`{}` holds no key: it demands nothing", operator.value);
            found.push(PolicyFinding::new(&RULE, operator, message));
        }
        for condition in &conditions.list {
            if !condition.values.is_empty() || condition.open {
                continue;
            }
            let holds = match condition.parsed {
                Some(operator) if operator.negated => "always holds",
                _ => "never holds",
            };
            let message = format!("`{}` has no value: the condition {holds}", condition.key.value);
            found.push(PolicyFinding::new(&RULE, &condition.key, message));
        }
    }
}
