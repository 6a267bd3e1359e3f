//! `policy-never-matches`

use findings::{Confidence, Family, Rule, Severity};
use policy::evaluate::compare;
use policy::operator::{Operator, Relation, Test};

use super::super::finding::PolicyFinding;
use super::super::model::{Condition, Statement, Text};
use super::super::{Input, arn, variables};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-never-matches",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A condition that no request can meet.",
    page: r#"## What it finds

* Conditions of one statement that exclude each other: a key that must be absent and equal something, two equalities without
  a common value, a number or date that must be above and below.
* Values that their key never has: an account id that is not twelve digits, an organization's id in another form,
  an availability zone as `aws:RequestedRegion`, the ARN of a session as `aws:PrincipalArn` (which holds the role's), a name
  without `.amazonaws.com` as `iam:PassedToService`, a private range as `aws:SourceIp`.
* As a warning, wildcards under `StringEquals`, where they stand for themselves.

## Why it matters

The statement never applies. With a negated operator the condition always holds, and the statement applies to everybody.

## Bad

```json resource
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "AWS": "123456789012" },
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "StringEquals": { "aws:PrincipalArn": "arn:aws:sts::123456789012:assumed-role/analyst/alice" }
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
    "Principal": { "AWS": "123456789012" },
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {
      "StringEquals": { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/analyst" }
    }
  }
}
```

## How to fix it

Write a value that the key can have, `StringLike` for wildcards, and alternatives as several values of one condition:
several conditions must all hold.

## Source

[Global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
[Conditions with several keys and values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        for condition in statement.conditions() {
            let Some(operator) = condition.parsed else { continue };
            for value in condition.values.iter().filter(|value| value.known()) {
                found.extend(value_fault(condition, operator, value));
            }
        }
        contradictions(statement, found);
    }
}

fn is_text(test: Test) -> bool {
    matches!(
        test,
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
    )
}

fn value_fault(condition: &Condition, operator: Operator, value: &Text) -> Option<PolicyFinding> {
    let key = condition.key.value.to_ascii_lowercase();
    let text = &value.value;
    if variables::variables(text).iter().any(|_| true) {
        return None;
    }
    let holds = match (condition.values.len() > 1, operator.negated) {
        (true, _) => "this value has no effect",
        (false, true) => "the condition always holds",
        (false, false) => "the condition never holds",
    };
    if let Some(fault) = impossible(&key, operator, text) {
        let message = format!("`{}` never is `{text}`: {fault}; {holds}", condition.key.value);
        let finding = PolicyFinding::new(&RULE, value, message);
        return Some(if operator.negated || condition.values.len() > 1 {
            finding.severity(Severity::Warning)
        } else {
            finding
        });
    }
    let exact = matches!(operator.test, Test::StringEquals | Test::StringEqualsIgnoreCase);
    if exact && text.contains('*') {
        let message = format!("`*` stands for itself under `{}`", condition.operator.value);
        return Some(
            PolicyFinding::new(&RULE, value, message)
                .severity(Severity::Warning)
                .confidence(Confidence::Medium)
                .help("use `StringLike` or `StringNotLike` for wildcards"),
        );
    }
    None
}

/// Why a key never has a value, by the form that AWS documents for the key.
fn impossible(key: &str, operator: Operator, text: &str) -> Option<&'static str> {
    if key == "aws:sourceip" && operator.test == Test::IpAddress {
        let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
        let inside = private
            .iter()
            .any(|range| compare(Test::IpAddress, text, range) == Some(true));
        return inside.then_some("it is a public address; within a VPC the key is `aws:VpcSourceIp`");
    }
    let wild = text.contains(['*', '?']);
    if key == "aws:principalarn" {
        let session = text.contains(":sts:") && text.contains(":assumed-role/");
        return session.then_some("it holds the ARN of the role, not that of the session");
    }
    // Wildcards that are wildcards may stand for what is missing; those that stand for themselves are reported as such.
    if !is_text(operator.test) || wild {
        return None;
    }
    match key {
        "aws:sourceaccount"
        | "aws:principalaccount"
        | "aws:resourceaccount"
        | "aws:vpceaccount"
        | "s3:resourceaccount"
        | "kms:calleraccount" => (!arn::is_account(text)).then_some("an account id has twelve digits"),
        "aws:principalorgid" | "aws:resourceorgid" | "aws:sourceorgid" | "aws:vpceorgid" => {
            (!is_organization(text)).then_some("an organization's id looks like `o-a1b2c3d4e5`")
        }
        // Calls to a global inference profile of Bedrock carry `unspecified`.
        "aws:requestedregion" => (!arn::is_region(text) && text != "unspecified").then_some("that is no region"),
        "iam:passedtoservice" => {
            (!text.contains(".amazonaws.com")).then_some("it is a service's name such as `lambda.amazonaws.com`")
        }
        "aws:sourcevpc" => (!text.starts_with("vpc-")).then_some("a VPC's id begins with `vpc-`"),
        "aws:sourcevpce" => (!text.starts_with("vpce-")).then_some("an endpoint's id begins with `vpce-`"),
        _ => None,
    }
}

