//! Condition operators by name.

use std::fmt;

/// A condition operator, taken apart: `ForAnyValue:StringNotLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// Set qualifier.
    pub qualifier: Option<Qualifier>,
    /// What is compared, and how.
    pub test: Test,
    /// Whether the comparison is negated (`StringNotEquals`).
    pub negated: bool,
    /// Whether an absent key satisfies the condition (`…IfExists`).
    pub if_exists: bool,
}

/// How several values of a key are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Qualifier {
    /// Every value must pass; an absent key passes.
    ForAllValues,
    /// One value must pass; an absent key fails.
    ForAnyValue,
}

/// Comparison of one value of the request with one value of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Test {
    /// Text, with its case.
    StringEquals,
    /// Text, without case.
    StringEqualsIgnoreCase,
    /// Text with wildcards.
    StringLike,
    /// Numbers.
    Numeric(Relation),
    /// Points in time.
    Date(Relation),
    /// `true` or `false`.
    Bool,
    /// Bytes, in Base64.
    BinaryEquals,
    /// An IP address within a range.
    IpAddress,
    /// An ARN, part by part with wildcards; `ArnEquals` and `ArnLike` are one.
    Arn {
        /// Whether it was spelled `Like`.
        like: bool,
    },
    /// Whether the key is absent.
    Null,
}

/// Order of two numbers or points in time: request to policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// `Equals`
    Equals,
    /// `LessThan`
    LessThan,
    /// `LessThanEquals`
    LessThanEquals,
    /// `GreaterThan`
    GreaterThan,
    /// `GreaterThanEquals`
    GreaterThanEquals,
}

/// Every operator's name without qualifier and `IfExists`, with its meaning and whether it is negated
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).
const NAMES: [(&str, Test, bool); 27] = [
    ("StringEquals", Test::StringEquals, false),
    ("StringNotEquals", Test::StringEquals, true),
    ("StringEqualsIgnoreCase", Test::StringEqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Test::StringEqualsIgnoreCase, true),
    ("StringLike", Test::StringLike, false),
    ("StringNotLike", Test::StringLike, true),
    ("NumericEquals", Test::Numeric(Relation::Equals), false),
    ("NumericNotEquals", Test::Numeric(Relation::Equals), true),
    ("NumericLessThan", Test::Numeric(Relation::LessThan), false),
    ("NumericLessThanEquals", Test::Numeric(Relation::LessThanEquals), false),
    ("NumericGreaterThan", Test::Numeric(Relation::GreaterThan), false),
    (
        "NumericGreaterThanEquals",
        Test::Numeric(Relation::GreaterThanEquals),
        false,
    ),
    ("DateEquals", Test::Date(Relation::Equals), false),
    ("DateNotEquals", Test::Date(Relation::Equals), true),
    ("DateLessThan", Test::Date(Relation::LessThan), false),
    ("DateLessThanEquals", Test::Date(Relation::LessThanEquals), false),
    ("DateGreaterThan", Test::Date(Relation::GreaterThan), false),
    ("DateGreaterThanEquals", Test::Date(Relation::GreaterThanEquals), false),
    ("Bool", Test::Bool, false),
    ("BinaryEquals", Test::BinaryEquals, false),
    ("IpAddress", Test::IpAddress, false),
    ("NotIpAddress", Test::IpAddress, true),
    ("ArnEquals", Test::Arn { like: false }, false),
    ("ArnNotEquals", Test::Arn { like: false }, true),
    ("ArnLike", Test::Arn { like: true }, false),
    ("ArnNotLike", Test::Arn { like: true }, true),
    ("Null", Test::Null, false),
];

impl Operator {
    /// Takes an operator's name apart; case does not matter. `None` if AWS knows no such operator, which includes
    /// `NullIfExists`.
    pub fn parse(text: &str) -> Option<Self> {
        let (qualifier, rest) = match text.split_once(':') {
            None => (None, text),
            Some((q, rest)) if q.eq_ignore_ascii_case("ForAllValues") => (Some(Qualifier::ForAllValues), rest),
            Some((q, rest)) if q.eq_ignore_ascii_case("ForAnyValue") => (Some(Qualifier::ForAnyValue), rest),
            Some(_) => return None,
        };
        let (name, if_exists) = match rest.len().checked_sub("IfExists".len()) {
            Some(at) if rest.get(at..).is_some_and(|end| end.eq_ignore_ascii_case("IfExists")) => (&rest[..at], true),
            _ => (rest, false),
        };
        let (_, test, negated) = NAMES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        if *test == Test::Null && if_exists {
            return None;
        }
        Some(Self {
            qualifier,
            test: *test,
            negated: *negated,
            if_exists,
        })
    }

    /// The names of all operators, without qualifier and `IfExists`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, ..)| *name)
    }

    /// Whether AWS replaces policy variables in the values of this operator: text, ARNs and booleans.
    pub fn takes_variables(self) -> bool {
        matches!(
            self.test,
            Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::Arn { .. } | Test::Bool
        )
    }
}

impl fmt::Display for Operator {
    /// The name as AWS's documentation spells it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.qualifier {
            Some(Qualifier::ForAllValues) => f.write_str("ForAllValues:")?,
            Some(Qualifier::ForAnyValue) => f.write_str("ForAnyValue:")?,
            None => {}
        }
        let name = NAMES
            .iter()
            .find(|(_, test, negated)| *test == self.test && *negated == self.negated)
            .map_or("", |(name, ..)| name);
        f.write_str(name)?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back_with_each_qualifier_and_suffix() {
        for name in Operator::names() {
            for qualifier in ["", "ForAllValues:", "ForAnyValue:"] {
                for suffix in ["", "IfExists"] {
                    let text = format!("{qualifier}{name}{suffix}");
                    let parsed = Operator::parse(&text);
                    if name == "Null" && suffix == "IfExists" {
                        assert_eq!(parsed, None);
                        continue;
                    }
                    assert_eq!(parsed.map(|o| o.to_string()), Some(text.clone()));
                    assert_eq!(Operator::parse(&text.to_lowercase()), parsed);
                }
            }
        }
    }

    #[test]
    fn other_names_are_refused() {
        for text in [
            "",
            "StringEqual",
            "IfExists",
            "ForAll:Bool",
            "ForAnyValue:",
            "BoolNot",
            "StringEqualsIfExistsIfExists",
        ] {
            assert_eq!(Operator::parse(text), None, "{text}");
        }
    }
}
