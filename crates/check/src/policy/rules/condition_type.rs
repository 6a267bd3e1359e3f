//! `policy-condition-type`

use findings::{Confidence, Family, Rule, Severity};
use iam_reference::{KeyType, ValueType};
use policy::operator::{Operator, Test};

use super::super::Input;
use super::super::finding::PolicyFinding;
use super::super::keys::{self, Found};
use super::super::model::Condition;

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-condition-type",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A condition operator that does not fit the type of its key.",
    page: r#"## What it finds

An operator for numbers, dates, addresses, booleans or ARNs on a key whose values are something else; an operator for text
on a key of numbers, dates or addresses; and a key of several values compared without `ForAnyValue` or `ForAllValues`. Text
operators on keys of ARNs and booleans are not reported: they compare the text, which works.

## Why it matters

AWS stores the document and compares what cannot be compared: the condition never holds, or holds by accident. What a
comparison without set qualifier means for several values AWS leaves open.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "StringEquals": { "aws:SourceIp": "203.0.113.0/24" }
                        ^^^^^^^^^^^^^^
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
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "IpAddress": { "aws:SourceIp": "203.0.113.0/24" }
    }
  }
}
```

## How to fix it

Take the operator of the key's type. For a key of several values say whether one of them must match (`ForAnyValue`) or all
(`ForAllValues`, with a `Null` condition beside it in an `Allow`).

## Source

[Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html),
[Keys of several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
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
        let (Found::Global(key) | Found::Service(key)) = keys::find(&condition.key.value) else {
            continue;
        };
        if operator.test == Test::Null {
            continue;
        }
        if let Some(wanted) = misfit(operator, key.kind, condition) {
            let message = format!(
                "`{}` holds {}, which `{}` does not compare",
                condition.key.value,
                values(key.kind.value),
                condition.operator.value
            );
            found.push(PolicyFinding::new(&RULE, &condition.key, message).help(format!("use {wanted}")));
        } else if key.kind.many && operator.qualifier.is_none() {
            let message = format!(
                "`{}` holds several values: `{}` needs `ForAnyValue:` or `ForAllValues:` before it",
                condition.key.value, condition.operator.value
            );
            found.push(PolicyFinding::new(&RULE, &condition.key, message));
        }
    }
}

/// What to use instead, if the operator certainly does not fit.
fn misfit(operator: Operator, kind: KeyType, condition: &Condition) -> Option<&'static str> {
    let text = matches!(
        operator.test,
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
    );
    let fits = match (operator.test, kind.value) {
        (_, ValueType::Numeric) => matches!(operator.test, Test::Numeric(_)),
        // `aws:EpochTime` is a date that AWS's page compares as a number, too.
        (_, ValueType::Date) => matches!(operator.test, Test::Date(_) | Test::Numeric(_)),
        (_, ValueType::IpAddress) => operator.test == Test::IpAddress,
        (_, ValueType::Bool) => operator.test == Test::Bool || text,
        // The reference calls some keys text that hold ARNs: the values tell.
        (Test::Arn { .. }, ValueType::String) => {
            condition.open
                || condition
                    .values
                    .iter()
                    .any(|value| !value.known() || value.value.starts_with("arn:"))
        }
        (Test::Arn { .. }, ValueType::Arn) => true,
        // Numbers, dates and booleans that the reference calls text are as certain as its values.
        (Test::Bool, ValueType::String) => true,
        (_, ValueType::String | ValueType::Arn) => text || operator.test == Test::BinaryEquals,
    };
    (!fits).then_some(match kind.value {
        ValueType::Numeric => "`NumericEquals`, `NumericLessThan` and the like",
        ValueType::Date => "`DateLessThan`, `DateGreaterThan` and the like",
        ValueType::IpAddress => "`IpAddress` or `NotIpAddress`",
        ValueType::Bool => "`Bool`",
        ValueType::Arn => "`ArnLike` or `ArnNotLike`",
        ValueType::String => "`StringEquals`, `StringLike` and the like",
    })
}

fn values(of: ValueType) -> &'static str {
    match of {
        ValueType::String => "text",
        ValueType::Arn => "an ARN",
        ValueType::Bool => "`true` or `false`",
        ValueType::Numeric => "a number",
        ValueType::Date => "a point in time",
        ValueType::IpAddress => "an IP address",
    }
}