fn is_organization(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|id| {
        (10..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// Pairs of conditions that exclude each other.
fn contradictions(statement: &Statement, found: &mut Vec<PolicyFinding>) {
    let conditions = statement.conditions();
    for (index, second) in conditions.iter().enumerate() {
        for first in conditions.iter().take(index) {
            if !first.is(&second.key.value) || !first.known() || !second.known() {
                continue;
            }
            if exclude(first, second) || exclude(second, first) {
                let message = format!(
                    "these conditions on `{}` exclude each other: the statement never applies",
                    second.key.value
                );
                found.push(PolicyFinding::new(&RULE, &second.key, message).also(
                    &first.key.path,
                    first.key.span.clone(),
                    "the other condition",
                ));
            }
        }
    }
}

fn exclude(a: &Condition, b: &Condition) -> bool {
    let (Some(x), Some(y)) = (a.parsed, b.parsed) else {
        return false;
    };
    // Sets of values can meet both.
    let single = |operator: Operator| operator.qualifier.is_none() && !operator.if_exists;
    if x.test == Test::Null && y.test != Test::Null {
        let absent = a.values.iter().all(|value| value.value.eq_ignore_ascii_case("true"));
        return absent && !a.values.is_empty() && b.demands();
    }
    if !single(x) || !single(y) || x.negated || y.negated || a.values.is_empty() || b.values.is_empty() {
        return false;
    }
    match (x.test, y.test) {
        (Test::StringEquals, Test::StringEquals | Test::StringEqualsIgnoreCase) => {
            plain(a) && plain(b) && !common(a, b, str::eq_ignore_ascii_case)
        }
        (Test::Bool, Test::Bool) => plain(a) && plain(b) && !common(a, b, str::eq_ignore_ascii_case),
        (Test::Numeric(low), Test::Numeric(high)) => empty(low, high).is_some_and(|relation| {
            pairs(a, b).all(|(low, high)| compare(Test::Numeric(relation), high, low) == Some(true))
        }),
        (Test::Date(low), Test::Date(high)) => empty(low, high).is_some_and(|relation| {
            pairs(a, b).all(|(low, high)| compare(Test::Date(relation), high, low) == Some(true))
        }),
        _ => false,
    }
}

/// How an upper bound must stand to a lower one for nothing to lie between them; `None` where they are no such bounds.
fn empty(low: Relation, high: Relation) -> Option<Relation> {
    match (low, high) {
        (Relation::GreaterThanEquals, Relation::LessThanEquals) => Some(Relation::LessThan),
        (Relation::GreaterThan | Relation::GreaterThanEquals, Relation::LessThan | Relation::LessThanEquals) => {
            Some(Relation::LessThanEquals)
        }
        _ => None,
    }
}

fn pairs<'c>(a: &'c Condition, b: &'c Condition) -> impl Iterator<Item = (&'c str, &'c str)> {
    a.values
        .iter()
        .flat_map(|x| b.values.iter().map(move |y| (x.value.as_str(), y.value.as_str())))
}

fn plain(condition: &Condition) -> bool {
    condition.values.iter().all(|value| !value.value.contains("${"))
}

fn common(a: &Condition, b: &Condition, same: impl Fn(&str, &str) -> bool) -> bool {
    pairs(a, b).any(|(x, y)| same(x, y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organizations() {
        assert!(is_organization("o-a1b2c3d4e5"));
        for other in ["a1b2c3d4e5", "o-short", "o-A1B2C3D4E5", "o-a1b2c3d4e5/r-x"] {
            assert!(!is_organization(other), "{other}");
        }
    }

    #[test]
    fn values_of_keys() {
        let operator = |text| Operator::parse(text).unwrap();
        let equals = |key, text| impossible(key, operator("StringEquals"), text);
        assert_eq!(equals("aws:requestedregion", "unspecified"), None);
        assert!(equals("aws:requestedregion", "us-east-1a").is_some());
        assert_eq!(impossible("aws:requestedregion", operator("StringLike"), "us-*"), None);
        assert!(impossible("aws:sourceip", operator("IpAddress"), "10.1.0.0/16").is_some());
        assert_eq!(
            impossible("aws:sourceip", operator("IpAddress"), "203.0.113.0/24"),
            None
        );
    }
}
