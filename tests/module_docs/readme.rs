//! The generated part of a module's README: tables of inputs and outputs.

use std::fmt::Write as _;
use std::fs;

use super::module::Module;

const BEGIN: &str = "<!-- BEGIN GENERATED -->\n";
const END: &str = "<!-- END GENERATED -->";

/// Compares the generated part with the module's sources, or rewrites it.
pub fn check(module: &Module, update: bool, problems: &mut Vec<String>) {
    let readme = module.readme();
    let Some((head, tail)) = split(readme) else {
        problems.push(format!(
            "README.md: the lines {} and {END} are missing",
            BEGIN.trim_end()
        ));
        return;
    };
    let expected = format!("{head}{BEGIN}{}{END}{tail}", tables(module));
    if readme == expected {
        return;
    }
    if update {
        fs::write(module.folder.join("README.md"), expected).unwrap();
    } else {
        problems.push(
            "README.md: inputs or outputs have changed; run `TFGEN_UPDATE=1 cargo test --test module_docs`".to_owned(),
        );
    }
}

/// What stands before and after the generated part.
fn split(readme: &str) -> Option<(&str, &str)> {
    let (head, rest) = readme.split_once(BEGIN)?;
    // Just rewritten or still empty: the end marker opens a line either way.
    let end = if rest.starts_with(END) {
        0
    } else {
        rest.find(&format!("\n{END}"))? + 1
    };
    Some((head, &rest[end + END.len()..]))
}

fn tables(module: &Module) -> String {
    let mut text = String::from("## Inputs\n\n");
    if module.variables.is_empty() {
        text.push_str("None.\n");
    } else {
        text.push_str("| name | type | default | description | required |\n|---|---|---|---|---|\n");
        for variable in &module.variables {
            let default = variable.default.as_deref().map(code).unwrap_or_default();
            let kind = code(variable.kind.as_deref().unwrap_or("any"));
            let required = if variable.default.is_none() { "yes" } else { "no" };
            let description = cell(&variable.description);
            row(
                &mut text,
                &[&code(&variable.name), &kind, &default, &description, required],
            );
        }
    }
    text.push_str("\n## Outputs\n\n");
    if module.outputs.is_empty() {
        text.push_str("None.\n");
    } else {
        text.push_str("| name | description | sensitive |\n|---|---|---|\n");
        for output in &module.outputs {
            let sensitive = if output.sensitive { "yes" } else { "no" };
            row(&mut text, &[&code(&output.name), &cell(&output.description), sensitive]);
        }
    }
    text
}

fn row(text: &mut String, cells: &[&str]) {
    for cell in cells {
        // An empty cell has one space, not two: some editors strip, some do not.
        let space = if cell.is_empty() { "" } else { " " };
        write!(text, "|{space}{cell} ").unwrap();
    }
    text.push_str("|\n");
}

fn code(text: &str) -> String {
    format!("`{}`", cell(text))
}

/// Text inside a table: a line break or a bare pipe would end the row or the cell, in code too.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}
