//! The structural pass: every block and argument against the schema, all faults in one go. What is faulty is dropped,
//! so that what is left fits the raw types, and remembered, so that nobody misses it later.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::structure::{Attribute, Block, BlockLabel, Body, Structure};

use super::evaluate::evaluate;
use super::node::{Key, Node, Value};
use super::shape::{Field, Shape, Table};
use super::syntax::Parsed;
use super::{Faulty, values};
use crate::diagnostic::{Diagnostic, Source, nearest};

/// Blocks of the design that this version does not have, with what they are for.
const LATER: [(&str, &str); 3] = [
    ("quota", "quotas"),
    ("telemetry", "telemetry"),
    ("package", "bundle for developers"),
];

/// The well-formed part of a file.
pub fn check(
    source: &Arc<Source>,
    parsed: &Parsed,
    root: &Table,
    faulty: &mut Faulty,
    diagnostics: &mut Vec<Diagnostic>,
) -> Node {
    let mut pass = Pass {
        source,
        parsed,
        faulty,
        diagnostics,
    };
    let start_of_file = 0..0;
    let place = Place {
        path: String::new(),
        shown: "the deployment file".to_owned(),
        header: start_of_file,
    };
    let file = 0..source.text.len();
    pass.body(&parsed.body, root, &place, &file)
}

struct Pass<'a> {
    source: &'a Arc<Source>,
    parsed: &'a Parsed,
    faulty: &'a mut Faulty,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Where a body stands.
struct Place {
    /// Path with a trailing dot; empty at the top.
    path: String,
    /// As it is called in messages.
    shown: String,
    /// Bytes of the block's header.
    header: Range<usize>,
}

impl Place {
    fn block(&self, name: &Key) -> Self {
        Self {
            path: format!("{}{}.", self.path, name.name),
            shown: format!("`{}`", name.name),
            header: name.span.clone(),
        }
    }

    fn labelled(&self, name: &Key, label: &Key) -> Self {
        Self {
            path: format!("{}{}.{}.", self.path, name.name, label.name),
            shown: format!("`{} \"{}\"`", name.name, label.name),
            header: name.span.start..label.span.end,
        }
    }
}

/// A field of a body that was found, with the place where it was found first.
struct Found {
    key: Key,
    node: Node,
    /// Places of the labels so far, for blocks that have one.
    labels: HashMap<String, Range<usize>>,
}

impl Found {
    fn new(key: Key, node: Node) -> Self {
        Self {
            key,
            node,
            labels: HashMap::new(),
        }
    }
}

