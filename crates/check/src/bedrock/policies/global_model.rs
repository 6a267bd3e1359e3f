//! `bedrock-global-model`

use findings::{Confidence, Family, Rule, Severity};
use policy::operator::Test;
use policy::{Effect, Kind};

use super::{Side, invokes, side, unclear};
use crate::policy::{Input, PolicyFinding, Text};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-global-model",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A global inference profile without the model's ARN that has no region.",
    page: r##"## What it finds

An identity policy that allows a profile `global.…`, and foundation models in named regions only. Also a `Deny` outside of
named regions (`StringNotEquals` on `aws:RequestedRegion`) in a policy that names global profiles, without `unspecified`
among the regions.

## Why it matters

A call through a global profile is authorised on the profile, on the model in the region of the call, and on the model in no
region: `arn:aws:bedrock:::foundation-model/…`, with the requested region `unspecified`. Without the third it is denied.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "bedrock:InvokeModel*",
    "Resource": [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic.claude-sonnet-4-6",
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6"
    ]
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "bedrock:InvokeModel*",
    "Resource": [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/global.anthropic.claude-sonnet-4-6",
      "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6",
      "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet-4-6"
    ]
  }
}
```

## How to fix it

Add the ARN without a region; in a deny by region, add `unspecified` to the regions.

## Source

[Global cross-Region inference](https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html)
"##,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if input.document.open {
        return;
    }
    if matches!(
        (input.kind, input.assumed),
        (Some(Kind::Identity) | None, Kind::Identity)
    ) {
        models(input, found);
    }
    regions(input, found);
}

fn models(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    if input.document.statements.iter().any(unclear) {
        return;
    }
    let mut global: Option<&Text> = None;
    let mut in_regions = false;
    let allowed = input
        .document
        .statements
        .iter()
        .filter(|statement| statement.allows() && invokes(statement));
    for statement in allowed {
        let Some(resources) = statement
            .resources
            .as_ref()
            .filter(|values| !values.negated && !values.open)
        else {
            return;
        };
        for resource in &resources.list {
            match side(&resource.value) {
                Side::Profile(id) if id.starts_with("global.") => global = global.or(Some(resource)),
                Side::Model { region, .. } if region.is_empty() || region.contains(['*', crate::policy::UNKNOWN]) => {
                    return;
                }
                Side::Model { .. } => in_regions = true,
                Side::Everything | Side::Unknown => return,
                Side::Profile(_) | Side::Application | Side::Other => {}
            }
        }
    }
    if let Some(global) = global.filter(|_| in_regions) {
        let message = "a global profile also needs the model's ARN without a region, which no statement allows";
        found.push(
            PolicyFinding::new(&RULE, global, message).help("allow `arn:aws:bedrock:::foundation-model/…` as well"),
        );
    }
}

fn regions(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    // A global profile that is allowed, or that a deny makes an exception of.
    let wanted = input.document.statements.iter().any(|statement| {
        let excepted = |negated: bool| statement.allows() != negated;
        statement.resources.as_ref().is_some_and(|values| {
            excepted(values.negated)
                && values
                    .list
                    .iter()
                    .any(|text| matches!(side(&text.value), Side::Profile(id) if id.starts_with("global.")))
        })
    });
    if !wanted {
        return;
    }
    for statement in &input.document.statements {
        if statement.effect != Some(Effect::Deny) || !invokes(statement) || statement.may_have_conditions() {
            continue;
        }
        let [condition] = statement.conditions() else {
            continue;
        };
        let by_region = condition.is("aws:RequestedRegion")
            && condition.known()
            && condition.parsed.is_some_and(|operator| {
                operator.negated
                    && matches!(
                        operator.test,
                        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
                    )
            });
        if by_region
            && !condition
                .values
                .iter()
                .any(|value| matches!(value.value.as_str(), "unspecified" | "*"))
        {
            let message = "calls through global profiles are made in the region `unspecified`: this denies them all";
            found.push(PolicyFinding::new(&RULE, &condition.key, message).help("add `unspecified` to the regions"));
        }
    }
}
