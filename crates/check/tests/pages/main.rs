//! The pages of the rules: their form, their examples, and `docs/rules`. `RULES.md` tells the form.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod examples;
mod stable;
mod suppressed;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use check::Options;
use examples::{Example, examples, section};
use findings::Rule;

const HEADINGS: [&str; 6] = [
    "What it finds",
    "Why it matters",
    "Bad",
    "Good",
    "How to fix it",
    "Source",
];

/// Where a rule fires in an example: files and lines.
fn fired(rule: &Rule, example: &Example) -> BTreeSet<(String, usize)> {
    let folder = tempfile::tempdir().unwrap();
    let inputs = example.write(folder.path());
    let report = check::run(&inputs, &Options::default()).unwrap();
    let root = folder.path().to_string_lossy().replace('\\', "/") + "/";
    report
        .findings
        .iter()
        .filter(|finding| finding.rule == rule)
        .map(|finding| {
            let name = &finding.place.source.name;
            let name = name.strip_prefix(&root).unwrap_or(name);
            (name.to_owned(), finding.place.region().line)
        })
        .collect()
}

#[test]
fn every_bad_example_fires_where_it_is_marked_and_no_good_one_does() {
    let mut faults = Vec::new();
    for rule in check::rules() {
        let bad = examples(rule, "Bad");
        let good = examples(rule, "Good");
        if bad.is_empty() || good.is_empty() {
            faults.push(format!("{}: needs a bad and a good example", rule.id));
        }
        for (number, example) in bad.iter().enumerate() {
            let found = fired(rule, example);
            if example.marked.is_empty() {
                faults.push(format!("{}: bad example {} marks no line", rule.id, number + 1));
            } else if found != example.marked {
                let (marked, number) = (&example.marked, number + 1);
                faults.push(format!(
                    "{}: bad example {number} fires at {found:?}, marked is {marked:?}",
                    rule.id
                ));
            }
        }
        for (number, example) in good.iter().enumerate() {
            let found = fired(rule, example);
            if !found.is_empty() || !example.marked.is_empty() {
                faults.push(format!("{}: good example {} fires at {found:?}", rule.id, number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn ids_are_unique_kebab_case_and_in_order() {
    let rules = check::rules();
    assert!(rules.is_sorted_by_key(|rule| (rule.family, rule.id)));
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules.len(), "an id is used twice");
    for id in ids {
        let is_kebab = id.split('-').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
        assert!(is_kebab, "{id}");
    }
}

#[test]
fn every_page_has_the_headings_in_their_order() {
    for rule in check::rules() {
        let found: Vec<&str> = rule.page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, HEADINGS, "{}", rule.id);
        for heading in HEADINGS {
            assert!(!section(rule, heading).trim().is_empty(), "{}: {heading}", rule.id);
        }
        assert!(rule.page.starts_with("## "), "{}", rule.id);
        assert!(
            rule.summary.ends_with('.') && !rule.summary.contains('\n'),
            "{}",
            rule.id
        );
    }
}

#[test]
fn the_pages_in_docs_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let mut wanted: BTreeMap<String, String> = check::rules()
        .iter()
        .map(|rule| (format!("{}.md", rule.id), findings::page(rule)))
        .collect();
    wanted.insert("README.md".to_owned(), findings::index(check::rules()));
    if std::env::var_os("TFGEN_UPDATE").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &wanted {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let found: BTreeMap<String, String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let text = fs::read_to_string(entry.path()).unwrap().replace("\r\n", "\n");
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    let stale: Vec<&String> = wanted
        .keys()
        .chain(found.keys())
        .filter(|name| wanted.get(*name) != found.get(*name))
        .collect();
    assert!(
        stale.is_empty(),
        "docs/rules is stale ({stale:?}): run `TFGEN_UPDATE=1 cargo test -p check --test pages`"
    );
}
