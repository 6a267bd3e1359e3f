//! `bedrock-profile-name`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-profile-name",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A name or description of an inference profile that Bedrock refuses.",
    page: r##"## What it finds

A `name` that is longer than 64 characters, or a `description` longer than 200, or one with characters that Bedrock does
not take. Names have letters and digits with single spaces, `_` or `-` between them; descriptions may have `:` and `.` as
well.

## Why it matters

Neither the provider nor a plan checks them; the apply fails, often after other profiles were made. E-mail addresses are
the usual case.

## Bad

```hcl main.tf
resource "aws_bedrock_inference_profile" "alice" {
  name        = "alice@example.com" # <- here
  description = "Opus, for Alice"   # <- here

  model_source {
    copy_from = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
  }
}
```

## Good

```hcl main.tf
resource "aws_bedrock_inference_profile" "alice" {
  name        = "alice-example-com-opus"
  description = "Opus for Alice"

  model_source {
    copy_from = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
  }
}
```

## How to fix it

Replace other characters by single hyphens, and keep the address in a tag, where `@` and `.` are allowed.

## Source

[CreateInferenceProfile](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateInferenceProfile.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for profile in look.resources("aws_bedrock_inference_profile") {
        for (argument, most, more) in [("name", 64, ""), ("description", 200, ":.")] {
            let Some((file, attribute)) = profile.view.attribute(argument) else {
                continue;
            };
            let Some(text) = look.text(&attribute.value) else {
                continue;
            };
            let length = text.chars().count();
            let message = if length > most {
                format!("the {argument} has {length} characters, and Bedrock takes {most}")
            } else if let Some(why) = refused(&text, more) {
                format!("Bedrock refuses this {argument}: {why}")
            } else {
                continue;
            };
            found.push(look.finding(&RULE, file, &attribute.value.span, message));
        }
    }
}

/// Why a text does not match `([0-9a-zA-Z…][ _-]?)+`, the pattern of the API.
fn refused(text: &str, more: &str) -> Option<String> {
    let mut separated = true;
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || more.contains(letter) {
            separated = false;
        } else if !matches!(letter, ' ' | '_' | '-') {
            return Some(format!("it contains `{letter}`"));
        } else if separated {
            return Some(format!("`{letter}` must stand alone between letters or digits"));
        } else {
            separated = true;
        }
    }
    text.is_empty().then(|| "it is empty".to_owned())
}
