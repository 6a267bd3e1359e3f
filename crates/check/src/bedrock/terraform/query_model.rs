//! `bedrock-query-model-name`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-query-model-name",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A query that finds Claude by the word in the model's id.",
    page: r##"## What it finds

SQL of Athena, or a query of CloudWatch Logs Insights, that keeps only rows whose `modelId` contains `claude` or
`anthropic`.

## Why it matters

A call through an application inference profile is logged with the profile's ARN, which ends in random letters. The query
leaves out exactly the calls whose costs are attributed.

## Bad

```hcl main.tf
resource "aws_athena_named_query" "cost" {
  name     = "cost"
  database = "claude"
  query    = <<-EOT
    SELECT identity.arn, sum(input.inputtokencount)
    FROM invocations
    WHERE modelid LIKE '%claude%' # <- here
    GROUP BY 1
  EOT
}
```

## Good

```hcl main.tf
resource "aws_athena_named_query" "cost" {
  name     = "cost"
  database = "claude"
  query    = <<-EOT
    SELECT identity.arn, sum(input.inputtokencount)
    FROM invocations
    WHERE schematype = 'ModelInvocationLog'
    GROUP BY 1
  EOT
}
```

## How to fix it

Take every record (`schematype = 'ModelInvocationLog'`), and join a table that says which model an application profile
stands for.

## Source

[Monitor model invocation](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for text in &look.texts {
        for (literal, span) in text.literals() {
            let lower = literal.to_ascii_lowercase();
            if !lower.contains("modelid") || lower.contains("application-inference-profile") {
                continue;
            }
            let Some(at) = comparison(&lower) else { continue };
            let end = lower
                .get(at..)
                .and_then(|rest| rest.find('\n'))
                .map_or(lower.len(), |length| at + length);
            let exact = literal.len() == span.len() && lower.len() == literal.len();
            let place = if exact {
                span.start + at..span.start + end
            } else {
                line_of(look, text, &lower, at, &span)
            };
            let message = "calls through application inference profiles are left out: the id in the log names no model";
            found.push(
                look.finding(&RULE, text.file, &place, message)
                    .help("keep rows by `schematype = 'ModelInvocationLog'` and map profiles to models in a table"),
            );
        }
    }
}

/// Where `modelid like '…claude…'` begins.
fn comparison(lower: &str) -> Option<usize> {
    lower.match_indices("modelid").find_map(|(at, word)| {
        let rest = lower.get(at + word.len()..)?;
        let rest = rest.trim_start_matches(['"', '`', ')']).trim_start();
        let pattern = rest.strip_prefix("like")?.trim_start();
        let pattern = pattern.get(..pattern.len().min(40))?;
        let quote = pattern.chars().next().filter(|c| matches!(c, '\'' | '/' | '"'))?;
        let inner = pattern.get(1..)?.split(quote).next()?;
        let open = quote == '/' || inner.starts_with('%');
        (open && (inner.contains("claude") || inner.contains("anthropic"))).then_some(at)
    })
}

/// The place of a line of a text whose indentation or escapes are resolved.
fn line_of(
    look: &Look<'_, '_>,
    text: &crate::look::Written<'_>,
    lower: &str,
    at: usize,
    span: &terraform::ast::Span,
) -> terraform::ast::Span {
    let line = lower.get(..at).map_or(0, |before| before.matches('\n').count());
    look.line(text.file, span, line).unwrap_or_else(|| span.clone())
}
