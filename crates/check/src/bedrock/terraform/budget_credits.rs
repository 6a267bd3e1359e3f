//! `bedrock-budget-credits`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-budget-credits",
    family: Family::Bedrock,
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "A cost budget that credits and refunds are subtracted from.",
    page: r##"## What it finds

A budget of costs without `cost_types` that say `include_credit = false` and `include_refund = false`.

## Why it matters

By default a budget counts what is left to pay. While an account has credits, that is nothing: the usage that the credits
pay for stays unseen until they are spent.

## Bad

```hcl main.tf
resource "aws_budgets_budget" "claude" { # <- here
  name         = "claude"
  budget_type  = "COST"
  limit_amount = "1000"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
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

  cost_types {
    include_credit = false
    include_refund = false
  }
}
```

## How to fix it

Add the block `cost_types`.

## Source

[CostTypes](https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CostTypes.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for budget in look.resources("aws_budgets_budget") {
        let of_costs = budget
            .view
            .attribute("budget_type")
            .and_then(|(_, kind)| look.text(&kind.value))
            .is_some_and(|kind| kind == "COST");
        if !of_costs || budget.makes("cost_types") {
            continue;
        }
        let types = budget.view.blocks_of("cost_types");
        let counted: Vec<&str> = ["include_credit", "include_refund"]
            .into_iter()
            .filter(|name| {
                let written = types.iter().find_map(|(_, block)| block.body.attribute(name));
                // The provider's default is true.
                written.is_none_or(|written| matches!(look.value(&written.value), Value::Bool(true) | Value::Null(_)))
            })
            .collect();
        if counted.is_empty() {
            continue;
        }
        let (file, span) = budget.header();
        let message = format!(
            "{} not false: usage that credits or refunds pay for is not counted",
            are(&counted)
        );
        found.push(look.finding(&RULE, file, &span, message));
    }
}

fn are(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", quoted.join(" and "))
}
