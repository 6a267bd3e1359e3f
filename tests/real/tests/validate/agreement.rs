//! Many configurations in few runs of Terraform: each is a module of one root.
//!
//! Terraform stops at the first of several stages that finds an error. The configurations that it rejects are taken
//! out, and the rest is validated again, until nothing is left to reject.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use ::terraform::syntax::{parse_file, parse_json};
use anyhow::{Context, Result, bail};
use real::{paths, terraform, tfgen};
use serde_json::{Value, json};

use crate::cases::Case;

/// Bytes of configurations that are validated together.
const BATCH: usize = 1_000_000;

/// An error of Terraform.
#[derive(Debug)]
pub struct Theirs {
    /// The first one.
    pub message: String,
    /// Who finds them.
    pub by: By,
    /// The types of the resources and data sources that the errors stand in.
    pub types: BTreeSet<String>,
}

/// Who of Terraform finds an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The provider's own validators, which no schema tells of.
    Provider,
    /// `terraform init`, which looks for providers that nobody has here: the configuration is not judged.
    Init,
    /// The language, or the provider's schema.
    Validate,
}

/// Who rejects what, by the names of the cases.
#[derive(Debug)]
pub struct Verdicts {
    /// What Terraform rejects.
    pub theirs: BTreeMap<String, Theirs>,
    /// What `tfgen check` rejects, with its messages.
    pub ours: BTreeMap<String, Vec<String>>,
}

/// Has both judge all cases, each a root module of its own.
pub fn compare_roots(cases: &[Case]) -> Result<Verdicts> {
    tfgen::binary()?;
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    initialized(root)?;
    write(root, cases)?;
    let mut rejected = BTreeMap::new();
    for case in cases {
        let here = root.join("cases").join(&case.name);
        let mut modules = vec![json!({"Key": "", "Source": "", "Dir": "."})];
        calls(&case.files, "", "", ".", 0, &mut modules);
        record(root, modules)?;
        fs::copy(root.join(".terraform.lock.hcl"), here.join(".terraform.lock.hcl"))?;
        let report = validate(terraform::command(&here)?.env("TF_DATA_DIR", root.join(".terraform")))?;
        let error = errors(&report).first().cloned();
        if let Some(error) = error {
            let theirs = Theirs {
                message: format!("{}: {}", text(&error["summary"]), text(&error["detail"])),
                by: By::Validate,
                types: BTreeSet::new(),
            };
            rejected.insert(case.name.clone(), theirs);
        }
    }
    Ok(Verdicts {
        theirs: rejected,
        ours: ours(root)?,
    })
}

fn initialized(root: &Path) -> Result<()> {
    fs::write(
        root.join("main.tf"),
        format!(
            "terraform {{\n  required_providers {{\n    aws = {{ source = \"hashicorp/aws\", version = \"{}\" }}\n  }}\n}}\nresource \"terraform_data\" \"unknown\" {{}}\n",
            terraform::PROVIDER_VERSION
        ),
    )?;
    terraform::run(root, &["init", "-backend=false", "-no-color"])?;
    Ok(())
}

fn write(root: &Path, cases: &[Case]) -> Result<()> {
    for case in cases {
        for (path, text) in &case.files {
            let path = root.join("cases").join(&case.name).join(path);
            fs::create_dir_all(path.parent().context("a file in no folder")?)?;
            fs::write(path, text)?;
        }
    }
    Ok(())
}

/// What Terraform has to say of a configuration.
fn validate(command: &mut Command) -> Result<Value> {
    let output = command.args(["validate", "-json", "-no-tests"]).output()?;
    serde_json::from_slice(&output.stdout)
        .with_context(|| format!("no report: {}", String::from_utf8_lossy(&output.stderr)))
}

fn errors(report: &Value) -> Vec<Value> {
    let diagnostics = report["diagnostics"].as_array().into_iter().flatten();
    diagnostics
        .filter(|diagnostic| diagnostic["severity"] == "error")
        .cloned()
        .collect()
}

/// Has both judge all cases.
pub fn compare(cases: &[Case]) -> Result<Verdicts> {
    tfgen::binary()?;
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    initialized(root)?;
    // Our roots read them as `../../policies`.
    let policies = root.join("policies");
    fs::create_dir_all(&policies)?;
    for entry in fs::read_dir(paths::repository().join("policies"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), policies.join(entry.file_name()))?;
        }
    }
    write(root, cases)?;
    let mut rejected = BTreeMap::new();
    let mut rest = cases;
    while !rest.is_empty() {
        let (some, others) = rest.split_at(batch(rest));
        rejected.extend(theirs(root, &some.iter().collect::<Vec<_>>())?);
        rest = others;
    }
    Ok(Verdicts {
        theirs: rejected,
        ours: ours(root)?,
    })
}

