//! What a rule finds in native syntax it finds in JSON: every bad example of a page, written anew as `.tf.json`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::collections::BTreeSet;

use check::{Input, Options};
use findings::{Family, Rule};
use serde_json::{Map, Value};
use terraform::ast::{Body, ExpressionKind, Item};

/// The examples in one file of native syntax.
fn examples(rule: &Rule, heading: &str) -> Vec<String> {
    let (_, rest) = rule.page.split_once(&format!("## {heading}\n")).unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let blocks = section.split("```hcl ").skip(1);
    blocks
        .filter_map(|block| block.split_once('\n'))
        .filter(|(name, _)| name.trim() == "main.tf")
        .map(|(_, text)| text.split("```").next().unwrap().to_owned())
        .collect()
}

/// A body as JSON: blocks are objects, and every value an expression in a string.
fn body(source: &str, native: &Body) -> Value {
    let mut members = Map::new();
    for item in &native.items {
        match item {
            Item::Attribute(attribute) => {
                let text = &source[attribute.value.span.clone()];
                let value = match (&attribute.value.kind, attribute.value.as_string()) {
                    // References to wait for stand in it as they are.
                    (ExpressionKind::Tuple(elements), _) if attribute.name.text == "depends_on" => {
                        let names = elements.iter().map(|element| source[element.span.clone()].to_owned());
                        Value::Array(names.map(Value::String).collect())
                    }
                    (_, Some(text)) => Value::String(text.replace("${", "$${").replace("%{", "%%{")),
                    (_, None) => Value::String(format!("${{{text}}}")),
                };
                members.insert(attribute.name.text.clone(), value);
            }
            Item::Block(block) => {
                let mut value = body(source, &block.body);
                for label in block.labels.iter().rev() {
                    value = Value::Object(Map::from_iter([(label.text.clone(), value)]));
                }
                match members.get_mut(&block.kind.text) {
                    None => {
                        members.insert(block.kind.text.clone(), Value::Array(vec![value]));
                    }
                    Some(known) => known.as_array_mut().unwrap().push(value),
                }
            }
        }
    }
    Value::Object(members)
}

fn json(source: &str) -> String {
    let (native, errors) = terraform::syntax::parse_file(source);
    assert!(errors.is_empty(), "{errors:?}: {source}");
    serde_json::to_string_pretty(&body(source, &native)).unwrap()
}

fn fires(rule: &Rule, name: &str, text: String) -> bool {
    let input = Input::Text {
        name: name.to_owned(),
        text,
    };
    let report = check::run(&[input], &Options::default()).unwrap();
    report.findings.iter().any(|finding| finding.rule == rule)
}

#[test]
fn what_is_found_in_native_syntax_is_found_in_json() {
    let mut compared = 0;
    let mut different = BTreeSet::new();
    let families = [Family::Bedrock, Family::Security, Family::Policy];
    for rule in check::rules().iter().filter(|rule| families.contains(&rule.family)) {
        for (heading, expected) in [("Bad", true), ("Good", false)] {
            for example in examples(rule, heading) {
                assert_eq!(
                    fires(rule, "main.tf", example.clone()),
                    expected,
                    "{} {example}",
                    rule.id
                );
                compared += 1;
                if fires(rule, "main.tf.json", json(&example)) != expected {
                    different.insert(format!("{} {heading}", rule.id));
                }
            }
        }
    }
    assert!(compared >= 50, "only {compared} examples were compared");
    assert!(different.is_empty(), "{different:#?}");
}
