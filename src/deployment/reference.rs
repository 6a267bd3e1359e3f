//! The reference of the deployment file, written from the schema.

use std::fmt::Write as _;

use super::read::shape::{Choice, Field, Shape, Table, literal, root};

/// All blocks and arguments in Markdown, from a heading of the second level on.
pub fn markdown() -> String {
    let mut out = String::from("## Reference\n");
    section(&mut out, "Top level", root(), "");
    blocks(&mut out, root(), "");
    out
}

fn blocks(out: &mut String, table: &Table, path: &str) {
    for (name, field) in &table.fields {
        let (inner, label, times) = match &field.shape {
            Shape::Table(inner) => (inner, String::new(), "at most once"),
            Shape::Map { value, label } => match &**value {
                Shape::Table(inner) => (
                    inner,
                    format!(" \"{}\"", label.to_uppercase()),
                    "any number, each label once",
                ),
                _ => continue,
            },
            Shape::List(items) => match &**items {
                Shape::Table(inner) => (inner, String::new(), "any number"),
                _ => continue,
            },
            _ => continue,
        };
        let times = if field.required { "required" } else { times };
        let path = format!("{path}{name}{label}");
        let intro = format!("{} ({times})\n\n", one_line(&field.description));
        section(out, &format!("`{path}`"), inner, &intro);
        blocks(out, inner, &format!("{path} › "));
    }
}

fn section(out: &mut String, title: &str, table: &Table, intro: &str) {
    // Writing to a string cannot fail.
    let _ = write!(out, "\n### {title}\n\n{intro}");
    let arguments = table.fields.iter().filter(|(_, field)| !field.shape.is_block());
    let rows: Vec<String> = arguments.map(|(name, field)| row(name, field)).collect();
    if rows.is_empty() {
        out.push_str("Only blocks.\n");
    } else {
        out.push_str("| argument | value | meaning |\n|---|---|---|\n");
        rows.iter().for_each(|row| out.push_str(row));
    }
    let blocks: Vec<String> = table
        .fields
        .iter()
        .filter(|(_, field)| field.shape.is_block())
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    if !blocks.is_empty() && !rows.is_empty() {
        let _ = write!(out, "\nBlocks: {}\n", blocks.join(", "));
    }
}

fn row(name: &str, field: &Field) -> String {
    let mut value = match &field.shape {
        Shape::Text { choices } if !choices.is_empty() => "one of the values on the right".to_owned(),
        shape => shape.describe(),
    };
    if field.required {
        value.push_str(", **required**");
    } else if let Some(default) = &field.default {
        let _ = write!(value, ", default `{}`", literal(default));
    }
    let mut meaning = one_line(&field.description);
    for choice in choices_of(&field.shape) {
        let _ = match choice.description.as_str() {
            "" => write!(meaning, "<br>`\"{}\"`", choice.value),
            description => write!(meaning, "<br>`\"{}\"`: {}", choice.value, one_line(description)),
        };
    }
    if let Some(example) = &field.example {
        let _ = write!(meaning, "<br>Example: `{}`", literal(example));
    }
    format!("| `{name}` | {value} | {meaning} |\n")
}

fn choices_of(shape: &Shape) -> &[Choice] {
    match shape {
        Shape::Text { choices } => choices,
        Shape::List(inner) => choices_of(inner),
        _ => &[],
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}
