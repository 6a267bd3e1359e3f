//! Every broken file in `tests/fixtures/deployment` is refused with the text beside it.

use std::fs;
use std::path::{Path, PathBuf};

use super::today;
use crate::deployment::load_text;
use crate::diagnostic::Source;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/deployment")
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hcl"))
        .collect();
    cases.sort();
    cases
}

fn name(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

/// Rosters are named without the folder of this checkout.
fn report(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let source = Source::new(format!("{}.hcl", name(path)), text);
    match load_text(&source, &folder(), today()) {
        Ok(_) => panic!("{} has no fault", path.display()),
        Err(failure) => failure.to_string().replace(&format!("{}/", folder().display()), ""),
    }
}

#[test]
fn every_broken_file_is_explained() {
    let cases = cases();
    assert!(cases.len() >= 60, "only {} broken files", cases.len());
    for path in cases {
        insta::with_settings!({
            snapshot_path => folder(),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name(&path), report(&path));
        });
    }
}

#[test]
fn every_explanation_has_its_file() {
    let cases: Vec<String> = cases().iter().map(|path| name(path).to_owned()).collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "snap") {
            assert!(
                cases.contains(&name(&path).to_owned()),
                "{} explains no file",
                path.display()
            );
        }
    }
}
