//! `policy-public-principal`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::finding::PolicyFinding;
use super::super::model::{Condition, Statement, Text};
use super::super::{Input, kind_name};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-public-principal",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "An `Allow` for everybody, in every account.",
    page: r#"## What it finds

`"Principal": "*"` or `{"AWS": "*"}` in an `Allow` of a resource or trust policy, without a condition that narrows who it
is: on the caller's account, organization, ARN or tags, on the source of the call, or on the network that it comes from.

## Why it matters

`*` is not "everybody in this account" but everybody who has an AWS account, and for many resources everybody at all.

## Bad

```json resource
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": "*",
                 ^^^
    "Action": "sns:Publish",
    "Resource": "arn:aws:sns:us-east-1:123456789012:alerts"
  }
}
```

## Good

```json resource
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "sns:Publish",
    "Resource": "arn:aws:sns:us-east-1:123456789012:alerts",
    "Condition": {
      "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" }
    }
  }
}
```

## How to fix it

Name the accounts, roles or services, or add the condition. For a resource that is meant to be public, say so in a
suppression.

## Source

[Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous)
"#,
};

/// Keys that say nothing of who calls or from where: a condition on these alone leaves everybody in.
const OPEN_KEYS: [&str; 11] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:viaawsservice",
];

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if !matches!(input.assumed, Kind::Resource | Kind::Trust) {
        return;
    }
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let Some(everybody) = everybody(statement) else {
            continue;
        };
        if statement.may_have_conditions() || statement.conditions().iter().any(narrows) {
            continue;
        }
        let message = if statement.conditions().is_empty() {
            format!("{} that allows everybody, in every account", kind_name(input.assumed))
        } else {
            format!(
                "{} that allows everybody, in every account: its conditions do not say who",
                kind_name(input.assumed)
            )
        };
        found.push(
            PolicyFinding::new(&RULE, everybody, message)
                .help("name the principals, or add a condition such as one on `aws:PrincipalOrgID`"),
        );
    }
}

fn everybody(statement: &Statement) -> Option<&Text> {
    let principals = statement.principals.as_ref().filter(|principals| !principals.negated)?;
    let aws = principals
        .list
        .iter()
        .find(|(of, text)| of == "AWS" && text.value == "*");
    principals.anyone.as_ref().or(aws.map(|(_, text)| text))
}

fn narrows(condition: &Condition) -> bool {
    let key = condition.key.value.to_ascii_lowercase();
    // Keys of services, such as the endpoint of a subscription, narrow in ways of their own.
    let says_who = !OPEN_KEYS.contains(&key.as_str());
    let anything = |value: &Text| matches!(value.value.as_str(), "*" | "0.0.0.0/0" | "::/0");
    let all = !condition.open && !condition.values.is_empty() && condition.values.iter().all(anything);
    says_who && condition.demands() && !all
}
