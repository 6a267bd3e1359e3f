//! Reading the embedded form. What does not have it reads as absent; a test compares the embedded ones with the provider.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::{ATTRIBUTE_NESTINGS, BLOCK_NESTINGS, MAGIC, flag, tag};
use crate::schema::{AttributeSchema, BlockSchema, FunctionSchema, Kind, NestedAttributes, NestedBlock, Parameter};
use crate::value::{ObjectType, Type};

/// A schema in its embedded form, and what was decoded of it.
#[derive(Debug)]
pub(in crate::schema) struct Compact {
    strings: Table,
    types: Table,
    attributes: Table,
    functions: Table,
    blocks: Table,
    indices: [&'static [u8]; 3],
    configuration: usize,
    /// Each block once; equal ones are shared by all that hold them.
    decoded: Vec<OnceLock<Option<Arc<BlockSchema>>>>,
    decoded_functions: OnceLock<BTreeMap<String, FunctionSchema>>,
}

impl Compact {
    pub(in crate::schema) fn open(bytes: &'static [u8]) -> Self {
        let mut rest = bytes.strip_prefix(MAGIC.as_slice()).unwrap_or_default();
        let [strings, types, attributes, blocks, functions] = [(); 5].map(|()| Table::take(&mut rest));
        let indices = [(); 3].map(|()| take_index(&mut rest).unwrap_or_default());
        Self {
            strings,
            types,
            attributes,
            functions,
            decoded: (0..blocks.len()).map(|_| OnceLock::new()).collect(),
            blocks,
            indices,
            configuration: take_word(&mut rest).unwrap_or(usize::MAX),
            decoded_functions: OnceLock::new(),
        }
    }

    pub(in crate::schema) fn configuration(&self) -> Option<&Arc<BlockSchema>> {
        self.decoded_block(self.configuration)
    }

    pub(in crate::schema) fn block(&self, kind: Kind, name: &str) -> Option<&Arc<BlockSchema>> {
        let (mut from, mut to) = (0, self.index(kind).len() / 8);
        while from < to {
            let middle = from.midpoint(to);
            let (found, block) = self.entry(kind, middle)?;
            match found.cmp(name) {
                Ordering::Less => from = middle + 1,
                Ordering::Greater => to = middle,
                Ordering::Equal => return self.decoded_block(block),
            }
        }
        None
    }

    pub(in crate::schema) fn names(&self, kind: Kind) -> impl Iterator<Item = &str> {
        (0..self.index(kind).len() / 8).filter_map(move |position| Some(self.entry(kind, position)?.0))
    }

    pub(in crate::schema) fn functions(&self) -> &BTreeMap<String, FunctionSchema> {
        self.decoded_functions.get_or_init(|| {
            (0..self.functions.len())
                .filter_map(|number| self.function(number))
                .collect()
        })
    }

    const fn index(&self, kind: Kind) -> &'static [u8] {
        let [resources, data_sources, ephemeral_resources] = self.indices;
        match kind {
            Kind::Resource => resources,
            Kind::DataSource => data_sources,
            Kind::EphemeralResource => ephemeral_resources,
        }
    }

    fn entry(&self, kind: Kind, position: usize) -> Option<(&str, usize)> {
        let mut entry = self.index(kind).get(position * 8..)?;
        let name = take_word(&mut entry)?;
        Some((self.string(name)?, take_word(&mut entry)?))
    }

