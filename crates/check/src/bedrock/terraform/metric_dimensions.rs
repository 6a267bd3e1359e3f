//! `bedrock-metric-dimensions`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-metric-dimensions",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A metric filter that CloudWatch refuses: a default value beside dimensions, or too many dimensions.",
    page: r##"## What it finds

A `metric_transformation` with both `default_value` and `dimensions`, or with more than three dimensions.

## Why it matters

A plan accepts both; CloudWatch refuses them at apply.

## Bad

```hcl main.tf
resource "aws_cloudwatch_log_metric_filter" "tokens" {
  name           = "tokens"
  log_group_name = "bedrock"
  pattern        = "{ $.input.inputTokenCount > 0 }"

  metric_transformation {
    name          = "InputTokens"
    namespace     = "Claude"
    value         = "$.input.inputTokenCount"
    default_value = "0" # <- here
    dimensions = {
      Model = "$.modelId"
    }
  }
}
```

## Good

```hcl main.tf
resource "aws_cloudwatch_log_metric_filter" "tokens" {
  name           = "tokens"
  log_group_name = "bedrock"
  pattern        = "{ $.input.inputTokenCount > 0 }"

  metric_transformation {
    name      = "InputTokens"
    namespace = "Claude"
    value     = "$.input.inputTokenCount"
    dimensions = {
      Model = "$.modelId"
    }
  }
}
```

## How to fix it

Leave out `default_value`, or the dimensions.

## Source

[MetricTransformation](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html)
"##,
};

/// Most dimensions that CloudWatch Logs takes
/// (<https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html>).
const MOST: usize = 3;

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for filter in look.resources("aws_cloudwatch_log_metric_filter") {
        for (file, block) in filter.view.blocks_of("metric_transformation") {
            let Some(dimensions) = block.body.attribute("dimensions") else {
                continue;
            };
            let count = match look.value(&dimensions.value) {
                Value::Object(members) | Value::Map(_, members) => members.len(),
                _ => continue,
            };
            if count > MOST {
                let message = format!("{count} dimensions, and CloudWatch takes {MOST}");
                found.push(look.finding(&RULE, file, &dimensions.value.span, message));
            }
            let default = block
                .body
                .attribute("default_value")
                .filter(|default| matches!(look.value(&default.value), Value::String(_) | Value::Number(_)));
            if let Some(default) = default.filter(|_| count > 0) {
                let message = "CloudWatch refuses a default value beside dimensions";
                found.push(look.finding(&RULE, file, &default.span, message));
            }
        }
    }
}
