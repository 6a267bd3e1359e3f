//! Forms of text that the provider's code reads with a parser. Where a parser of ours could be stricter than the
//! provider's, it is lenient.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use regex_lite::Regex;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// A form of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// An ARN whose partition, Region, account and resource have their forms.
    Arn,
    /// Six parts after one another, the first of them `arn`.
    ArnParts,
    /// JSON.
    Json,
    /// A JSON object.
    JsonObject,
    /// A time as `2024-01-31T12:00:00Z`.
    Rfc3339,
    /// An address and the length of its prefix.
    Cidr,
    /// An IPv4 address and the length of its prefix.
    Ipv4Cidr,
    /// An IPv6 address and the length of its prefix.
    Ipv6Cidr,
    /// The first address of an IPv6 network, and the length of its prefix.
    Ipv6CidrNetwork,
    /// The first address of a network, and the length of its prefix.
    CidrNetwork,
    /// The first address of an IPv4 network, and the length of its prefix.
    Ipv4CidrNetwork,
    /// An IP address.
    Ip,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
}

impl Form {
    /// All of them; a stricter one before those that it is part of.
    pub const ALL: [Self; 14] = [
        Self::Arn,
        Self::ArnParts,
        Self::JsonObject,
        Self::Json,
        Self::Rfc3339,
        Self::Ipv4CidrNetwork,
        Self::Ipv4Cidr,
        Self::Ipv6CidrNetwork,
        Self::Ipv6Cidr,
        Self::CidrNetwork,
        Self::Cidr,
        Self::Ipv4,
        Self::Ipv6,
        Self::Ip,
    ];

    /// Whether a text has it.
    pub fn has(self, text: &str) -> bool {
        match self {
            Self::Arn => arn(text),
            Self::ArnParts => text.starts_with("arn:") && text.matches(':').count() >= 5,
            Self::Json => serde_json::from_str::<IgnoredAny>(text).is_ok(),
            Self::JsonObject => text.trim_start().starts_with('{') && Self::Json.has(text),
            Self::Rfc3339 => rfc3339(text),
            Self::Cidr => cidr(text).is_some(),
            Self::Ipv4Cidr => cidr(text).is_some_and(|(address, _)| address.is_v4()),
            Self::Ipv6Cidr => cidr(text).is_some_and(|(address, _)| !address.is_v4()),
            Self::CidrNetwork => cidr(text).is_some_and(starts_network),
            Self::Ipv4CidrNetwork => cidr(text).is_some_and(|cidr| cidr.0.is_v4() && starts_network(cidr)),
            Self::Ipv6CidrNetwork => cidr(text).is_some_and(|cidr| !cidr.0.is_v4() && starts_network(cidr)),
            Self::Ip => address(text).is_some(),
            Self::Ipv4 => address(text).is_some_and(Address::is_v4),
            Self::Ipv6 => address(text).is_some_and(|address| !address.is_v4()),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Arn => "an ARN (arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, the account twelve digits or empty)",
            Self::ArnParts => "an ARN (arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE)",
            Self::Json => "JSON",
            Self::JsonObject => "a JSON object",
            Self::Rfc3339 => "a time such as 2024-01-31T12:00:00Z",
            Self::Cidr => "a CIDR block",
            Self::Ipv4Cidr => "an IPv4 CIDR block",
            Self::CidrNetwork => "a CIDR block that begins with the first address of its network",
            Self::Ipv4CidrNetwork => "an IPv4 CIDR block that begins with the first address of its network",
            Self::Ipv6Cidr => "an IPv6 CIDR block",
            Self::Ipv6CidrNetwork => "an IPv6 CIDR block that begins with the first address of its network",
            Self::Ip => "an IP address",
            Self::Ipv4 => "an IPv4 address",
            Self::Ipv6 => "an IPv6 address",
        })
    }
}

/// The parts as the provider discloses them in its messages.
fn arn(text: &str) -> bool {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        Regex::new(concat!(
            r"(?s)^arn:aws(-[a-z]+)*:[^:]*:",
            r"([a-z]{2}(-[a-z]+)+-[0-9]{1,2})?:",
            r"(aws|aws-managed|third-party|aws-marketplace|[0-9]{12}|cw.{10})?:.+$"
        ))
        .ok()
    });
    pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

/// A date and a time with an offset; that the day exists in its month is not looked at.
fn rfc3339(text: &str) -> bool {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        Regex::new(concat!(
            r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
            r"([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"
        ))
        .ok()
    });
    pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
}

#[derive(Clone, Copy)]
enum Address {
    V4(u32),
    V6(u128),
}

impl Address {
    const fn is_v4(self) -> bool {
        matches!(self, Self::V4(_))
    }
}

/// Whether all bits after the prefix are zero.
fn starts_network((address, length): (Address, u32)) -> bool {
    match address {
        Address::V4(bits) => bits.checked_shl(length).unwrap_or(0) == 0,
        Address::V6(bits) => bits.checked_shl(length).unwrap_or(0) == 0,
    }
}

fn address(text: &str) -> Option<Address> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(Address::V4(address.to_bits()));
    }
    // An IPv4 address in IPv6 is IPv4 to the provider.
    let address: Ipv6Addr = text.parse().ok()?;
    Some(match address.to_ipv4_mapped() {
        Some(mapped) => Address::V4(mapped.to_bits()),
        None => Address::V6(address.to_bits()),
    })
}

fn cidr(text: &str) -> Option<(Address, u32)> {
    let (before, length) = text.split_once('/')?;
    let address = address(before)?;
    if !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let length: u32 = length.parse().ok()?;
    let limit = match address {
        Address::V4(_) => 32,
        Address::V6(_) => 128,
    };
    (length <= limit).then_some((address, length))
}
