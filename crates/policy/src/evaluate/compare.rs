//! Comparison of single values that are not text: numbers, dates, addresses, bytes. What cannot be read as its type
//! equals nothing and is in no order.

use std::cmp::Ordering;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::operator::{Relation, Test};

/// Whether two values that are not text stand in the relation that an operator asks for; never where one of them
/// cannot be read as what the operator compares. `None` for operators on text, ARNs and the absence of keys.
pub fn compare(test: Test, request: &str, policy: &str) -> Option<bool> {
    Some(match test {
        Test::Numeric(relation) => numeric(relation, request, policy),
        Test::Date(relation) => date(relation, request, policy),
        Test::Bool => boolean(request, policy),
        Test::BinaryEquals => binary(request, policy),
        Test::IpAddress => ip(request, policy),
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::Arn { .. } | Test::Null => {
            return None;
        }
    })
}

/// Integers and decimals.
pub(super) fn numeric(relation: Relation, request: &str, policy: &str) -> bool {
    match (number(request), number(policy)) {
        (Some(a), Some(b)) => a.partial_cmp(&b).is_some_and(|order| fits(relation, order)),
        _ => false,
    }
}

/// Points in time: ISO 8601 in the W3C profile, or seconds since 1970.
pub(super) fn date(relation: Relation, request: &str, policy: &str) -> bool {
    match (instant(request), instant(policy)) {
        (Some(a), Some(b)) => fits(relation, a.cmp(&b)),
        _ => false,
    }
}

/// Booleans, without case.
pub(super) fn boolean(request: &str, policy: &str) -> bool {
    request.eq_ignore_ascii_case(policy)
}

/// Bytes, both sides in Base64.
pub(super) fn binary(request: &str, policy: &str) -> bool {
    match (STANDARD.decode(request), STANDARD.decode(policy)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

/// An address, or a range within the policy's range. An address without prefix length is one address.
pub(super) fn ip(request: &str, policy: &str) -> bool {
    match (range(request), range(policy)) {
        (Some((a, a_bits)), Some((b, b_bits))) => a_bits >= b_bits && same_prefix(a, b, b_bits),
        _ => false,
    }
}

fn fits(relation: Relation, order: Ordering) -> bool {
    match relation {
        Relation::Equals => order.is_eq(),
        Relation::LessThan => order.is_lt(),
        Relation::LessThanEquals => order.is_le(),
        Relation::GreaterThan => order.is_gt(),
        Relation::GreaterThanEquals => order.is_ge(),
    }
}

fn number(text: &str) -> Option<f64> {
    // `f64` also reads `inf` and `nan`, which are no numbers here.
    let digits = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    digits.then(|| text.parse().ok()).flatten()
}

fn instant(text: &str) -> Option<Timestamp> {
    match text.len() {
        4 => midnight(&format!("{text}-01-01")),
        7 => midnight(&format!("{text}-01")),
        10 if text.contains('-') => midnight(text),
        _ => match text.parse::<i64>() {
            Ok(seconds) => Timestamp::from_second(seconds).ok(),
            Err(_) => text.parse().ok(),
        },
    }
}

fn midnight(date: &str) -> Option<Timestamp> {
    let date: Date = date.parse().ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse::<IpAddr>().ok()?, Some(bits.parse::<u32>().ok()?)),
        None => (text.parse::<IpAddr>().ok()?, None),
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some((address, bits))
}

fn same_prefix(a: IpAddr, b: IpAddr, bits: u32) -> bool {
    match (a, b) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits,
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros() >= bits,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert!(numeric(Relation::Equals, "10", "10.0"));
        assert!(numeric(Relation::LessThan, "-1", "0"));
        assert!(numeric(Relation::GreaterThanEquals, "3.5", "3.5"));
        assert!(!numeric(Relation::GreaterThan, "3", "3"));
        for text in ["", "x", "nan", "inf", "1_0", "0x1"] {
            assert!(!numeric(Relation::Equals, text, text), "{text}");
        }
    }

    #[test]
    fn dates_in_each_form() {
        let second = "2020-01-01T00:00:00Z";
        for text in [
            "2020",
            "2020-01",
            "2020-01-01",
            "2020-01-01T00:00Z",
            "2020-01-01T01:00+01:00",
            "1577836800",
        ] {
            assert!(date(Relation::Equals, text, second), "{text}");
        }
        assert!(date(Relation::LessThan, "2019-12-31T23:59:59.999Z", second));
        assert!(date(Relation::GreaterThan, "1577836801", second));
        for text in ["", "yesterday", "2020-13", "2020-01-01T00:00:00"] {
            assert!(!date(Relation::LessThanEquals, text, second), "{text}");
            assert!(!date(Relation::GreaterThan, text, second), "{text}");
        }
    }

    #[test]
    fn addresses_and_ranges() {
        assert!(ip("203.0.113.7", "203.0.113.0/24"));
        assert!(!ip("203.0.114.7", "203.0.113.0/24"));
        assert!(ip("203.0.113.7", "203.0.113.7"));
        assert!(ip("1.2.3.4", "0.0.0.0/0"));
        assert!(ip("2001:db8:1234:5678::1", "2001:DB8:1234:5678::/64"));
        assert!(!ip("2001:db8:1234:5679::1", "2001:DB8:1234:5678::/64"));
        assert!(!ip("1.2.3.4", "::/0"));
        assert!(ip("10.1.0.0/16", "10.0.0.0/8"));
        assert!(!ip("10.1.0.0/8", "10.1.0.0/16"));
        for text in ["", "1.2.3", "1.2.3.4/33", "1.2.3.4/x"] {
            assert!(!ip(text, "0.0.0.0/0"), "{text}");
        }
    }

    #[test]
    fn bytes_and_booleans() {
        assert!(binary("QmluYXJ5", "QmluYXJ5"));
        assert!(!binary("QQ==", "QQ"));
        assert!(!binary("QQ==", "Qg=="));
        assert!(!binary("%", "%"));
        assert!(boolean("TRUE", "true"));
        assert!(!boolean("true", "false"));
    }
}
