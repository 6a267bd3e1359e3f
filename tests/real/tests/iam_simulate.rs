//! Cross-check of the policy evaluator with an independent simulator, case by case.
#![cfg(target_os = "linux")]

#[path = "../iam/generate.rs"]
mod generate;
#[path = "../iam/simulator.rs"]
mod simulator;
#[path = "../iam/values.rs"]
mod values;

use generate::{Case, Random};
use policy::{Decision, evaluate};
use simulator::Answer;

#[test]
fn explore() {
    let mut random = Random::new(1);
    let cases: Vec<Case> = (0..6000).map(|_| Case::random(&mut random)).collect();
    let answers = simulator::run(&cases).unwrap();
    let mut shown = 0;
    let (mut same, mut different) = (0, 0);
    let mut tally = std::collections::BTreeMap::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let ours = evaluate(&case.policies, &case.request);
        let kind = match &ours {
            Decision::Allowed { .. } => Answer::Allowed,
            Decision::ExplicitDeny { .. } => Answer::ExplicitDeny,
            Decision::ImplicitDeny { .. } => Answer::ImplicitDeny,
            Decision::DependsOn { keys, .. } => Answer::Error(format!("depends {keys:?}")),
        };
        *tally
            .entry(format!("{answer:?}").chars().take(60).collect::<String>())
            .or_insert(0) += 1;
        if kind == *answer {
            same += 1;
        } else {
            different += 1;
            if shown < 12 {
                shown += 1;
                println!(
                    "--- ours {ours:?}\n    theirs {answer:?}\n{}",
                    simulator::describe(case)
                );
            }
        }
    }
    println!("{same} {different} {tally:#?}");
}
