//! `bedrock-scp-allow-list`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use crate::policy::{Input, PolicyFinding};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-scp-allow-list",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A service control policy that allows Bedrock but not AWS Marketplace.",
    page: r##"## What it finds

A service control policy whose `Allow` statements name `bedrock:` actions and none of `aws-marketplace:`.

## Why it matters

A list of what is allowed denies everything else. The first call of a Claude model subscribes to it in AWS Marketplace; where
that is denied, the call is. And beside `FullAWSAccess` such a list has no effect at all: it has to be detached from the
account and every level above it.

## Bad

```json scp
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["bedrock:*", "s3:*", "logs:*", "cloudwatch:*"],
               ^^^^^^^^^^^
    "Resource": "*"
  }
}
```

## Good

```json scp
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny",
    "NotAction": ["bedrock:*", "aws-marketplace:*", "s3:*", "logs:*", "cloudwatch:*", "iam:*", "sts:*"],
    "Resource": "*"
  }
}
```

## How to fix it

Deny what is not wanted, with `NotAction`, and keep `FullAWSAccess`. A list of what is allowed must contain
`aws-marketplace:Subscribe` and `aws-marketplace:ViewSubscriptions`.

## Source

[Service control policy evaluation](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html),
[Access to models](https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html)
"##,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if input.kind != Some(Kind::ServiceControl) || input.document.open {
        return;
    }
    let mut bedrock = None;
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let Some(actions) = statement
            .actions
            .as_ref()
            .filter(|actions| !actions.negated && actions.known())
        else {
            return;
        };
        for action in &actions.list {
            let lower = action.value.to_ascii_lowercase();
            let service = lower.split(':').next().unwrap_or_default();
            if service == "aws-marketplace" || service.contains(['*', '?']) {
                return;
            }
            if service == "bedrock" {
                bedrock = bedrock.or(Some(action));
            }
        }
    }
    if let Some(action) = bedrock {
        let message =
            "Bedrock is allowed and AWS Marketplace is not: the first call of a Claude model cannot subscribe to it";
        found.push(
            PolicyFinding::new(&RULE, action, message)
                .help("add `aws-marketplace:Subscribe` and `aws-marketplace:ViewSubscriptions`, or deny with `NotAction` instead")
                .help("beside `FullAWSAccess` this policy has no effect"),
        );
    }
}
