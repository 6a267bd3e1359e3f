//! Cross-check of the policy evaluator with an independent simulator, case by case.
#![cfg(target_os = "linux")]

#[path = "../iam/classes.rs"]
mod classes;
#[path = "../iam/generate.rs"]
mod generate;
#[path = "../iam/simulator.rs"]
mod simulator;
#[path = "../iam/values.rs"]
mod values;

use std::collections::BTreeMap;

use classes::CLASSES;
use generate::{Case, Random};
use policy::{Decision, evaluate};
use simulator::Answer;

/// Cases of a run.
const CASES: usize = 4_000;

#[test]
fn differs_from_the_simulator_only_where_docs_say_so() {
    let mut random = Random::new(20_261_121);
    let cases: Vec<Case> = (0..CASES).map(|_| Case::random(&mut random)).collect();
    let answers = simulator::run(&cases).unwrap();

    let mut agreed: BTreeMap<String, usize> = BTreeMap::new();
    let mut explained: BTreeMap<&str, usize> = CLASSES.iter().map(|class| (class.name, 0)).collect();
    let mut faults = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let ours = evaluate(&case.policies, &case.request);
        if agree(&ours, answer) {
            *agreed.entry(format!("{answer:?}")).or_default() += 1;
            continue;
        }
        match explain(case, answer) {
            Some(names) => names
                .into_iter()
                .for_each(|name| *explained.entry(name).or_default() += 1),
            None => faults.push(format!(
                "ours {ours}, simulator {answer:?}: {}",
                simulator::describe(case)
            )),
        }
    }
    eprintln!("{agreed:#?} {explained:#?}");

    assert!(
        faults.is_empty(),
        "{} unexplained:\n{}",
        faults.len(),
        faults[..faults.len().min(5)].join("\n")
    );
    // Cases that never get past a deny would show nothing.
    for answer in ["Allowed", "ExplicitDeny", "ImplicitDeny"] {
        assert!(
            agreed.get(answer).is_some_and(|n| *n >= CASES / 10),
            "too few agree on {answer}: {agreed:?}"
        );
    }
    let vanished: Vec<_> = explained
        .iter()
        .filter(|(_, n)| **n == 0)
        .map(|(name, _)| *name)
        .collect();
    assert!(
        vanished.is_empty(),
        "no difference of the classes {vanished:?} any more: strike them from the docs"
    );
}

fn agree(ours: &Decision, theirs: &Answer) -> bool {
    matches!(
        (ours, theirs),
        (Decision::Allowed { .. }, Answer::Allowed)
            | (Decision::ExplicitDeny { .. }, Answer::ExplicitDeny)
            | (Decision::ImplicitDeny { .. }, Answer::ImplicitDeny)
    )
}

/// The class under whose reading we would agree; where one alone does not do, all that take part.
fn explain(case: &Case, answer: &Answer) -> Option<Vec<&'static str>> {
    let agrees = |case: &Case| agree(&evaluate(&case.policies, &case.request), answer);
    for class in &CLASSES {
        let mut other = case.clone();
        (class.rewrite)(&mut other);
        if agrees(&other) {
            return Some(vec![class.name]);
        }
    }
    let all_but = |without: Option<&str>| {
        let mut other = case.clone();
        CLASSES
            .iter()
            .filter(|class| Some(class.name) != without)
            .for_each(|class| (class.rewrite)(&mut other));
        other
    };
    agrees(&all_but(None)).then(|| {
        let takes_part = |name: &&str| !agrees(&all_but(Some(name)));
        CLASSES.iter().map(|class| class.name).filter(takes_part).collect()
    })
}
