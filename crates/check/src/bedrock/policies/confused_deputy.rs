//! `bedrock-delivery-source`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use crate::policy::{Input, PolicyFinding};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-delivery-source",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Bedrock may write logs here for any account.",
    page: r##"## What it finds

A trust policy or a bucket's policy that lets `bedrock.amazonaws.com` in without a condition on `aws:SourceAccount` or
`aws:SourceArn`. With `aws:SourceAccount` alone the finding is information.

## Why it matters

The service acts for whoever configures it. Without the condition, another account's configuration can make Bedrock use
this role or write into this bucket.

## Bad

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Service": "bedrock.amazonaws.com" },
                              ^^^^^^^^^^^^^^^^^^^^^^^
    "Action": "sts:AssumeRole"
  }
}
```

## Good

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Service": "bedrock.amazonaws.com" },
    "Action": "sts:AssumeRole",
    "Condition": {
      "StringEquals": { "aws:SourceAccount": "123456789012" },
      "ArnLike": { "aws:SourceArn": "arn:aws:bedrock:us-east-1:123456789012:*" }
    }
  }
}
```

## How to fix it

Add both conditions, as AWS's own example has them.

## Source

[Monitor model invocation](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html)
"##,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if !matches!(input.assumed, Kind::Trust | Kind::Resource) {
        return;
    }
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        if statement.may_have_conditions() {
            continue;
        }
        let Some(principals) = statement.principals.as_ref().filter(|principals| !principals.negated) else {
            continue;
        };
        let Some((_, service)) = principals
            .list
            .iter()
            .find(|(of, text)| of == "Service" && text.value == "bedrock.amazonaws.com")
        else {
            continue;
        };
        let narrowed = |key: &str| {
            statement
                .conditions()
                .iter()
                .any(|condition| condition.is(key) && condition.demands())
        };
        let organization = ["aws:SourceOrgID", "aws:SourceOrgPaths"].into_iter().any(narrowed);
        if narrowed("aws:SourceArn") || organization {
            continue;
        }
        let finding = if narrowed("aws:SourceAccount") {
            let message =
                "any resource of the account may make Bedrock use this: AWS's example has `aws:SourceArn` as well";
            PolicyFinding::new(&RULE, service, message).severity(Severity::Info)
        } else {
            let message = "Bedrock may use this for any account: nothing says whose configuration it acts for";
            PolicyFinding::new(&RULE, service, message)
        };
        found.push(finding.help("add `ArnLike` on `aws:SourceArn`: `arn:aws:bedrock:REGION:ACCOUNT:*`"));
    }
}
