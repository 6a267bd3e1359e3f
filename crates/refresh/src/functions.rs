//! The signatures of Terraform's functions and of those of its own and the AWS provider: one JSON object a line, in the
//! order of names.
//!
//! Terraform must be 1.11 and find the AWS provider 5.100.0, in the registry or in a mirror that its CLI configuration
//! (`TF_CLI_CONFIG_FILE`) names.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::{Map, Value};

/// A module that demands the providers whose functions are wanted.
const MODULE: &str = r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
"#;

/// Writes `crates/terraform/data/functions.jsonl`.
///
/// # Errors
/// When Terraform fails or says something unexpected, or the file cannot be written.
pub fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("main.tf"), MODULE)?;
    let metadata = json(&terraform(folder.path(), &["metadata", "functions", "-json"])?)?;
    terraform(folder.path(), &["init", "-backend=false"])?;
    let schemas = json(&terraform(folder.path(), &["providers", "schema", "-json"])?)?;

    let mut lines = BTreeMap::new();
    let core = object(&metadata, "function_signatures")?;
    // Each is there twice, also as `core::name`.
    for (name, signature) in core.iter().filter(|(name, _)| !name.contains("::")) {
        lines.insert(name.clone(), line(name, signature)?);
    }
    for (address, schema) in object(&schemas, "provider_schemas")? {
        let source = address.strip_prefix("registry.terraform.io/").unwrap_or(address);
        for (name, signature) in object(schema, "functions")? {
            let name = format!("{source}::{name}");
            lines.insert(name.clone(), line(&name, signature)?);
        }
    }
    let text: String = lines.into_values().map(|line| line + "\n").collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../terraform/data/functions.jsonl");
    std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
}

fn terraform(folder: &Path, arguments: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new("terraform")
        .current_dir(folder)
        .args(arguments)
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .context("terraform could not be started; install Terraform 1.11 and put it on PATH")?;
    if !output.status.success() {
        bail!(
            "`terraform {}` ended with {}:\n{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output.stdout)
}

fn json(bytes: &[u8]) -> anyhow::Result<Value> {
    serde_json::from_slice(bytes).context("terraform did not print JSON")
}

fn object<'v>(value: &'v Value, name: &str) -> anyhow::Result<&'v Map<String, Value>> {
    value
        .get(name)
        .and_then(Value::as_object)
        .with_context(|| format!("terraform's answer has no object {name:?}"))
}

fn line(name: &str, signature: &Value) -> anyhow::Result<String> {
    let mut line = Map::new();
    line.insert("name".to_owned(), name.into());
    if let Some(parameters) = signature.get("parameters").and_then(Value::as_array) {
        let parameters: Vec<Value> = parameters.iter().map(parameter).collect::<anyhow::Result<_>>()?;
        line.insert("parameters".to_owned(), parameters.into());
    }
    if let Some(variadic) = signature.get("variadic_parameter") {
        line.insert("variadic".to_owned(), parameter(variadic)?);
    }
    let returns = signature
        .get("return_type")
        .with_context(|| format!("{name} has no return type"))?;
    line.insert("returns".to_owned(), returns.clone());
    Ok(Value::Object(line).to_string())
}

fn parameter(signature: &Value) -> anyhow::Result<Value> {
    let mut parameter = Map::new();
    for key in ["name", "type"] {
        let value = signature
            .get(key)
            .with_context(|| format!("a parameter has no {key}: {signature}"))?;
        parameter.insert(key.to_owned(), value.clone());
    }
    if signature.get("is_nullable") == Some(&Value::Bool(true)) {
        parameter.insert("nullable".to_owned(), true.into());
    }
    Ok(Value::Object(parameter))
}
