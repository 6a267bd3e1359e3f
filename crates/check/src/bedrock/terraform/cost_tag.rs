//! `bedrock-cost-tag-destroy`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-cost-tag-destroy",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A cost allocation tag that a destroy would switch off for the whole organization.",
    page: r##"## What it finds

An `aws_ce_cost_allocation_tag` without `prevent_destroy`.

## Why it matters

Destroying the resource, also by renaming it, sets the key inactive in the payer for every account. Costs of that time are
never tagged afterwards.

## Bad

```hcl main.tf
resource "aws_ce_cost_allocation_tag" "team" { # <- here
  tag_key = "Team"
  status  = "Active"
}
```

## Good

```hcl main.tf
resource "aws_ce_cost_allocation_tag" "team" {
  tag_key = "Team"
  status  = "Active"

  lifecycle {
    prevent_destroy = true
  }
}
```

## How to fix it

Add `prevent_destroy`, and keep the resource in a root of its own.

## Source

[Activating user-defined cost allocation tags](https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for tag in look.resources("aws_ce_cost_allocation_tag") {
        let active = tag
            .view
            .attribute("status")
            .and_then(|(_, status)| look.text(&status.value))
            .is_some_and(|status| status == "Active");
        let kept = tag.view.blocks_of("lifecycle").iter().any(|(_, lifecycle)| {
            let prevent = lifecycle.body.attribute("prevent_destroy");
            prevent.is_some_and(|prevent| look.value(&prevent.value) == Value::Bool(true))
        });
        if active && !kept {
            let (file, span) = tag.header();
            let message = "a destroy sets this key inactive for the whole organization";
            found.push(
                look.finding(&RULE, file, &span, message)
                    .help("add `lifecycle { prevent_destroy = true }`"),
            );
        }
    }
}
