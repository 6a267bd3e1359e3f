//! `bedrock-session-duration`

use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-session-duration",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A session duration of a permission set that Identity Center does not take.",
    page: r##"## What it finds

A `session_duration` that is no duration of ISO 8601 such as `PT8H`, or lies outside one to twelve hours.

## Why it matters

The provider only checks the length of the text, so `8h` passes the plan and fails at apply.

## Bad

```hcl main.tf
resource "aws_ssoadmin_permission_set" "developer" {
  name             = "claude-code"
  instance_arn     = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  session_duration = "8h" # <- here
}
```

## Good

```hcl main.tf
resource "aws_ssoadmin_permission_set" "developer" {
  name             = "claude-code"
  instance_arn     = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  session_duration = "PT8H"
}
```

## How to fix it

Write hours and minutes as `PT8H` or `PT1H30M`.

## Source

[Set session duration for AWS accounts](https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for set in look.resources("aws_ssoadmin_permission_set") {
        let Some((file, attribute)) = set.view.attribute("session_duration") else {
            continue;
        };
        let Some(text) = look.text(&attribute.value) else {
            continue;
        };
        let message = match seconds(&text) {
            None => format!("`{text}` is no duration of ISO 8601"),
            Some(3_600..=43_200) => continue,
            Some(_) => format!("`{text}` is not between one hour and twelve hours"),
        };
        let finding = look.finding(&RULE, file, &attribute.value.span, message);
        found.push(finding.help("write hours and minutes as `PT8H` or `PT1H30M`"));
    }
}

/// Seconds of a duration; `None` where it is none.
fn seconds(text: &str) -> Option<u64> {
    let rest = text.strip_prefix('P')?;
    let (days, times) = rest.split_once('T').unwrap_or((rest, ""));
    if days.is_empty() && times.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    for (part, units) in [
        (days, [('W', 604_800), ('D', 86_400), ('-', 0)]),
        (times, [('H', 3_600), ('M', 60), ('S', 1)]),
    ] {
        let mut number = String::new();
        for letter in part.chars() {
            if letter.is_ascii_digit() {
                number.push(letter);
                continue;
            }
            let (_, unit) = units.into_iter().find(|(name, unit)| *name == letter && *unit > 0)?;
            let count: u64 = number.parse().ok()?;
            total = total.checked_add(count.checked_mul(unit)?)?;
            number.clear();
        }
        if !number.is_empty() {
            return None;
        }
    }
    Some(total)
}
