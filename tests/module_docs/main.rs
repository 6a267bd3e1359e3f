//! The module library keeps its promises: each README says what the module really takes and gives, its example would
//! be accepted, and the structure holds what `terraform test` cannot see.
//!
//! `TFGEN_UPDATE=1 cargo test --test module_docs` rewrites the generated part of each README.

// A panic in a helper of a test is the report.
#![allow(clippy::unwrap_used, clippy::panic)]

mod example;
mod guards;
mod hygiene;
mod module;
mod readme;

use module::Module;

#[test]
fn readmes_list_the_inputs_and_outputs() {
    let update = std::env::var_os("TFGEN_UPDATE").is_some_and(|value| value == "1");
    check(|module, problems| readme::check(module, update, problems));
}

#[test]
fn examples_fit_their_modules() {
    check(example::check);
}

#[test]
fn modules_are_complete_and_straight_line() {
    check(hygiene::check);
}

#[test]
fn what_terraform_test_cannot_see_is_there() {
    check(guards::check);
    let modules: Vec<String> = module::all().into_iter().map(|module| module.name).collect();
    assert_eq!(
        guards::foreign(&modules),
        Vec::<String>::new(),
        "guards of modules that do not exist"
    );
}

/// Runs a check over every module and reports all problems at once.
fn check(mut one: impl FnMut(&Module, &mut Vec<String>)) {
    let modules = module::all();
    assert!(!modules.is_empty(), "terraform/modules holds no module");
    let mut problems = Vec::new();
    for module in &modules {
        let before = problems.len();
        one(module, &mut problems);
        for problem in &mut problems[before..] {
            *problem = format!("terraform/modules/{}/{problem}", module.name);
        }
    }
    assert!(problems.is_empty(), "{}\n", problems.join("\n"));
}
