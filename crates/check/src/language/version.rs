//! Version constraints.

use std::cmp::Ordering;

/// A version: three numbers, and what comes before a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    /// How many of the numbers were written, which `~>` depends on.
    written: usize,
    prerelease: String,
}

impl Version {
    /// Reads `1`, `1.2`, `1.2.3`, `v1.2.3-beta1+x`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (numbers, prerelease) = text.split_once('-').unwrap_or((text, ""));
        let mut parsed = [0; 3];
        let parts: Vec<&str> = numbers.split('.').collect();
        if parts.len() > 3 {
            return None;
        }
        for (slot, part) in parsed.iter_mut().zip(&parts) {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            *slot = part.parse().ok()?;
        }
        Some(Self {
            numbers: parsed,
            written: parts.len(),
            prerelease: prerelease.to_owned(),
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => self.prerelease.cmp(&other.prerelease),
            })
    }
}

/// Conditions that a version must fulfil together.
///
/// Source: <https://developer.hashicorp.com/terraform/language/expressions/version-constraints>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint(Vec<(Operator, Version)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Pessimistic,
}

impl Constraint {
    /// Reads `>= 1.2, < 2.0`.
    ///
    /// # Errors
    /// The condition that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let conditions = text.split(',').map(|condition| {
            let condition = condition.trim();
            let operators = [
                (">=", Operator::GreaterEqual),
                ("<=", Operator::LessEqual),
                ("!=", Operator::NotEqual),
                ("~>", Operator::Pessimistic),
                (">", Operator::Greater),
                ("<", Operator::Less),
                ("=", Operator::Equal),
            ];
            let (operator, version) = operators
                .iter()
                .find_map(|(sign, operator)| condition.strip_prefix(sign).map(|rest| (*operator, rest)))
                .unwrap_or((Operator::Equal, condition));
            match Version::parse(version) {
                Some(version) => Ok((operator, version)),
                None => Err(condition.to_owned()),
            }
        });
        conditions.collect::<Result<_, _>>().map(Self)
    }

    /// Whether a version fulfils all conditions.
    pub fn accepts(&self, version: &Version) -> bool {
        self.0.iter().all(|(operator, bound)| {
            let order = version.compare(bound);
            match operator {
                Operator::Equal => order == Ordering::Equal,
                Operator::NotEqual => order != Ordering::Equal,
                Operator::Greater => order == Ordering::Greater,
                Operator::GreaterEqual => order != Ordering::Less,
                Operator::Less => order == Ordering::Less,
                Operator::LessEqual => order != Ordering::Greater,
                Operator::Pessimistic => {
                    // All but the last number that is written must agree.
                    let fixed = bound.written.saturating_sub(1).max(1);
                    let fixed = if bound.written == 1 { 1 } else { fixed };
                    order != Ordering::Less
                        && version
                            .numbers
                            .iter()
                            .zip(&bound.numbers)
                            .take(fixed)
                            .all(|(a, b)| a == b)
                }
            }
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic is a test's report")]
mod tests {
    use super::*;

    #[test]
    fn constraints_decide_as_terraform_does() {
        let accepts = |constraint: &str, version: &str| {
            Constraint::parse(constraint)
                .unwrap()
                .accepts(&Version::parse(version).unwrap())
        };
        for (constraint, version, expected) in [
            ("5.100.0", "5.100.0", true),
            ("~> 5.0", "5.100.0", true),
            ("~> 5", "5.100.0", true),
            ("~> 5.99.0", "5.100.0", false),
            ("~> 4.0", "5.100.0", false),
            (">= 5.40, < 7.0", "5.100.0", true),
            (">= 6.0", "5.100.0", false),
            ("!= 5.100.0", "5.100.0", false),
            ("> 5.100.0-beta1", "5.100.0", true),
            ("<= v5.100", "5.100.0", true),
        ] {
            assert_eq!(accepts(constraint, version), expected, "{constraint} {version}");
        }
    }

    #[test]
    fn what_is_no_constraint_is_refused() {
        for text in ["", "latest", ">= ", "~> 5.x", "5.0.0.0", ">= 1.0 < 2.0", "=> 1"] {
            assert!(Constraint::parse(text).is_err(), "{text:?}");
        }
    }
}
