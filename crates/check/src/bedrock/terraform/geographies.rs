//! `bedrock-mixed-geographies`

use findings::{Confidence, Family, Finding, Rule, Severity};
use std::collections::BTreeMap;

use terraform::module::FileId;

use crate::bedrock::model;
use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-mixed-geographies",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Low,
    summary: "One model under two geographies in one module.",
    page: r##"## What it finds

The same model as profile of two geographies, `global.` and `us.` for example, in locals, outputs, defaults of variables and
arguments of module calls.

## Why it matters

The geography decides the price (ten percent), the regions that prompts may be processed in, and which ARNs policies have to
allow. Two of them side by side usually mean that one place was forgotten.

## Bad

```hcl main.tf
locals {
  model = "us.anthropic.claude-opus-4-6-v1"
}

output "model" {
  value = "global.anthropic.claude-opus-4-6-v1" # <- here
}
```

## Good

```hcl main.tf
locals {
  model = "us.anthropic.claude-opus-4-6-v1"
}

output "model" {
  value = local.model
}
```

## How to fix it

Write the id in one place. Where both are meant, suppress the finding with the reason.

## Source

[Global cross-Region inference](https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    // By model: the geography that comes first, and the argument in which it stands.
    let mut first: BTreeMap<&str, (&str, (FileId, usize))> = BTreeMap::new();
    for text in &look.texts {
        if !matches!(text.top, "locals" | "output" | "variable" | "module") || text.argument == "description" {
            continue;
        }
        let Some((Some(geography), base)) = text.plain().and_then(model::split) else {
            continue;
        };
        // A table of geographies in one value is meant.
        let place = (text.file, text.at);
        let (known, known_place) = *first.entry(base).or_insert((geography, place));
        if known != geography && known_place != place {
            let message =
                format!("`{base}` is used as profile of `{known}` elsewhere in this module, and of `{geography}` here");
            found.push(
                look.finding(&RULE, text.file, &text.span, message)
                    .help("price, regions and permissions differ: write the id in one place"),
            );
        }
    }
}
