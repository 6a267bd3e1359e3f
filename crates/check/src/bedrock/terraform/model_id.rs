//! `bedrock-model-id`

use crate::bedrock::model;
use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-model-id",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An id of a Claude model that does not exist.",
    page: r##"## What it finds

A text that is the id or the ARN of a model or profile, with the name and version of a known model and another ending, or
with a slip of the keyboard in the name. Ids of models that the catalogue does not have are not judged.

## Why it matters

The endings follow no rule: Opus 4.6 ends in `-v1`, Sonnet 4.6 in nothing, Haiku 4.5 in a day and `-v1:0`. A wrong id is
taken by Terraform, IAM and Claude Code alike, and every call fails.

## Bad

```hcl main.tf
locals {
  sonnet = "us.anthropic.claude-sonnet-4-6-v1" # <- here
  opus   = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-6" # <- here
}
```

## Good

```hcl main.tf
locals {
  sonnet = "us.anthropic.claude-sonnet-4-6"
  opus   = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-6-v1"
}
```

## How to fix it

Copy the id from the model's card, or from `aws bedrock list-inference-profiles`.

## Source

[Models supported by Amazon Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for text in &look.texts {
        let Some(written) = text.plain().filter(|text| text.contains("anthropic.claude-")) else {
            continue;
        };
        let Some(id) = model::of_text(written) else {
            continue;
        };
        if let Some(meant) = model::meant(id) {
            let message = format!("there is no model `{id}` on Amazon Bedrock");
            found.push(
                look.finding(&RULE, text.file, &text.span, message)
                    .help(format!("did you mean `{meant}`?")),
            );
        }
    }
}
