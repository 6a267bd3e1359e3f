//! `policy-negated-allow`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::Input;
use super::super::finding::PolicyFinding;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-negated-allow",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "An `Allow` of everything but a few actions or resources.",
    page: r#"## What it finds

`NotAction` or `NotResource` in an `Allow`. Permission boundaries and service control policies, which grant nothing, are
left out.

## Why it matters

It allows every action of every service that is not listed, or the action on every resource that is not listed: those of
today and all that AWS and the team add later. `NotAction` with `Deny` is what is nearly always meant: it allows nothing.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "NotAction": "iam:*",
    ^^^^^^^^^^^
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
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::reports/*"
  }
}
```

## How to fix it

List what is allowed. Where everything but a few services is really meant, allow it in one statement and deny the services
in another: a deny outlives later grants.

## Source

[NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html),
[NotResource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if matches!(input.kind, Some(Kind::Boundary | Kind::ServiceControl)) {
        return;
    }
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let elements = [(&statement.actions, "action"), (&statement.resources, "resource")];
        for (element, what) in elements {
            let Some(element) = element.as_ref().filter(|element| element.negated) else {
                continue;
            };
            let message = format!(
                "`Allow` with `{}` allows every {what} that is not listed",
                element.name.value
            );
            found.push(PolicyFinding::new(&RULE, &element.name, message));
        }
    }
}
