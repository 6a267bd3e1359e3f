//! ARNs of a policy: how they are taken apart, and what is certainly wrong with one.

use super::UNKNOWN;
use super::variables::{self, Variable};

/// The partitions that AWS has (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>, and the names of
/// AWS's isolated and sovereign clouds as its SDKs know them, 2026-09).
const PARTITIONS: [&str; 8] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
];

/// The six parts of an ARN, the last with all further colons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arn<'t> {
    pub(crate) partition: &'t str,
    pub(crate) service: &'t str,
    pub(crate) region: &'t str,
    pub(crate) account: &'t str,
    pub(crate) resource: &'t str,
}

impl<'t> Arn<'t> {
    /// Takes an ARN apart; colons within `${…}` do not count. `None` if it has fewer than six parts.
    pub(crate) fn split(text: &'t str) -> Option<Self> {
        let mut parts = parts(text).into_iter();
        if parts.next()? != "arn" {
            return None;
        }
        Some(Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }

    /// What is certainly wrong with one of its parts.
    pub(crate) fn fault(&self) -> Option<String> {
        let Self {
            partition,
            service,
            region,
            account,
            ..
        } = self;
        if is_plain(partition) && !PARTITIONS.contains(partition) {
            let known = PARTITIONS.join(", ");
            return Some(format!("`{partition}` is no partition: expected one of {known}"));
        }
        if service.is_empty() {
            return Some("it names no service".to_owned());
        }
        if is_plain(region) && !region.is_empty() && !is_region(region) {
            return Some(format!("`{region}` is no region"));
        }
        // Some services' own resources stand in accounts of AWS: `aws`, `cloudfront`.
        let named = !account.is_empty() && account.bytes().all(|b| b.is_ascii_alphabetic());
        let digits = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        if is_plain(account) && !account.is_empty() && !named && !digits {
            return Some(format!("`{account}` is no account: expected twelve digits"));
        }
        None
    }
}

/// At most six parts.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::with_capacity(6);
    let mut start = 0;
    let mut inside = false;
    let mut previous = '\0';
    for (at, c) in text.char_indices() {
        match c {
            '{' if previous == '$' => inside = true,
            '}' => inside = false,
            ':' if !inside && parts.len() < 5 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
        previous = c;
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// How many parts a text has that an ARN should have six of.
pub(crate) fn count(text: &str) -> usize {
    parts(text).len()
}

/// Whether a part stands for itself alone.
pub(crate) fn is_plain(part: &str) -> bool {
    !part.contains(['*', '?', '$', UNKNOWN])
}

/// Whether a text has the form of a region's name: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return false;
    };
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    (2..=4).contains(&first.len())
        && letters(first)
        && !middle.is_empty()
        && middle.iter().all(letters)
        && !last.is_empty()
        && last.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text is an account id.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The first variable that stands before the resource's part of an ARN, where AWS takes none.
pub(crate) fn early_variable(text: &str) -> Option<&str> {
    let before: usize = parts(text).iter().take(5).map(|part| part.len() + 1).sum();
    variables::variables(text)
        .into_iter()
        .find_map(|(at, variable)| match variable {
            Variable::Key(name) if at < before => Some(name),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_arns() {
        let arn = Arn::split("arn:aws:s3:::b/${aws:username}:x").unwrap();
        assert_eq!((arn.service, arn.resource), ("s3", "b/${aws:username}:x"));
        assert_eq!(Arn::split("arn:aws:s3::b"), None);
        assert_eq!(count("arn:aws:s3::b"), 5);
        assert_eq!(early_variable("arn:aws:iam::${aws:a}:role/x"), Some("aws:a"));
        assert_eq!(early_variable("arn:aws:iam::1:role/${aws:a}"), None);
    }

    #[test]
    fn faults_are_certain() {
        for good in [
            "arn:aws:bedrock:::foundation-model/x",
            "arn:aws-us-gov:s3:::b",
            "arn:*:iam::*:role/x",
            "arn:aws:iam::aws:policy/x",
            "arn:aws:ec2:us-gov-west-1:123456789012:instance/*",
            "arn:aws:lambda:${aws:PrincipalTag/region}:\u{fffc}:function:f",
            "arn:aws:s3:::123",
        ] {
            assert_eq!(Arn::split(good).unwrap().fault(), None, "{good}");
        }
        for bad in [
            "arn:asw:s3:::b",
            "arn:aws:ec2:us-east-1a:123456789012:instance/i",
            "arn:aws:ec2:us_east_1::x",
            "arn:aws:iam::12345678901:role/x",
            "arn:aws::::x",
        ] {
            assert!(Arn::split(bad).unwrap().fault().is_some(), "{bad}");
        }
    }

    #[test]
    fn regions() {
        for region in [
            "us-east-1",
            "us-gov-east-1",
            "ap-southeast-4",
            "eusc-de-east-1",
            "us-isob-east-1",
        ] {
            assert!(is_region(region), "{region}");
        }
        for other in ["us-east-1a", "useast1", "us-1", "", "US-east-1"] {
            assert!(!is_region(other), "{other}");
        }
    }
}
