//! `policy-kind`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::Input;
use super::super::finding::PolicyFinding;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-kind",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An element that this kind of policy cannot have, or lacks.",
    page: r#"## What it finds

`Principal` in an identity policy, a permission boundary or a service control policy; a resource or trust policy without
it; `Resource` or an action of another service than STS in a trust policy; `NotPrincipal` with `Allow`; an `Id` where IAM
takes none. As a warning: an `Allow` of a service control policy on anything but `*`, of which AWS's pages say both that
it is possible and that it is not.

## Why it matters

Each kind of policy has its own grammar. AWS refuses what does not fit, at apply.

## Bad

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Service": "lambda.amazonaws.com" },
    "Action": "sts:AssumeRole",
    "Resource": "*"
    ^^^^^^^^^^
  }
}
```

## Good

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Service": "lambda.amazonaws.com" },
    "Action": "sts:AssumeRole"
  }
}
```

## How to fix it

Remove the element, or attach the document where its kind belongs: who may use a resource goes into the resource's policy,
what somebody may do into an identity policy.

## Source

[Policies and permissions](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html),
[SCP syntax](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if input.kind != Some(Kind::ServiceControl) {
        return;
    }
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let Some(resources) = &statement.resources else {
            continue;
        };
        let everything = resources.list.iter().any(|resource| resource.value == "*");
        if resources.open || everything && !resources.negated {
            continue;
        }
        let message = format!(
            "`Allow` with `{}` other than `*`: AWS's pages disagree on whether a service control policy can have it",
            resources.name.value
        );
        found.push(
            PolicyFinding::new(&RULE, &resources.name, message)
                .severity(Severity::Warning)
                .confidence(Confidence::Low)
                .help("allow on `*` and deny what is not meant"),
        );
    }
}
