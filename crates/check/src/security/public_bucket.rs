//! `security-public-bucket`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-public-bucket",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A bucket whose block of public access is lifted.",
    page: r##"## What it finds

An `aws_s3_bucket_public_access_block` in which one of the four settings is false or missing (the provider's default is
false), or a canned ACL that is public.

## Why it matters

New buckets block all public access. The resource without its settings takes that protection away; one policy or ACL that is
too wide then puts logs, state or results on the internet.

## Bad

```hcl main.tf
resource "aws_s3_bucket_public_access_block" "logs" { # <- here
  bucket = "logs"

  block_public_acls   = true
  block_public_policy = true
}

resource "aws_s3_bucket_acl" "logs" {
  bucket = "logs"
  acl    = "public-read" # <- here
}
```

## Good

```hcl main.tf
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = "logs"

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
```

## How to fix it

Set all four to true; serve what is public through CloudFront.

## Source

[Blocking public access to S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html)
"##,
};

const SETTINGS: [&str; 4] = [
    "block_public_acls",
    "block_public_policy",
    "ignore_public_acls",
    "restrict_public_buckets",
];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for block in look.resources("aws_s3_bucket_public_access_block") {
        let lifted: Vec<String> = SETTINGS
            .iter()
            .filter(|name| {
                block.view.attribute(name).is_none_or(|(_, setting)| {
                    matches!(look.value(&setting.value), Value::Bool(false) | Value::Null(_))
                })
            })
            .map(|name| format!("`{name}`"))
            .collect();
        if !lifted.is_empty() {
            let (file, span) = block.header();
            let verb = if lifted.len() == 1 { "is" } else { "are" };
            let message = format!(
                "public access is not blocked altogether: {} {verb} not true",
                lifted.join(", ")
            );
            found.push(look.finding(&RULE, file, &span, message));
        }
    }
    for kind in ["aws_s3_bucket_acl", "aws_s3_bucket"] {
        for bucket in look.resources(kind) {
            let Some((file, acl)) = bucket.view.attribute("acl") else {
                continue;
            };
            if look.text(&acl.value).is_some_and(|acl| acl.starts_with("public-")) {
                let message = "everybody on the internet may read this bucket";
                found.push(look.finding(&RULE, file, &acl.value.span, message));
            }
        }
    }
}