/// How many of the first cases are validated together: Terraform's time grows faster than what it is given.
fn batch(cases: &[Case]) -> usize {
    let mut bytes = 0;
    let fitting = cases.iter().take_while(|case| {
        let code = case.files.iter().filter(|(path, _)| path.ends_with(".tf"));
        bytes += code.map(|(_, text)| text.len()).sum::<usize>();
        bytes < BATCH
    });
    fitting.count().max(1)
}

fn theirs(root: &Path, cases: &[&Case]) -> Result<BTreeMap<String, Theirs>> {
    let mut rejected: BTreeMap<String, Theirs> = BTreeMap::new();
    loop {
        let left: Vec<&Case> = cases
            .iter()
            .copied()
            .filter(|case| !rejected.contains_key(&case.name))
            .collect();
        for case in cases {
            let call = root.join(format!("call_{}.tf", case.name));
            if !rejected.contains_key(&case.name) {
                fs::write(call, calling(case))?;
            } else if call.exists() {
                fs::remove_file(call)?;
            }
        }
        manifest(root, &left)?;
        let report = validate(&mut terraform::command(root)?)?;
        let names: BTreeSet<&str> = left.iter().map(|case| case.name.as_str()).collect();
        let mut found: BTreeMap<String, Theirs> = BTreeMap::new();
        let mut stray = Vec::new();
        for diagnostic in &errors(&report) {
            let of = concerned(diagnostic, &names);
            if of.is_empty() {
                stray.push(diagnostic.clone());
            }
            let message = format!("{}: {}", text(&diagnostic["summary"]), text(&diagnostic["detail"]));
            let by = if by_provider(diagnostic) {
                By::Provider
            } else {
                By::Validate
            };
            for name in of {
                let known = found.entry(name).or_insert_with(|| Theirs {
                    message: message.clone(),
                    by,
                    types: BTreeSet::new(),
                });
                known.by = known.by.max(by);
                known.types.extend(resource_type(diagnostic));
            }
        }
        if found.is_empty() {
            for case in &left {
                fs::remove_file(root.join(format!("call_{}.tf", case.name)))?;
            }
            match (stray.first(), left.as_slice()) {
                (None, _) => {}
                (Some(error), [only]) if error["summary"] == "Missing required provider" => {
                    let init = Theirs {
                        message: text(&error["detail"]).to_owned(),
                        by: By::Init,
                        types: BTreeSet::new(),
                    };
                    rejected.insert(only.name.clone(), init);
                }
                (Some(_), [_, _, ..]) => {
                    let (some, others) = left.split_at(left.len() / 2);
                    rejected.extend(theirs(root, some)?);
                    rejected.extend(theirs(root, others)?);
                }
                _ => bail!("errors of no case: {stray:#?}"),
            }
            return Ok(rejected);
        }
        rejected.extend(found);
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The cases that an error is about: by its file, or by the modules that it names.
fn concerned(diagnostic: &Value, names: &BTreeSet<&str>) -> Vec<String> {
    let file = text(&diagnostic["range"]["filename"]);
    let by_file = match file.strip_prefix("cases/") {
        Some(rest) => rest.split('/').next(),
        None => file.strip_prefix("call_").and_then(|rest| rest.strip_suffix(".tf")),
    };
    if let Some(name) = by_file {
        return vec![name.to_owned()];
    }
    let message = format!("{} {}", text(&diagnostic["summary"]), text(&diagnostic["detail"]));
    let mut found = BTreeSet::new();
    for mark in ["module.c_", "cases/"] {
        for rest in message.split(mark).skip(1) {
            let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_');
            let name = &rest[..end.unwrap_or(rest.len())];
            if names.contains(name) {
                found.insert(name.to_owned());
            }
        }
    }
    found.into_iter().collect()
}

/// The type of the resource that an error stands in.
fn resource_type(diagnostic: &Value) -> Option<String> {
    let context = text(&diagnostic["snippet"]["context"]);
    let (kind, rest) = context.split_once(" \"")?;
    matches!(kind, "resource" | "data").then(|| rest.split('"').next().unwrap_or_default().to_owned())
}

/// Whether the provider's own code found an error: its summaries are sentences of their own.
fn by_provider(diagnostic: &Value) -> bool {
    let summary = text(&diagnostic["summary"]);
    let detail = text(&diagnostic["detail"]);
    let own = [
        "Conflicting configuration arguments",
        "Invalid combination of arguments",
        "Invalid Attribute",
        "Invalid JSON String",
        "Missing Attribute Configuration",
        "Insufficient",
        "Not enough list items",
        "Too many list items",
    ];
    !summary.starts_with(|letter: char| letter.is_uppercase())
        || (own.iter().any(|start| summary.starts_with(start)) && !detail.contains("blocks are required"))
        || (summary == "Missing required argument" && detail.starts_with('"'))
}

/// A call of a case, with a value that nobody knows for each variable, as `terraform validate` gives it to a root module.
fn calling(case: &Case) -> String {
    let mut call = format!("module \"c_{0}\" {{\n  source = \"./cases/{0}\"\n", case.name);
    let mut given = BTreeSet::new();
    for (path, text) in &case.files {
        if path.contains('/') || !path.ends_with(".tf") {
            continue;
        }
        for variable in parse_file(text).0.blocks_of("variable") {
            if let Some(name) = variable.labels.first()
                && given.insert(name.text.clone())
            {
                call += &format!("  {} = terraform_data.unknown.output\n", name.text);
            }
        }
    }
    call + "}\n"
}

/// What `terraform init` would record of the modules; it refuses as a whole where one of them has an error.
fn manifest(root: &Path, cases: &[&Case]) -> Result<()> {
    let mut modules = vec![json!({"Key": "", "Source": "", "Dir": "."})];
    for case in cases {
        let folder = format!("cases/{}", case.name);
        let key = format!("c_{}", case.name);
        modules.push(json!({"Key": key, "Source": format!("./{folder}"), "Dir": folder}));
        calls(&case.files, "", &key, &folder, 0, &mut modules);
    }
    record(root, modules)
}

fn record(root: &Path, modules: Vec<Value>) -> Result<()> {
    let folder = root.join(".terraform/modules");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("modules.json"), json!({"Modules": modules}).to_string())?;
    Ok(())
}

fn calls(files: &BTreeMap<String, String>, within: &str, key: &str, folder: &str, depth: usize, out: &mut Vec<Value>) {
    if depth > 3 {
        return;
    }
    let mut seen = BTreeSet::new();
    for (path, text) in files {
        let Some(name) = path.strip_prefix(within).filter(|name| !name.contains('/')) else {
            continue;
        };
        let body = if name.ends_with(".tf") {
            parse_file(text).0
        } else if name.ends_with(".tf.json") {
            parse_json(text).0
        } else {
            continue;
        };
        for call in body.blocks_of("module") {
            let source = call
                .body
                .attribute("source")
                .and_then(|source| source.value.as_string());
            let (Some(label), Some(source)) = (call.labels.first(), source) else {
                continue;
            };
            let target = normal(&format!("{within}{source}"));
            let there = files.keys().any(|path| path.starts_with(&format!("{target}/")));
            if !source.starts_with('.') || !there || !seen.insert(label.text.clone()) {
                continue;
            }
            let key = format!("{key}.{}", label.text).trim_start_matches('.').to_owned();
            out.push(json!({"Key": key, "Source": source, "Dir": format!("{folder}/{target}")}));
            calls(files, &format!("{target}/"), &key, folder, depth + 1, out);
        }
    }
}

/// A relative path without `.` and `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn ours(root: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let output = tfgen::command()?
        .current_dir(root)
        .args([
            "check",
            "--family",
            "language",
            "--family",
            "apply",
            "--format",
            "json",
            "--fail-on",
            "never",
            "--allow-undetermined",
        ])
        .arg("cases")
        .output()?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("no report: {}", String::from_utf8_lossy(&output.stderr)))?;
    let mut rejected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().into_iter().flatten() {
        if finding["severity"] != "error" {
            continue;
        }
        let file = text(&finding["file"]);
        let name = file.split('/').nth(1).context("a finding outside of all cases")?;
        let message = format!(
            "{file}:{} {}: {}",
            finding["line"],
            text(&finding["rule"]),
            text(&finding["message"])
        );
        rejected.entry(name.to_owned()).or_default().push(message);
    }
    Ok(rejected)
}
