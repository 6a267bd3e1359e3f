//! `policy-action-condition`

use findings::{Confidence, Family, Rule, Severity};
use policy::{Effect, Kind};

use super::super::Input;
use super::super::actions::{self, Matched};
use super::super::finding::PolicyFinding;
use super::super::keys::{self, Found};
use super::super::model::{Condition, Statement, Text};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-action-condition",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A condition key that an action does not know.",
    page: r#"## What it finds

A service's condition key in a statement none of whose actions knows it, by the IAM reference, and a single action beside
others that does not know it. Global keys such as `aws:SourceIp` are known everywhere, with one exception: an action that
acts on no resource has no `aws:ResourceTag`. In the policy of an S3 bucket it is an error where no action knows the key.

## Why it matters

A request for the action never carries the key. With `StringEquals` and the like the statement never applies to the action;
with negated operators and `IfExists` it always does. S3 refuses the policy.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "StringLike": { "s3:prefix": "public/*" }
                      ^^^^^^^^^^^
    }
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::reports",
    "Condition": {
      "StringLike": { "s3:prefix": "public/*" }
    }
  }
}
```

## How to fix it

Give the actions that know the key a statement of their own. For other actions find the key that they know, or restrict
their resources.

## Source

[Service authorization reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
"#,
};

/// Whether an action knows a key.
enum Knows {
    Yes,
    No,
    /// It is not known which actions are meant, or not in the reference.
    Perhaps,
}

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        let Some(all) = statement.actions.as_ref().filter(|actions| !actions.negated) else {
            continue;
        };
        for condition in statement.conditions() {
            let tag = match keys::find(&condition.key.value) {
                Found::Service(_) => false,
                Found::Global(key) if key.is("aws:ResourceTag/x") => true,
                _ => continue,
            };
            let mut strangers = Vec::new();
            let mut friends = usize::from(all.open);
            for action in &all.list {
                match knows(&action.value, &condition.key.value, tag) {
                    Knows::No => strangers.push(action),
                    Knows::Yes | Knows::Perhaps => friends += 1,
                }
            }
            if friends == 0 {
                found.extend(unknown_to_all(input, statement, condition, &strangers));
            } else if !tag && !is_tolerant(condition) {
                let single = strangers.into_iter().filter(|action| actions::is_one(&action.value));
                found.extend(single.map(|action| unknown_to_one(statement, condition, action)));
            }
        }
    }
}

/// Who writes `IfExists` knows that not every request has the key.
fn is_tolerant(condition: &Condition) -> bool {
    condition.parsed.is_some_and(|operator| operator.if_exists)
}

/// Actions that are checked beside another one, with the keys of its request
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>).
const COMPANIONS: [&str; 2] = ["sts:TagSession", "sts:SetSourceIdentity"];

/// Keys that AWS's pages use with an action that the reference does not list them for
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html>).
const BESIDE_REFERENCE: [(&str, &str); 3] = [
    ("aws-marketplace:Subscribe", "aws-marketplace:ProductId"),
    ("aws-marketplace:Unsubscribe", "aws-marketplace:ProductId"),
    ("aws-marketplace:ViewSubscriptions", "aws-marketplace:ProductId"),
];

fn knows(action: &str, key: &str, tag: bool) -> Knows {
    let documented = BESIDE_REFERENCE
        .iter()
        .any(|(of, known)| known.eq_ignore_ascii_case(key) && actions::matches(action, of));
    if documented
        || COMPANIONS
            .iter()
            .any(|companion| companion.eq_ignore_ascii_case(action))
    {
        return Knows::Perhaps;
    }
    match actions::matched(action) {
        Matched::Everything | Matched::Unknown => Knows::Perhaps,
        Matched::Some(service, matched) => {
            let known = if tag {
                matched.iter().any(|action| !action.resources.is_empty())
            } else {
                matched
                    .iter()
                    .any(|action| service.keys_of(action).iter().any(|known| known.is(key)))
            };
            if known { Knows::Yes } else { Knows::No }
        }
    }
}

fn unknown_to_all(
    input: &Input<'_>,
    statement: &Statement,
    condition: &Condition,
    strangers: &[&Text],
) -> Option<PolicyFinding> {
    let first = strangers.first()?;
    let who = match strangers {
        [one] => format!("`{}` does not know", one.value),
        _ => "none of the statement's actions knows".to_owned(),
    };
    let message = format!("{who} `{}`: {}", condition.key.value, consequence(statement, condition));
    let finding =
        PolicyFinding::new(&RULE, &condition.key, message).also(&first.path, first.span.clone(), "this action");
    let of_s3 = strangers
        .iter()
        .all(|action| action.value.to_ascii_lowercase().starts_with("s3:"));
    let refused = input.kind == Some(Kind::Resource) && of_s3;
    Some(if refused {
        finding.severity(Severity::Error).help("S3 refuses such a policy")
    } else {
        finding
    })
}

fn unknown_to_one(statement: &Statement, condition: &Condition, action: &Text) -> PolicyFinding {
    let key = &condition.key;
    let message = format!(
        "`{}` does not know `{}`: {}",
        action.value,
        key.value,
        consequence(statement, condition)
    );
    PolicyFinding::new(&RULE, action, message).also(&key.path, key.span.clone(), "this key")
}

fn consequence(statement: &Statement, condition: &Condition) -> &'static str {
    match (statement.effect, condition.demands()) {
        (Some(Effect::Allow), true) => "it is never allowed here",
        (Some(Effect::Deny), true) => "it is never denied here",
        (Some(Effect::Deny), false) => "the condition does not narrow the denial",
        _ => "the condition does not narrow anything",
    }
}
