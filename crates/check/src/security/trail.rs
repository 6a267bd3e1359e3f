//! `security-trail-off`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-trail-off",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "An audit trail that records nothing.",
    page: r##"## What it finds

`enable_logging = false` of an `aws_cloudtrail`.

## Why it matters

Who changed the logging, a policy or a budget stands in CloudTrail and nowhere else. A trail that is there and records
nothing looks, in a list of resources, like one that works.

## Bad

```hcl main.tf
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = "audit-123456789012"
  enable_logging = false # <- here
}
```

## Good

```hcl main.tf
resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = "audit-123456789012"
  is_multi_region_trail      = true
  enable_log_file_validation = true
}
```

## How to fix it

Leave the argument out; it is true by default. Delete a trail that is not wanted.

## Source

[Turning off logging for a trail](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for trail in look.resources("aws_cloudtrail") {
        let Some((file, logging)) = trail.view.attribute("enable_logging") else {
            continue;
        };
        if matches!(look.value(&logging.value), Value::Bool(false)) {
            let message = "the trail records nothing";
            found.push(look.finding(&RULE, file, &logging.value.span, message));
        }
    }
}
