//! The schema, and what is generated from it.

use std::path::Path;

use serde_json::{Value, json};

use super::{LEAST, load};
use crate::commands::schema::{Format, run};
use crate::deployment::read::shape::{Field, Shape, Table, root};
use crate::deployment::{model, reference, schema};

/// Ends the part of `docs/deployment.md` that is written by hand.
const MARKER: &str = "-->\n";

#[test]
fn the_reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deployment.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let by_hand = page.find(MARKER).map(|at| &page[..at + MARKER.len()]).unwrap();
    let wanted = format!("{by_hand}\n{}", reference::markdown());
    if std::env::var_os("TFGEN_UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    } else {
        assert!(
            page == wanted,
            "docs/deployment.md is stale: run `TFGEN_UPDATE=1 cargo test reference`"
        );
    }
}

#[test]
fn the_command_prints_json_schema() {
    let mut out = Vec::new();
    run(Format::Json, &mut out).unwrap();
    let printed: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(printed, schema());
    assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(
        printed["required"],
        serde_json::json!(["name", "account_id", "region", "models"])
    );
    assert_eq!(printed["additionalProperties"], Value::Bool(false));
}

fn each(table: &Table, path: &str, visit: &mut impl FnMut(&str, &Field)) {
    for (name, field) in &table.fields {
        let path = format!("{path}{name}");
        visit(&path, field);
        match &field.shape {
            Shape::Table(inner) => each(inner, &format!("{path}."), visit),
            Shape::Map { value: inner, .. } | Shape::List(inner) => {
                if let Shape::Table(inner) = &**inner {
                    each(inner, &format!("{path}."), visit);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_argument_is_described_and_every_required_one_has_an_example() {
    each(root(), "", &mut |path, field| {
        assert!(field.description.ends_with('.'), "{path}: {:?}", field.description);
        if field.required && !field.shape.is_block() {
            assert!(field.example.is_some(), "{path} has no example");
        }
        if let Shape::Map { label, value } = &field.shape
            && matches!(**value, Shape::Table(_))
        {
            assert!(!label.is_empty(), "{path} does not say what its label is");
        }
    });
}

/// The defaults of the schema are those that hold: a file that states them all means the same as one that states none.
#[test]
fn defaults_are_what_the_reference_says() {
    let roster = "developer \"alice\" {\n  email = \"alice@example.com\"\n}\n";
    let blocks = ["cost_tags", "logging", "analytics", "budgets", "budgets.alarms"];
    let mut stated: std::collections::BTreeMap<&str, String> = std::collections::BTreeMap::new();
    each(root(), "", &mut |path, field| {
        let (block, name) = path.rsplit_once('.').unwrap_or(("", path));
        if let (Some(default), Some(block)) = (&field.default, blocks.iter().find(|known| **known == block)) {
            stated
                .entry(block)
                .or_default()
                .push_str(&format!("{name} = {default}\n"));
        }
    });
    let text = |stated: &std::collections::BTreeMap<&str, String>| {
        let block = |name: &str| stated.get(name).cloned().unwrap_or_default();
        format!(
            "{LEAST}\n{roster}cost_tags {{\n{}}}\nlogging {{\n{}}}\nanalytics {{\n{}}}\nbudgets {{\nmonthly_usd = 1\nemails = [\"a@example.com\"]\n{}alarms {{\n{}}}\n}}\n",
            block("cost_tags"),
            block("logging"),
            block("analytics"),
            block("budgets"),
            block("budgets.alarms"),
        )
    };
    let with = load(&text(&stated)).unwrap().deployment;
    let without = load(&text(&std::collections::BTreeMap::new())).unwrap().deployment;
    assert_eq!(stated.len(), blocks.len(), "{stated:?}");
    assert_eq!(format!("{with:?}"), format!("{without:?}"));
}

#[test]
fn geographies_of_file_and_model_are_the_same() {
    let Shape::Table(models) = &root().fields["models"].shape else {
        panic!("models is no block")
    };
    let Shape::Text { choices } = &models.fields["geography"].shape else {
        panic!("geography is no choice")
    };
    let written: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(written, model::Geography::ALL.map(model::Geography::as_str));
}

/// What tfgen's own checks know, an editor can tell as well.
#[test]
fn the_schema_says_what_the_checks_know() {
    let schema = schema();
    for (pointer, wanted) in [
        ("/properties/account_id/pattern", json!("^[0-9]{12}$")),
        ("/properties/name/pattern", json!("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")),
        ("/properties/models/properties/allow/minItems", json!(1)),
        ("/$defs/Roles/properties/trusted/minItems", json!(1)),
        ("/$defs/Developer/properties/email/format", json!("email")),
        ("/$defs/Guardrail/minProperties", json!(1)),
        ("/$defs/Logging/properties/retention_days/enum/5", json!(30)),
        ("/dependentRequired/organization", json!(["deploy"])),
        ("/oneOf/1/required", json!(["roles"])),
        (
            "/properties/developer/propertyNames/pattern",
            json!("^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$"),
        ),
    ] {
        assert_eq!(schema.pointer(pointer), Some(&wanted), "{pointer}");
    }
}
