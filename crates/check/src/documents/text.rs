//! A document as text, and where each part of it comes from.

use std::ops::Range;

use terraform::ast::{Expression, ExpressionKind, ObjectKey, Span, Step, Template, TemplatePart};
use terraform::evaluate::evaluate;
use terraform::module::{Declaration, FileId};
use terraform::value::Value;

use super::{body, local};
use crate::language::{Environment, Here, Local};
use crate::policy::UNKNOWN;
use crate::sink::Sources;

/// How far local values are followed: a bound for those that go round in circles.
const DEEPEST: usize = 16;

/// A piece of the text, and where it comes from.
#[derive(Debug, Clone)]
struct Piece {
    range: Range<usize>,
    file: FileId,
    span: Span,
    /// Whether the piece is a string that stands in the source as it stands in the text.
    verbatim: bool,
}

impl Piece {
    /// Where a byte of the text stands in the source, if the piece stands there as it is.
    fn at(&self, byte: usize) -> Option<(FileId, usize)> {
        self.verbatim
            .then(|| (self.file, self.span.start + byte.saturating_sub(self.range.start)))
    }
}

/// A document as text.
#[derive(Debug)]
pub(super) struct Text {
    json: String,
    pieces: Vec<Piece>,
    whole: (FileId, Span),
}

impl Text {
    /// The document that an expression makes; `None` where it is none that is written here.
    pub fn of(expression: &Expression, file: FileId, environment: &Environment<'_>, sources: &Sources) -> Option<Self> {
        let mut writer = Writer {
            environment,
            sources,
            text: Self {
                json: String::new(),
                pieces: Vec::new(),
                whole: (file, expression.span.clone()),
            },
        };
        writer.document(expression, file, 0).then_some(writer.text)
    }

    /// The document of an `aws_iam_policy_document`.
    pub fn of_data(declaration: &Declaration, environment: &Environment<'_>, sources: &Sources) -> Self {
        let (file, view) = body(declaration);
        let mut writer = Writer {
            environment,
            sources,
            text: Self {
                json: String::new(),
                pieces: Vec::new(),
                whole: (file, declaration.block.header.clone()),
            },
        };
        writer.data(&view);
        // The provider's own writing of policy variables, which Terraform would read as references: as long as AWS's.
        writer.text.json = writer.text.json.replace("&{", "${");
        writer.text
    }

    pub fn json(&self) -> &str {
        &self.json
    }

    /// Where a part of the text comes from: what it is in the source, or the smallest piece that it lies in.
    pub fn source(&self, range: &Range<usize>) -> (FileId, Span) {
        let Some(piece) = self.smallest(range) else {
            return self.whole.clone();
        };
        // A part of several lines, each with its own place.
        let last = range.end.saturating_sub(1).max(range.start);
        let begin = self.smallest(&(range.start..range.start + 1));
        let end = self.smallest(&(last..range.end));
        match (
            begin.and_then(|piece| piece.at(range.start)),
            end.and_then(|piece| piece.at(last)),
        ) {
            _ if piece.verbatim => {
                let start = piece.span.start + (range.start - piece.range.start);
                (piece.file, start..start + range.len())
            }
            (Some((file, start)), Some((other, end))) if file == other && start <= end => (file, start..end + 1),
            _ => (piece.file, piece.span.clone()),
        }
    }

    /// The smallest piece that a part of the text lies in.
    fn smallest(&self, range: &Range<usize>) -> Option<&Piece> {
        let holds = |piece: &&Piece| piece.range.start <= range.start && range.end <= piece.range.end;
        self.pieces.iter().filter(holds).min_by_key(|piece| piece.range.len())
    }

    /// The string in the source that a string of the text is, quotes included.
    pub fn string(&self, range: &Range<usize>) -> Option<(FileId, Span)> {
        let piece = self
            .pieces
            .iter()
            .find(|piece| piece.range == *range && piece.range.len() == piece.span.len())?;
        Some((piece.file, piece.span.clone()))
    }
}

/// Writes a document with the map of where it comes from.
pub(super) struct Writer<'w, 'm> {
    environment: &'w Environment<'m>,
    sources: &'w Sources,
    text: Text,
}

impl Writer<'_, '_> {
    pub(super) fn len(&self) -> usize {
        self.text.json.len()
    }

    pub(super) fn raw(&mut self, text: &str) {
        self.text.json.push_str(text);
    }

