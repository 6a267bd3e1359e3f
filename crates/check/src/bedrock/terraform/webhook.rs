//! `bedrock-webhook-subscription`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-webhook-subscription",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A subscription of SNS that its receiver can neither confirm nor read.",
    page: r##"## What it finds

An `https` subscription of a Slack webhook (`hooks.slack.com`) or of PagerDuty's Events API
(`events.pagerduty.com/v2/enqueue`).

## Why it matters

SNS first sends a request that the endpoint has to confirm, and later its own JSON. Neither receiver confirms, and neither
understands the JSON: the subscription stays pending, and no alert arrives.

## Bad

```hcl main.tf
resource "aws_sns_topic_subscription" "slack" {
  topic_arn = "arn:aws:sns:us-east-1:123456789012:alerts"
  protocol  = "https"
  endpoint  = "https://hooks.slack.com/services/T000/B000/XXXX" # <- here
}
```

## Good

```hcl main.tf
resource "aws_sns_topic_subscription" "pagerduty" {
  topic_arn              = "arn:aws:sns:us-east-1:123456789012:alerts"
  protocol               = "https"
  endpoint               = "https://events.pagerduty.com/integration/0123456789abcdef/enqueue"
  endpoint_auto_confirms = true
}
```

## How to fix it

For Slack use Amazon Q Developer in chat applications, or a Lambda function. For PagerDuty use the URL of its integration
with Amazon CloudWatch, which confirms by itself.

## Source

[Receiving alerts in chat applications](https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html),
[HTTPS endpoints of SNS](https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for subscription in look.resources("aws_sns_topic_subscription") {
        let Some((file, endpoint)) = subscription.view.attribute("endpoint") else {
            continue;
        };
        let Some(url) = look.text(&endpoint.value) else {
            continue;
        };
        let (receiver, instead) = if url.starts_with("https://hooks.slack.com/") {
            (
                "a Slack webhook",
                "subscribe Amazon Q Developer in chat applications or a Lambda function instead",
            )
        } else if url.starts_with("https://events.pagerduty.com/v2/enqueue")
            || url.starts_with("https://events.eu.pagerduty.com/v2/enqueue")
        {
            (
                "PagerDuty's Events API",
                "use the URL of PagerDuty's integration with Amazon CloudWatch, which confirms by itself",
            )
        } else {
            continue;
        };
        let message = format!("{receiver} cannot confirm a subscription of SNS, and does not understand its messages");
        found.push(look.finding(&RULE, file, &endpoint.value.span, message).help(instead));
    }
}
