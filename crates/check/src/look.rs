//! What the rules about resources see of a module.

use findings::{Finding, Rule};
use terraform::ast::{
    Attribute, Block, Body, Expression, ExpressionKind, ObjectKey, Span, Step, Template, TemplatePart,
};
use terraform::evaluate::evaluate;
use terraform::module::{Declaration, FileId, Module, View};
use terraform::value::Value;

use crate::language::{Environment, Here, Local};
use crate::sink::{self, Sources};

/// A module, and the texts that are written in it.
pub(crate) struct Look<'l, 't> {
    pub environment: &'l Environment<'t>,
    sources: &'l Sources,
    /// All texts, in the order of the files.
    pub texts: Vec<Written<'t>>,
}

/// A text in quotes or a heredoc, or the bare key of an object.
#[derive(Debug)]
pub(crate) struct Written<'t> {
    pub file: FileId,
    pub span: Span,
    /// Kind of the block at the top of the file: `resource`, `locals`.
    pub top: &'t str,
    /// Its first label, often empty.
    pub label: &'t str,
    /// The argument that it belongs to.
    pub argument: &'t str,
    /// Where that argument begins.
    pub at: usize,
    pub content: Content<'t>,
}

/// What is written.
#[derive(Debug)]
pub(crate) enum Content<'t> {
    Template(&'t Template),
    Key(&'t str),
}

impl<'t> Written<'t> {
    /// The text, where no part of it is computed.
    pub fn plain(&self) -> Option<&'t str> {
        match &self.content {
            Content::Key(key) => Some(key),
            Content::Template(template) => match template.parts.as_slice() {
                [TemplatePart::Literal { text, .. }] => Some(text),
                _ => None,
            },
        }
    }

    /// The parts that are written out, with their places.
    pub fn literals(&self) -> Vec<(&'t str, Span)> {
        match &self.content {
            Content::Key(key) => vec![(key, self.span.clone())],
            Content::Template(template) => template
                .parts
                .iter()
                .filter_map(|part| match part {
                    TemplatePart::Literal { text, span } => Some((text.as_str(), span.clone())),
                    _ => None,
                })
                .collect(),
        }
    }

    /// Whether it is a heredoc: a script, a query, a document.
    pub fn is_heredoc(&self) -> bool {
        matches!(&self.content, Content::Template(template) if template.heredoc)
    }
}

/// A resource in HCL.
pub(crate) struct Resource<'t> {
    pub declaration: &'t Declaration,
    pub view: View<'t>,
}

impl<'t> Resource<'t> {
    /// Its file and header.
    pub fn header(&self) -> (FileId, Span) {
        (self.declaration.file, self.declaration.block.header.clone())
    }

    /// Its name in the module.
    pub fn name(&self) -> &'t str {
        self.declaration.label(1).unwrap_or_default()
    }

    /// Whether it has blocks of a kind, written or made by `dynamic`.
    pub fn has(&self, kind: &str) -> bool {
        self.view.blocks().iter().any(|(_, block)| stands_for(block) == kind)
    }

    /// Whether blocks of a kind may be made by `dynamic`.
    pub fn makes(&self, kind: &str) -> bool {
        self.view
            .blocks()
            .iter()
            .any(|(_, block)| block.kind.text == "dynamic" && stands_for(block) == kind)
    }
}

/// The kind of block that a block is or makes.
pub(crate) fn stands_for(block: &Block) -> &str {
    match block.labels.as_slice() {
        [label] if block.kind.text == "dynamic" => &label.text,
        _ => &block.kind.text,
    }
}

/// Whether a body has blocks of a kind, written or made by `dynamic`.
pub(crate) fn has_block(body: &Body, kind: &str) -> bool {
    body.blocks().any(|block| stands_for(block) == kind)
}

impl<'l, 't> Look<'l, 't> {
    pub fn new(environment: &'l Environment<'t>, sources: &'l Sources) -> Self {
        let texts = texts(environment.module);
        Self {
            environment,
            sources,
            texts,
        }
    }

