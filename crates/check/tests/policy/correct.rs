//! Correct policies of every kind, as AWS's documentation has them, written for this test: nothing in them is an error,
//! and every warning is known.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use check::policy::{Context, is_policy, lint};
use findings::Severity;

use crate::support::{kind, shown};

/// Warnings that correct policies may have, and why they are right to say something.
const WARNINGS: [(&str, &str); 1] = [
    // AWS's example lets everybody in and keeps out by address in a second statement: an `Allow` for everybody it is.
    ("resource-api-gateway", "policy-public-principal"),
];

fn files(of: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(of);
    let mut files: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn correct_policies_have_no_errors_and_the_known_warnings() {
    let files = files("tests/policy/correct");
    assert!(files.len() >= 40);
    let mut warnings = BTreeSet::new();
    for path in files {
        let name = name(&path);
        let text = fs::read_to_string(&path).unwrap();
        let kind = kind(name.split('-').next().unwrap());
        let found = lint(&text, kind, &Context::default());
        assert!(
            found.iter().all(|f| f.severity < Severity::Error),
            "{name}\n{}",
            shown(&found)
        );
        for finding in found.iter().filter(|f| f.severity == Severity::Warning) {
            warnings.insert((
                name.clone(),
                finding.rule.id.to_owned(),
                shown(std::slice::from_ref(finding)),
            ));
        }
        // Without a kind nothing worse may come out.
        let unsure = lint(&text, None, &Context::default());
        assert!(
            unsure.iter().all(|f| f.severity < Severity::Error),
            "{name}\n{}",
            shown(&unsure)
        );
        assert!(is_policy(&text), "{name}");
    }
    let known: BTreeSet<(&str, &str)> = WARNINGS.into_iter().collect();
    let found: BTreeSet<(&str, &str)> = warnings
        .iter()
        .map(|(name, rule, _)| (name.as_str(), rule.as_str()))
        .collect();
    assert_eq!(found, known, "{warnings:#?}");
}

/// What `tfgen render` writes for the example.
#[test]
fn our_own_policies_are_clean() {
    let kinds = |name: &str| match name {
        "scp" => "scp",
        "log-delivery-trust" => "trust",
        "alerts-topic" | "log-bucket" | "results-bucket" => "resource",
        _ => "identity",
    };
    let files = files("../../policies");
    assert!(files.len() >= 9);
    for path in files {
        let name = name(&path);
        let text = fs::read_to_string(&path).unwrap();
        for kind in [kind(kinds(&name)), None] {
            let found = lint(&text, kind, &Context::default());
            assert!(found.is_empty(), "{name} {kind:?}\n{}", shown(&found));
        }
    }
}

#[test]
fn other_json_is_no_policy() {
    for text in [
        "{}",
        "[]",
        "{\"Statement\": []}",
        "{\"Statement\": [{\"a\": 1}]}",
        "nothing",
        "{\"a\": {\"Effect\": 1}}",
    ] {
        assert!(!is_policy(text), "{text}");
    }
}
