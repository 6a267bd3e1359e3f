//! `policy-admin`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::Input;
use super::super::finding::PolicyFinding;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-admin",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "An `Allow` of every action on every resource.",
    page: r#"## What it finds

An identity policy that allows `*` on `*` without a condition. Permission boundaries, session policies and service control
policies, which only limit, are left out. Where it is not known what a document is attached to, the finding is less sure.

## Why it matters

Whoever has the policy is the account's administrator, and so is whoever takes over one of its credentials.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "*",
              ^^^
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
    "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
    "Resource": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/*"
  }
}
```

## How to fix it

List the actions that are needed; what a principal has used shows IAM Access Analyzer. An administrator's role is better
served by AWS's managed policy `AdministratorAccess`, where everybody sees what it is.

## Source

[Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let confidence = match input.kind {
        Some(Kind::Identity) => Confidence::High,
        None if input.assumed == Kind::Identity => Confidence::Low,
        _ => return,
    };
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let all = statement
            .actions()
            .iter()
            .find(|action| matches!(action.value.as_str(), "*" | "*:*"));
        let everywhere = statement.resources().iter().any(|resource| resource.value == "*");
        let unconditional = statement.conditions().is_empty() && !statement.may_have_conditions();
        if let Some(action) = all.filter(|_| everywhere && unconditional) {
            let message = "every action on every resource is allowed: this makes an administrator";
            found.push(PolicyFinding::new(&RULE, action, message).confidence(confidence));
        }
    }
}