    /// The resources of a type.
    pub fn resources(&self, kind: &str) -> Vec<Resource<'t>> {
        let module = self.environment.module;
        module
            .declarations
            .iter()
            .filter(|declaration| declaration.block.kind.text == "resource" && declaration.label(0) == Some(kind))
            .map(|declaration| Resource {
                declaration,
                view: declaration.view(),
            })
            .collect()
    }

    /// The value of an expression, as far as it is known.
    pub fn value(&self, expression: &Expression) -> Value {
        let scope = Here {
            environment: self.environment,
            local: &Local::default(),
        };
        evaluate(expression, &scope, &mut Vec::new())
    }

    /// The text that an expression is, where it is known.
    pub fn text(&self, expression: &Expression) -> Option<String> {
        self.value(expression).as_str().map(str::to_owned)
    }

    /// The texts in a list, where all are known.
    pub fn list(&self, expression: &Expression) -> Option<Vec<String>> {
        match self.value(expression) {
            Value::List(_, values) | Value::Set(_, values) | Value::Tuple(values) => {
                values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
            }
            _ => None,
        }
    }

    /// The place of a line of a span, counted from 0, without the white space around it.
    pub fn line(&self, file: FileId, span: &Span, line: usize) -> Option<Span> {
        let source = self.sources.place(file, span).source;
        let text = source.text.get(span.clone())?;
        let found = text.split_inclusive('\n').nth(line)?;
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let begin = span.start + before + (found.len() - found.trim_start().len());
        Some(begin..begin + found.trim().len())
    }

    /// A finding of a rule.
    pub fn finding(&self, rule: &'static Rule, file: FileId, span: &Span, message: impl Into<String>) -> Finding {
        sink::finding(self.sources, rule, file, span, message)
    }
}

/// All texts that are written in a module, in the order of the files.
pub(crate) fn texts(module: &Module) -> Vec<Written<'_>> {
    let mut texts = Vec::new();
    for declaration in &module.declarations {
        let layers = std::iter::once((declaration.file, &declaration.block))
            .chain(declaration.overrides.iter().map(|(file, block)| (*file, block)));
        for (file, block) in layers {
            let label = declaration.label(0).unwrap_or_default();
            Collector {
                file,
                top: &declaration.block.kind.text,
                label,
                texts: &mut texts,
            }
            .body(&block.body);
        }
    }
    for local in &module.locals {
        Collector {
            file: local.file,
            top: "locals",
            label: "",
            texts: &mut texts,
        }
        .attribute(&local.attribute);
    }
    for values in &module.values {
        Collector {
            file: values.file,
            top: "",
            label: "",
            texts: &mut texts,
        }
        .body(&values.body);
    }
    texts.sort_by_key(|text| (text.file, text.span.start));
    texts
}

/// The resource that a reference leads to: type and name.
pub(crate) fn resource_of(expression: &Expression) -> Option<(String, String)> {
    let traversal = expression.as_traversal()?;
    match traversal.steps.first() {
        Some(Step::Name(name)) => Some((traversal.root.to_owned(), name.text.clone())),
        _ => None,
    }
}

/// Every reference in an expression.
pub(crate) fn references(expression: &Expression, found: &mut Vec<(String, String)>) {
    if let Some(reference) = resource_of(expression) {
        found.push(reference);
        return;
    }
    for child in expression.children() {
        references(child, found);
    }
}

/// Every reference in a body.
pub(crate) fn references_of(body: &Body, found: &mut Vec<(String, String)>) {
    for attribute in body.attributes() {
        references(&attribute.value, found);
    }
    for block in body.blocks() {
        references_of(&block.body, found);
    }
}

struct Collector<'c, 't> {
    file: FileId,
    top: &'t str,
    label: &'t str,
    texts: &'c mut Vec<Written<'t>>,
}

impl<'t> Collector<'_, 't> {
    fn body(&mut self, body: &'t Body) {
        for attribute in body.attributes() {
            self.attribute(attribute);
        }
        for block in body.blocks() {
            self.body(&block.body);
        }
    }

    fn attribute(&mut self, attribute: &'t Attribute) {
        self.expression(&attribute.value, attribute);
    }

    fn push(&mut self, span: &Span, argument: &'t Attribute, content: Content<'t>) {
        self.texts.push(Written {
            file: self.file,
            span: span.clone(),
            top: self.top,
            label: self.label,
            argument: &argument.name.text,
            at: argument.span.start,
            content,
        });
    }

    fn expression(&mut self, expression: &'t Expression, argument: &'t Attribute) {
        match &expression.kind {
            ExpressionKind::Template(template) => {
                self.push(&expression.span, argument, Content::Template(template));
            }
            ExpressionKind::Object(items) => {
                for item in items {
                    if let ObjectKey::Word(word) = &item.key {
                        self.push(&word.span, argument, Content::Key(&word.text));
                    }
                }
            }
            _ => {}
        }
        for child in expression.children() {
            self.expression(child, argument);
        }
    }
}
