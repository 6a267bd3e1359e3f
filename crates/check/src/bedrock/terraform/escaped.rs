//! `bedrock-escaped-interpolation`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::ast::Span;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-escaped-interpolation",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A reference behind `$${`, which Terraform takes as text.",
    page: r##"## What it finds

Text that holds `${each.…}`, `${var.…}`, `${local.…}`, `${data.…}` or another reference of Terraform because it is written
with two dollar signs. Heredocs, descriptions and error messages are left out, and so is what others fill in:
`$${aws:username}`, `$${datehour}`.

## Why it matters

`$$` escapes: the value is the text `${each.value.cost_center}` itself. A budget's tag filter has the form
`user:Key$Value`, and its dollar sign in front of a reference makes this mistake: the budget then counts a tag value that
nothing has, and never alarms.

## Bad

```hcl main.tf
resource "aws_budgets_budget" "team" {
  for_each     = { platform = "1234" }
  name         = each.key
  budget_type  = "COST"
  limit_amount = "500"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = ["user:CostCenter$${each.value}"] # <- here
  }
}
```

## Good

```hcl main.tf
resource "aws_budgets_budget" "team" {
  for_each     = { platform = "1234" }
  name         = each.key
  budget_type  = "COST"
  limit_amount = "500"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:CostCenter$%s", each.value)]
  }
}
```

## How to fix it

Put the parts together with `format("user:CostCenter$%s", …)` or `join("$", […])`. Three dollar signs do not help:
`$$${x}` is an escape too.

## Source

[Strings and templates: escape sequences](https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for text in &look.texts {
        if text.is_heredoc() || matches!(text.argument, "description" | "error_message") {
            continue;
        }
        for (literal, span) in text.literals() {
            let Some((at, reference)) = reference_in(literal) else {
                continue;
            };
            // An escape is one byte longer in the source; the place is exact where there is no other.
            let length = reference.len() + 4;
            let begin = span.start + at;
            let exact: Span = begin..begin + length;
            let place = if exact.end <= span.end { exact } else { span };
            let message = format!("`$${{{reference}}}` is text, not a reference: the value holds `${{{reference}}}`");
            let finding = look
                .finding(&RULE, text.file, &place, message)
                .help("put the parts together with `format`, as `format(\"user:CostCenter$%s\", each.value)`");
            // No tag has such a value: the budget counts nothing.
            found.push(match text.label {
                "aws_budgets_budget" => finding.severity(Severity::Error),
                _ => finding,
            });
        }
    }
}

/// The first reference of Terraform that a text holds within `${…}`, and where it begins.
fn reference_in(text: &str) -> Option<(usize, &str)> {
    text.match_indices("${").find_map(|(at, _)| {
        let inner = text.get(at + 2..)?.split_once('}')?.0;
        is_reference(inner.trim()).then_some((at, inner))
    })
}

fn is_reference(text: &str) -> bool {
    let Some((root, rest)) = text.split_once('.') else {
        return false;
    };
    let named = rest
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    named
        && (matches!(
            root,
            "var" | "local" | "each" | "module" | "data" | "count" | "self" | "path" | "terraform"
        ) || root.strip_prefix("aws_").is_some_and(|kind| {
            kind.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        }))
}
