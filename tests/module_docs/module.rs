//! A module of the library, read from its files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Element;

/// A folder of `terraform/modules`.
pub struct Module {
    /// Name of the folder.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// Files by their path below the folder, hidden ones left out.
    pub files: BTreeMap<String, String>,
    /// Inputs in the order of `variables.tf`.
    pub variables: Vec<Variable>,
    /// Outputs in the order of `outputs.tf`.
    pub outputs: Vec<Output>,
}

/// A `variable` block.
pub struct Variable {
    /// Its label.
    pub name: String,
    /// Type on one line; `None` where none is stated.
    pub kind: Option<String>,
    /// Description; empty where none is stated.
    pub description: String,
    /// Default on one line; `None` makes the variable required.
    pub default: Option<String>,
}

/// An `output` block.
pub struct Output {
    /// Its label.
    pub name: String,
    /// Description; empty where none is stated.
    pub description: String,
    /// Whether the value is hidden in plans.
    pub sensitive: bool,
}

impl Module {
    /// Parsed `.tf` files of the module itself, not of its tests.
    pub fn bodies(&self) -> impl Iterator<Item = (&str, Body)> {
        let sources = self
            .files
            .iter()
            .filter(|(path, _)| path.ends_with(".tf") && !path.contains('/'));
        sources.map(|(path, text)| (path.as_str(), parse(&self.name, path, text)))
    }

    /// Parsed test files.
    pub fn tests(&self) -> impl Iterator<Item = (&str, Body)> {
        let sources = self.files.iter().filter(|(path, _)| path.ends_with(".tftest.hcl"));
        sources.map(|(path, text)| (path.as_str(), parse(&self.name, path, text)))
    }

    /// Text of the README; empty where there is none.
    pub fn readme(&self) -> &str {
        self.files.get("README.md").map_or("", String::as_str)
    }
}

/// All modules of the library, by name.
pub fn all() -> Vec<Module> {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform/modules");
    let mut folders: Vec<PathBuf> = fs::read_dir(&library)
        .unwrap_or_else(|error| panic!("{}: {error}", library.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders.into_iter().map(read).collect()
}

fn read(folder: PathBuf) -> Module {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let mut files = BTreeMap::new();
    collect(&folder, &folder, &mut files);
    let body = |file: &str| files.get(file).map(|text| parse(&name, file, text)).unwrap_or_default();
    let variables = body("variables.tf").get_blocks("variable").map(variable).collect();
    let outputs = body("outputs.tf").get_blocks("output").map(output).collect();
    Module {
        name,
        folder,
        files,
        variables,
        outputs,
    }
}

/// Text files below `folder`; hidden ones (`.terraform`, lock files of a test run) are no source.
fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            files.insert(name, text.replace("\r\n", "\n"));
        }
    }
}

/// A file as HCL.
pub fn parse(module: &str, file: &str, text: &str) -> Body {
    hcl_edit::parser::parse_body(text).unwrap_or_else(|error| panic!("terraform/modules/{module}/{file}: {error}"))
}

fn variable(block: &Block) -> Variable {
    Variable {
        name: label(block, 0),
        kind: block
            .body
            .get_attribute("type")
            .map(|attribute| one_line(&attribute.value)),
        description: description(block),
        default: block
            .body
            .get_attribute("default")
            .map(|attribute| one_line(&attribute.value)),
    }
}

fn output(block: &Block) -> Output {
    Output {
        name: label(block, 0),
        description: description(block),
        sensitive: block
            .body
            .get_attribute("sensitive")
            .and_then(|attribute| attribute.value.as_bool())
            == Some(true),
    }
}

/// A label of a block; empty where it has fewer.
pub fn label(block: &Block, index: usize) -> String {
    block
        .labels
        .get(index)
        .map(|label| label.as_str().to_owned())
        .unwrap_or_default()
}

fn description(block: &Block) -> String {
    let text = block
        .body
        .get_attribute("description")
        .and_then(|attribute| literal(&attribute.value));
    text.unwrap_or_default().trim().to_owned()
}

/// The text of a string or heredoc without interpolation; a heredoc keeps its indentation.
pub fn literal(expression: &Expression) -> Option<String> {
    match expression {
        Expression::String(text) => Some(text.as_str().to_owned()),
        Expression::StringTemplate(template) => template.iter().map(plain).collect(),
        Expression::HeredocTemplate(heredoc) => heredoc.template.iter().map(plain).collect(),
        _ => None,
    }
}

fn plain(element: &Element) -> Option<&str> {
    element.as_literal().map(|text| text.as_str())
}

/// An expression as source text on one line: objects and arrays are written out again, anything else stays as it is.
pub fn one_line(expression: &Expression) -> String {
    match expression {
        Expression::FuncCall(call) => {
            let arguments: Vec<String> = call.args.iter().map(one_line).collect();
            format!("{}({})", call.name.name.as_str(), arguments.join(", "))
        }
        Expression::Object(object) if object.is_empty() => "{}".to_owned(),
        Expression::Object(object) => {
            let items: Vec<String> = object
                .iter()
                .map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Ident(ident) => ident.as_str().to_owned(),
                        ObjectKey::Expression(key) => one_line(key),
                    };
                    format!("{key} = {}", one_line(value.expr()))
                })
                .collect();
            format!("{{ {} }}", items.join(", "))
        }
        Expression::Array(array) => {
            let items: Vec<String> = array.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string().split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
