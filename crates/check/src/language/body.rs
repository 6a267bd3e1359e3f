//! Blocks against a provider's schema.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use findings::{Rule, Severity};
use terraform::ast::{Attribute, Block};
use terraform::module::{FileId, View};
use terraform::schema::validators::{self, Present};
use terraform::schema::{AttributeSchema, BlockNesting, BlockSchema, Kind, NestedBlock};
use terraform::value::{ObjectType, Type, Value};

use super::combinations;
use super::environment::Local;
use super::marks::{Mark, marked};
use super::mend;
use super::references::Place;
use super::rules;
use super::shape::Shape;
use super::walk::Walk;
use crate::apply;

/// Where a body stands.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'s> {
    /// What the expressions in it may refer to.
    pub place: Place<'s>,
    /// What the language itself gives a meaning there, and so is not the provider's.
    pub meta: Option<&'static Shape>,
    /// What the block is, for messages: `aws_s3_bucket.logs`, `block \`rule\``.
    pub what: &'s str,
    /// The place of the block's head.
    pub header: (FileId, &'s terraform::ast::Span),
    /// The resource that the body belongs to, whose provider has more to say of its values.
    pub subject: Option<(Kind, &'s str)>,
    /// The blocks around the body within the resource, with dots between them.
    pub path: &'s str,
    /// Whether the provider's code for it is of the old kind, which validates no nested block before all of it is known.
    pub legacy: bool,
}

impl Walk<'_, '_> {
    /// Checks a body against the schema of what it configures; returns what it sets.
    pub fn body(&mut self, view: &View<'_>, schema: &BlockSchema, setting: Setting<'_>) -> Present {
        let mut values = BTreeMap::new();
        let mut present = Present::default();
        // Of a block and its overrides Terraform takes what it knows, and passes over the rest.
        let unknown = if view.is_overridden() {
            Severity::Warning
        } else {
            Severity::Error
        };
        for (file, attribute) in view.attributes() {
            let name = attribute.name.text.as_str();
            if setting.meta.is_some_and(|meta| meta.argument(name).is_some()) {
                continue;
            }
            let place = Place { file, ..setting.place };
            if let Some(known) = schema.attributes.get(name) {
                let value = if place.local.unevaluated {
                    self.warned(|walk| walk.argument(attribute, known, place, setting))
                } else {
                    self.argument(attribute, known, place, setting)
                };
                present
                    .arguments
                    .insert(name.to_owned(), combinations::presence(&value));
                present.unknown |= !value.is_wholly_known();
                values.insert(name.to_owned(), value);
            } else if let Some(nested) = schema.blocks.get(name) {
                if view.is_json() {
                    self.json_blocks(attribute, nested, file, setting);
                    present.dynamic.insert(name.to_owned());
                } else {
                    self.block_as_argument(attribute, nested, place, setting);
                }
            } else if view.is_json()
                && (name == "dynamic" || setting.meta.is_some_and(|meta| meta.block(name).is_some()))
            {
                // Judged with the blocks of the language.
                present.dynamic.extend(combinations::keys(&attribute.value));
            } else {
                let finding = self
                    .finding(
                        &rules::UNKNOWN_ARGUMENT,
                        file,
                        &attribute.name.span,
                        format!("{} has no argument `{name}`", setting.what),
                    )
                    .severity(unknown)
                    .nearest(name, settable(schema));
                let at = self.sources.place(file, &attribute.name.span);
                let free = settable(schema).filter(|known| view.attribute(known).is_none());
                self.push(mend::slip(finding, at, name, free));
                self.value(&attribute.value, place);
            }
        }
        self.nested_blocks(view, schema, setting, &mut present);
        let is_escaped = setting.meta.is_some() && !view.blocks_of("_").is_empty();
        for (name, known) in &schema.attributes {
            let missing = match (view.attribute(name), values.get(name)) {
                (None, _) => known.required && !written_as_blocks(view, name, known) && !is_escaped,
                (Some(_), Some(Value::Null(_))) => known.required && !setting.place.local.unevaluated,
                _ => false,
            };
            if missing {
                let message = match view.attribute(name) {
                    None => format!("{} lacks the argument `{name}`, which must be set", setting.what),
                    Some(_) => format!("{} has null for `{name}`, which must be set", setting.what),
                };
                let (file, span) = match view.attribute(name) {
                    Some((file, attribute)) => (file, &attribute.value.span),
                    None => setting.header,
                };
                self.report(&rules::MISSING_ARGUMENT, file, span, message);
            }
        }
        present
    }

    fn argument(
        &mut self,
        attribute: &Attribute,
        known: &AttributeSchema,
        place: Place<'_>,
        setting: Setting<'_>,
    ) -> Value {
        let name = &attribute.name.text;
        if !known.configurable() {
            let value = self.value(&attribute.value, place);
            if matches!(value, Value::Null(_)) {
                return value;
            }
            self.report(
                &rules::READ_ONLY_ARGUMENT,
                place.file,
                &attribute.name.span,
                format!(
                    "`{name}` of {} is decided by the provider and cannot be set",
                    setting.what
                ),
            );
            return value;
        }
        let is_stored = |kind: &str| matches!(kind, "resource" | "data");
        let stored = place.inside.is_some_and(|inside| is_stored(&inside.block.kind.text)) && !known.write_only;
        if stored && marked(self.environment, &attribute.value, Mark::Ephemeral, true) {
            let message = format!("the value is ephemeral, and `{name}` of {} is stored", setting.what);
            self.report(&rules::INVALID_EXPRESSION, place.file, &attribute.value.span, message);
        }
        let what = format!("`{name}` of {}", setting.what);
        let value = self.typed(&attribute.value, &known.kind, place, &what);
        if let Some((kind, resource_type)) = setting.subject {
            let path = within(setting.path, name);
            let partial = matches!(known.kind, Type::Set(_)) && !value.is_wholly_known();
            for violation in validators::check(kind, resource_type, &path, &value) {
                // As with blocks that form a set.
                let severity = if partial { Severity::Warning } else { Severity::Error };
                let finding = self
                    .finding(
                        &apply::PROVIDER_VALUE,
                        place.file,
                        &attribute.value.span,
                        format!("{what}{}: {}", violation.at, violation.message),
                    )
                    .severity(severity)
                    .nearest(value.as_str().unwrap_or_default(), violation.allowed);
                self.push(finding);
            }
        }
        value
    }

    /// `name = …` where a block `name { … }` is wanted.
    fn block_as_argument(
        &mut self,
        attribute: &Attribute,
        nested: &NestedBlock,
        place: Place<'_>,
        setting: Setting<'_>,
    ) {
        let name = &attribute.name.text;
        let _ = nested;
        let finding = self
            .finding(
                &rules::UNKNOWN_ARGUMENT,
                place.file,
                &attribute.name.span,
                format!("`{name}` of {} is a block, not an argument", setting.what),
            )
            .help(format!("write `{name} {{ … }}` without `=`"));
        self.push(finding);
        self.value(&attribute.value, place);
    }

    fn nested_blocks(&mut self, view: &View<'_>, schema: &BlockSchema, setting: Setting<'_>, present: &mut Present) {
        let mut counts: BTreeMap<&str, (u64, bool)> = BTreeMap::new();
        let mut unknown = BTreeSet::new();
        let mut found = Vec::new();
        let mut passed = BTreeSet::new();
        for (file, block) in view.blocks() {
            let name = block.kind.text.as_str();
            if setting.meta.is_some_and(|meta| meta.block(name).is_some()) {
                continue;
            }
            let inner = Setting {
                place: Place { file, ..setting.place },
                ..setting
            };
            let before = self.sink.findings.len();
            // Where a provider's argument has a name that the language has a meaning for.
            if name == "_" && setting.meta.is_some() {
                continue;
            }
            if name == "dynamic" && !schema.blocks.contains_key("dynamic") {
                let Some((label, made, known)) = self.dynamic(block, file, schema, inner, &passed) else {
                    continue;
                };
                found.push((label, before..self.sink.findings.len()));
                if made.is_none() {
                    passed.insert(label);
                }
                present.dynamic.insert(label.to_owned());
                if !known {
                    unknown.insert(label);
                }
                if let Some((known, _)) = schema.blocks.get_key_value(label) {
                    let entry = counts.entry(known).or_default();
                    match made {
                        Some(made) => entry.0 += u64::try_from(made).unwrap_or(u64::MAX),
                        None => entry.1 = true,
                    }
                }
                continue;
            }
            if let Some((known, nested)) = schema.blocks.get_key_value(name) {
                counts.entry(known).or_default().0 += 1;
                let sets = if passed.contains(name) {
                    let local = Local {
                        passed: true,
                        ..inner.place.local.clone()
                    };
                    let place = Place {
                        local: &local,
                        ..inner.place
                    };
                    self.nested(block, nested, Setting { place, ..inner })
                } else {
                    self.nested(block, nested, inner)
                };
                found.push((name, before..self.sink.findings.len()));
                if passed.contains(name) {
                    self.passed_over(before, &REFERENCES);
                }
                if sets.unknown {
                    unknown.insert(name);
                }
                present.blocks.entry(name.to_owned()).or_default().push(sets);
            } else if let Some(attribute) = schema.attributes.get(name) {
                match element_of_blocks(attribute) {
                    Some(element) => {
                        let sets = self.object_block(block, element, inner);
                        present.blocks.entry(name.to_owned()).or_default().push(sets);
                    }
                    None => {
                        let finding = self
                            .finding(
                                &rules::UNKNOWN_BLOCK,
                                file,
                                &block.header,
                                format!("`{name}` of {} is an argument, not a block", setting.what),
                            )
                            .help(format!("write `{name} = …`"));
                        self.push(finding);
                        self.loose(&block.body, inner.place);
                    }
                }
            } else {
                let finding = self
                    .finding(
                        &rules::UNKNOWN_BLOCK,
                        file,
                        &block.header,
                        format!("{} has no block `{name}`", setting.what),
                    )
                    .severity(if view.is_overridden() {
                        Severity::Warning
                    } else {
                        Severity::Error
                    })
                    .nearest(name, schema.blocks.keys().map(String::as_str).chain(settable(schema)));
                self.push(finding);
                self.loose(&block.body, inner.place);
            }
        }
        present.unknown |= !unknown.is_empty();
        for (name, findings) in found {
            // Beside a `dynamic` block that makes nobody knows how many, all blocks of the type are one unknown value.
            if passed.contains(name) || setting.legacy && unknown.contains(name) {
                self.not_validated(findings);
            }
        }
        for (name, nested) in &schema.blocks {
            let (count, dynamic) = counts.get(name.as_str()).copied().unwrap_or_default();
            if view.is_json() && view.attribute(name).is_some() {
                continue;
            }
            if count < nested.min && !dynamic {
                let message = if count == 0 {
                    format!("{} lacks a block `{name}`, which must be there", setting.what)
                } else {
                    format!(
                        "{} needs at least {} blocks `{name}`, and has {count}",
                        setting.what, nested.min
                    )
                };
                self.report(&rules::BLOCK_COUNT, setting.header.0, setting.header.1, message);
            }
            let most = match nested.nesting {
                BlockNesting::Single | BlockNesting::Group => Some(1),
                _ => nested.max.filter(|max| *max > 0),
            };
            if most.is_some_and(|most| count > most) {
                let blocks = view.blocks_of(name);
                let most = most.unwrap_or_default();
                let times = if most == 1 {
                    "one block".to_owned()
                } else {
                    format!("{most} blocks")
                };
                match blocks.get(usize::try_from(most).unwrap_or(usize::MAX)) {
                    Some((file, block)) => {
                        let message = format!("{} takes at most {times} `{name}`, and this is one more", setting.what);
                        self.report(&rules::BLOCK_COUNT, *file, &block.header, message);
                    }
                    // A `dynamic` block makes some of them.
                    None => {
                        let message = format!("{} takes at most {times} `{name}`, and has {count}", setting.what);
                        self.report(&rules::BLOCK_COUNT, setting.header.0, setting.header.1, message);
                    }
                }
            }
        }
    }

    /// After a `dynamic` block that makes nobody knows how many blocks, Terraform looks at no further blocks of that type,
    /// but for what they refer to.
    pub fn passed_over(&mut self, first: usize, kept: &[&Rule]) {
        for finding in self.sink.findings.iter_mut().skip(first) {
            if !kept.iter().any(|rule| rule.id == finding.rule.id) {
                finding.severity = Severity::Warning;
            }
        }
    }

    /// The provider does not validate blocks that are not known yet, or that have a part which is not where its code is of
    /// the old kind: it refuses the value later.
    pub fn not_validated(&mut self, findings: Range<usize>) {
        for finding in self.sink.findings.get_mut(findings).into_iter().flatten() {
            if finding.rule.id == apply::PROVIDER_VALUE.id {
                finding.severity = Severity::Warning;
            }
        }
    }

    pub fn nested(&mut self, block: &Block, nested: &NestedBlock, setting: Setting<'_>) -> Present {
        let labels = usize::from(nested.nesting == BlockNesting::Map);
        self.labels(block, setting.place.file, labels);
        let what = format!("block `{}`", block.kind.text);
        let view = View::single(setting.place.file, &block.body);
        let inner = Setting {
            meta: None,
            what: &what,
            header: (setting.place.file, &block.header),
            path: &within(setting.path, &block.kind.text),
            ..setting
        };
        self.body(&view, &nested.block, inner)
    }

    /// Reports labels that a block should not have, or lacks.
    pub fn labels(&mut self, block: &Block, file: FileId, wanted: usize) {
        let count = block.labels.len();
        if count == wanted {
            return;
        }
        let kind = &block.kind.text;
        let (span, message) = match block.labels.get(wanted) {
            Some(extra) => (
                extra.span.clone(),
                format!("block `{kind}` takes {}, and this is one more", amount(wanted)),
            ),
            None => (
                block.header.clone(),
                format!("block `{kind}` takes {}, and has {}", amount(wanted), amount(count)),
            ),
        };
        self.report(&rules::BLOCK_LABELS, file, &span, message);
    }

    /// A block that stands for an element of an attribute: old providers take both.
    pub fn object_block(&mut self, block: &Block, element: &ObjectType, setting: Setting<'_>) -> Present {
        self.labels(block, setting.place.file, 0);
        let what = format!("block `{}`", block.kind.text);
        let schema = as_block(element);
        let view = View::single(setting.place.file, &block.body);
        let inner = Setting {
            meta: None,
            what: &what,
            header: (setting.place.file, &block.header),
            path: &within(setting.path, &block.kind.text),
            ..setting
        };
        self.body(&view, &schema, inner)
    }
}

/// What Terraform checks of references before it evaluates anything.
static REFERENCES: [&Rule; 6] = [
    &rules::UNDECLARED_REFERENCE,
    &rules::INVALID_REFERENCE,
    &rules::REFERENCE_SCOPE,
    &rules::INSTANCE_KEY,
    &rules::SELF_REFERENCE,
    &rules::UNKNOWN_ATTRIBUTE,
];

/// Whether an argument stands there as blocks, as old providers allow.
pub fn written_as_blocks(view: &View<'_>, name: &str, attribute: &AttributeSchema) -> bool {
    element_of_blocks(attribute).is_some()
        && view.blocks().iter().any(|(_, block)| {
            block.kind.text == name
                || (block.kind.text == "dynamic" && block.labels.first().is_some_and(|label| label.text == name))
        })
}

/// The object that each element of an argument is, where blocks may stand for it.
///
/// Source: <https://developer.hashicorp.com/terraform/language/attr-as-blocks>
pub fn element_of_blocks(attribute: &AttributeSchema) -> Option<&ObjectType> {
    if attribute.nested.is_some() {
        return None;
    }
    match &attribute.kind {
        Type::List(element) | Type::Set(element) => match element.as_ref() {
            Type::Object(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// An object as the schema of a block, all of whose arguments may be left out.
pub fn as_block(object: &ObjectType) -> BlockSchema {
    let attributes = object.attributes.iter().map(|(name, kind)| {
        let attribute = AttributeSchema {
            kind: kind.clone(),
            required: false,
            optional: true,
            computed: false,
            deprecated: false,
            sensitive: false,
            write_only: false,
            nested: None,
        };
        (name.clone(), attribute)
    });
    BlockSchema {
        attributes: attributes.collect(),
        ..BlockSchema::default()
    }
}

pub fn settable(schema: &BlockSchema) -> impl Iterator<Item = &str> {
    schema
        .attributes
        .iter()
        .filter(|(_, attribute)| attribute.configurable())
        .map(|(name, _)| name.as_str())
}

pub fn amount(labels: usize) -> String {
    match labels {
        0 => "no labels".to_owned(),
        1 => "one label".to_owned(),
        many => format!("{many} labels"),
    }
}

/// The path of something in a block of a resource.
pub fn within(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
