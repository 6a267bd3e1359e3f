//! Functions of address ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::arguments::{CallError, number, text, whole};
use super::strings::string;
use super::{Implementation, Scope};
use crate::value::{Type, Value};

pub fn implementation(name: &str) -> Option<Implementation> {
    Implementation::known(match name {
        "cidrhost" => host,
        "cidrnetmask" => mask,
        "cidrsubnet" => subnet,
        "cidrsubnets" => subnets,
        _ => return None,
    })
}

/// A range of addresses: those that agree with `base` in the first `length` of `bits` bits.
#[derive(Clone, Copy)]
struct Range {
    base: u128,
    length: u32,
    bits: u32,
}

impl Range {
    /// Reads `10.0.0.0/8`. Octets may have leading zeros, which Terraform reads as decimal.
    fn parse(text: &str) -> Result<Self, CallError> {
        let refused = || {
            CallError::argument(
                0,
                format!("{text:?} is no address range such as \"10.0.0.0/16\" or \"fd00::/64\""),
            )
        };
        let (address, length) = text.split_once('/').ok_or_else(refused)?;
        let (base, bits) = if address.contains(':') {
            let address: Ipv6Addr = address.parse().map_err(|_| refused())?;
            (u128::from(address), 128)
        } else {
            let octets: Vec<&str> = address.split('.').collect();
            if octets
                .iter()
                .any(|octet| !octet.bytes().all(|digit| digit.is_ascii_digit()))
            {
                return Err(refused());
            }
            let octets: Vec<u8> = octets
                .into_iter()
                .map(str::parse)
                .collect::<Result<_, _>>()
                .map_err(|_| refused())?;
            let octets: [u8; 4] = octets.try_into().map_err(|_| refused())?;
            (u128::from(u32::from(Ipv4Addr::from(octets))), 32)
        };
        if !length.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(refused());
        }
        let length: u32 = length.parse().map_err(|_| refused())?;
        if length > bits {
            return Err(refused());
        }
        Ok(Self {
            base: base & Self::ones(length, bits),
            length,
            bits,
        })
    }

    /// The mask with the first `length` of `bits` bits.
    fn ones(length: u32, bits: u32) -> u128 {
        let all = Self::largest(bits);
        all & !Self::largest(bits.saturating_sub(length))
    }

    /// The largest number of so many bits.
    fn largest(bits: u32) -> u128 {
        u128::MAX.checked_shr(128 - bits.min(128)).unwrap_or(0)
    }

    fn address(self, address: u128) -> String {
        if self.bits == 32 {
            u32::try_from(address).map_or_else(|_| String::new(), |address| Ipv4Addr::from(address).to_string())
        } else {
            match IpAddr::V6(Ipv6Addr::from(address)) {
                // Go writes an address of the old kind as such.
                IpAddr::V6(address) => match address.to_ipv4_mapped() {
                    Some(old) => old.to_string(),
                    None => address.to_string(),
                },
                IpAddr::V4(address) => address.to_string(),
            }
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.address(self.base), self.length)
    }
}

const UNKNOWN: Value = Value::Unknown(Type::String);

fn host(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(wanted) = number(arguments, 1) else {
        return Ok(UNKNOWN);
    };
    if wanted.is_fraction() {
        return Err(CallError::argument(1, "it must be a whole number"));
    }
    let range = Range::parse(text(arguments, 0))?;
    let Some(wanted) = wanted.as_integer() else {
        return Ok(UNKNOWN);
    };
    let largest = Range::largest(range.bits - range.length);
    // Negative numbers count from the end.
    let distance = if wanted < 0 {
        wanted.unsigned_abs() - 1
    } else {
        wanted.unsigned_abs()
    };
    if distance > largest {
        return Err(CallError::argument(
            1,
            format!("the range {} has no host {wanted}", range.text()),
        ));
    }
    let host = if wanted < 0 { largest - distance } else { distance };
    string(&range.address(range.base | host))
}

fn mask(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let range = Range::parse(text(arguments, 0))?;
    if range.bits != 32 {
        return Err(CallError::argument(0, "ranges of IPv6 have no netmask"));
    }
    string(&range.address(Range::ones(range.length, range.bits)))
}

fn subnet(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let Some(wanted) = number(arguments, 2) else {
        return Ok(UNKNOWN);
    };
    if wanted.is_fraction() {
        return Err(CallError::argument(2, "it must be a whole number"));
    }
    let bits = whole(arguments, 1)?;
    let range = Range::parse(text(arguments, 0))?;
    let (Some(bits), Some(wanted)) = (bits, wanted.as_integer()) else {
        return Ok(UNKNOWN);
    };
    // What negative numbers do is an accident of the implementation.
    let (Ok(bits), Ok(wanted)) = (u32::try_from(bits), u128::try_from(wanted)) else {
        return Ok(Value::unknown());
    };
    let Some(length) = range.length.checked_add(bits).filter(|length| *length <= range.bits) else {
        return Err(CallError::argument(
            1,
            format!("the prefix of {} cannot be extended by {bits} bits", range.text()),
        ));
    };
    if wanted > Range::largest(bits) {
        return Err(CallError::argument(
            2,
            format!(
                "there is no subnet {wanted}: {bits} bits number {} of them",
                Range::largest(bits) + 1
            ),
        ));
    }
    let base = range.base | wanted.checked_shl(range.bits - length).unwrap_or(0);
    string(&Range { base, length, ..range }.text())
}

fn subnets(arguments: &[Value], _: &dyn Scope) -> Result<Value, CallError> {
    let unknown = Ok(Value::Unknown(Type::List(Box::new(Type::String))));
    let range = Range::parse(text(arguments, 0))?;
    let end = range.base | Range::largest(range.bits - range.length);
    let mut next = Some(range.base);
    let mut found = Vec::new();
    for index in 1..arguments.len() {
        let Some(bits) = whole(arguments, index)? else {
            return unknown;
        };
        if !(1..=32).contains(&bits) {
            return Err(CallError::argument(index, "a prefix is extended by 1 to 32 bits"));
        }
        let length = u32::try_from(bits).ok().map(|bits| range.length + bits);
        let Some(length) = length.filter(|length| *length <= range.bits) else {
            return Err(CallError::argument(
                index,
                format!("the prefix of {} cannot be extended by {bits} bits", range.text()),
            ));
        };
        let size = Range::largest(range.bits - length);
        // Subnets begin at multiples of their size.
        let base = next.and_then(|next| Some(next.checked_add(size)? & !size));
        let Some((base, last)) = base
            .and_then(|base| Some((base, base.checked_add(size)?)))
            .filter(|(_, last)| *last <= end)
        else {
            return Err(CallError::argument(
                index,
                format!(
                    "there is no room left in {} for a subnet with a prefix of {length} bits",
                    range.text()
                ),
            ));
        };
        next = last.checked_add(1);
        found.push(Value::String(Range { base, length, ..range }.text()));
    }
    Ok(Value::List(Type::String, found))
}
