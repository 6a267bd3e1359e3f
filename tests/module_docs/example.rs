//! The examples in a module's README.

use std::collections::BTreeSet;

use hcl_edit::structure::Block;

use super::module::{Module, literal};

/// Arguments that every module call may have.
const META: [&str; 6] = ["source", "version", "providers", "depends_on", "for_each", "count"];

/// Each block of HCL parses, and at least one calls the module with all that it demands and nothing that it lacks.
pub fn check(module: &Module, problems: &mut Vec<String>) {
    let mut called = false;
    for (line, text) in blocks(module.readme()) {
        let body = match hcl_edit::parser::parse_body(&text) {
            Ok(body) => body,
            Err(error) => {
                problems.push(format!("README.md:{line}: the example is no HCL: {error}"));
                continue;
            }
        };
        for call in body.get_blocks("module") {
            let source = call
                .body
                .get_attribute("source")
                .and_then(|attribute| literal(&attribute.value));
            if source.as_deref() == Some(&format!("../modules/{}", module.name)) {
                called = true;
                arguments(module, call, line, problems);
            }
        }
    }
    if !called {
        problems.push(format!("README.md: no example calls ../modules/{}", module.name));
    }
}

fn arguments(module: &Module, call: &Block, line: usize, problems: &mut Vec<String>) {
    let given: BTreeSet<&str> = call.body.attributes().map(|attribute| attribute.key.as_str()).collect();
    for name in &given {
        if !META.contains(name) && !module.variables.iter().any(|variable| variable.name == *name) {
            problems.push(format!(
                "README.md:{line}: the example gives `{name}`, which is no variable"
            ));
        }
    }
    for variable in &module.variables {
        if variable.default.is_none() && !given.contains(variable.name.as_str()) {
            problems.push(format!(
                "README.md:{line}: the example lacks `{}`, which is required",
                variable.name
            ));
        }
    }
}

/// Fenced blocks of HCL with the number of their first line.
fn blocks(readme: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in readme.lines().enumerate() {
        match &mut open {
            None if line == "```hcl" || line == "```terraform" => open = Some((index + 2, String::new())),
            None => {}
            Some(_) if line == "```" => found.extend(open.take()),
            Some((_, text)) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    found
}
