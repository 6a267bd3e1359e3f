//! `policy-trust-action`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::finding::PolicyFinding;
use super::super::model::{Principals, Text};
use super::super::{Input, actions};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-trust-action",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A trust policy whose action its principals cannot use.",
    page: r#"## What it finds

A trust policy that lets an OpenID or SAML provider call `sts:AssumeRole`, or an account, role or service call
`sts:AssumeRoleWithWebIdentity` or `sts:AssumeRoleWithSAML`.

## Why it matters

AWS stores it, and nobody can assume the role: each way in has an action of its own.

## Bad

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
    "Action": "sts:AssumeRole",
              ^^^^^^^^^^^^^^^^
    "Condition": {
      "StringEquals": {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:acme/infra:ref:refs/heads/main"
      }
    }
  }
}
```

## Good

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
      "StringEquals": {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:acme/infra:ref:refs/heads/main"
      }
    }
  }
}
```

## How to fix it

`sts:AssumeRoleWithWebIdentity` for OpenID providers, `sts:AssumeRoleWithSAML` for SAML providers, `sts:AssumeRole` for
everybody else. `sts:TagSession` and `sts:SetSourceIdentity` may stand beside each.

## Source

[AssumeRole and its relatives](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html)
"#,
};

const WAYS_IN: [&str; 3] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
];

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if input.assumed != Kind::Trust {
        return;
    }
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let Some(principals) = statement.principals.as_ref().filter(|all| !all.negated && !all.open) else {
            continue;
        };
        let Some(usable) = ways_in(principals) else { continue };
        for action in statement
            .actions()
            .iter()
            .filter(|action| actions::is_one(&action.value))
        {
            let is_way_in = WAYS_IN.iter().any(|way| way.eq_ignore_ascii_case(&action.value));
            if !is_way_in || usable.iter().any(|way| way.eq_ignore_ascii_case(&action.value)) {
                continue;
            }
            let message = format!("none of these principals can call `{}`", action.value);
            let expected: Vec<String> = usable.iter().map(|way| format!("`{way}`")).collect();
            found.push(PolicyFinding::new(&RULE, action, message).help(format!("use {}", expected.join(" and "))));
        }
    }
}

/// What the principals can call; `None` if that is not known of one of them.
fn ways_in(principals: &Principals) -> Option<Vec<&'static str>> {
    // Everybody includes those that come with a token.
    if principals.anyone.is_some() {
        return None;
    }
    let mut ways = Vec::new();
    for (of, text) in &principals.list {
        ways.push(way_in(of, text)?);
    }
    ways.sort_unstable();
    ways.dedup();
    (!ways.is_empty()).then_some(ways)
}

fn way_in(of: &str, principal: &Text) -> Option<&'static str> {
    match of {
        "AWS" | "Service" => Some("sts:AssumeRole"),
        "Federated" if principal.value.contains(":saml-provider/") => Some("sts:AssumeRoleWithSAML"),
        "Federated" if principal.value.contains(":oidc-provider/") => Some("sts:AssumeRoleWithWebIdentity"),
        "Federated" if principal.known() && !principal.value.starts_with("arn:") => {
            Some("sts:AssumeRoleWithWebIdentity")
        }
        _ => None,
    }
}
