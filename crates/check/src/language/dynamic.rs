//! Blocks that are not written one by one: `dynamic`, and those of JSON.

use std::collections::BTreeSet;

use terraform::ast::{Attribute, Block, Body, ExpressionKind, ObjectKey, Syntax};
use terraform::module::{FileId, View};
use terraform::schema::{BlockNesting, BlockSchema, NestedBlock};
use terraform::value::{Number, Type, Value};

use super::body::{Setting, as_block, element_of_blocks, within};
use super::environment::Local;
use super::references::Place;
use super::rules;
use super::walk::Walk;

impl Walk<'_, '_> {
    /// A `dynamic` block; returns the type of the blocks that it makes, how many where that is known, and whether all of
    /// their content is. Nobody looks at the content of one whose type is among those that are `passed` over.
    pub fn dynamic<'b>(
        &mut self,
        block: &'b Block,
        file: FileId,
        schema: &BlockSchema,
        setting: Setting<'_>,
        passed: &BTreeSet<&str>,
    ) -> Option<(&'b str, Option<usize>, bool)> {
        self.labels(block, file, 1);
        let label = block.labels.first()?;
        let view = View::single(file, &block.body);
        for attribute in block.body.attributes() {
            if !matches!(attribute.name.text.as_str(), "for_each" | "iterator" | "labels") {
                let message = format!("a `dynamic` block has no argument `{}`", attribute.name.text);
                let finding = self
                    .finding(&rules::UNKNOWN_ARGUMENT, file, &attribute.name.span, message)
                    .nearest(&attribute.name.text, ["for_each", "iterator", "labels"])
                    .help("arguments of the blocks that it makes stand in its block `content`");
                self.push(finding);
            }
        }
        let each = match block.body.attribute("for_each") {
            // It is evaluated even where nobody knows how often the blocks around it are made, or whether the block is
            // looked at otherwise.
            Some(attribute) => {
                let mut evaluated = setting.place.local.clone();
                evaluated.unevaluated = false;
                let place = Place {
                    local: &evaluated,
                    ..setting.place
                };
                self.value(&attribute.value, place)
            }
            None => {
                let message = "a `dynamic` block lacks the argument `for_each`, which must be set";
                self.report(&rules::MISSING_ARGUMENT, file, &block.header, message);
                Value::unknown()
            }
        };
        if let Some(attribute) = block.body.attribute("for_each")
            && let Some(fault) = not_iterable(&each)
        {
            self.report(&rules::INVALID_EXPRESSION, file, &attribute.value.span, fault);
        }
        if let Some(attribute) = block.body.attribute("iterator")
            && attribute.value.as_word().is_none()
        {
            let message = "`iterator` is a plain name, as `iterator = rule`";
            self.report(&rules::INVALID_EXPRESSION, file, &attribute.value.span, message);
        }
        let iterator = block
            .body
            .attribute("iterator")
            .and_then(|attribute| attribute.value.as_word())
            .unwrap_or(&label.text);
        let mut local: Local = setting.place.local.clone();
        local.iterators.push((iterator.to_owned(), iterator_value(&each)));
        local.unevaluated |= elements(&each).is_none();
        let inner = Place {
            local: &local,
            ..setting.place
        };
        // Terraform does not look at blocks that are made no time.
        let none = elements(&each) == Some(0);
        if let Some(labels) = block.body.attribute("labels") {
            let labelled = schema.blocks.get(&label.text);
            if labelled.is_none_or(|nested| nested.nesting != BlockNesting::Map) {
                let message = format!("blocks `{}` have no labels, so `labels` cannot stand here", label.text);
                self.report(&rules::UNKNOWN_ARGUMENT, file, &labels.name.span, message);
            }
            self.value(&labels.value, inner);
        }
        let contents = view.blocks_of("content");
        for (_, other) in view.blocks() {
            if other.kind.text != "content" {
                let message = format!("a `dynamic` block has no block `{}`", other.kind.text);
                let finding = self
                    .finding(&rules::UNKNOWN_BLOCK, file, &other.header, message)
                    .help("what the blocks hold that it makes stands in its block `content`");
                self.push(finding);
            }
        }
        if contents.len() != 1 {
            let message = format!(
                "a `dynamic` block has exactly one block `content`, and this one has {}",
                contents.len()
            );
            self.report(&rules::BLOCK_COUNT, file, &block.header, message);
        }
        let what = format!("block `{}`", label.text);
        let mut known_content = true;
        let before = self.sink.findings.len();
        for (_, content) in contents {
            self.labels(content, file, 0);
            let setting = Setting {
                place: inner,
                meta: None,
                what: &what,
                header: (file, &content.header),
                path: &within(setting.path, &label.text),
                subject: setting.subject,
                legacy: setting.legacy,
            };
            let view = View::single(file, &content.body);
            if none {
                self.warned(|walk| walk.loose(&content.body, inner));
            } else if let Some(nested) = schema.blocks.get(&label.text) {
                known_content &= !self.body(&view, &nested.block, setting).unknown;
            } else if let Some(element) = schema.attributes.get(&label.text).and_then(element_of_blocks) {
                self.body(&view, &as_block(element), setting);
            } else {
                self.loose(&content.body, inner);
            }
        }
        if passed.contains(label.text.as_str()) {
            self.passed_over(before, &[]);
        }
        let known = schema.blocks.contains_key(&label.text)
            || schema
                .attributes
                .get(&label.text)
                .is_some_and(|attribute| element_of_blocks(attribute).is_some());
        if !known {
            let finding = self
                .finding(
                    &rules::UNKNOWN_BLOCK,
                    file,
                    &label.span,
                    format!("{} has no block `{}`", setting.what, label.text),
                )
                .nearest(&label.text, schema.blocks.keys().map(String::as_str));
            self.push(finding);
        }
        Some((&label.text, elements(&each), known_content && each.is_wholly_known()))
    }

    /// Checks the expressions of a body of which nobody knows what it may hold.
    pub fn loose(&mut self, body: &Body, place: Place<'_>) {
        for attribute in body.attributes() {
            self.value(&attribute.value, place);
        }
        for block in body.blocks() {
            if block.kind.text == "dynamic"
                && let Some(label) = block.labels.first()
            {
                let iterator = block
                    .body
                    .attribute("iterator")
                    .and_then(|attribute| attribute.value.as_word())
                    .unwrap_or(&label.text);
                if let Some(each) = block.body.attribute("for_each") {
                    self.value(&each.value, place);
                }
                let mut local = place.local.clone();
                local
                    .iterators
                    .push((iterator.to_owned(), iterator_value(&Value::unknown())));
                let inner = Place { local: &local, ..place };
                for content in block.body.blocks() {
                    self.loose(&content.body, inner);
                }
                continue;
            }
            self.loose(&block.body, place);
        }
    }

    /// Blocks in JSON: an object, or a list of them.
    pub fn json_blocks(&mut self, attribute: &Attribute, nested: &NestedBlock, file: FileId, setting: Setting<'_>) {
        let mut bodies = Vec::new();
        match &attribute.value.kind {
            ExpressionKind::Object(_) => bodies.push(&attribute.value),
            ExpressionKind::Tuple(elements) => bodies.extend(elements.iter()),
            _ => {}
        }
        let what = format!("block `{}`", attribute.name.text);
        for body in bodies {
            let ExpressionKind::Object(items) = &body.kind else {
                continue;
            };
            let attributes = items.iter().filter_map(|item| {
                let name = match &item.key {
                    ObjectKey::Word(word) => word.clone(),
                    ObjectKey::Expression(key) => terraform::ast::Identifier {
                        text: key.as_string()?.to_owned(),
                        span: key.span.clone(),
                    },
                };
                Some(terraform::ast::Item::Attribute(Attribute {
                    span: name.span.start..item.value.span.end,
                    name,
                    value: item.value.clone(),
                }))
            });
            let body = Body {
                items: attributes.collect(),
                span: body.span.clone(),
                syntax: Syntax::Json,
            };
            let view = View::single(file, &body);
            let inner = Setting {
                meta: None,
                what: &what,
                header: (file, &attribute.name.span),
                path: &within(setting.path, &attribute.name.text),
                ..setting
            };
            self.body(&view, &nested.block, inner);
        }
    }
}

