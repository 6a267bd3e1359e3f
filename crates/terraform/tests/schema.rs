//! The embedded schemas and the reader of schema files.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use std::collections::BTreeMap;

use terraform::schema::{
    AttributeNesting, AttributeSchema, BlockNesting, BlockSchema, Kind, ProviderSchema, SchemaError,
};
use terraform::value::{ObjectType, Type};

/// A schema with every form that the format has.
const EVERY_FORM: &str = r#"{
  "format_version": "1.0",
  "provider_schemas": {
    "registry.terraform.io/acme/one": {
      "provider": {"version": 0, "block": {"attributes": {"token": {"type": "string", "optional": true, "sensitive": true}}}},
      "resource_schemas": {
        "one_thing": {"version": 3, "block": {
          "attributes": {
            "any": {"type": "dynamic", "optional": true},
            "id": {"type": "string", "computed": true},
            "key": {"type": "string", "optional": true, "write_only": true},
            "names": {"type": ["list", "string"], "required": true},
            "pairs": {"type": ["tuple", ["string", ["set", "number"]]], "optional": true, "deprecated": true},
            "shape": {"type": ["map", ["object", {"a": "bool", "b": "number"}, ["b"]]], "optional": true, "computed": true},
            "rules": {"nested_type": {"nesting_mode": "list", "attributes": {"name": {"type": "string", "required": true}}}, "optional": true}
          },
          "block_types": {
            "group": {"nesting_mode": "group", "block": {}},
            "list": {"nesting_mode": "list", "min_items": 1, "max_items": 3, "block": {
              "block_types": {"inner": {"nesting_mode": "set", "block": {"deprecated": true}}}}},
            "map": {"nesting_mode": "map", "block": {}},
            "single": {"nesting_mode": "single", "block": {"attributes": {"id": {"type": "string", "computed": true}}}}
          }
        }}
      },
      "data_source_schemas": {"one_thing": {"version": 0, "block": {"attributes": {"id": {"type": "string", "required": true}}}}},
      "functions": {"join": {"return_type": "string", "parameters": [{"name": "a", "type": "string", "is_nullable": true}],
        "variadic_parameter": {"name": "rest", "type": "dynamic"}}}
    },
    "registry.terraform.io/acme/two": {}
  }
}"#;

fn plain(kind: Type) -> AttributeSchema {
    AttributeSchema {
        kind,
        required: false,
        optional: false,
        computed: false,
        deprecated: false,
        sensitive: false,
        write_only: false,
        nested: None,
    }
}

fn error(text: &str) -> String {
    ProviderSchema::from_json(text).unwrap_err().to_string()
}

#[test]
fn a_file_has_several_providers_with_every_form() {
    let schemas = ProviderSchema::from_json(EVERY_FORM).unwrap();
    assert_eq!(
        schemas.keys().collect::<Vec<_>>(),
        ["registry.terraform.io/acme/one", "registry.terraform.io/acme/two"]
    );
    let one = &schemas["registry.terraform.io/acme/one"];
    assert!(one.configuration().attributes["token"].sensitive);
    let thing = one.resource("one_thing").unwrap();
    let attribute = |name: &str| &thing.attributes[name];
    assert_eq!(
        *attribute("any"),
        AttributeSchema {
            optional: true,
            ..plain(Type::Any)
        }
    );
    assert_eq!(
        *attribute("key"),
        AttributeSchema {
            optional: true,
            write_only: true,
            ..plain(Type::String)
        }
    );
    assert_eq!(attribute("names").kind, Type::List(Box::new(Type::String)));
    assert!(attribute("names").required && attribute("names").configurable() && !attribute("id").configurable());
    assert_eq!(
        attribute("pairs").kind,
        Type::Tuple(vec![Type::String, Type::Set(Box::new(Type::Number))])
    );
    assert!(attribute("pairs").deprecated);
    assert_eq!(
        attribute("shape").kind,
        Type::Map(Box::new(Type::Object(ObjectType {
            attributes: BTreeMap::from([("a".into(), Type::Bool), ("b".into(), Type::Number)]),
            optional: ["b".to_owned()].into(),
        })))
    );
    let rules = attribute("rules");
    assert_eq!(rules.nested.as_ref().unwrap().nesting, AttributeNesting::List);
    assert_eq!(
        rules.kind,
        Type::List(Box::new(Type::Object(ObjectType::required([(
            "name".to_owned(),
            Type::String
        )]))))
    );
    let list = &thing.blocks["list"];
    assert_eq!((list.nesting, list.min, list.max), (BlockNesting::List, 1, Some(3)));
    assert_eq!(list.block.blocks["inner"].nesting, BlockNesting::Set);
    assert_eq!(list.block.blocks["inner"].max, None);
    assert!(list.block.blocks["inner"].block.deprecated);
    let nesting = |name: &str| thing.blocks[name].nesting;
    assert_eq!(
        (nesting("single"), nesting("group"), nesting("map")),
        (BlockNesting::Single, BlockNesting::Group, BlockNesting::Map)
    );
    assert!(one.data_source("one_thing").unwrap().attributes["id"].required);
    assert_eq!(one.ephemeral_resource("one_thing"), None);
    let join = one.function("join").unwrap();
    assert!(join.parameters[0].nullable);
    assert_eq!(join.variadic.as_ref().unwrap().kind, Type::Any);
    assert_eq!(join.returns, Type::String);
}

