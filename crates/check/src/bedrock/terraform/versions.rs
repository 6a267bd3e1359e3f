//! `bedrock-log-versions`

use crate::look::{Look, Resource, has_block, resource_of};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-log-versions",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A versioned bucket whose old versions are never deleted.",
    page: r##"## What it finds

A bucket with versioning whose lifecycle expires objects but has no rule for noncurrent versions. Where only unfinished
uploads are left over, the finding is information.

## Why it matters

In a versioned bucket `expiration` only hides an object. The data, logs of what developers did, stay for ever and are paid
for ever, although a retention time is written down.

## Bad

```hcl main.tf
resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" { # <- here
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = 90
    }
  }
}
```

## Good

```hcl main.tf
resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = 90
    }
    noncurrent_version_expiration {
      noncurrent_days = 7
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}
```

## How to fix it

Add `noncurrent_version_expiration` and `abort_incomplete_multipart_upload` to the rule.

## Source

[Lifecycle rules for versioned buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    let versioned: Vec<(String, String)> = look
        .resources("aws_s3_bucket_versioning")
        .iter()
        .filter(|versioning| {
            versioning
                .view
                .blocks_of("versioning_configuration")
                .iter()
                .any(|(_, block)| {
                    let status = block.body.attribute("status");
                    status
                        .and_then(|status| look.text(&status.value))
                        .is_some_and(|status| status == "Enabled")
                })
        })
        .filter_map(bucket)
        .collect();
    for lifecycle in look.resources("aws_s3_bucket_lifecycle_configuration") {
        if lifecycle.makes("rule") || !bucket(&lifecycle).is_some_and(|bucket| versioned.contains(&bucket)) {
            continue;
        }
        let rules = lifecycle.view.blocks_of("rule");
        let has = |kind: &str| rules.iter().any(|(_, rule)| has_block(&rule.body, kind));
        if !has("expiration") {
            continue;
        }
        let (file, span) = lifecycle.header();
        if !has("noncurrent_version_expiration") {
            let message = "the bucket is versioned: expiration hides objects, and nothing ever deletes them";
            found.push(
                look.finding(&RULE, file, &span, message)
                    .help("add `noncurrent_version_expiration` to the rule"),
            );
        } else if !has("abort_incomplete_multipart_upload") {
            let message = "parts of uploads that were never finished stay for ever";
            found.push(
                look.finding(&RULE, file, &span, message)
                    .severity(Severity::Info)
                    .help("add `abort_incomplete_multipart_upload` to a rule"),
            );
        }
    }
}

/// The bucket resource that a resource is about.
fn bucket(resource: &Resource<'_>) -> Option<(String, String)> {
    let (_, bucket) = resource.view.attribute("bucket")?;
    resource_of(&bucket.value).filter(|(kind, _)| kind == "aws_s3_bucket")
}
