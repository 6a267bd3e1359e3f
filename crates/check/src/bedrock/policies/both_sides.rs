//! `bedrock-both-sides`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::{Side, invokes, side, unclear};
use crate::bedrock::model;
use crate::policy::{Input, PolicyFinding, Text};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-both-sides",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A call through a profile that is allowed on the profile or on the model, but not on both.",
    page: r##"## What it finds

An identity policy that allows `bedrock:InvokeModel` on inference profiles and on no foundation model, or on foundation
models that are called through profiles only, and on no profile.

## Why it matters

Bedrock authorises a call through a profile twice: on the profile, and on the model in each region that it may lead to. One
without the other is denied. Another policy of the same principal may allow the rest, which is not seen here.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
    "Resource": "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6"
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
    "Resource": [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6",
      "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6",
      "arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-sonnet-4-6",
      "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-6"
    ]
  }
}
```

## How to fix it

Allow the profile and the model in every region of the profile; a condition on `bedrock:InferenceProfileArn` keeps the
model from being called without it.

## Source

[Prerequisites for inference profiles](https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html)
"##,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let confidence = match (input.kind, input.assumed) {
        (Some(Kind::Identity), _) => Confidence::Medium,
        (None, Kind::Identity) => Confidence::Low,
        _ => return,
    };
    if input.document.open || input.document.statements.iter().any(unclear) {
        return;
    }
    let mut profile: Option<&Text> = None;
    let mut by_profile_only: Option<&Text> = None;
    let mut models = false;
    let allowed = input
        .document
        .statements
        .iter()
        .filter(|statement| statement.allows() && invokes(statement));
    for statement in allowed {
        // What is negated or not known may be either side.
        let Some(resources) = statement
            .resources
            .as_ref()
            .filter(|values| !values.negated && !values.open)
        else {
            return;
        };
        for resource in &resources.list {
            match side(&resource.value) {
                Side::Profile(_) | Side::Application => profile = profile.or(Some(resource)),
                Side::Model { id, .. } => {
                    models = true;
                    if model::needs_profile(id) {
                        by_profile_only = by_profile_only.or(Some(resource));
                    }
                }
                Side::Everything | Side::Unknown => return,
                Side::Other => {}
            }
        }
    }
    let (resource, message, help) = match (profile, models, by_profile_only) {
        (Some(profile), false, _) => (
            profile,
            "the profile is allowed, but no foundation model is: Bedrock authorises both, and denies the call",
            "allow `arn:aws:bedrock:REGION::foundation-model/…` in every region that the profile leads to",
        ),
        (None, true, Some(model)) => (
            model,
            "this model is called through an inference profile nearly everywhere, and no profile is allowed",
            "allow `arn:aws:bedrock:REGION:ACCOUNT:inference-profile/…` or `application-inference-profile/…` as well",
        ),
        _ => return,
    };
    found.push(
        PolicyFinding::new(&RULE, resource, message)
            .confidence(confidence)
            .help(help),
    );
}
