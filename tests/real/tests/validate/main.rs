//! `tfgen check` against the real `terraform validate`: hand-written configurations, and mistakes planted into valid ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a panic is the report of a test, and its figures go to the log"
)]

mod agreement;
mod cases;
mod mistakes;
mod mutation;
mod score;
mod sites;

use std::collections::BTreeSet;

use agreement::{compare, compare_roots};
use cases::{Case, configurations, hand_written, known_differences, modules, roots};
use score::{Score, table};

/// The seed of the mutants, where `TFGEN_SEED` gives no other.
const SEED: u64 = 20_261_125;

/// How many mutants there are, where `TFGEN_MUTANTS` says nothing else.
const MUTANTS: usize = 606;

#[test]
fn hand_written_configurations_get_the_verdict_of_terraform() {
    let cases = hand_written().unwrap();
    assert!(cases.len() > 300);
    let verdicts = compare(&cases).unwrap();
    let score = Score::of(&cases, &verdicts, &BTreeSet::new());
    let known = known_differences().unwrap();
    let differences = score.falsely.iter().chain(&score.missed).chain(&score.accepted);
    let found: BTreeSet<&str> = differences.copied().collect();
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    assert_eq!(found, known, "cases/known.txt lists the differences that are known");
}

#[test]
fn root_modules_get_the_verdict_of_terraform() {
    let cases = roots().unwrap();
    let verdicts = compare_roots(&cases).unwrap();
    assert!((1..cases.len()).contains(&verdicts.theirs.len()));
    let score = Score::of(&cases, &verdicts, &BTreeSet::new());
    let mut differences = score.falsely.iter().chain(&score.missed).chain(&score.accepted);
    assert_eq!(differences.next(), None);
}

#[test]
fn mutants_get_the_verdict_of_terraform() {
    let originals = configurations().unwrap();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let wanted = number("TFGEN_MUTANTS").map_or(MUTANTS, |wanted| usize::try_from(wanted).unwrap());
    let mutants = mutation::mutants(&originals, wanted, number("TFGEN_SEED").unwrap_or(SEED));
    let all: Vec<Case> = originals.iter().chain(&mutants).cloned().collect();
    let verdicts = compare(&all).unwrap();
    for original in &originals {
        let theirs = verdicts.theirs.get(&original.name);
        assert!(theirs.is_none(), "{} is not valid: {theirs:?}", original.name);
    }
    let score = Score::of(&all, &verdicts, &score::types(&modules().unwrap()));
    eprintln!("{}", table(&mutants, &verdicts, &score));
    eprintln!("{score}");
    let kinds: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.kind.as_str()).collect();
    assert!(kinds.len() >= 25, "{kinds:?}");
    assert!(mutants.len() >= 300, "{} mutants", mutants.len());
    assert!(
        score.falsely.is_empty(),
        "errors where Terraform has none: {:?}",
        score.falsely
    );
    assert!(
        score.language.percent() >= 99.0,
        "recall below 99 %: {:?}",
        score.missed
    );
    assert!(
        score.provider.percent() >= 95.0,
        "recall of provider-validated values below 95 %"
    );
}
