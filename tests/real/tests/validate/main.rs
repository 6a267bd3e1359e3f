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
#[cfg(feature = "mutants")]
mod mutation;
#[cfg(feature = "mutants")]
mod sites;

#[cfg(feature = "mutants")]
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use agreement::{Verdicts, compare};
#[cfg(feature = "mutants")]
use cases::configurations;
use cases::{Case, hand_written, known_differences};

/// Names of cases that only we find erroneous, and of those that only Terraform does; each is printed.
fn differences<'v>(cases: &[Case], verdicts: &'v Verdicts) -> (BTreeSet<&'v str>, BTreeSet<&'v str>) {
    let mut falsely = BTreeSet::new();
    let mut missed = BTreeSet::new();
    for case in cases {
        let name = case.name.as_str();
        match (verdicts.theirs.get_key_value(name), verdicts.ours.get_key_value(name)) {
            (None, Some((name, ours))) => {
                eprintln!("only tfgen: {name} ({}): {}", case.change, ours.join("; "));
                falsely.insert(name.as_str());
            }
            (Some((name, theirs)), None) if !theirs.provider => {
                eprintln!("only terraform: {name} ({}): {}", case.change, theirs.message);
                missed.insert(name.as_str());
            }
            _ => {}
        }
    }
    (falsely, missed)
}

#[test]
fn hand_written_configurations_get_the_verdict_of_terraform() {
    let cases = hand_written().unwrap();
    assert!(cases.len() > 300);
    let verdicts = compare(&cases).unwrap();
    let (falsely, missed) = differences(&cases, &verdicts);
    let known = known_differences().unwrap();
    let found: BTreeSet<&str> = falsely.union(&missed).copied().collect();
    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    assert_eq!(found, known, "cases/known.txt lists the differences that are known");
}

#[cfg(feature = "mutants")]
#[test]
fn mutants_get_the_verdict_of_terraform() {
    let originals = configurations().unwrap();
    assert!(originals.len() >= 18);
    let wanted = std::env::var("TFGEN_MUTANTS").ok().and_then(|text| text.parse().ok());
    let mutants = mutation::mutants(&originals, wanted.unwrap_or(420), 20_261_125);
    let kinds: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.kind.as_str()).collect();
    assert!(kinds.len() >= 25, "{kinds:?}");
    let all: Vec<Case> = originals.iter().chain(&mutants).cloned().collect();
    let verdicts = compare(&all).unwrap();
    for original in &originals {
        let theirs = verdicts.theirs.get(&original.name);
        assert!(theirs.is_none(), "{} is not valid: {theirs:?}", original.name);
    }
    let (falsely, missed) = differences(&all, &verdicts);
    let erroneous = verdicts.theirs.values().filter(|theirs| !theirs.provider).count();
    let provider = verdicts.theirs.len() - erroneous;
    let mut table: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for mutant in &mutants {
        let row = table.entry(&mutant.kind).or_default();
        row.0 += 1;
        row.1 += usize::from(verdicts.theirs.contains_key(&mutant.name));
        row.2 += usize::from(missed.contains(mutant.name.as_str()));
    }
    for (kind, (planted, rejected, missed)) in table {
        eprintln!("| {kind} | {planted} | {rejected} | {missed} |");
    }
    eprintln!(
        "{} mutants of {} kinds: terraform rejects {erroneous} (and {provider} by the provider's own validators), missed {}, false {}",
        mutants.len(),
        kinds.len(),
        missed.len(),
        falsely.len()
    );
    assert!(falsely.is_empty(), "errors where Terraform has none: {falsely:?}");
    assert!(missed.len() * 100 <= erroneous, "recall below 99 %: {missed:?}");
}
