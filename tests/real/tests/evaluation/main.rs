//! Our evaluator and the real Terraform agree on expressions: on values and types of those that are known, and on which
//! ones `validate` refuses, whether a person wrote them or a generator did.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod batch;
mod generator;
mod scope;

use batch::Batch;
use generator::{Generator, Knowledge};
use scope::{Module, Verdict};

/// Seeds and numbers of generated expressions. Others find other differences: change them at will.
const GENERATED: [(u64, Knowledge); 2] = [(20_260, Knowledge::Known), (20_261, Knowledge::Unknown)];
const GENERATED_EACH: usize = 1500;

/// Lines of a file beside this crate's sources, without comments.
fn lines(name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(scope::folder().join(name)).unwrap();
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// The differences between Terraform's values and ours.
fn compare_values(verdicts: &[(String, Verdict)]) -> Vec<String> {
    let expressions: Vec<&str> = verdicts.iter().map(|(expression, _)| expression.as_str()).collect();
    let results = Batch::write(&expressions).apply();
    let mut differences = Vec::new();
    for ((expression, verdict), (kind, value)) in verdicts.iter().zip(results) {
        // Digits beyond the precision of f64 are not known here.
        let Some(ours) = verdict.json() else {
            continue;
        };
        let our_kind = verdict.value.kind().to_json();
        if our_kind != kind {
            differences.push(format!("{expression}: of type {our_kind} here, {kind} in Terraform"));
        } else if !batch::same(&ours, &value) {
            differences.push(format!("{expression}: {ours} here, {value} in Terraform"));
        }
    }
    differences
}

#[test]
fn known_values_are_terraforms() {
    let module = Module::read();
    let expressions = lines("known.txt");
    assert!(expressions.len() >= 400, "{}", expressions.len());
    let verdicts: Vec<(String, Verdict)> = expressions
        .into_iter()
        .map(|expression| {
            let verdict = module.evaluate(&expression);
            (expression, verdict)
        })
        .collect();
    let mut differences: Vec<String> = verdicts
        .iter()
        .filter(|(_, verdict)| !verdict.errors.is_empty())
        .map(|(expression, verdict)| format!("{expression}: refused here: {:?}", verdict.errors))
        .collect();
    differences.extend(
        verdicts
            .iter()
            .filter(|(_, verdict)| verdict.errors.is_empty() && verdict.json().is_none())
            .map(|(expression, _)| format!("{expression}: not known here")),
    );
    differences.extend(compare_values(&verdicts));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn what_validate_refuses_is_refused() {
    let module = Module::read();
    let expressions = lines("refused.txt");
    assert!(expressions.len() >= 500, "{}", expressions.len());
    let errors = Batch::write(&expressions).validate();
    let mut differences = Vec::new();
    for (expression, errors) in expressions.iter().zip(errors) {
        if errors.is_empty() {
            differences.push(format!("{expression}: Terraform accepts it; the file is wrong"));
        }
        if module.evaluate(expression).errors.is_empty() {
            differences.push(format!("{expression}: accepted here; Terraform: {errors:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn what_validate_accepts_is_accepted() {
    let module = Module::read();
    let expressions = lines("accepted.txt");
    assert!(expressions.len() >= 350, "{}", expressions.len());
    let errors = Batch::write(&expressions).validate();
    let mut differences = Vec::new();
    for (expression, errors) in expressions.iter().zip(errors) {
        if !errors.is_empty() {
            differences.push(format!(
                "{expression}: Terraform refuses it; the file is wrong: {errors:?}"
            ));
        }
        let ours = module.evaluate(expression).errors;
        if !ours.is_empty() {
            differences.push(format!("{expression}: refused here: {ours:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn variables_have_terraforms_types_and_defaults() {
    let accepted = lines("variables.txt");
    let refused = lines("variables-refused.txt");
    let mut differences = Vec::new();
    for (constraint, errors) in refused.iter().zip(Batch::of_variables(&refused).validate()) {
        if errors.is_empty() {
            differences.push(format!("{constraint}: Terraform accepts it; the file is wrong"));
        }
        if let Ok(value) = scope::variable(constraint) {
            differences.push(format!(
                "{constraint}: accepted here as {value:?}; Terraform: {errors:?}"
            ));
        }
    }
    let results = Batch::of_variables(&accepted).apply();
    for (constraint, (kind, value)) in accepted.iter().zip(results) {
        match scope::variable(constraint) {
            Err(error) => differences.push(format!("{constraint}: refused here: {error}")),
            Ok(ours) => {
                let json = serde_json::from_str(&ours.to_json().unwrap()).unwrap();
                if ours.kind().to_json() != kind || !batch::same(&json, &value) {
                    differences.push(format!(
                        "{constraint}: {json} of type {} here, {value} of type {kind} in Terraform",
                        ours.kind().to_json()
                    ));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn generated_expressions_are_judged_alike() {
    let module = Module::read();
    for (seed, knowledge) in GENERATED {
        let expressions = Generator::new(seed, knowledge).take(GENERATED_EACH);
        let errors = Batch::write(&expressions).validate();
        let mut false_errors = Vec::new();
        let mut missed = Vec::new();
        let mut refused = 0;
        let mut known = Vec::new();
        for (expression, errors) in expressions.into_iter().zip(errors) {
            let verdict = module.evaluate(&expression);
            refused += usize::from(!errors.is_empty());
            match (verdict.errors.is_empty(), errors.is_empty()) {
                (false, true) => false_errors.push(format!("{expression}: refused here: {:?}", verdict.errors)),
                (true, false) => missed.push(format!("{expression}: accepted here; Terraform: {errors:?}")),
                (true, true) if verdict.json().is_some() => known.push((expression, verdict)),
                _ => {}
            }
        }
        println!(
            "seed {seed}: {GENERATED_EACH} expressions, {refused} refused by Terraform, {} of these not here; {} have known values",
            missed.len(),
            known.len()
        );
        assert!(false_errors.is_empty(), "{}", false_errors.join("\n"));
        assert!(
            refused > GENERATED_EACH / 4 && refused < GENERATED_EACH * 3 / 4,
            "{refused}"
        );
        // At least 99 %.
        assert!(missed.len() * 100 <= refused, "{}", missed.join("\n"));
        // Terraform plans values only where all variables have some.
        if knowledge == Knowledge::Known {
            let differences = compare_values(&known);
            assert!(differences.is_empty(), "{}", differences.join("\n"));
        }
    }
}

#[test]
fn the_signatures_are_those_of_this_terraform() {
    let folder = tempfile::tempdir().unwrap();
    let metadata = real::terraform::run(folder.path(), &["metadata", "functions", "-json"]).unwrap();
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let theirs = metadata["function_signatures"].as_object().unwrap();
    let mut names = Vec::new();
    for (name, signature) in theirs.iter().filter(|(name, _)| !name.contains("::")) {
        let Some(ours) = terraform::evaluate::functions().get(name) else {
            panic!("{name} is missing: run `refresh functions`, see CONTRIBUTING.md");
        };
        names.push(name.clone());
        let parameters = signature["parameters"].as_array().into_iter().flatten();
        let of = |parameter: &serde_json::Value| {
            (
                parameter["name"].as_str().unwrap().to_owned(),
                parameter["type"].clone(),
                parameter["is_nullable"].as_bool().unwrap_or(false),
            )
        };
        let ours_of = |parameter: &terraform::evaluate::Parameter| {
            (parameter.name.clone(), parameter.kind.to_json(), parameter.nullable)
        };
        assert_eq!(
            ours.parameters.iter().map(ours_of).collect::<Vec<_>>(),
            parameters.map(of).collect::<Vec<_>>(),
            "{name}"
        );
        assert_eq!(
            ours.variadic.as_ref().map(ours_of),
            signature.get("variadic_parameter").map(of),
            "{name}"
        );
        assert_eq!(ours.returns.to_json(), signature["return_type"], "{name}");
    }
    let ours = terraform::evaluate::functions()
        .keys()
        .filter(|name| !name.contains("::"));
    names.sort();
    assert!(ours.eq(&names), "functions that Terraform does not have");
}
