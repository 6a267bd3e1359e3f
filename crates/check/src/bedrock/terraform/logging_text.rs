//! `bedrock-logging-text`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-logging-text",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "Invocation logging that stores prompts and code because nothing says otherwise.",
    page: r##"## What it finds

An `aws_bedrock_model_invocation_logging_configuration` that does not say whether text is delivered.

## Why it matters

`text_data_delivery_enabled` is true by default: every prompt, every file that Claude Code reads and every answer is stored
in clear in S3 and CloudWatch Logs. That may be wanted, but then it should be written down, and developers told.

## Bad

```hcl main.tf
resource "aws_bedrock_model_invocation_logging_configuration" "this" {
  logging_config { # <- here
    s3_config {
      bucket_name = "logs"
    }
  }
}
```

## Good

```hcl main.tf
resource "aws_bedrock_model_invocation_logging_configuration" "this" {
  logging_config {
    text_data_delivery_enabled = false

    s3_config {
      bucket_name = "logs"
    }
  }
}
```

## How to fix it

Set `text_data_delivery_enabled`, and with it the ones for images, embeddings and video, to what is meant.

## Source

[Monitor model invocation](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for logging in look.resources("aws_bedrock_model_invocation_logging_configuration") {
        for (file, config) in logging.view.blocks_of("logging_config") {
            if config.body.attribute("text_data_delivery_enabled").is_none() {
                let message =
                    "prompts, code and answers are stored in clear: `text_data_delivery_enabled` is true by default";
                found.push(
                    look.finding(&RULE, file, &config.header, message)
                        .help("say what is meant: token counts are logged without them"),
                );
            }
        }
    }
}
