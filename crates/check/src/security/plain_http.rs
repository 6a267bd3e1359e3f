//! `security-plain-http`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-plain-http",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Alerts that are sent without encryption.",
    page: r##"## What it finds

An `aws_sns_topic_subscription` with the protocol `http`.

## Why it matters

Whoever is on the way reads the alerts, with account numbers, names and amounts, and can confirm or forge them.

## Bad

```hcl main.tf
resource "aws_sns_topic_subscription" "alerts" {
  topic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"
  protocol  = "http" # <- here
  endpoint  = "http://alerts.example.com"
}
```

## Good

```hcl main.tf
resource "aws_sns_topic_subscription" "alerts" {
  topic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"
  protocol  = "https"
  endpoint  = "https://alerts.example.com"
}
```

## How to fix it

Use `https`.

## Source

[SNS security best practices](https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for subscription in look.resources("aws_sns_topic_subscription") {
        let Some((file, protocol)) = subscription.view.attribute("protocol") else {
            continue;
        };
        if look.text(&protocol.value).is_some_and(|protocol| protocol == "http") {
            let message = "alerts are sent without encryption";
            found.push(
                look.finding(&RULE, file, &protocol.value.span, message)
                    .help("use `https`"),
            );
        }
    }
}
