//! Writing the embedded form.

use std::collections::BTreeMap;

use super::{ATTRIBUTE_NESTINGS, BLOCK_NESTINGS, MAGIC, flag, tag};
use crate::schema::{AttributeSchema, BlockSchema, FunctionSchema, Kind, Parameter, ProviderSchema};
use crate::value::Type;

/// The embedded form of a schema.
pub(in crate::schema) fn encode(schema: &ProviderSchema) -> Vec<u8> {
    let mut encoder = Encoder::default();
    let configuration = encoder.block(schema.configuration());
    let indices = Kind::ALL.map(|kind| {
        schema
            .names(kind)
            .filter_map(|name| Some((encoder.string(name), encoder.block(schema.block(kind, name)?))))
            .collect::<Vec<_>>()
    });
    for (name, function) in schema.functions() {
        encoder.function(name, function);
    }
    let mut out = MAGIC.to_vec();
    for table in [
        &encoder.strings,
        &encoder.types,
        &encoder.attributes,
        &encoder.blocks,
        &encoder.functions,
    ] {
        table.write(&mut out);
    }
    for index in &indices {
        word(&mut out, index.len() as u64);
        for (name, block) in index {
            word(&mut out, *name);
            word(&mut out, *block);
        }
    }
    word(&mut out, configuration);
    out
}

/// Records, each once, numbered in the order in which they came.
#[derive(Default)]
struct Table {
    numbers: BTreeMap<Vec<u8>, u64>,
    records: Vec<Vec<u8>>,
}

impl Table {
    fn number(&mut self, record: Vec<u8>) -> u64 {
        if let Some(number) = self.numbers.get(&record) {
            return *number;
        }
        let number = self.records.len() as u64;
        self.records.push(record.clone());
        self.numbers.insert(record, number);
        number
    }

    fn write(&self, out: &mut Vec<u8>) {
        word(out, self.records.len() as u64);
        let mut end = 0;
        for record in &self.records {
            end += record.len() as u64;
            word(out, end);
        }
        out.extend(self.records.iter().flatten());
    }
}

#[derive(Default)]
struct Encoder {
    strings: Table,
    types: Table,
    attributes: Table,
    blocks: Table,
    functions: Table,
}

impl Encoder {
    fn string(&mut self, text: &str) -> u64 {
        self.strings.number(text.as_bytes().to_vec())
    }

    fn kind(&mut self, kind: &Type) -> u64 {
        let mut record = Vec::new();
        match kind {
            Type::Any => leb(&mut record, tag::ANY),
            Type::Bool => leb(&mut record, tag::BOOL),
            Type::Number => leb(&mut record, tag::NUMBER),
            Type::String => leb(&mut record, tag::STRING),
            Type::List(element) => self.collection(&mut record, tag::LIST, element),
            Type::Set(element) => self.collection(&mut record, tag::SET, element),
            Type::Map(element) => self.collection(&mut record, tag::MAP, element),
            Type::Tuple(elements) => {
                leb(&mut record, tag::TUPLE);
                leb(&mut record, elements.len() as u64);
                for element in elements {
                    let element = self.kind(element);
                    leb(&mut record, element);
                }
            }
            Type::Object(object) => {
                leb(&mut record, tag::OBJECT);
                leb(&mut record, object.attributes.len() as u64);
                for (name, attribute) in &object.attributes {
                    let optional = u64::from(object.optional.contains(name));
                    let (name, attribute) = (self.string(name), self.kind(attribute));
                    leb(&mut record, name << 1 | optional);
                    leb(&mut record, attribute);
                }
            }
        }
        self.types.number(record)
    }

    fn collection(&mut self, record: &mut Vec<u8>, tag: u64, element: &Type) {
        leb(record, tag);
        let element = self.kind(element);
        leb(record, element);
    }

    fn attribute(&mut self, name: &str, attribute: &AttributeSchema) -> u64 {
        let flags = [
            (attribute.required, flag::REQUIRED),
            (attribute.optional, flag::OPTIONAL),
            (attribute.computed, flag::COMPUTED),
            (attribute.deprecated, flag::DEPRECATED),
            (attribute.sensitive, flag::SENSITIVE),
            (attribute.write_only, flag::WRITE_ONLY),
            (attribute.nested.is_some(), flag::NESTED),
        ]
        .into_iter()
        .filter_map(|(set, flag)| set.then_some(flag))
        .sum();
        let mut record = Vec::new();
        leb(&mut record, self.string(name));
        leb(&mut record, flags);
        match &attribute.nested {
            // The type is made from the attributes again.
            Some(nested) => {
                leb(&mut record, position(&ATTRIBUTE_NESTINGS, nested.nesting));
                self.attributes(&mut record, &nested.attributes);
            }
            None => leb(&mut record, self.kind(&attribute.kind)),
        }
        self.attributes.number(record)
    }

    fn attributes(&mut self, record: &mut Vec<u8>, attributes: &BTreeMap<String, AttributeSchema>) {
        leb(record, attributes.len() as u64);
        for (name, attribute) in attributes {
            let number = self.attribute(name, attribute);
            leb(record, number);
        }
    }

    fn block(&mut self, block: &BlockSchema) -> u64 {
        let mut record = Vec::new();
        leb(&mut record, u64::from(block.deprecated));
        self.attributes(&mut record, &block.attributes);
        leb(&mut record, block.blocks.len() as u64);
        for (name, nested) in &block.blocks {
            let (name, block) = (self.string(name), self.block(&nested.block));
            leb(&mut record, name);
            leb(&mut record, position(&BLOCK_NESTINGS, nested.nesting));
            leb(&mut record, nested.min);
            leb(&mut record, nested.max.unwrap_or(0));
            leb(&mut record, block);
        }
        self.blocks.number(record)
    }

    fn function(&mut self, name: &str, function: &FunctionSchema) {
        let mut record = Vec::new();
        leb(&mut record, self.string(name));
        leb(&mut record, self.kind(&function.returns));
        leb(&mut record, u64::from(function.variadic.is_some()));
        leb(&mut record, function.parameters.len() as u64);
        for Parameter { name, kind, nullable } in function.parameters.iter().chain(&function.variadic) {
            let (name, kind) = (self.string(name), self.kind(kind));
            leb(&mut record, name << 1 | u64::from(*nullable));
            leb(&mut record, kind);
        }
        self.functions.number(record);
    }
}

fn position<T: PartialEq>(all: &[T], one: T) -> u64 {
    all.iter().take_while(|other| **other != one).count() as u64
}

/// A number outside a record. Schemas are far from 4 GiB; one that is not is cut here and unreadable.
fn word(out: &mut Vec<u8>, number: u64) {
    out.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

/// A number in a record.
fn leb(record: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        record.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    record.push(number as u8);
}
