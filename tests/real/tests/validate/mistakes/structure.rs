//! Mistakes in what stands where, in names and references.

use std::ops::Range;

use ::terraform::ast::{Expression, ExpressionKind, Step};

use super::{Edit, Plant, added, after, misspelt};
use crate::sites::Text;

/// Kinds of mistakes.
pub const KINDS: &[(&str, Plant)] = &[
    ("misspelt argument", |text| {
        let attributes = text.attributes();
        attributes
            .iter()
            .map(|(_, it)| (it.name.span.clone(), misspelt(&it.name.text)))
            .collect()
    }),
    ("argument left out", |text| {
        let attributes = text.attributes();
        attributes
            .iter()
            .map(|(_, it)| (it.span.clone(), String::new()))
            .collect()
    }),
    ("argument twice", |text| {
        let attributes = text.attributes();
        attributes
            .iter()
            .map(|(_, it)| (it.span.clone(), format!("{0}\n{0}", text.of(&it.span))))
            .collect()
    }),
    ("argument of another block", |text| {
        let blocks = text.blocks();
        blocks
            .iter()
            .map(|(_, it)| after(it.body.span.start, "\n  colour = \"red\"\n"))
            .collect()
    }),
    ("block left out", |text| {
        let blocks = text.blocks();
        blocks.iter().map(|(_, it)| (it.span.clone(), String::new())).collect()
    }),
    ("block twice", |text| {
        let blocks = text.blocks();
        blocks
            .iter()
            .map(|(_, it)| (it.span.clone(), format!("{0}\n{0}", text.of(&it.span))))
            .collect()
    }),
    ("misspelt block", |text| {
        let blocks = text.blocks();
        blocks
            .iter()
            .map(|(_, it)| (it.kind.span.clone(), misspelt(&it.kind.text)))
            .collect()
    }),
    ("block of another place", |text| {
        let blocks = text.blocks();
        blocks
            .iter()
            .map(|(_, it)| after(it.body.span.start, "\n  settings {\n  }\n"))
            .collect()
    }),
    ("block as argument", |text| {
        let blocks = text
            .blocks()
            .into_iter()
            .filter(|(above, it)| !above.is_empty() && it.labels.is_empty());
        blocks.map(|(_, it)| after(it.kind.span.end, " =")).collect()
    }),
    ("argument as block", |text| {
        let attributes = text.attributes().into_iter();
        let objects = attributes.filter(|(_, it)| matches!(it.value.kind, ExpressionKind::Object(_)));
        objects
            .map(|(_, it)| (it.name.span.end..it.value.span.start, " ".to_owned()))
            .collect()
    }),
    ("label left out", |text| {
        let blocks = text.blocks();
        blocks
            .iter()
            .filter_map(|(_, it)| Some((it.labels.first()?.span.clone(), String::new())))
            .collect()
    }),
    ("label too many", |text| {
        let blocks = text.blocks();
        blocks
            .iter()
            .map(|(_, it)| after(it.kind.span.end, " \"extra\""))
            .collect()
    }),
    ("name that is none", |text| {
        let blocks = text.blocks();
        blocks
            .iter()
            .filter_map(|(_, it)| Some((it.labels.last()?.span.clone(), "\"1 name\"".to_owned())))
            .collect()
    }),
    ("misspelt label", |text| {
        let blocks = text.blocks();
        let last = blocks.iter().filter_map(|(_, it)| it.labels.last());
        last.map(|it| (it.span.clone(), format!("\"{}\"", misspelt(&it.text))))
            .collect()
    }),
    ("misspelt type", |text| {
        let blocks = text.blocks();
        let first = blocks
            .iter()
            .filter(|(_, it)| it.labels.len() == 2)
            .filter_map(|(_, it)| it.labels.first());
        first
            .map(|it| (it.span.clone(), format!("\"{}\"", misspelt(&it.text))))
            .collect()
    }),
    ("data source for resource", |text| {
        let blocks = text.blocks();
        let resources = blocks.iter().filter(|(_, it)| it.kind.text == "resource");
        resources
            .map(|(_, it)| (it.kind.span.clone(), "data".to_owned()))
            .collect()
    }),
    ("misspelt variable", |text| references(text, &["var"], 0)),
    ("misspelt local value", |text| references(text, &["local"], 0)),
    ("misspelt module", |text| references(text, &["module"], 0)),
    ("misspelt output", |text| references(text, &["module"], 1)),
    ("misspelt name of a data source", |text| references(text, &["data"], 1)),
    ("misspelt attribute of a data source", |text| {
        references(text, &["data"], 2)
    }),
    ("misspelt name of a resource", |text| resources(text, 0)),
    ("misspelt attribute of a resource", |text| resources(text, 1)),
    ("misspelt root of a reference", |text| {
        let expressions = text.expressions().into_iter();
        let roots = expressions
            .filter_map(|it| it.as_traversal())
            .filter(|it| !it.steps.is_empty());
        roots.map(|it| (it.root_span.clone(), misspelt(it.root))).collect()
    }),
    ("attribute of an attribute", |text| {
        let expressions = text.expressions().into_iter();
        expressions
            .filter(|it| is_reference(it))
            .map(|it| after(it.span.end, ".more"))
            .collect()
    }),
    ("index that does not belong", |text| {
        let expressions = text.expressions().into_iter();
        expressions
            .filter(|it| is_reference(it))
            .map(|it| after(it.span.end, "[0]"))
            .collect()
    }),
    ("misspelt each, count or self", |text| {
        references(text, &["each", "count", "self"], 0)
    }),
    ("each where there is none", |text| replaced(text, "each.key")),
    ("count where there is none", |text| replaced(text, "count.index")),
    ("self where there is none", |text| replaced(text, "self.id")),
    ("bare word", |text| replaced(text, "something")),
    ("for_each or count left out", |text| {
        let attributes = text.attributes().into_iter();
        let of = attributes.filter(|(_, it)| matches!(it.name.text.as_str(), "for_each" | "count"));
        of.map(|(_, it)| (it.span.clone(), String::new())).collect()
    }),
    ("count added", |text| {
        added(text, &["resource", "data", "module"], "count = 2")
    }),
    ("for_each over a list", |text| {
        added(text, &["resource", "data", "module"], "for_each = [\"a\", \"b\"]")
    }),
    ("unknown function", |text| {
        calls(text, |name, _| (name.span.clone(), misspelt(&name.text)))
    }),
    ("argument of a function too many", |text| {
        calls(text, |_, whole| (whole.end - 1..whole.end - 1, ", 1, 2, 3".to_owned()))
    }),
    ("function without arguments", |text| {
        calls(text, |name, whole| (name.span.end..whole.end, "()".to_owned()))
    }),
    ("wrong type of a function's argument", |text| {
        calls(text, |name, whole| (name.span.end..whole.end, "({ a = 1 })".to_owned()))
    }),
    ("list for a value", |text| values(text, "[\"a\", \"b\"]")),
    ("object for a value", |text| values(text, "{ a = { b = 1 } }")),
    ("text for a value", |text| values(text, "\"some text\"")),
    ("number for a value", |text| values(text, "1.5")),
    ("null for a value", |text| values(text, "null")),
    ("sum of texts", |text| values(text, "\"a\" + \"b\"")),
    ("declared twice", |text| {
        let blocks = text
            .blocks()
            .into_iter()
            .filter(|(above, it)| above.is_empty() && !it.labels.is_empty());
        blocks
            .map(|(_, it)| (it.span.clone(), format!("{0}\n{0}", text.of(&it.span))))
            .collect()
    }),
    ("cycle of local values", |text| {
        let blocks = text.blocks();
        let locals = blocks.iter().filter(|(_, it)| it.kind.text == "locals");
        locals
            .flat_map(|(_, it)| it.body.attributes())
            .map(|it| (it.value.span.clone(), format!("local.{}", it.name.text)))
            .collect()
    }),
    ("cycle of dependencies", |text| {
        let names: Vec<String> = text
            .body
            .blocks_of("resource")
            .filter_map(|it| Some(format!("{}.{}", it.labels.first()?.text, it.labels.get(1)?.text)))
            .collect();
        let all = names.join(", ");
        text.body
            .blocks_of("resource")
            .map(|it| after(it.body.span.start, &format!("\n  depends_on = [{all}]\n")))
            .collect()
    }),
    ("depends_on that is computed", |text| {
        added(text, &["resource", "module"], "depends_on = [upper(\"x\")]")
    }),
    ("lifecycle that is wrong", |text| {
        added(text, &["resource"], "lifecycle {\n    ignore_changes = [colour]\n  }")
    }),
    ("provider that is not configured", |text| {
        added(text, &["resource", "data"], "provider = aws.elsewhere")
    }),
    ("type that is none", |text| {
        let attributes = text.attributes().into_iter();
        let types = attributes.filter(|(above, it)| it.name.text == "type" && variable(above));
        types
            .map(|(_, it)| (it.value.span.clone(), "text".to_owned()))
            .collect()
    }),
    ("default of another type", |text| {
        let attributes = text.attributes().into_iter();
        let defaults = attributes.filter(|(above, it)| it.name.text == "default" && variable(above));
        defaults
            .map(|(_, it)| (it.value.span.clone(), "[{ a = 1 }]".to_owned()))
            .collect()
    }),
    ("default left out", |text| {
        let attributes = text.attributes().into_iter();
        let defaults = attributes.filter(|(above, it)| it.name.text == "default" && variable(above));
        defaults.map(|(_, it)| (it.span.clone(), String::new())).collect()
    }),
    ("source that leads nowhere", |text| {
        let attributes = text.attributes().into_iter();
        let sources = attributes.filter(|(above, it)| it.name.text == "source" && above[0].kind.text == "module");
        sources
            .map(|(_, it)| (it.value.span.clone(), "\"./nowhere\"".to_owned()))
            .collect()
    }),
    ("version that is none", |text| {
        let attributes = text.attributes().into_iter();
        let versions = attributes.filter(|(_, it)| it.name.text == "required_version");
        versions
            .map(|(_, it)| (it.value.span.clone(), "\"newest\"".to_owned()))
            .collect()
    }),
    ("sign left out", |text| {
        let signs = text
            .source
            .char_indices()
            .filter(|(_, sign)| "{}()[]\"=,:?".contains(*sign));
        signs
            .map(|(at, sign)| (at..at + sign.len_utf8(), String::new()))
            .collect()
    }),
    ("sign too many", |text| {
        let signs = text
            .source
            .char_indices()
            .filter(|(_, sign)| "{}()[]\"=,:?".contains(*sign));
        signs.map(|(at, sign)| after(at, &sign.to_string())).collect()
    }),
    ("line twice", |text| {
        let mut at = 0;
        let mut edits = Vec::new();
        for line in text.source.split_inclusive('\n') {
            if !line.trim().is_empty() {
                edits.push(after(at, line));
            }
            at += line.len();
        }
        edits
    }),
    ("line left out", |text| {
        let mut at = 0;
        let mut edits = Vec::new();
        for line in text.source.split_inclusive('\n') {
            if !line.trim().is_empty() {
                edits.push((at..at + line.len(), String::new()));
            }
            at += line.len();
        }
        edits
    }),
    ("stray character", |text| {
        let blanks = text.source.char_indices().filter(|(_, letter)| *letter == ' ');
        blanks
            .enumerate()
            .map(|(index, (at, _))| after(at, ["@", ";", "$", "'", "~", "\\"][index % 6]))
            .collect()
    }),
];