#[test]
fn the_embedded_form_keeps_everything_and_is_the_same_every_time() {
    let schemas = ProviderSchema::from_json(EVERY_FORM).unwrap();
    let one = &schemas["registry.terraform.io/acme/one"];
    let bytes = one.to_compact();
    assert_eq!(
        bytes,
        ProviderSchema::from_json(EVERY_FORM).unwrap()["registry.terraform.io/acme/one"].to_compact()
    );
    let read = ProviderSchema::from_compact(bytes.leak());
    assert_eq!(read.configuration(), one.configuration());
    assert_eq!(read.functions(), one.functions());
    for kind in Kind::ALL {
        assert!(read.names(kind).eq(one.names(kind)));
        for name in one.names(kind) {
            assert_eq!(read.block(kind, name), one.block(kind, name), "{name}");
        }
    }
    assert_eq!(read.to_compact(), one.to_compact());
}

#[test]
fn a_damaged_embedded_form_reads_as_absent() {
    let bytes = ProviderSchema::aws().to_compact();
    for length in [0, 5, 8, 12, 1000, 100_000, bytes.len() / 2, bytes.len() - 1] {
        let schema = ProviderSchema::from_compact(bytes[..length].to_vec().leak());
        assert_eq!(schema.configuration(), &BlockSchema::default(), "{length}");
    }
    let mut state = 7_u64;
    for _ in 0..40 {
        let mut damaged = bytes.clone();
        for _ in 0..200 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 33) as usize % damaged.len();
            damaged[place] = (state >> 20) as u8;
        }
        let schema = ProviderSchema::from_compact(damaged.leak());
        for name in ["aws_s3_bucket", "aws_iam_role", "aws_wafv2_web_acl"] {
            // What it says is of no interest; that it ends is.
            drop(schema.resource(name).cloned());
        }
    }
}

#[test]
fn another_document_is_named() {
    for (text, expected) in [
        ("resource {}", "not JSON: expected value at line 1 column 1"),
        ("[]", "a JSON value that is no object"),
        ("{}", "without `format_version` and `provider_schemas`"),
        (
            r#"{"format_version":"1.2","planned_values":{},"terraform_version":"1.11.4"}"#,
            "a document without any provider",
        ),
        (
            r#"{"format_version":"1.0","diagnostics":[]}"#,
            "a document without any provider",
        ),
        (r#"{"version":4,"lineage":"x"}"#, "a state"),
        (r#"{"format_version":"1.0"}"#, "the directory has no providers"),
        (
            r#"{"format_version":"2.0","provider_schemas":{"a":{}}}"#,
            "format version 2.0",
        ),
        (
            r#"{"format_version":"1.0","provider_schemas":{"a":{"resource_schemas":{"t":{"block":{"attributes":{"x":{"type":"text"}}}}}}}}"#,
            r#"a, resource t.x: unknown type "text""#,
        ),
        (
            r#"{"format_version":"1.0","provider_schemas":{"a":{"resource_schemas":{"t":{"block":{"attributes":{"x":{}}}}}}}}"#,
            "without `type` and `nested_type`",
        ),
        (
            r#"{"format_version":"1.0","provider_schemas":{"a":{"resource_schemas":[]}}}"#,
            "line 1 column",
        ),
    ] {
        let message = error(text);
        assert!(message.contains(expected), "{text}: {message}");
    }
    assert!(matches!(ProviderSchema::from_json("{"), Err(SchemaError::Syntax(_))));
}

#[test]
fn the_aws_provider_is_embedded() {
    let aws = ProviderSchema::aws();
    assert_eq!(Kind::ALL.map(|kind| aws.names(kind).count()), [1526, 608, 7]);
    for kind in Kind::ALL {
        assert!(aws.names(kind).is_sorted());
        for name in aws.names(kind) {
            assert!(aws.block(kind, name).is_some(), "{name}");
        }
    }
    let role = aws.resource("aws_iam_role").unwrap();
    assert!(role.attributes["assume_role_policy"].required);
    assert!(role.blocks["inline_policy"].block.deprecated);
    assert!(std::ptr::eq(role, aws.resource("aws_iam_role").unwrap()));
    assert_eq!(aws.resource("aws_iam_rol"), None);
    assert!(aws.configuration().blocks.contains_key("assume_role"));
    assert_eq!(aws.function("arn_build").unwrap().parameters.len(), 5);
}

#[test]
fn terraforms_own_provider_is_embedded() {
    let own = ProviderSchema::builtin();
    assert_eq!(own.names(Kind::Resource).collect::<Vec<_>>(), ["terraform_data"]);
    assert_eq!(
        own.resource("terraform_data").unwrap().attributes["input"].kind,
        Type::Any
    );
    assert!(own.data_source("terraform_remote_state").unwrap().attributes["backend"].required);
    assert_eq!(own.functions().len(), 3);
}

#[test]
fn threads_share_what_was_read() {
    let aws = ProviderSchema::from_compact(ProviderSchema::aws().to_compact().leak());
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| aws.names(Kind::Resource).filter_map(|name| aws.resource(name)).count()))
            .collect();
        for reader in readers {
            assert_eq!(reader.join().unwrap(), 1526);
        }
    });
}
