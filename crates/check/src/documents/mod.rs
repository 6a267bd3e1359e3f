//! Policy documents that stand in Terraform: `jsonencode(…)`, heredocs, `aws_iam_policy_document`.
//!
//! Each is written as JSON text for the rules over policies, with what is not known marked as they want it, and a map
//! from that text back to the source.

mod data;
mod text;
mod uses;

use std::collections::BTreeMap;

use findings::{Edit, Finding, Fix, Place};
use terraform::ast::{Block, Expression, ExpressionKind, Step};
use terraform::module::{Declaration, FileId, View};

use crate::language::Environment;
use crate::policy::{self, Context, PolicyFinding};
use crate::sink::{Sink, Sources};
use text::Text;
use uses::Use;

/// Checks the policy documents of a module.
pub(crate) fn check(environment: &Environment<'_>, sources: &Sources, sink: &mut Sink) {
    let mut documents = Vec::new();
    let mut used: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for declaration in environment.module.of_kind("resource") {
        let Some(resource_type) = declaration.label(0) else {
            continue;
        };
        let view = declaration.view();
        for (argument, kind) in uses::of(resource_type, &view) {
            for (file, expression) in places(&view, argument) {
                if let Some(name) = document_name(expression) {
                    used.entry(name).or_default().push(kind);
                    continue;
                }
                if let Some(text) = Text::of(expression, file, environment, sources) {
                    documents.push((text, Some(kind)));
                }
            }
        }
    }
    for declaration in environment.module.of_kind("data") {
        if declaration.label(0) != Some("aws_iam_policy_document") {
            continue;
        }
        let name = declaration.label(1).unwrap_or_default();
        let text = Text::of_data(declaration, environment, sources);
        let kind = match used.get(name).map_or(&[][..], Vec::as_slice) {
            [] => by_name(name, text.json()),
            [first, rest @ ..] => rest.iter().all(|kind| kind.kind == first.kind).then_some(*first),
        };
        documents.push((text, kind));
    }
    for (text, kind) in documents {
        if kind.is_none() && !policy::is_policy(text.json()) {
            continue;
        }
        let context = Context {
            attachment: kind.and_then(|kind| kind.attachment),
            template: false,
        };
        for found in policy::lint(text.json(), kind.and_then(|kind| kind.kind), &context) {
            sink.push(place_in_source(found, &text, sources));
        }
    }
}

/// What a document is for that nothing in the module uses: service control policies are often an output, for the
/// management account.
fn by_name(name: &str, text: &str) -> Option<Use> {
    let kind = ::policy::Kind::ServiceControl;
    let is_told = name.split('_').any(|word| word == "scp") && policy::Shape::of(text).can_be(kind);
    let kind = is_told.then_some(kind)?;
    Some(Use {
        kind: Some(kind),
        attachment: None,
    })
}

/// The values of an argument, which may stand in blocks: `inline_policy.policy`.
fn places<'b>(view: &View<'b>, argument: &str) -> Vec<(FileId, &'b Expression)> {
    match argument.split_once('.') {
        None => view
            .attribute(argument)
            .map(|(file, attribute)| (file, &attribute.value))
            .into_iter()
            .collect(),
        Some((block, argument)) => view
            .blocks_of(block)
            .into_iter()
            .filter_map(|(file, block): (FileId, &Block)| {
                block.body.attribute(argument).map(|attribute| (file, &attribute.value))
            })
            .collect(),
    }
}

/// The name of the data source that an expression takes its document from.
fn document_name(expression: &Expression) -> Option<String> {
    let base = match &expression.kind {
        ExpressionKind::Access { base, .. } if expression.as_traversal().is_none() => base.as_ref(),
        _ => expression,
    };
    let traversal = base.as_traversal()?;
    match (traversal.root, traversal.steps.as_slice()) {
        ("data", [Step::Name(kind), Step::Name(name), ..]) if kind.text == "aws_iam_policy_document" => {
            Some(name.text.clone())
        }
        _ => None,
    }
}

fn place_in_source(found: PolicyFinding, text: &Text, sources: &Sources) -> Finding {
    let place = |span: &std::ops::Range<usize>| -> Place {
        let (file, span) = text.source(span);
        sources.place(file, &span)
    };
    let mut finding = Finding::new(found.rule, place(&found.span), found.message)
        .severity(found.severity)
        .confidence(found.confidence);
    for related in found.related {
        finding = finding.also(place(&related.span), related.text);
    }
    for line in found.help {
        finding = finding.help(line);
    }
    if let Some(fix) = found.fix {
        let edits: Option<Vec<Edit>> = fix
            .edits
            .into_iter()
            .map(|edit| {
                // Only where the string stands there by itself can it be replaced.
                let (file, span) = text.string(&edit.span)?;
                Some(Edit {
                    place: sources.place(file, &span),
                    replacement: format!("\"{}\"", edit.content),
                })
            })
            .collect();
        if let Some(edits) = edits {
            finding = finding.fix(Fix {
                title: fix.title,
                edits,
            });
        }
    }
    finding
}

/// The declaration of a local value's expression, for documents that are built in steps.
pub(super) fn local<'m>(environment: &Environment<'m>, name: &str) -> Option<(FileId, &'m Expression)> {
    let local = environment.module.local(name)?;
    Some((local.file, &local.attribute.value))
}

/// The body of a data source, for [`Text::of_data`].
pub(super) fn body(declaration: &Declaration) -> (FileId, View<'_>) {
    (declaration.file, declaration.view())
}
