//! The embedded schemas against what the real provider says, attribute by attribute.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::collections::BTreeSet;
use std::fs;

use ::terraform::schema::{
    AWS_SOURCE, AWS_VERSION, AttributeSchema, BUILTIN_SOURCE, BlockNesting, BlockSchema, FunctionSchema, Kind,
    ProviderSchema,
};
use ::terraform::value::Type;
use real::terraform;
use serde_json::{Value as Json, json};

fn printed() -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = format!(
        "terraform {{\n  required_providers {{\n    aws = {{\n      source  = \"hashicorp/aws\"\n      version = \"{AWS_VERSION}\"\n    }}\n  }}\n}}\n\nresource \"terraform_data\" \"builtin\" {{}}\n"
    );
    fs::write(folder.path().join("main.tf"), root).unwrap();
    terraform::run(folder.path(), &["init", "-backend=false", "-no-color"]).unwrap();
    terraform::run(folder.path(), &["providers", "schema", "-json"]).unwrap()
}

/// A type in cty's JSON form.
fn written(kind: &Type) -> Json {
    match kind {
        Type::Any => json!("dynamic"),
        Type::Bool => json!("bool"),
        Type::Number => json!("number"),
        Type::String => json!("string"),
        Type::List(element) => json!(["list", written(element)]),
        Type::Set(element) => json!(["set", written(element)]),
        Type::Map(element) => json!(["map", written(element)]),
        Type::Tuple(elements) => json!(["tuple", elements.iter().map(written).collect::<Vec<_>>()]),
        Type::Object(object) => {
            assert!(
                object.optional.is_empty(),
                "a provider's objects have no optional attributes"
            );
            let attributes: serde_json::Map<String, Json> = object
                .attributes
                .iter()
                .map(|(name, kind)| (name.clone(), written(kind)))
                .collect();
            json!(["object", attributes])
        }
    }
}

fn keys(json: &Json) -> BTreeSet<&str> {
    json.as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

fn flag(json: &Json, name: &str) -> bool {
    json[name].as_bool().unwrap_or(false)
}

/// Compares and counts attributes.
fn attribute(place: &str, json: &Json, ours: &AttributeSchema, count: &mut usize) {
    *count += 1;
    assert!(
        json["nested_type"].is_null(),
        "{place}: version 5 has no nested attributes"
    );
    assert_eq!(written(&ours.kind), json["type"], "{place}");
    let flags = [
        ("required", ours.required),
        ("optional", ours.optional),
        ("computed", ours.computed),
        ("deprecated", ours.deprecated),
        ("sensitive", ours.sensitive),
        ("write_only", ours.write_only),
    ];
    for (name, value) in flags {
        assert_eq!(value, flag(json, name), "{place}: {name}");
    }
}

fn block(place: &str, json: &Json, ours: &BlockSchema, count: &mut usize) {
    assert_eq!(ours.deprecated, flag(json, "deprecated"), "{place}");
    let names: BTreeSet<&str> = ours.attributes.keys().map(String::as_str).collect();
    assert_eq!(names, keys(&json["attributes"]), "{place}");
    for (name, found) in &ours.attributes {
        attribute(&format!("{place}.{name}"), &json["attributes"][name], found, count);
    }
    let names: BTreeSet<&str> = ours.blocks.keys().map(String::as_str).collect();
    assert_eq!(names, keys(&json["block_types"]), "{place}");
    for (name, found) in &ours.blocks {
        let json = &json["block_types"][name];
        let place = format!("{place}.{name}");
        let nesting = match found.nesting {
            BlockNesting::Single => "single",
            BlockNesting::Group => "group",
            BlockNesting::List => "list",
            BlockNesting::Set => "set",
            BlockNesting::Map => "map",
        };
        assert_eq!(nesting, json["nesting_mode"], "{place}");
        assert_eq!(found.min, json["min_items"].as_u64().unwrap_or(0), "{place}");
        assert_eq!(found.max, json["max_items"].as_u64(), "{place}");
        block(&place, &json["block"], &found.block, count);
    }
}

fn function(place: &str, json: &Json, ours: &FunctionSchema) {
    assert_eq!(written(&ours.returns), json["return_type"], "{place}");
    let parameters: Vec<Json> = ours
        .parameters
        .iter()
        .map(|parameter| json!([parameter.name, written(&parameter.kind)]))
        .collect();
    let expected: Vec<Json> = json["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| json!([parameter["name"], parameter["type"]]))
        .collect();
    assert_eq!(parameters, expected, "{place}");
    assert_eq!(
        ours.variadic.is_some(),
        !json["variadic_parameter"].is_null(),
        "{place}"
    );
}

#[test]
fn the_embedded_schemas_are_what_the_provider_says() {
    let text = printed();
    let printed: Json = serde_json::from_str(&text).unwrap();
    let read = ProviderSchema::from_json(&text).unwrap();
    for (source, ours) in [
        (AWS_SOURCE, ProviderSchema::aws()),
        (BUILTIN_SOURCE, ProviderSchema::builtin()),
    ] {
        let json = &printed["provider_schemas"][source];
        let mut count = 0;
        block(source, &json["provider"]["block"], ours.configuration(), &mut count);
        for kind in Kind::ALL {
            let key = match kind {
                Kind::Resource => "resource_schemas",
                Kind::DataSource => "data_source_schemas",
                Kind::EphemeralResource => "ephemeral_resource_schemas",
            };
            assert_eq!(ours.names(kind).collect::<BTreeSet<_>>(), keys(&json[key]));
            for name in ours.names(kind) {
                let found = ours.block(kind, name).unwrap();
                block(name, &json[key][name]["block"], found, &mut count);
                assert_eq!(Some(found), read[source].block(kind, name), "{name}");
            }
        }
        assert_eq!(
            ours.functions().keys().map(String::as_str).collect::<BTreeSet<_>>(),
            keys(&json["functions"])
        );
        for (name, found) in ours.functions() {
            function(name, &json["functions"][name], found);
        }
        // The file in the repository is what the command writes today.
        assert_eq!(ours.to_compact(), read[source].to_compact(), "{source}");
        println!("{source}: {count} attributes");
        assert!(source == BUILTIN_SOURCE || count > 80_000, "{count}");
    }
}
