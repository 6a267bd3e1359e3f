//! `policy-variable`

use findings::{Confidence, Family, Rule, Severity};
use policy::Version;

use super::super::finding::PolicyFinding;
use super::super::keys::{self, Found};
use super::super::model::{Language, Text};
use super::super::variables::{self, Variable};
use super::super::{Input, arn};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-variable",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A policy variable that never has a value.",
    page: r#"## What it finds

`${…}` with the name of a key that AWS does not have; a variable before the resource's part of an ARN, where AWS replaces
none; and, as a warning, `${name}` without the colon that names of keys have, which is no policy variable at all: often it
is a placeholder of a template, or an interpolation that was escaped.

## Why it matters

A variable without a value makes the whole string match nothing: an `Allow` allows nothing, a `Deny` denies nothing.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::homes/${aws:usernme}/*"
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::homes/${aws:username}/*"
  }
}
```

## How to fix it

Write the key's name. In Terraform's strings a policy variable is written `$${aws:username}`, or `&{aws:username}` in
`aws_iam_policy_document`.

## Source

[Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    // In the language of 2008 they are no variables: `policy-version` says so.
    if !matches!(input.document.version, Language::Known(Version::V2012, _)) {
        return;
    }
    for statement in &input.document.statements {
        for resource in statement.resources.iter().flat_map(|resources| &resources.list) {
            names(resource, found);
            if let Some(name) = arn::early_variable(&resource.value) {
                let message = format!("AWS replaces `${{{name}}}` in the last part of an ARN only");
                found.push(PolicyFinding::new(&RULE, resource, message).severity(Severity::Warning));
            }
        }
        for condition in statement.conditions() {
            if condition.parsed.is_some_and(|operator| operator.takes_variables()) {
                condition.values.iter().for_each(|value| names(value, found));
            }
        }
    }
}

fn names(text: &Text, found: &mut Vec<PolicyFinding>) {
    for (_, variable) in variables::variables(&text.value) {
        match variable {
            Variable::Special(_) => {}
            Variable::Key(name) => {
                if let Found::Nothing { candidates, .. } = keys::find(name) {
                    let near = findings::nearest_few(name, candidates, 3);
                    let near: Vec<String> = near.into_iter().map(|name| format!("${{{name}}}")).collect();
                    let message = format!("`${{{name}}}` never has a value: AWS has no such key");
                    let finding = PolicyFinding::new(&RULE, text, message).did_you_mean(&near);
                    found.push(if near.is_empty() {
                        finding.severity(Severity::Warning).confidence(Confidence::Medium)
                    } else {
                        finding
                    });
                }
            }
            Variable::Other(name) if text.known() => {
                let message = format!("`${{{name}}}` is no policy variable: the names of keys have a colon");
                found.push(
                    PolicyFinding::new(&RULE, text, message)
                        .severity(Severity::Warning)
                        .confidence(Confidence::Medium),
                );
            }
            Variable::Other(_) => {}
        }
    }
}
