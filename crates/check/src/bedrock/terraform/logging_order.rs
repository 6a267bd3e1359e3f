//! `bedrock-logging-order`

use crate::look::{Look, references, references_of};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-logging-order",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "Invocation logging that does not wait for the policies of its bucket and role.",
    page: r##"## What it finds

An `aws_bedrock_model_invocation_logging_configuration` beside the bucket policy or the role policy that it needs, without
any dependency on it.

## Why it matters

Bedrock tries both destinations when it takes the configuration. It refers to the bucket and to the role, but not to their
policies, so Terraform may write it before them: the first apply fails now and then.

## Bad

```hcl main.tf
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.bucket
  policy = file("${path.module}/policy.json")
}

resource "aws_bedrock_model_invocation_logging_configuration" "this" { # <- here
  logging_config {
    text_data_delivery_enabled = false

    s3_config {
      bucket_name = aws_s3_bucket.logs.bucket
    }
  }
}
```

## Good

```hcl main.tf
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.bucket
  policy = file("${path.module}/policy.json")
}

resource "aws_bedrock_model_invocation_logging_configuration" "this" {
  logging_config {
    text_data_delivery_enabled = false

    s3_config {
      bucket_name = aws_s3_bucket.logs.bucket
    }
  }

  depends_on = [aws_s3_bucket_policy.logs]
}
```

## How to fix it

Name the bucket policy and the role policy in `depends_on`.

## Source

[Monitor model invocation](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for logging in look.resources("aws_bedrock_model_invocation_logging_configuration") {
        let mut needed = Vec::new();
        let mut inside = Vec::new();
        for (_, config) in logging.view.blocks() {
            references_of(&config.body, &mut inside);
            if config.body.blocks_of("s3_config").next().is_some() {
                needed.push(("the bucket's policy", ["aws_s3_bucket_policy"].as_slice()));
            }
            if config.body.blocks_of("cloudwatch_config").next().is_some() {
                let kinds = ["aws_iam_role_policy", "aws_iam_role_policy_attachment"].as_slice();
                needed.push(("the role's policy", kinds));
            }
        }
        if let Some((_, depends)) = logging.view.attribute("depends_on") {
            references(&depends.value, &mut inside);
        }
        // What a module makes may be what is needed.
        if inside
            .iter()
            .any(|(kind, _)| kind == "module" || kind == "data" || kind == "local")
        {
            continue;
        }
        for (what, kinds) in needed {
            let there: Vec<String> = kinds
                .iter()
                .flat_map(|kind| {
                    look.resources(kind)
                        .into_iter()
                        .map(move |policy| format!("{kind}.{}", policy.name()))
                })
                .collect();
            let waits = inside.iter().any(|(kind, _)| kinds.contains(&kind.as_str()));
            if there.is_empty() || waits {
                continue;
            }
            let (file, span) = logging.header();
            let message = format!("the configuration may be written before {what}, which Bedrock tries at once");
            found.push(
                look.finding(&RULE, file, &span, message)
                    .help(format!("add to `depends_on`: {}", there.join(", "))),
            );
        }
    }
}
