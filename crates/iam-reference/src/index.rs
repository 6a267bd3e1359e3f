//! The index: what is small enough to be read at once.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use crate::key::{Key, KeyType};
use crate::service::Service;

static TEXT: &str = include_str!("../data/index.tsv");
static PACKED: &[u8] = include_bytes!("../data/services.bin");
static INDEX: LazyLock<Index> = LazyLock::new(Index::read);

/// Where the data come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Source {
    /// Package on npm.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Date of the data, `YYYY-MM-DD`.
    pub date: &'static str,
}

#[derive(Debug, Default)]
struct Index {
    source: Source,
    globals: Vec<Key>,
    key_services: BTreeMap<&'static str, Vec<&'static str>>,
    services: BTreeMap<&'static str, Entry>,
}

#[derive(Debug)]
struct Entry {
    name: &'static str,
    packed: &'static [u8],
    service: OnceLock<Option<Service>>,
}

impl Index {
    /// Lines that cannot be read are left out; a test holds the whole to the package that it was made from.
    fn read() -> Self {
        let mut index = Self::default();
        for line in TEXT.lines() {
            let fields: Vec<&'static str> = line.split('\t').collect();
            match fields.as_slice() {
                ["source", package, version, date] => {
                    index.source = Source { package, version, date };
                }
                ["global", name, kind] => {
                    let kind = KeyType::parse(kind);
                    index.globals.extend(kind.map(|kind| Key::new(name, kind)));
                }
                ["keys", prefix, services] => {
                    index.key_services.insert(prefix, services.split(',').collect());
                }
                ["service", prefix, start, length, name] => {
                    if let Some(packed) = packed(start, length) {
                        let service = OnceLock::new();
                        index.services.insert(prefix, Entry { name, packed, service });
                    }
                }
                _ => {}
            }
        }
        index
    }
}

fn packed(start: &str, length: &str) -> Option<&'static [u8]> {
    let start: usize = start.parse().ok()?;
    let end = start.checked_add(length.parse().ok()?)?;
    PACKED.get(start..end)
}

/// Where the data come from, and their date.
pub fn source() -> Source {
    INDEX.source
}

/// The prefixes of all services, in order.
pub fn services() -> impl Iterator<Item = &'static str> {
    INDEX.services.keys().copied()
}

/// Whether a service has this prefix, in any case; nothing is unpacked to know it.
pub fn is_service(prefix: &str) -> bool {
    INDEX.services.contains_key(prefix.to_ascii_lowercase().as_str())
}

/// The service with this prefix, in any case.
pub fn service(prefix: &str) -> Option<&'static Service> {
    let (prefix, entry) = INDEX.services.get_key_value(prefix.to_ascii_lowercase().as_str())?;
    entry
        .service
        .get_or_init(|| Service::unpack(prefix, entry.name, entry.packed))
        .as_ref()
}

/// The condition keys that AWS calls global: any request may carry them, those of tags and the like where they apply
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>).
pub fn global_keys() -> &'static [Key] {
    &INDEX.globals
}

/// The global condition key of this name, in any case.
pub fn global_key(name: &str) -> Option<&'static Key> {
    INDEX.globals.iter().find(|key| key.is(name))
}

/// The services whose actions know condition keys of a prefix that is no service's own, such as `saml` or
/// `token.actions.githubusercontent.com`, with the placeholders of some: prefix and services.
pub fn key_services() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    INDEX
        .key_services
        .iter()
        .map(|(prefix, services)| (*prefix, services.as_slice()))
}
