//! Names of regions, as settings and AWS configuration write them.

use findings::{Finding, Severity};

use crate::bedrock::model;
use crate::policy::is_region;

/// Regions outside the commercial partition, and what SDKs take in a region's place.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html> and the partitions of the SDKs.
const OTHERS: [&str; 13] = [
    "us-gov-east-1",
    "us-gov-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "eu-isoe-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "aws-global",
];

/// What is wrong with the name of a region.
pub(super) struct Wrong {
    message: String,
    severity: Severity,
    help: Vec<String>,
    is_slip: bool,
}

impl Wrong {
    /// Whether a region that is known was meant, by what is written.
    pub fn is_slip(&self) -> bool {
        self.is_slip
    }

    /// Says it in a finding that `start` makes of the message.
    pub fn say(self, start: impl FnOnce(String) -> Finding) -> Finding {
        let finding = start(self.message).severity(self.severity);
        self.help.into_iter().fold(finding, Finding::help)
    }
}

/// Whether a text is still to be filled in, by a template or by hand.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.contains(['$', '{', '<', '%'])
}

/// What is wrong with a text that is to be a region.
pub(super) fn wrong(text: &str) -> Option<Wrong> {
    let catalog = model::catalog()?;
    if text.is_empty() || is_placeholder(text) || catalog.region(text).is_some() || OTHERS.contains(&text) {
        return None;
    }
    let known: Vec<&str> = catalog
        .regions()
        .map(|region| region.code.as_str())
        .chain(OTHERS)
        .collect();
    let stem = |text: &str| text.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    let same_place = known.iter().any(|known| stem(known) == stem(text));
    let near = nearest(text, &known);
    let is_slip = !near.is_empty();
    let mut help = Vec::new();
    if !near.is_empty() {
        help.push(format!("did you mean `{}`?", near.join("`, `")));
    }
    // The form of a region, and nearly no known one, or another number: it may be newer than the list.
    if is_region(text) && (same_place || near.is_empty()) {
        let date = catalog.as_of();
        help.push(format!("if the region is newer than {date}, it is not in the list yet"));
        return Some(Wrong {
            message: format!("`{text}` is no region of AWS that is known"),
            severity: Severity::Warning,
            help,
            is_slip,
        });
    }
    if near.is_empty() {
        help.push("write a region's code, such as `us-east-1`".to_owned());
    }
    Some(Wrong {
        message: format!("`{text}` is no region of AWS"),
        severity: Severity::Error,
        help,
        is_slip,
    })
}

/// The regions with the fewest letters that differ, at most three of them.
fn nearest<'k>(text: &str, known: &[&'k str]) -> Vec<&'k str> {
    let plain = text.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    let near = findings::nearest_few(&plain, known.iter().copied(), 3);
    let distance = |code: &str| strsim::damerau_levenshtein(code, &plain);
    let least = near.iter().map(|code| distance(code)).min();
    near.into_iter().filter(|code| Some(distance(code)) == least).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_all_partitions_are_right() {
        for right in [
            "us-east-1",
            "ap-southeast-7",
            "us-gov-west-1",
            "cn-north-1",
            "eusc-de-east-1",
            "",
            "${region}",
            "<region>",
        ] {
            assert!(wrong(right).is_none(), "{right}");
        }
    }

    #[test]
    fn wrong_ones_are_told_with_the_nearest() {
        for (text, severity, near) in [
            ("us-eats-1", Severity::Error, "us-east-1"),
            ("us_east_1", Severity::Error, "us-east-1"),
            ("us-east-1a", Severity::Error, "us-east-1"),
            ("eu-wset-1", Severity::Error, "eu-west-1"),
            ("EU-WEST-1", Severity::Error, "eu-west-1"),
            ("useast1", Severity::Error, "us-east-1"),
            ("us-east-11", Severity::Warning, "us-east-1"),
        ] {
            let wrong = wrong(text).unwrap();
            assert_eq!(wrong.severity, severity, "{text}");
            assert!(wrong.help[0].contains(near), "{text}: {:?}", wrong.help);
        }
        let odd = wrong("xy-middle-1").unwrap();
        assert_eq!((odd.severity, odd.help.len()), (Severity::Warning, 1));
    }
}
