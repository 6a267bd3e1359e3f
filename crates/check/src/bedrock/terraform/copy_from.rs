//! `bedrock-profile-source`

use crate::look::{Look, resource_of};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-profile-source",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An application inference profile made from something that it cannot be made from.",
    page: r##"## What it finds

An `aws_bedrock_inference_profile` without `model_source`, or with a `copy_from` that is an application inference profile or
a bare id instead of an ARN.

## Why it matters

The provider and `terraform plan` accept all three. Bedrock refuses them at apply: a profile is copied from a foundation
model or from a system profile, and both are named by their ARN.

## Bad

```hcl main.tf
resource "aws_bedrock_inference_profile" "base" {
  name = "base"

  model_source {
    copy_from = "us.anthropic.claude-sonnet-4-6" # <- here
  }
}

resource "aws_bedrock_inference_profile" "alice" {
  name = "alice"

  model_source {
    copy_from = aws_bedrock_inference_profile.base.arn # <- here
  }
}

resource "aws_bedrock_inference_profile" "bob" { # <- here
  name = "bob"
}
```

## Good

```hcl main.tf
resource "aws_bedrock_inference_profile" "alice" {
  name = "alice"

  model_source {
    copy_from = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-6"
  }
}
```

## How to fix it

Give the ARN of a system profile: `arn:aws:bedrock:REGION:ACCOUNT:inference-profile/us.anthropic.…`.

## Source

[CreateInferenceProfile](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateInferenceProfile.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for profile in look.resources("aws_bedrock_inference_profile") {
        if !profile.has("model_source") {
            let (file, span) = profile.header();
            let message = "an inference profile without `model_source` passes plan, and Bedrock refuses it";
            found.push(look.finding(&RULE, file, &span, message));
        }
        for (file, block) in profile.view.blocks_of("model_source") {
            let Some(source) = block.body.attribute("copy_from") else {
                continue;
            };
            let of_profile =
                resource_of(&source.value).is_some_and(|(kind, _)| kind == "aws_bedrock_inference_profile");
            let text = look.text(&source.value);
            let message = match text.as_deref() {
                _ if of_profile => "an application inference profile cannot be copied from another one",
                Some(text) if text.contains(":application-inference-profile/") => {
                    "an application inference profile cannot be copied from another one"
                }
                Some(text) if !text.starts_with("arn:") => {
                    "`copy_from` takes the ARN of a system profile or a foundation model, not an id"
                }
                _ => continue,
            };
            found.push(look.finding(&RULE, file, &source.value.span, message));
        }
    }
}
