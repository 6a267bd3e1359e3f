//! The same input gives the same bytes, in all forms, over 100 runs: the bad examples of all rules as one tree.

use std::fs;
use std::path::Path;

use check::{Input, Options};
use findings::Report;
use findings::output::{github, human, json, junit, markdown, sarif};

use crate::examples::{Example, examples};

const RUNS: usize = 100;

/// All bad examples, each in its own folder; the folders are made in this order, or the other way round.
fn tree(root: &Path, reversed: bool) -> Vec<Input> {
    let mut all: Vec<(String, Example)> = Vec::new();
    for rule in check::rules() {
        for (number, example) in examples(rule, "Bad").into_iter().enumerate() {
            all.push((format!("{}-{number}", rule.id), example));
        }
    }
    if reversed {
        all.reverse();
    }
    for (name, example) in &all {
        let mut files: Vec<_> = example.files.iter().collect();
        if reversed {
            files.reverse();
        }
        for (file, text) in files {
            let path = root.join(name).join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let mut inputs = vec![Input::Path(root.to_owned())];
    // In the one order of the inputs or the other, and each of them twice.
    let further = all.iter().take(5).map(|(name, _)| Input::Path(root.join(name)));
    inputs.extend(further);
    if reversed {
        inputs.reverse();
    }
    inputs
}

/// The report in all six forms, with the root as `ROOT`.
fn written(report: &Report, root: &Path) -> Vec<String> {
    let mut forms: Vec<Vec<u8>> = vec![Vec::new(); 6];
    let [one, two, three, four, five, six] = forms.as_mut_slice() else {
        panic!("six forms");
    };
    let options = human::Options {
        style: findings::Style::Plain,
        width: findings::DEFAULT_WIDTH,
        quiet: false,
    };
    human::write(report, &options, one).unwrap();
    json::write(report, two).unwrap();
    sarif::write(report, "0.0.0", three).unwrap();
    junit::write(report, Some(findings::Severity::Warning), four).unwrap();
    github::write(report, five).unwrap();
    markdown::write(report, six).unwrap();
    let root = root.to_string_lossy();
    forms
        .into_iter()
        .map(|form| String::from_utf8(form).unwrap().replace(root.as_ref(), "ROOT"))
        .collect()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = tree(folder.path(), false);
    let first = check::run(&inputs, &Options::default()).unwrap();
    assert!(first.findings.len() >= check::rules().len(), "{}", first.findings.len());
    let wanted = written(&first, folder.path());
    for run in 1..RUNS {
        let report = check::run(&inputs, &Options::default()).unwrap();
        assert!(written(&report, folder.path()) == wanted, "run {run}");
    }
    let other = tempfile::tempdir().unwrap();
    let inputs = tree(other.path(), true);
    let report = check::run(&inputs, &Options::default()).unwrap();
    let found = written(&report, other.path());
    for (found, wanted) in found.iter().zip(&wanted) {
        let differs = found
            .lines()
            .zip(wanted.lines())
            .find(|(found, wanted)| found != wanted);
        assert!(found == wanted, "made in another order: {differs:?}");
    }
}