    fn string(&self, number: usize) -> Option<&'static str> {
        std::str::from_utf8(self.strings.record(number)?).ok()
    }

    fn decoded_block(&self, number: usize) -> Option<&Arc<BlockSchema>> {
        self.decoded
            .get(number)?
            .get_or_init(|| self.read_block(number).map(Arc::new))
            .as_ref()
    }

    fn read_block(&self, number: usize) -> Option<BlockSchema> {
        let mut record = Record(self.blocks.record(number)?);
        let deprecated = record.number()? != 0;
        let attributes = self.read_attributes(&mut record)?;
        let mut blocks = BTreeMap::new();
        for _ in 0..record.number()? {
            let name = self.string(record.index()?)?.to_owned();
            let nesting = *BLOCK_NESTINGS.get(record.index()?)?;
            let (min, max) = (record.number()?, record.number()?);
            let inner = record.index()?;
            // A block comes after those in it, so that reading ends.
            if inner >= number {
                return None;
            }
            let nested = NestedBlock {
                nesting,
                min,
                max: (max > 0).then_some(max),
                block: Arc::clone(self.decoded_block(inner)?),
            };
            blocks.insert(name, nested);
        }
        Some(BlockSchema {
            attributes,
            blocks,
            deprecated,
        })
    }

    fn read_attributes(&self, record: &mut Record) -> Option<BTreeMap<String, AttributeSchema>> {
        (0..record.number()?)
            .map(|_| self.read_attribute(record.index()?))
            .collect()
    }

    fn read_attribute(&self, number: usize) -> Option<(String, AttributeSchema)> {
        let mut record = Record(self.attributes.record(number)?);
        let name = self.string(record.index()?)?.to_owned();
        let flags = record.number()?;
        let nested = if flags & flag::NESTED == 0 {
            None
        } else {
            Some(NestedAttributes {
                nesting: *ATTRIBUTE_NESTINGS.get(record.index()?)?,
                attributes: self.read_attributes(&mut record)?,
            })
        };
        let kind = match &nested {
            Some(nested) => nested.kind(),
            None => self.kind(record.index()?)?,
        };
        let attribute = AttributeSchema {
            kind,
            required: flags & flag::REQUIRED != 0,
            optional: flags & flag::OPTIONAL != 0,
            computed: flags & flag::COMPUTED != 0,
            deprecated: flags & flag::DEPRECATED != 0,
            sensitive: flags & flag::SENSITIVE != 0,
            write_only: flags & flag::WRITE_ONLY != 0,
            nested,
        };
        Some((name, attribute))
    }

    fn kind(&self, number: usize) -> Option<Type> {
        let mut record = Record(self.types.record(number)?);
        Some(match record.number()? {
            tag::ANY => Type::Any,
            tag::BOOL => Type::Bool,
            tag::NUMBER => Type::Number,
            tag::STRING => Type::String,
            tag::LIST => Type::List(Box::new(self.kind(record.index()?)?)),
            tag::SET => Type::Set(Box::new(self.kind(record.index()?)?)),
            tag::MAP => Type::Map(Box::new(self.kind(record.index()?)?)),
            tag::TUPLE => Type::Tuple(
                (0..record.number()?)
                    .map(|_| self.kind(record.index()?))
                    .collect::<Option<_>>()?,
            ),
            tag::OBJECT => {
                let mut object = ObjectType {
                    attributes: BTreeMap::new(),
                    optional: BTreeSet::new(),
                };
                for _ in 0..record.number()? {
                    let (name, optional) = self.flagged_name(&mut record)?;
                    if optional {
                        object.optional.insert(name.clone());
                    }
                    object.attributes.insert(name, self.kind(record.index()?)?);
                }
                Type::Object(object)
            }
            _ => return None,
        })
    }

    fn function(&self, number: usize) -> Option<(String, FunctionSchema)> {
        let mut record = Record(self.functions.record(number)?);
        let name = self.string(record.index()?)?.to_owned();
        let returns = self.kind(record.index()?)?;
        let variadic = record.number()? != 0;
        let parameters = (0..record.number()?)
            .map(|_| self.parameter(&mut record))
            .collect::<Option<_>>()?;
        let function = FunctionSchema {
            parameters,
            variadic: if variadic {
                Some(self.parameter(&mut record)?)
            } else {
                None
            },
            returns,
        };
        Some((name, function))
    }

    fn parameter(&self, record: &mut Record) -> Option<Parameter> {
        let (name, nullable) = self.flagged_name(record)?;
        let kind = self.kind(record.index()?)?;
        Some(Parameter { name, kind, nullable })
    }

    fn flagged_name(&self, record: &mut Record) -> Option<(String, bool)> {
        let number = record.index()?;
        Some((self.string(number >> 1)?.to_owned(), number & 1 == 1))
    }
}

/// Records of any length, by number.
#[derive(Debug, Default)]
struct Table {
    ends: &'static [u8],
    records: &'static [u8],
}

impl Table {
    fn take(rest: &mut &'static [u8]) -> Self {
        Self::try_take(rest).unwrap_or_default()
    }

    fn try_take(rest: &mut &'static [u8]) -> Option<Self> {
        let count = take_word(rest)?;
        let (ends, after) = rest.split_at_checked(count.checked_mul(4)?)?;
        let mut table = Self { ends, records: &[] };
        let size = count.checked_sub(1).map_or(Some(0), |last| table.end(last))?;
        let (records, after) = after.split_at_checked(size)?;
        table.records = records;
        *rest = after;
        Some(table)
    }

    const fn len(&self) -> usize {
        self.ends.len() / 4
    }

    fn end(&self, number: usize) -> Option<usize> {
        take_word(&mut self.ends.get(number * 4..)?)
    }

    fn record(&self, number: usize) -> Option<&'static [u8]> {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.end(before))?;
        self.records.get(start..self.end(number)?)
    }
}

/// The rest of a record.
struct Record(&'static [u8]);

impl Record {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn index(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }
}

fn take_index(rest: &mut &'static [u8]) -> Option<&'static [u8]> {
    let count = take_word(rest)?;
    let (index, after) = rest.split_at_checked(count.checked_mul(8)?)?;
    *rest = after;
    Some(index)
}

fn take_word(rest: &mut &[u8]) -> Option<usize> {
    let (word, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    usize::try_from(u32::from_le_bytes(*word)).ok()
}
