//! `bedrock-token-path`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-token-path",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "Token counts of invocation logs read at the top level of a record.",
    page: r##"## What it finds

A metric filter with `$.inputTokenCount` or one of its kind, or a query of CloudWatch Logs Insights over `inputTokenCount`
that nowhere reads it below `input`.

## Why it matters

In a record the counts stand below `input` and `output`. The filter matches nothing, the metric stays empty, and the alarm
on it never fires.

## Bad

```hcl main.tf
resource "aws_cloudwatch_log_metric_filter" "tokens" {
  name           = "input-tokens"
  log_group_name = "bedrock"
  pattern        = "{ $.inputTokenCount > 0 }" # <- here

  metric_transformation {
    name      = "InputTokens"
    namespace = "Claude"
    value     = "$.inputTokenCount" # <- here
  }
}
```

## Good

```hcl main.tf
resource "aws_cloudwatch_log_metric_filter" "tokens" {
  name           = "input-tokens"
  log_group_name = "bedrock"
  pattern        = "{ $.input.inputTokenCount > 0 }"

  metric_transformation {
    name      = "InputTokens"
    namespace = "Claude"
    value     = "$.input.inputTokenCount"
  }
}
```

## How to fix it

Write `input.inputTokenCount`, `input.cacheReadInputTokenCount`, `input.cacheWriteInputTokenCount`,
`output.outputTokenCount`.

## Source

[Monitor model invocation](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html)
"##,
};

const COUNTS: [(&str, &str); 4] = [
    ("inputTokenCount", "input"),
    ("cacheReadInputTokenCount", "input"),
    ("cacheWriteInputTokenCount", "input"),
    ("outputTokenCount", "output"),
];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for text in &look.texts {
        let query = text.label == "aws_cloudwatch_query_definition" && text.argument == "query_string";
        for (literal, span) in text.literals() {
            let wrong = COUNTS.iter().find(|(count, parent)| {
                if query {
                    has_word(literal, count) && !literal.contains(&format!("{parent}.{count}"))
                } else {
                    literal.contains(&format!("$.{count}"))
                }
            });
            let Some((count, parent)) = wrong else { continue };
            let written = if query { "" } else { "$." };
            // Only where nothing is escaped does the text stand in the source as it is.
            let place = match literal.find(&format!("{written}{count}")) {
                Some(at) if literal.len() == span.len() => {
                    span.start + at..span.start + at + written.len() + count.len()
                }
                _ => span,
            };
            let message = format!("a record of the invocation log has no `{count}`: it stands below `{parent}`");
            found.push(
                look.finding(&RULE, text.file, &place, message)
                    .help(format!("write `{written}{parent}.{count}`")),
            );
        }
    }
}

/// Whether a word stands in a text, not as part of a longer name or of a path.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}