    pub(super) fn piece(&mut self, start: usize, file: FileId, span: &Span) {
        self.text.pieces.push(Piece {
            range: start..self.len(),
            file,
            span: span.clone(),
            verbatim: false,
        });
    }

    pub(super) fn string(&mut self, content: &str, file: FileId, span: &Span) {
        let start = self.len();
        let quoted = serde_json::to_string(content).unwrap_or_else(|_| "\"\"".to_owned());
        self.raw(&quoted);
        self.piece(start, file, span);
    }

    pub(super) fn unknown(&mut self, file: FileId, span: &Span) {
        self.string(&UNKNOWN.to_string(), file, span);
    }

    /// The value of an expression, as far as it is known.
    fn value(&self, expression: &Expression) -> Value {
        let scope = Here {
            environment: self.environment,
            local: &Local::default(),
        };
        evaluate(expression, &scope, &mut Vec::new())
    }

    /// A document as a whole: `jsonencode(…)`, text, or a local value that is one of them.
    fn document(&mut self, expression: &Expression, file: FileId, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        match &expression.kind {
            ExpressionKind::Parentheses(inner) => self.document(inner, file, depth + 1),
            ExpressionKind::Call(call) if call.name.text == "jsonencode" => match call.arguments.as_slice() {
                // Some write a document through a template and back.
                [only] if is_call(only, "jsondecode") => false,
                [only] => {
                    self.expression(only, file, depth + 1);
                    true
                }
                _ => false,
            },
            ExpressionKind::Template(template) => self.template_document(template, file),
            _ => match follow(self.environment, expression) {
                Some((file, value)) => self.document(value, file, depth + 1),
                None => false,
            },
        }
    }

    /// The lines of a heredoc from which Terraform takes the indentation away, each with its place.
    fn lines(&mut self, text: &str, start: usize, file: FileId, span: &Span) {
        let source = self.sources.place(file, span).source;
        let Some(written) = source.text.get(span.clone()) else {
            return;
        };
        if written.split('\n').count() != text.split('\n').count() {
            return;
        }
        let (mut at, mut from) = (start, span.start);
        for (line, raw) in text.split_inclusive('\n').zip(written.split_inclusive('\n')) {
            let (content, all) = (line.trim_end_matches(['\r', '\n']), raw.trim_end_matches(['\r', '\n']));
            // A line with an escape is known as a whole.
            let verbatim = all.ends_with(content);
            let taken = match verbatim {
                true => all.len() - content.len(),
                false => all.len() - all.trim_start().len(),
            };
            self.text.pieces.push(Piece {
                range: at..at + content.len(),
                file,
                span: from + taken..from + all.len(),
                verbatim,
            });
            at += line.len();
            from += raw.len();
        }
    }

    /// JSON that is written as text.
    fn template_document(&mut self, template: &Template, file: FileId) -> bool {
        for part in &template.parts {
            match part {
                TemplatePart::Literal { text, span } => {
                    let start = self.len();
                    self.raw(text);
                    // What has no escapes and no indentation taken away stands in the source as it is.
                    let verbatim = text.len() == span.len();
                    self.text.pieces.push(Piece {
                        range: start..self.len(),
                        file,
                        span: span.clone(),
                        verbatim,
                    });
                    if !verbatim {
                        self.lines(text, start, file, span);
                    }
                }
                TemplatePart::Interpolation(expression) => match self.value(expression) {
                    Value::String(text) => self.raw(&text),
                    Value::Number(number) => {
                        let text = number.text().unwrap_or_default();
                        self.raw(&text);
                    }
                    _ if is_call(expression, "jsonencode") => {
                        if let ExpressionKind::Call(call) = &expression.kind
                            && let [only] = call.arguments.as_slice()
                        {
                            self.expression(only, file, 1);
                        }
                    }
                    _ => self.text.json.push(UNKNOWN),
                },
                TemplatePart::If { .. } | TemplatePart::For { .. } => return false,
            }
        }
        // Unknown text between two values may be anything; the rules see a document or nothing.
        serde_json::from_str::<serde_json::Value>(self.text.json.trim()).is_ok() || !self.text.json.contains(UNKNOWN)
    }

