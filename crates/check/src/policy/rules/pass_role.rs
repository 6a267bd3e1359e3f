//! `policy-pass-role`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::arn::Arn;
use super::super::finding::PolicyFinding;
use super::super::model::{Statement, Text};
use super::super::{Input, actions};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-pass-role",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "An `Allow` to pass any role to any service.",
    page: r#"## What it finds

`iam:PassRole` allowed on every role, without a condition on `iam:PassedToService` or `iam:AssociatedResourceArn`.

## Why it matters

Whoever may pass a role to a service that runs code has the role's permissions. With every role at hand that is the
strongest role of the account, often an administrator's.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["lambda:CreateFunction", "iam:PassRole"],
                                        ^^^^^^^^^^^^^^
    "Resource": "*"
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*" },
    {
      "Effect": "Allow",
      "Action": "iam:PassRole",
      "Resource": "arn:aws:iam::123456789012:role/functions/*",
      "Condition": {
        "StringEquals": { "iam:PassedToService": "lambda.amazonaws.com" }
      }
    }
  ]
}
```

## How to fix it

Name the roles, by a path where there are several, and the service that they are passed to.

## Source

[Passing roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
"#,
};

const NARROWING: [&str; 2] = ["iam:PassedToService", "iam:AssociatedResourceArn"];

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if input.assumed != Kind::Identity {
        return;
    }
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let passes = |action: &&Text| {
            action.known()
                && action.value.to_ascii_lowercase().starts_with("iam:p")
                && actions::matches(&action.value, "iam:PassRole")
        };
        let Some(action) = statement.actions().iter().find(passes) else {
            continue;
        };
        if !statement
            .resources()
            .iter()
            .any(|resource| is_every_role(&resource.value))
            || is_narrowed(statement)
        {
            continue;
        }
        let message = format!(
            "`{}` on every role: whoever has it has the strongest of them",
            action.value
        );
        found.push(
            PolicyFinding::new(&RULE, action, message)
                .help("name the roles in `Resource` and the service in a condition on `iam:PassedToService`"),
        );
    }
}

fn is_every_role(resource: &str) -> bool {
    resource == "*" || Arn::split(resource).is_some_and(|arn| matches!(arn.resource, "*" | "role*" | "role/*"))
}

fn is_narrowed(statement: &Statement) -> bool {
    statement.may_have_conditions()
        || statement.conditions().iter().any(|condition| {
            let narrows = NARROWING.iter().any(|key| condition.is(key));
            let anything = !condition.open && condition.values.iter().all(|value| value.value == "*");
            narrows && condition.demands() && !anything
        })
}
