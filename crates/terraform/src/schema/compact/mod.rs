//! The embedded form of a schema.
//!
//! Equal names, types, attributes and blocks are stored once and referred to by number; a block comes after the blocks
//! in it. That is a thirtieth of the JSON without another layer of compression, and each part can be read alone:
//!
//! ```text
//! magic                             8 bytes
//! five tables                       strings, types, attributes, blocks, functions
//!     count                         u32
//!     end of each record            u32, from the start of the records
//!     records
//! three indices                     resources, data sources, ephemeral resources, sorted by name
//!     count                         u32
//!     name, block                   u32 each
//! number of the provider block      u32
//! ```
//!
//! Numbers outside records are little-endian; in records they are LEB128.

mod decode;
mod encode;

pub(super) use decode::Compact;
pub(super) use encode::encode;

use super::{AttributeNesting, BlockNesting};

/// First bytes of the form; the last one counts its versions.
const MAGIC: &[u8; 8] = b"TFSCHEM\x01";

/// Flags of an attribute.
mod flag {
    pub const REQUIRED: u64 = 1;
    pub const OPTIONAL: u64 = 1 << 1;
    pub const COMPUTED: u64 = 1 << 2;
    pub const DEPRECATED: u64 = 1 << 3;
    pub const SENSITIVE: u64 = 1 << 4;
    pub const WRITE_ONLY: u64 = 1 << 5;
    pub const NESTED: u64 = 1 << 6;
}

/// First number of a type.
mod tag {
    pub const ANY: u64 = 0;
    pub const BOOL: u64 = 1;
    pub const NUMBER: u64 = 2;
    pub const STRING: u64 = 3;
    pub const LIST: u64 = 4;
    pub const SET: u64 = 5;
    pub const MAP: u64 = 6;
    pub const TUPLE: u64 = 7;
    pub const OBJECT: u64 = 8;
}

const BLOCK_NESTINGS: [BlockNesting; 5] = [
    BlockNesting::Single,
    BlockNesting::Group,
    BlockNesting::List,
    BlockNesting::Set,
    BlockNesting::Map,
];

const ATTRIBUTE_NESTINGS: [AttributeNesting; 4] = [
    AttributeNesting::Single,
    AttributeNesting::List,
    AttributeNesting::Set,
    AttributeNesting::Map,
];