    /// A part of a document.
    pub(super) fn expression(&mut self, expression: &Expression, file: FileId, depth: usize) {
        let span = &expression.span;
        let start = self.len();
        if depth > DEEPEST * 4 {
            self.unknown(file, span);
            return;
        }
        match &expression.kind {
            ExpressionKind::Parentheses(inner) => self.expression(inner, file, depth + 1),
            ExpressionKind::Object(items) => {
                self.raw("{");
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.raw(",");
                    }
                    let key_span = item.key.span();
                    match &item.key {
                        ObjectKey::Word(word) => self.string(&word.text, file, &key_span),
                        ObjectKey::Expression(key) => self.scalar(key, file),
                    }
                    self.raw(":");
                    self.expression(&item.value, file, depth + 1);
                }
                self.raw("}");
                self.piece(start, file, span);
            }
            ExpressionKind::Tuple(elements) => {
                self.raw("[");
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        self.raw(",");
                    }
                    self.expression(element, file, depth + 1);
                }
                self.raw("]");
                self.piece(start, file, span);
            }
            ExpressionKind::Template(_) => self.scalar(expression, file),
            ExpressionKind::Call(call)
                if matches!(
                    call.name.text.as_str(),
                    "concat" | "flatten" | "distinct" | "sort" | "compact" | "tolist" | "toset"
                ) =>
            {
                self.raw("[");
                let mut first = true;
                for argument in &call.arguments {
                    let elements = match &argument.kind {
                        ExpressionKind::Tuple(elements) if call.name.text != "flatten" && !call.expand => {
                            elements.as_slice()
                        }
                        _ => std::slice::from_ref(argument),
                    };
                    let listed = matches!(argument.kind, ExpressionKind::Tuple(_)) && call.name.text != "flatten";
                    for element in elements {
                        if !first {
                            self.raw(",");
                        }
                        first = false;
                        if listed {
                            self.expression(element, file, depth + 1);
                        } else {
                            self.unknown(file, &element.span);
                        }
                    }
                }
                self.raw("]");
                self.piece(start, file, span);
            }
            ExpressionKind::Call(call) if call.name.text == "merge" => {
                // Whatever of it is written here is not all of it.
                self.raw("{");
                self.unknown(file, span);
                self.raw(":0}");
                self.piece(start, file, span);
            }
            _ => {
                if let Some((file, value)) = follow(self.environment, expression)
                    && depth < DEEPEST
                {
                    self.expression(value, file, depth + 1);
                    return;
                }
                let value = self.value(expression);
                match known(&value) {
                    Some(json) => {
                        self.raw(&json);
                        self.piece(start, file, span);
                    }
                    None => self.unknown(file, span),
                }
            }
        }
    }

    /// A string, with what is not known marked.
    pub(super) fn scalar(&mut self, expression: &Expression, file: FileId) {
        let span = &expression.span;
        let ExpressionKind::Template(template) = &expression.kind else {
            match self.value(expression) {
                Value::String(text) => self.string(&text, file, span),
                _ => self.unknown(file, span),
            }
            return;
        };
        let mut content = String::new();
        for part in &template.parts {
            match part {
                TemplatePart::Literal { text, .. } => content.push_str(text),
                TemplatePart::Interpolation(expression) => match self.value(expression) {
                    Value::String(text) => content.push_str(&text),
                    Value::Number(number) => content.push_str(&number.text().unwrap_or_default()),
                    _ => content.push(UNKNOWN),
                },
                TemplatePart::If { .. } | TemplatePart::For { .. } => content.push(UNKNOWN),
            }
        }
        self.string(&content, file, span);
    }
}

/// The expression of the local value that an expression is.
fn follow<'m>(environment: &Environment<'m>, expression: &Expression) -> Option<(FileId, &'m Expression)> {
    let traversal = expression.as_traversal()?;
    match (traversal.root, traversal.steps.as_slice()) {
        ("local", [Step::Name(name)]) => local(environment, &name.text),
        _ => None,
    }
}

fn is_call(expression: &Expression, name: &str) -> bool {
    matches!(&expression.kind, ExpressionKind::Call(call) if call.name.text == name)
}

/// A value as JSON, where all of it is known.
fn known(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.text()?,
        Value::String(text) => serde_json::to_string(text).ok()?,
        Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => {
            let elements: Option<Vec<String>> = elements.iter().map(known).collect();
            format!("[{}]", elements?.join(","))
        }
        Value::Map(_, members) | Value::Object(members) => {
            let members: Option<Vec<String>> = members
                .iter()
                .map(|(name, value)| Some(format!("{}:{}", serde_json::to_string(name).ok()?, known(value)?)))
                .collect();
            format!("{{{}}}", members?.join(","))
        }
        Value::Null(_) => "null".to_owned(),
        Value::Unknown(_) => return None,
    })
}
