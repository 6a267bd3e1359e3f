//! Comparison of single values that are not text: numbers, dates, addresses, bytes. `None` says that a side cannot be
//! read as its type, and AWS documents no outcome of that.

use std::cmp::Ordering;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::decimal::Decimal;
use crate::operator::{Relation, Test};

/// Whether two values that are not text stand in the relation that an operator asks for; never where one of them
/// cannot be read as what the operator compares. `None` for operators on text, ARNs and the absence of keys.
pub fn compare(test: Test, request: &str, policy: &str) -> Option<bool> {
    let compared = match test {
        Test::Numeric(relation) => numeric(relation, request, policy),
        Test::Date(relation) => date(relation, request, policy),
        Test::Bool => Some(boolean(request, policy)),
        Test::BinaryEquals => binary(request, policy),
        Test::IpAddress => ip(request, policy),
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike | Test::Arn { .. } | Test::Null => {
            return None;
        }
    };
    Some(compared.unwrap_or(false))
}

/// Integers and decimals of any length.
pub(super) fn numeric(relation: Relation, request: &str, policy: &str) -> Option<bool> {
    let order = Decimal::parse(request)?.cmp(&Decimal::parse(policy)?);
    Some(fits(relation, order))
}

/// Points in time: ISO 8601 in the W3C profile, or seconds since 1970.
pub(super) fn date(relation: Relation, request: &str, policy: &str) -> Option<bool> {
    Some(fits(relation, instant(request)?.cmp(&instant(policy)?)))
}

/// Booleans, without case.
pub(super) fn boolean(request: &str, policy: &str) -> bool {
    request.eq_ignore_ascii_case(policy)
}

/// Bytes, both sides in Base64.
pub(super) fn binary(request: &str, policy: &str) -> Option<bool> {
    Some(STANDARD.decode(request).ok()? == STANDARD.decode(policy).ok()?)
}

/// An address, or a range within the policy's range. An address without prefix length is one address.
pub(super) fn ip(request: &str, policy: &str) -> Option<bool> {
    let ((a, a_bits), (b, b_bits)) = (range(request)?, range(policy)?);
    Some(a_bits >= b_bits && same_prefix(a, b, b_bits))
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

    const HOLDS: Option<bool> = Some(true);
    const FAILS: Option<bool> = Some(false);

    #[test]
    fn numbers() {
        assert_eq!(numeric(Relation::Equals, "10", "10.0"), HOLDS);
        assert_eq!(numeric(Relation::LessThan, "-1", "0"), HOLDS);
        assert_eq!(numeric(Relation::GreaterThanEquals, "3.5", "3.5"), HOLDS);
        assert_eq!(numeric(Relation::GreaterThan, "3", "3"), FAILS);
        // Both are the same double.
        let (a, b) = ("9007199254740993", "9007199254740992");
        assert_eq!(numeric(Relation::Equals, a, b), FAILS);
        assert_eq!(numeric(Relation::GreaterThan, a, b), HOLDS);
        for text in ["", "x", "nan", "inf", "1_0", "0x1"] {
            assert_eq!(numeric(Relation::Equals, text, "1"), None, "{text}");
            assert_eq!(numeric(Relation::Equals, "1", text), None, "{text}");
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
            assert_eq!(date(Relation::Equals, text, second), HOLDS, "{text}");
        }
        assert_eq!(date(Relation::LessThan, "2019-12-31T23:59:59.999Z", second), HOLDS);
        assert_eq!(date(Relation::GreaterThan, "1577836801", second), HOLDS);
        // The W3C profile has no time without a zone.
        for text in ["", "yesterday", "2020-13", "2020-01-01T00:00:00"] {
            assert_eq!(date(Relation::LessThanEquals, text, second), None, "{text}");
            assert_eq!(date(Relation::GreaterThan, second, text), None, "{text}");
        }
    }

    #[test]
    fn addresses_and_ranges() {
        assert_eq!(ip("203.0.113.7", "203.0.113.0/24"), HOLDS);
        assert_eq!(ip("203.0.114.7", "203.0.113.0/24"), FAILS);
        assert_eq!(ip("203.0.113.7", "203.0.113.7"), HOLDS);
        assert_eq!(ip("1.2.3.4", "0.0.0.0/0"), HOLDS);
        assert_eq!(ip("2001:db8:1234:5678::1", "2001:DB8:1234:5678::/64"), HOLDS);
        assert_eq!(ip("2001:db8:1234:5679::1", "2001:DB8:1234:5678::/64"), FAILS);
        assert_eq!(ip("1.2.3.4", "::/0"), FAILS);
        assert_eq!(ip("10.1.0.0/16", "10.0.0.0/8"), HOLDS);
        assert_eq!(ip("10.1.0.0/8", "10.1.0.0/16"), FAILS);
        for text in ["", "1.2.3", "1.2.3.4/33", "1.2.3.4/x"] {
            assert_eq!(ip(text, "0.0.0.0/0"), None, "{text}");
            assert_eq!(ip("0.0.0.0", text), None, "{text}");
        }
    }

    #[test]
    fn bytes_and_booleans() {
        assert_eq!(binary("QmluYXJ5", "QmluYXJ5"), HOLDS);
        assert_eq!(binary("QQ==", "Qg=="), FAILS);
        assert_eq!(binary("QQ==", "QQ"), None);
        assert_eq!(binary("%", "QQ=="), None);
        assert!(boolean("TRUE", "true"));
        assert!(!boolean("true", "false"));
    }
}
