//! Many expressions in one root for the real Terraform: each an output in a file of its own.

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::scope::folder;

/// The root.
pub struct Batch {
    root: TempDir,
    count: usize,
}

impl Batch {
    /// Each expression as the value of an output.
    pub fn write<T: AsRef<str>>(expressions: &[T]) -> Self {
        let batch = Self::of_files(expressions, |index, expression| {
            // Outputs that are null are no outputs: each value is in a tuple.
            format!("output \"e{index}\" {{\n  value = [{expression}]\n}}\n")
        });
        let preamble = batch.root.path().join("preamble.tf");
        std::fs::copy(folder().join("preamble.tf"), preamble).unwrap();
        real::terraform::run(batch.root.path(), &["init", "-backend=false"]).unwrap();
        batch
    }

    /// Each type constraint, with the default value behind `<-` where there is one, as a variable and its output.
    pub fn of_variables<T: AsRef<str>>(constraints: &[T]) -> Self {
        Self::of_files(constraints, |index, constraint| {
            let (kind, default) = constraint.split_once(" <- ").unwrap_or((constraint, "null"));
            format!(
                "variable \"v{index}\" {{\n  type    = {kind}\n  default = {default}\n}}\n\noutput \"e{index}\" {{\n  value = [var.v{index}]\n}}\n"
            )
        })
    }

    fn of_files<T: AsRef<str>>(items: &[T], text: impl Fn(usize, &str) -> String) -> Self {
        let root = tempfile::tempdir().unwrap();
        for (index, item) in items.iter().enumerate() {
            let text = text(index, item.as_ref());
            std::fs::write(root.path().join(format!("e{index}.tf")), text).unwrap();
        }
        Self {
            root,
            count: items.len(),
        }
    }

    /// The errors of each expression.
    pub fn validate(&self) -> Vec<Vec<String>> {
        let output = real::terraform::output(self.root.path(), &["validate", "-json"]).unwrap();
        let report: Json = serde_json::from_slice(&output.stdout).unwrap();
        let mut errors = vec![Vec::new(); self.count];
        for diagnostic in report["diagnostics"].as_array().unwrap() {
            let summary = diagnostic["summary"].as_str().unwrap();
            if diagnostic["severity"] != "error" || summary == "Output refers to sensitive values" {
                continue;
            }
            let index = diagnostic["range"]["filename"]
                .as_str()
                .and_then(|name| name.strip_prefix('e')?.strip_suffix(".tf")?.parse::<usize>().ok());
            let Some(index) = index else {
                panic!("an error that belongs to no expression: {diagnostic}");
            };
            errors[index].push(format!("{summary}: {}", diagnostic["detail"].as_str().unwrap()));
        }
        errors
    }

    /// Type and value of each expression.
    pub fn apply(&self) -> Vec<(Json, Json)> {
        real::terraform::run(self.root.path(), &["apply", "-auto-approve"]).unwrap();
        let outputs = real::terraform::run(self.root.path(), &["output", "-json"]).unwrap();
        let outputs: Json = serde_json::from_str(&outputs).unwrap();
        (0..self.count)
            .map(|index| {
                let output = &outputs[format!("e{index}")];
                (output["type"][1][0].clone(), output["value"][0].clone())
            })
            .collect()
    }
}

/// Whether two documents say the same. Numbers are compared as such: Terraform writes all digits.
pub fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}