fn variable(above: &[&::terraform::ast::Block]) -> bool {
    above.len() == 1 && above.first().is_some_and(|block| block.kind.text == "variable")
}

fn is_reference(expression: &Expression) -> bool {
    expression.as_traversal().is_some_and(|it| !it.steps.is_empty())
}

/// Misspells the step of this index in references that start so.
fn references(text: &Text<'_>, roots: &[&str], index: usize) -> Vec<Edit> {
    let expressions = text.expressions().into_iter();
    let traversals = expressions
        .filter_map(|it| it.as_traversal())
        .filter(|it| roots.contains(&it.root));
    traversals
        .filter_map(|it| misspelt_step(it.steps.get(index)?))
        .collect()
}

fn resources(text: &Text<'_>, index: usize) -> Vec<Edit> {
    let expressions = text.expressions().into_iter();
    let traversals = expressions.filter_map(|it| it.as_traversal());
    let resources = traversals.filter(|it| it.root.contains('_') && it.steps.len() > 1);
    resources.filter_map(|it| misspelt_step(it.steps.get(index)?)).collect()
}

fn misspelt_step(step: &Step<'_>) -> Option<Edit> {
    match step {
        Step::Name(name) => Some((name.span.clone(), misspelt(&name.text))),
        Step::Key(..) => None,
    }
}

/// Other text for whole references.
fn replaced(text: &Text<'_>, with: &str) -> Vec<Edit> {
    let expressions = text.expressions().into_iter();
    expressions
        .filter(|it| is_reference(it))
        .map(|it| (it.span.clone(), with.to_owned()))
        .collect()
}

/// Other values for arguments.
fn values(text: &Text<'_>, with: &str) -> Vec<Edit> {
    let attributes = text.attributes();
    attributes
        .iter()
        .map(|(_, it)| (it.value.span.clone(), with.to_owned()))
        .collect()
}

fn calls(text: &Text<'_>, edit: impl Fn(&::terraform::ast::Identifier, &Range<usize>) -> Edit) -> Vec<Edit> {
    let expressions = text.expressions().into_iter();
    expressions
        .filter_map(|it| match &it.kind {
            ExpressionKind::Call(call) => Some(edit(&call.name, &it.span)),
            _ => None,
        })
        .collect()
}
