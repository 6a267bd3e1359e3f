//! `bedrock-budget-service`

use crate::look::{Look, stands_for};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-budget-service",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A budget for the service `Amazon Bedrock`, under which Claude is not billed.",
    page: r##"## What it finds

A budget whose filter on `Service` names nothing but Amazon Bedrock.

## Why it matters

Claude on Bedrock is sold by Anthropic through AWS Marketplace. Its charges stand under services of their own, such as
`Claude Opus 5.5 (Amazon Bedrock Edition)`, so the budget counts next to nothing and never alarms.

## Bad

```hcl main.tf
resource "aws_budgets_budget" "claude" {
  name         = "claude"
  budget_type  = "COST"
  limit_amount = "1000"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "Service"
    values = ["Amazon Bedrock"] # <- here
  }
}
```

## Good

```hcl main.tf
resource "aws_budgets_budget" "claude" {
  name         = "claude"
  budget_type  = "COST"
  limit_amount = "1000"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "BillingEntity"
    values = ["AWS Marketplace"]
  }
}
```

## How to fix it

In an account that serves Claude alone, take the filter out. Else filter by the billing entity `AWS Marketplace`, or by a
cost allocation tag of the application inference profiles.

## Source

[Model card of Claude on Amazon Bedrock](https://docs.aws.amazon.com/bedrock/latest/userguide/model-card-anthropic-claude-opus-4-6.html),
[Budget filters](https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for budget in look.resources("aws_budgets_budget") {
        for (file, block) in budget.view.blocks() {
            if stands_for(block) != "cost_filter" {
                continue;
            }
            let body = match block.body.blocks_of("content").next() {
                Some(content) if block.kind.text == "dynamic" => &content.body,
                _ => &block.body,
            };
            let (Some(name), Some(values)) = (body.attribute("name"), body.attribute("values")) else {
                continue;
            };
            let of_service = look.text(&name.value).is_some_and(|name| name == "Service");
            let only_bedrock = look.list(&values.value).is_some_and(|values| {
                !values.is_empty()
                    && values
                        .iter()
                        .all(|value| matches!(value.as_str(), "Amazon Bedrock" | "AmazonBedrock"))
            });
            if of_service && only_bedrock {
                let message = "Claude is not billed under the service Amazon Bedrock but through AWS Marketplace: this budget does not count it";
                found.push(
                    look.finding(&RULE, file, &values.value.span, message)
                        .help("filter by `BillingEntity` = `AWS Marketplace` or by a cost allocation tag, or leave the filter out in an account that serves Claude alone"),
                );
            }
        }
    }
}
