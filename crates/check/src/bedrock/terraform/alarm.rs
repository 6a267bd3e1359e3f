//! `bedrock-alarm-dimension`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::ast::{Attribute, Span};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-alarm-dimension",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "An alarm on a runtime metric of Bedrock without a model.",
    page: r##"## What it finds

An `aws_cloudwatch_metric_alarm` on `Invocations`, `InvocationThrottles`, token counts or another runtime metric of
`AWS/Bedrock`, without the dimension `ModelId`.

## Why it matters

AWS documents these metrics with the dimension `ModelId`. A metric without dimensions is another metric, which may have no
data: the alarm then stays in `INSUFFICIENT_DATA` and never fires.

## Bad

```hcl main.tf
resource "aws_cloudwatch_metric_alarm" "throttles" { # <- here
  alarm_name          = "throttles"
  namespace           = "AWS/Bedrock"
  metric_name         = "InvocationThrottles"
  comparison_operator = "GreaterThanThreshold"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 10
}
```

## Good

```hcl main.tf
resource "aws_cloudwatch_metric_alarm" "throttles" {
  alarm_name          = "throttles"
  namespace           = "AWS/Bedrock"
  metric_name         = "InvocationThrottles"
  comparison_operator = "GreaterThanThreshold"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 10

  dimensions = {
    ModelId = "us.anthropic.claude-sonnet-4-6"
  }
}
```

## How to fix it

Make one alarm per model id that is called, or alarm on a metric of your own that a filter derives from the logs.

## Source

[Runtime metrics of Amazon Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html)
"##,
};

/// Metrics of the runtime, which are published by model.
const BY_MODEL: [&str; 11] = [
    "Invocations",
    "InvocationLatency",
    "InvocationClientErrors",
    "InvocationServerErrors",
    "InvocationThrottles",
    "InputTokenCount",
    "OutputTokenCount",
    "CacheReadInputTokens",
    "CacheWriteInputTokens",
    "TimeToFirstToken",
    "EstimatedTPMQuotaUsage",
];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for alarm in look.resources("aws_cloudwatch_metric_alarm") {
        let (file, header) = alarm.header();
        let own = |name: &str| alarm.view.attribute(name).map(|(_, attribute)| attribute);
        if let Some(finding) = at(look, file, &header, &own) {
            found.push(finding);
        }
        for (file, query) in alarm.view.blocks_of("metric_query") {
            for metric in query.body.blocks_of("metric") {
                let of_query = |name: &str| metric.body.attribute(name);
                found.extend(at(look, file, &metric.header, &of_query));
            }
        }
    }
}

fn at<'t>(
    look: &Look<'_, '_>,
    file: terraform::module::FileId,
    header: &Span,
    attribute: &dyn Fn(&str) -> Option<&'t Attribute>,
) -> Option<Finding> {
    let namespace = look.text(&attribute("namespace")?.value)?;
    let metric = look.text(&attribute("metric_name")?.value)?;
    if namespace != "AWS/Bedrock" || !BY_MODEL.contains(&metric.as_str()) {
        return None;
    }
    let by_model = match attribute("dimensions").map(|dimensions| look.value(&dimensions.value)) {
        None | Some(Value::Null(_)) => false,
        Some(Value::Object(members) | Value::Map(_, members)) => members.contains_key("ModelId"),
        Some(_) => true,
    };
    (!by_model).then(|| {
        let message =
            format!("`{metric}` is published by `ModelId`: without that dimension the alarm may never have data");
        look.finding(&RULE, file, header, message)
    })
}
