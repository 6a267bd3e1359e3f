//! `bedrock-not-resource-models`

use findings::{Confidence, Family, Rule, Severity};
use policy::Effect;

use super::{Side, invokes, side};
use crate::policy::{Input, PolicyFinding};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-not-resource-models",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A deny of all models but some that denies every inference profile as well.",
    page: r##"## What it finds

A `Deny` of `bedrock:InvokeModel` with a `NotResource` that lists foundation models alone.

## Why it matters

A call through a profile is authorised on the profile and on the model. The profile is none of the listed models, so the
statement denies every call through any profile, that is, every call of a current Claude model.

## Bad

```json scp
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny",
    "Action": "bedrock:InvokeModel*",
    "NotResource": "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6"
    ^^^^^^^^^^^^^
  }
}
```

## Good

```json scp
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny",
    "Action": "bedrock:InvokeModel*",
    "NotResource": [
      "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-6",
      "arn:aws:bedrock:us-east-1:*:inference-profile/us.anthropic.claude-sonnet-4-6",
      "arn:aws:bedrock:us-east-1:*:application-inference-profile/*"
    ]
  }
}
```

## How to fix it

List the system profiles and `application-inference-profile/*` too. Application profiles stay limited, because the model
behind them is checked as well.

## Source

[Prerequisites for inference profiles](https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html)
"##,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        if statement.effect != Some(Effect::Deny) || !invokes(statement) {
            continue;
        }
        // A condition may restrict it to calls without a profile.
        if !statement.conditions().is_empty() || statement.may_have_conditions() {
            continue;
        }
        let Some(resources) = statement
            .resources
            .as_ref()
            .filter(|values| values.negated && !values.open)
        else {
            continue;
        };
        let models_alone = !resources.list.is_empty()
            && resources
                .list
                .iter()
                .all(|resource| matches!(side(&resource.value), Side::Model { .. }));
        if models_alone {
            let message =
                "this denies every call through an inference profile: a profile is none of the models listed here";
            found.push(
                PolicyFinding::new(&RULE, &resources.name, message)
                    .help("list the profiles as well: `inference-profile/…` and `application-inference-profile/*`"),
            );
        }
    }
}
