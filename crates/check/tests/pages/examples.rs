//! The examples of a rule's page, as files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use check::Input;
use findings::Rule;

/// Behind a faulty line, in languages that have comments.
const MARKER: &str = "# <- here";

/// Files of an example by name, and the marked lines of each.
#[derive(Clone, Default)]
pub struct Example {
    pub files: BTreeMap<String, String>,
    pub marked: BTreeSet<(String, usize)>,
}

/// The text below a heading.
pub fn section<'a>(rule: &'a Rule, heading: &str) -> &'a str {
    let start = format!("## {heading}\n");
    let (_, rest) = rule
        .page
        .split_once(&start)
        .unwrap_or_else(|| panic!("{} has no `## {heading}`", rule.id));
    rest.split("\n## ").next().unwrap()
}

pub fn examples(rule: &Rule, heading: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut lines = section(rule, heading).lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let name = info
            .split_whitespace()
            .nth(1)
            .unwrap_or_else(|| panic!("{}: a block of `{heading}` does not say its file: {line}", rule.id));
        // A policy document is known by its kind alone.
        let name = match name.contains('.') || !info.starts_with("json") {
            true => name.to_owned(),
            false => format!("{name}.json"),
        };
        if examples.last().is_none_or(|example| example.files.contains_key(&name)) {
            examples.push(Example::default());
        }
        let example = examples.last_mut().unwrap();
        let mut text: Vec<&str> = Vec::new();
        for line in lines.by_ref().take_while(|line| !line.starts_with("```")) {
            if line.contains('^') && line.chars().all(|letter| letter == ' ' || letter == '^') {
                example.marked.insert((name.clone(), text.len()));
                continue;
            }
            let (code, is_marked) = match line.trim_end().strip_suffix(MARKER) {
                Some(code) => (code.trim_end(), true),
                None => (line, false),
            };
            text.push(code);
            if is_marked {
                example.marked.insert((name.clone(), text.len()));
            }
        }
        example.files.insert(name, text.join("\n") + "\n");
    }
    examples
}

fn is_terraform(name: &str) -> bool {
    [".tf", ".tf.json", ".tfvars", ".tfvars.json", ".tftest.hcl"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

impl Example {
    /// Writes the files into a folder: what is to be checked of it.
    pub fn write(&self, folder: &Path) -> Vec<Input> {
        let mut inputs = Vec::new();
        for (name, text) in &self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            if !is_terraform(name) {
                inputs.push(Input::Path(path));
            }
        }
        if self.files.keys().any(|name| is_terraform(name)) {
            inputs.push(Input::Path(folder.to_owned()));
        }
        inputs
    }
}
