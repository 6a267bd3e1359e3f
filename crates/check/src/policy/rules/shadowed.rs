//! `policy-shadowed`

use findings::{Confidence, Family, Rule, Severity};

use super::super::Input;
use super::super::finding::{Part, PolicyFinding};
use super::super::model::{Condition, Principals, Statement, Text, Values};
use super::super::pattern::covers;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-shadowed",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A statement that changes nothing beside another.",
    page: r#"## What it finds

A statement whose effect, principals, actions, resources and conditions another statement of the document covers. Only what
is certain is reported: every pattern must lie within a pattern of the other, and the other may have no condition that this
one has not.

## Why it matters

Whoever reads it takes it for a restriction or a grant, and it is neither. Often the wider statement is the mistake.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*" }
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  ]
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*" },
    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*" }
  ]
}
```

## How to fix it

Remove the statement, or narrow the one that covers it.

## Source

[Policy evaluation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
"#,
};

/// Each statement is held against each other; no document that AWS takes has as many.
const MOST_STATEMENTS: usize = 500;

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let statements = &input.document.statements;
    if statements.len() > MOST_STATEMENTS {
        return;
    }
    for (index, narrow) in statements.iter().enumerate() {
        let other = statements.iter().enumerate().find(|(at, wide)| {
            // Of two that cover each other the later is reported.
            *at != index && statement_covers(wide, narrow) && (*at < index || !statement_covers(narrow, wide))
        });
        if let Some((_, wide)) = other {
            let message = format!("this statement changes nothing: {} covers it", wide.called());
            found.push(
                PolicyFinding::at(&RULE, &narrow.path, Part::Value, narrow.span.clone(), message).also(
                    &wide.path,
                    wide.span.clone(),
                    "this one covers it",
                ),
            );
        }
    }
}

fn statement_covers(wide: &Statement, narrow: &Statement) -> bool {
    wide.effect.is_some()
        && wide.effect == narrow.effect
        && !wide.may_have_conditions()
        && !narrow.open
        && values_cover(wide.actions.as_ref(), narrow.actions.as_ref(), true)
        && values_cover(wide.resources.as_ref(), narrow.resources.as_ref(), false)
        && principals_cover(wide.principals.as_ref(), narrow.principals.as_ref())
        && wide.conditions().iter().all(|demanded| {
            narrow
                .conditions()
                .iter()
                .any(|given| condition_covers(demanded, given))
        })
}

fn values_cover(wide: Option<&Values>, narrow: Option<&Values>, ignore_case: bool) -> bool {
    let (wide, narrow) = match (wide, narrow) {
        (None, None) => return true,
        (Some(wide), Some(narrow)) => (wide, narrow),
        _ => return false,
    };
    if !narrow.known() || narrow.list.is_empty() {
        return false;
    }
    let each_in = |these: &[Text], those: &[Text]| {
        these.iter().all(|text| {
            let mut others = those.iter().filter(|other| other.known());
            others.any(|other| covers(&other.value, &text.value, ignore_case))
        })
    };
    match (wide.negated, narrow.negated) {
        (false, false) => each_in(&narrow.list, &wide.list),
        // The wider of two exceptions is the narrower statement.
        (true, true) => wide.known() && each_in(&wide.list, &narrow.list),
        (false, true) => wide.list.iter().any(|text| text.value == "*"),
        (true, false) => false,
    }
}

fn principals_cover(wide: Option<&Principals>, narrow: Option<&Principals>) -> bool {
    let (wide, narrow) = match (wide, narrow) {
        (None, None) => return true,
        (Some(wide), Some(narrow)) => (wide, narrow),
        _ => return false,
    };
    if wide.negated || narrow.negated || narrow.open {
        return false;
    }
    let known = narrow.list.iter().all(|(_, text)| text.known());
    let each = narrow.list.iter().all(|(of, text)| {
        let same = |(other, known): &(String, Text)| other == of && known.value == text.value;
        wide.list.iter().any(same)
    });
    known && (wide.anyone.is_some() || narrow.anyone.is_none() && each)
}

/// Whether a condition holds wherever the other does.
fn condition_covers(wide: &Condition, narrow: &Condition) -> bool {
    let same = wide.operator.value.eq_ignore_ascii_case(&narrow.operator.value) && wide.is(&narrow.key.value);
    if !same || !wide.known() || !narrow.known() || wide.parsed.is_none() {
        return false;
    }
    let within = |these: &[Text], those: &[Text]| {
        these
            .iter()
            .all(|text| those.iter().any(|other| other.value == text.value))
    };
    if wide.parsed.is_some_and(|operator| operator.negated) {
        within(&wide.values, &narrow.values)
    } else {
        within(&narrow.values, &wide.values)
    }
}
