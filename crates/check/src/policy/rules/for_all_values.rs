//! `policy-for-all-values`

use findings::{Confidence, Family, Rule, Severity};
use policy::operator::{Qualifier, Test};

use super::super::Input;
use super::super::finding::PolicyFinding;
use super::super::keys::{self, Found};
use super::super::model::{Condition, Statement};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-for-all-values",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "`ForAllValues` in an `Allow` that also holds where the key is absent.",
    page: r#"## What it finds

`ForAllValues` in an `Allow`, without a condition on the same key that fails where the key is absent: `Null` with `false`,
or an operator without `ForAllValues` and `IfExists`. It is a warning for keys that tell who calls or from where, for claims
of tokens and for keys of one value. For keys of what the request brings along, such as `aws:TagKeys`, it is only worth
knowing: a request that brings nothing is often meant to pass.

## Why it matters

`ForAllValues` holds where a request does not carry the key at all. So the `Allow` reaches requests that were to be kept
out: a call without tags passes a condition on `aws:TagKeys`, a caller outside any organization one on
`aws:PrincipalOrgPaths`.

## Bad

```json resource
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "AWS": "*" },
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" }
      ^^^^^^^^^^^^^^^^^^^^^^^^^
    }
  }
}
```

## Good

```json resource
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "AWS": "*" },
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" }
    }
  }
}
```

## How to fix it

Use `ForAnyValue` where one matching value is enough. Where all must match, add `"Null": {"KEY": "false"}` beside it, unless
requests without the key are meant as well.

## Source

[Set operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        if statement.may_have_conditions() {
            continue;
        }
        for condition in statement.conditions() {
            let for_all = condition.parsed.is_some_and(|operator| {
                operator.qualifier == Some(Qualifier::ForAllValues) && operator.test != Test::Null
            });
            if !for_all || !condition.key.known() || demanded(statement, condition) {
                continue;
            }
            let key = &condition.key.value;
            let message = format!("`{}` also holds where `{key}` is absent", condition.operator.value);
            let severity = if tells_who(key) {
                Severity::Warning
            } else {
                Severity::Info
            };
            found.push(
                PolicyFinding::new(&RULE, &condition.operator, message)
                    .severity(severity)
                    .help(format!(
                        "add `\"Null\": {{\"{key}\": \"false\"}}`, or use `ForAnyValue`"
                    )),
            );
        }
    }
}

/// Whether a key tells who calls or from where, so that its absence lets strangers in; a key of one value has no use for
/// the operator.
fn tells_who(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    match keys::find(key) {
        Found::Global(key) if key.kind.many => !key.is("aws:TagKeys"),
        Found::Service(key) if key.kind.many => {
            // The calls that read or write items by their key always carry `dynamodb:LeadingKeys`.
            lower.starts_with("saml:") || lower.contains(".com:")
        }
        Found::Global(_) | Found::Service(_) | Found::Provider => true,
        Found::Nothing { .. } | Found::Unknown => false,
    }
}

/// Whether another condition fails where the key is absent.
fn demanded(statement: &Statement, of: &Condition) -> bool {
    statement
        .conditions()
        .iter()
        .filter(|other| other.is(&of.key.value))
        .any(|other| {
            let is_null = other.parsed.is_some_and(|operator| operator.test == Test::Null);
            let not_null = is_null
                && (other.open
                    || other
                        .values
                        .iter()
                        .any(|value| !value.known() || value.value.eq_ignore_ascii_case("false")));
            not_null || other.demands()
        })
}
