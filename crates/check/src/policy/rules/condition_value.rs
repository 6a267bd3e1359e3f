//! `policy-condition-value`

use findings::{Confidence, Family, Rule, Severity};
use policy::evaluate::compare;
use policy::operator::{Operator, Relation, Test};

use super::super::Input;
use super::super::arn::{self, Arn};
use super::super::finding::PolicyFinding;
use super::super::model::Text;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-condition-value",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A value that its condition operator cannot read.",
    page: r#"## What it finds

A value that is no number under `NumericEquals`, no point in time under `DateLessThan`, neither `true` nor `false` under
`Bool` and `Null`, no address or range under `IpAddress`, not Base64 under `BinaryEquals`, and no ARN of six parts under
`ArnLike`. Policy variables are read under operators for text, ARNs and booleans only.

## Why it matters

Such a value equals nothing. An `Allow` grants nothing; a `Deny` denies nothing, or with a negated operator everything.
Some services refuse the document instead.

## Bad

```json resource
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "NotIpAddress": { "aws:SourceIp": "203.0.113.0-203.0.113.255" }
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    }
  }
}
```

## Good

```json resource
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" }
    }
  }
}
```

## How to fix it

Write numbers in decimals, dates as ISO 8601 or seconds since 1970, ranges as CIDR, ARNs with all six parts.

## Source

[Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for condition in input
        .document
        .statements
        .iter()
        .flat_map(|statement| statement.conditions())
    {
        let Some(operator) = condition.parsed else { continue };
        for value in condition.values.iter().filter(|value| value.known()) {
            if let Some(expected) = expected(operator, &value.value) {
                let message = format!("`{}` is {expected} under `{}`", value.value, condition.operator.value);
                found.push(PolicyFinding::new(&RULE, value, message));
            } else if let (Test::Arn { .. }, Some(fault)) =
                (operator.test, Arn::split(&value.value).and_then(|arn| arn.fault()))
            {
                found.push(malformed(value, &fault));
            }
        }
    }
}

fn malformed(value: &Text, fault: &str) -> PolicyFinding {
    PolicyFinding::new(&RULE, value, format!("`{}` is no ARN of AWS: {fault}", value.value))
}

/// What a value is, if the operator cannot read it.
fn expected(operator: Operator, value: &str) -> Option<&'static str> {
    let variables = operator.takes_variables() && value.contains("${");
    let (readable, expected) = match operator.test {
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike => return None,
        Test::Numeric(_) => (reads(Test::Numeric(Relation::Equals), value), "no number"),
        Test::Date(_) => (reads(Test::Date(Relation::Equals), value), "no point in time"),
        Test::IpAddress => (reads(Test::IpAddress, value), "no IP address or CIDR range"),
        Test::BinaryEquals => (reads(Test::BinaryEquals, value), "not Base64"),
        Test::Bool | Test::Null => {
            let boolean = ["true", "false"].iter().any(|known| known.eq_ignore_ascii_case(value));
            (boolean || variables, "neither `true` nor `false`")
        }
        Test::Arn { .. } => (value == "*" || variables || is_arn(value), "no ARN of six parts"),
    };
    (!readable).then_some(expected)
}

/// A value is readable where it equals itself.
fn reads(test: Test, value: &str) -> bool {
    compare(test, value, value) == Some(true)
}

/// A wildcard stands for parts as well where it is all that follows: `arn:aws:iam::*`.
fn is_arn(value: &str) -> bool {
    (value.starts_with("arn:") || value.starts_with('*')) && (arn::count(value) == 6 || value.ends_with('*'))
}