/// How many elements a value has, where that is known.
pub fn elements(value: &Value) -> Option<usize> {
    match value {
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => Some(elements.len()),
        Value::Map(_, values) | Value::Object(values) => Some(values.len()),
        _ => None,
    }
}

/// What is known of each of several values.
pub fn common<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    let mut kinds = values.map(Value::kind);
    match kinds.next() {
        Some(first) if kinds.all(|kind| kind == first) => Value::Unknown(first),
        _ => Value::unknown(),
    }
}

/// What an iterator of a `dynamic` block stands for: the one element, or what its elements have in common.
pub fn iterator_value(each: &Value) -> Value {
    let (key, value) = match each {
        Value::List(_, elements) | Value::Tuple(elements) => match elements.as_slice() {
            [only] => (Value::Number(Number::Integer(0)), only.clone()),
            several => (Value::Unknown(Type::Number), common(several.iter())),
        },
        Value::Set(_, elements) => match elements.as_slice() {
            [only] => (only.clone(), only.clone()),
            _ => (Value::unknown(), Value::unknown()),
        },
        Value::Map(_, values) | Value::Object(values) if values.len() == 1 => match values.first_key_value() {
            Some((key, value)) => (Value::String(key.clone()), value.clone()),
            None => (Value::unknown(), Value::unknown()),
        },
        Value::Map(_, values) | Value::Object(values) => (Value::Unknown(Type::String), common(values.values())),
        _ => (Value::unknown(), Value::unknown()),
    };
    let parts = [("key", key), ("value", value)];
    Value::Object(
        parts
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

pub fn not_iterable(value: &Value) -> Option<&'static str> {
    match value {
        Value::Null(_) => Some("the `for_each` of a `dynamic` block is null; it must be a list, set or map"),
        other => match other.kind() {
            Type::Bool | Type::Number | Type::String => {
                Some("the `for_each` of a `dynamic` block is a single value; it must be a list, set or map")
            }
            _ => None,
        },
    }
}
