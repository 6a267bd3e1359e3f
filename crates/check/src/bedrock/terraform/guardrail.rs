//! `bedrock-guardrail-empty`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-guardrail-empty",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A guardrail that filters nothing, or a denied topic that is only described.",
    page: r##"## What it finds

An `aws_bedrock_guardrail` without any policy block. A topic without `examples` is information.

## Why it matters

A guardrail without filters lets everything pass, while everybody believes that one is in place. A topic is told apart by
its definition and by its examples; without them it is often missed.

## Bad

```hcl main.tf
resource "aws_bedrock_guardrail" "code" { # <- here
  name                      = "code"
  blocked_input_messaging   = "This request was blocked."
  blocked_outputs_messaging = "This answer was blocked."
}
```

## Good

```hcl main.tf
resource "aws_bedrock_guardrail" "code" {
  name                      = "code"
  blocked_input_messaging   = "This request was blocked."
  blocked_outputs_messaging = "This answer was blocked."

  word_policy_config {
    managed_word_lists_config {
      type = "PROFANITY"
    }
  }
}
```

## How to fix it

Add the filters that are wanted, or take the guardrail out.

## Source

[Create a guardrail](https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-create.html)
"##,
};

const POLICIES: [&str; 5] = [
    "content_policy_config",
    "contextual_grounding_policy_config",
    "sensitive_information_policy_config",
    "topic_policy_config",
    "word_policy_config",
];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for guardrail in look.resources("aws_bedrock_guardrail") {
        if !POLICIES.iter().any(|policy| guardrail.has(policy)) {
            let (file, span) = guardrail.header();
            found.push(look.finding(&RULE, file, &span, "the guardrail has no filters: everything passes it"));
        }
        for (file, policy) in guardrail.view.blocks_of("topic_policy_config") {
            for topic in policy.body.blocks_of("topics_config") {
                if topic.body.attribute("examples").is_none() {
                    let message = "a topic without `examples` is told apart by its definition alone";
                    found.push(
                        look.finding(&RULE, file, &topic.header, message)
                            .severity(Severity::Info),
                    );
                }
            }
        }
    }
}