impl Pass<'_> {
    /// The content of one block.
    fn body(&mut self, body: &Body, table: &Table, place: &Place, span: &Range<usize>) -> Node {
        let mut found: Vec<Found> = Vec::new();
        let mut excused: BTreeSet<String> = self.blanked(body, span);
        for name in &excused {
            self.faulty.insert(&format!("{}{name}", place.path));
        }
        for structure in body {
            let name = self.name(structure);
            match table.fields.get(&name.name) {
                Some(field) => {
                    excused.insert(name.name.clone());
                    self.field(structure, name, field, place, &mut found);
                }
                None => excused.extend(self.unknown(structure, &name, table, place)),
            }
        }
        for name in excused
            .iter()
            .filter(|name| !found.iter().any(|entry| entry.key.name == **name))
        {
            self.faulty.insert(&format!("{}{name}", place.path));
        }
        for (name, field) in table
            .fields
            .iter()
            .filter(|(name, field)| field.required && !excused.contains(*name))
        {
            self.missing(name, field, place);
        }
        Node {
            value: Value::Object(found.into_iter().map(|entry| (entry.key, entry.node)).collect()),
            span: place.header.clone(),
        }
    }

    /// Names that may have stood in this body, but not in a block in it, where the syntax is broken.
    fn blanked(&self, body: &Body, span: &Range<usize>) -> BTreeSet<String> {
        let inner: Vec<Range<usize>> = body
            .iter()
            .filter(|structure| structure.is_block())
            .filter_map(|structure| structure.span())
            .collect();
        let here = |start: usize| span.contains(&start) && !inner.iter().any(|inner| inner.contains(&start));
        let parts = self.parsed.blanked.iter().filter(|part| here(part.span.start));
        parts.flat_map(|part| part.names.iter().cloned()).collect()
    }

    /// The name under which a structure stands in the file.
    fn name(&self, structure: &Structure) -> Key {
        let ident = match structure {
            Structure::Attribute(attribute) => &attribute.key,
            Structure::Block(block) => &block.ident,
        };
        let span = ident.span().unwrap_or(0..0);
        let name = match self.parsed.repeated.get(&span.start) {
            Some(name) => name.clone(),
            None => ident.as_str().to_owned(),
        };
        Key { name, span }
    }

    fn field(&mut self, structure: &Structure, name: Key, field: &Field, place: &Place, found: &mut Vec<Found>) {
        match structure {
            Structure::Attribute(attribute) if field.shape.is_block() => self.block_expected(attribute, &name, field),
            Structure::Attribute(attribute) => {
                if let Some(first) = found.iter().find(|entry| entry.key.name == name.name) {
                    let fault = Diagnostic::error(format!("`{}` is set twice", name.name))
                        .at(self.source, name.span, "expected each argument once")
                        .also(self.source, first.key.span.clone(), "first set here");
                    self.diagnostics.push(fault);
                } else if let Some(node) = self.argument(attribute, field, &format!("{}{}", place.path, name.name)) {
                    found.push(Found::new(name, node));
                }
            }
            Structure::Block(block) => match &field.shape {
                Shape::Table(table) => self.single(block, name, table, place, found),
                Shape::Map { value, label } if field.shape.is_block() => {
                    self.labelled(block, name, value, label, place, found);
                }
                Shape::List(inner) if field.shape.is_block() => self.repeated(block, name, inner, place, found),
                shape => {
                    let fault = Diagnostic::error(format!("`{}` is an argument, not a block", name.name)).at(
                        self.source,
                        name.span,
                        format!("expected `{} = {}`", name.name, field.sample()),
                    );
                    let fault = match shape {
                        Shape::Map { .. } => fault.help("put `=` before the brace"),
                        _ => fault,
                    };
                    self.diagnostics.push(fault);
                }
            },
        }
    }

    fn argument(&mut self, attribute: &Attribute, field: &Field, path: &str) -> Option<Node> {
        let node = evaluate(self.source, &attribute.value, self.diagnostics)?;
        if matches!(node.value, Value::Null) {
            if field.required {
                let fault = Diagnostic::error(format!("`{}` must not be null", attribute.key.as_str()));
                self.diagnostics
                    .push(fault.at(self.source, node.span, format!("expected {}", field.shape.describe())));
            }
            return None;
        }
        let mut context = values::Context {
            source: self.source,
            name: attribute.key.as_str(),
            within: "",
            faulty: false,
            diagnostics: self.diagnostics,
        };
        let node = context.fit(node, &field.shape);
        if context.faulty {
            self.faulty.insert(path);
        }
        node
    }

    fn single(&mut self, block: &Block, name: Key, table: &Table, place: &Place, found: &mut Vec<Found>) {
        self.no_label(block, &name);
        if let Some(first) = found.iter().find(|entry| entry.key.name == name.name) {
            let fault = Diagnostic::error(format!("there are two `{}` blocks", name.name))
                .at(self.source, name.span, "expected one block of this kind")
                .also(self.source, first.key.span.clone(), "first one here");
            self.diagnostics.push(fault);
            return;
        }
        let node = self.body(&block.body, table, &place.block(&name), &block_span(block));
        found.push(Found::new(name, node));
    }

    fn no_label(&mut self, block: &Block, name: &Key) {
        let Some(label) = block.labels.first() else { return };
        let fault = Diagnostic::error(format!("a `{}` block has no label", name.name));
        self.diagnostics
            .push(fault.at(self.source, label_span(label), format!("expected `{} {{`", name.name)));
    }

    fn repeated(&mut self, block: &Block, name: Key, inner: &Shape, place: &Place, found: &mut Vec<Found>) {
        let Shape::Table(table) = inner else { return };
        self.no_label(block, &name);
        let node = self.body(&block.body, table, &place.block(&name), &block_span(block));
        let earlier = found.iter_mut().find(|entry| entry.key.name == name.name);
        match earlier.map(|entry| &mut entry.node.value) {
            Some(Value::List(items)) => items.push(node),
            _ => {
                let list = Node {
                    value: Value::List(vec![node]),
                    span: name.span.clone(),
                };
                found.push(Found::new(name, list));
            }
        }
    }

    fn labelled(
        &mut self,
        block: &Block,
        name: Key,
        inner: &Shape,
        label_name: &str,
        place: &Place,
        found: &mut Vec<Found>,
    ) {
        let Shape::Table(table) = inner else { return };
        let [label] = block.labels.as_slice() else {
            let wanted = format!(
                "expected one label: `{} \"{}\" {{`",
                name.name,
                label_name.to_uppercase()
            );
            let message = match block.labels.is_empty() {
                true => format!("this `{}` block has no label", name.name),
                false => format!("this `{}` block has {} labels", name.name, block.labels.len()),
            };
            let fault = Diagnostic::error(message).at(self.source, name.span, wanted);
            self.diagnostics.push(fault);
            self.faulty.insert(&format!("{}{}", place.path, name.name));
            return;
        };
        let key = Key {
            name: label.as_str().to_owned(),
            span: label_span(label),
        };
        let slot = found.iter().position(|entry| entry.key.name == name.name);
        let slot = slot.unwrap_or_else(|| {
            let blocks = Node {
                value: Value::Object(Vec::new()),
                span: name.span.clone(),
            };
            found.push(Found::new(name.clone(), blocks));
            found.len() - 1
        });
        let node = self.body(&block.body, table, &place.labelled(&name, &key), &block_span(block));
        let Some(Found {
            node: Node {
                value: Value::Object(entries),
                ..
            },
            labels,
            ..
        }) = found.get_mut(slot)
        else {
            return;
        };
        match labels.entry(key.name.clone()) {
            Entry::Occupied(first) => {
                let fault = Diagnostic::error(format!("there are two blocks `{} \"{}\"`", name.name, key.name))
                    .at(self.source, key.span, "expected each label once")
                    .also(self.source, first.get().clone(), "first one here");
                self.diagnostics.push(fault);
            }
            Entry::Vacant(vacant) => {
                vacant.insert(key.span.clone());
                entries.push((key, node));
            }
        }
    }

    /// Reports a name that the schema does not have and returns the names that it was probably meant to be.
    fn unknown(&mut self, structure: &Structure, name: &Key, table: &Table, place: &Place) -> Vec<String> {
        if place.path.is_empty()
            && let Some((_, purpose)) = LATER.iter().find(|(later, _)| *later == name.name)
        {
            let fault = Diagnostic::error(format!("`{}` belongs to a later version of tfgen", name.name))
                .at(self.source, name.span.clone(), format!("this version has no {purpose}"))
                .help("leave the block out");
            self.diagnostics.push(fault);
            return Vec::new();
        }
        let kind = if structure.is_block() { "block" } else { "argument" };
        let place = &place.shown;
        let names = table.fields.keys().map(String::as_str);
        let meant = nearest(&name.name, names).map(str::to_owned);
        let mut fault = Diagnostic::error(format!("unknown {kind} `{}` in {place}", name.name));
        fault = match &meant {
            Some(meant) => fault.at(self.source, name.span.clone(), format!("did you mean `{meant}`?")),
            None => {
                let known: Vec<String> = table.fields.keys().map(|name| format!("`{name}`")).collect();
                fault
                    .at(self.source, name.span.clone(), format!("not known in {place}"))
                    .help(format!("{place} may hold {}", known.join(", ")))
            }
        };
        self.diagnostics.push(fault);
        meant.into_iter().collect()
    }

    fn block_expected(&mut self, attribute: &Attribute, name: &Key, field: &Field) {
        let label = match &field.shape {
            Shape::Map { label, .. } => format!(" \"{}\"", label.to_uppercase()),
            _ => String::new(),
        };
        let span = name.span.start..attribute.value.span().map_or(name.span.end, |value| value.start);
        let fault = Diagnostic::error(format!("`{}` is a block, not an argument", name.name)).at(
            self.source,
            span,
            format!("expected `{}{label} {{`, without `=`", name.name),
        );
        self.diagnostics.push(fault);
    }

    fn missing(&mut self, name: &str, field: &Field, place: &Place) {
        let written = match field.shape.is_block() {
            true => format!("{name} {{ … }}"),
            false => format!("{name} = {}", field.sample()),
        };
        let kind = if field.shape.is_block() { "block" } else { "argument" };
        let fault = Diagnostic::error(format!("{} has no {kind} `{name}`", place.shown))
            .at(self.source, place.header.clone(), format!("expected `{written}` in it"))
            .help(format!("`{name}`: {}", field.summary()));
        self.diagnostics.push(fault);
    }
}

fn block_span(block: &Block) -> Range<usize> {
    block.span().unwrap_or(0..0)
}

fn label_span(label: &BlockLabel) -> Range<usize> {
    label.span().unwrap_or(0..0)
}
