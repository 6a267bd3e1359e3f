//! The collected rules of the provider against `terraform validate`: for values on both sides of every rule, and for
//! every combination of arguments kept and broken. The values are drawn anew, not those that the rules came from.
//!
//! No rule may refuse what the provider accepts. That the provider refuses something for a reason that no rule knows
//! can only be found by chance; it may be rare.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod draw;
mod hcl;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ::terraform::schema::validators::{
    Combination, Demand, Presence, Present, Rule, Scalar, TypeRules, check, conflicts, probed, rules,
};
use ::terraform::schema::{AWS_VERSION, BlockNesting, BlockSchema, Kind, ProviderSchema};
use draw::{Drawn, Random};
use real::terraform;
use serde_json::Value as Json;

/// Changing it draws other values.
const SEED: u64 = 20_261_125;

/// Values on each side of the rules of a place.
const VALUES: usize = 1;

/// The most values in a thousand that the provider refuses and the rules do not.
const UNKNOWN_REASONS: usize = 10;

/// What is expected of a file with one resource.
struct Case {
    kind: Kind,
    name: String,
    what: String,
    /// Whether an error must be there, or must not; `None` where the file only shows what other files have as well.
    refused: Option<bool>,
    /// The file that has the same errors but for the value.
    same_but: Option<usize>,
    /// The rules that are tried.
    rules: Vec<Rule>,
    /// The demand that the error must be about.
    demand: Option<Demand>,
    text: String,
}

fn of(key: &str) -> (Kind, &str) {
    let (kind, name) = key.split_once(' ').unwrap();
    let kind = match kind {
        "resource" => Kind::Resource,
        "data" => Kind::DataSource,
        _ => panic!("{key}: no kind that is probed"),
    };
    (kind, name)
}

#[test]
fn rules_and_provider_agree() {
    let mut random = Random(SEED);
    let mut cases = Vec::new();
    for key in probed() {
        let (kind, name) = of(key);
        let schema = ProviderSchema::aws().block(kind, name).unwrap();
        let rules = rules(kind, name).unwrap_or_else(|| panic!("{key} cannot be read"));
        for path in rules.rules.keys() {
            values(kind, name, schema, rules, path, &mut random, &mut cases);
        }
        for combination in &rules.combinations {
            combined(kind, name, schema, combination, &mut cases);
        }
    }
    let errors = validated(&cases);
    let none = BTreeSet::new();
    let (mut false_alarms, mut missed) = (Vec::new(), Vec::new());
    let mut sides = [0, 0];
    for (number, case) in cases.iter().enumerate() {
        let Some(expected) = case.refused else { continue };
        let found = errors.get(&number).unwrap_or(&none);
        let others = case.same_but.and_then(|other| errors.get(&other)).unwrap_or(&none);
        let own: Vec<&String> = found.difference(others).collect();
        let refused = match &case.demand {
            Some(demand) => own.iter().any(|message| hcl::about(demand, message)),
            None => own.iter().any(|message| !hcl::is_demand(message)),
        };
        // In a block, the file without the value has another value in its place: where that has the same error, this one
        // says nothing.
        let argument = case
            .what
            .split([' ', '['])
            .next()
            .and_then(|path| path.rsplit('.').next());
        if argument.is_some_and(|argument| found.intersection(others).any(|message| message.contains(argument))) {
            continue;
        }
        sides[usize::from(expected)] += 1;
        let line = format!("{:?} {}: {}: {own:?}", case.kind, case.name, case.what);
        // The provider lists what it accepts: every value of it must be in the rules.
        let listed = own.iter().flat_map(|message| hcl::listed(message));
        for value in listed.filter(|value| {
            let known = |rule: &Rule| rule.listed().is_empty() || !rule.refuses(Scalar::Text(value));
            !case.rules.iter().all(known)
        }) {
            false_alarms.push(format!("{:?} {}: {} lists {value:?}", case.kind, case.name, case.what));
        }
        match (expected, refused) {
            (true, false) => false_alarms.push(line),
            (false, true) => missed.push(line),
            _ => {}
        }
    }
    println!(
        "seed {SEED}: {} expected to be accepted, {} to be refused; the provider refuses without a rule:\n{}",
        sides[0],
        sides[1],
        missed.join("\n")
    );
    assert!(sides[0] > 1000 && sides[1] > 1000, "{sides:?}");
    assert!(
        false_alarms.is_empty(),
        "seed {SEED}: the provider accepts what a rule refuses:\n{}",
        false_alarms.join("\n")
    );
    assert!(
        missed.len() * 1000 <= sides[0] * UNKNOWN_REASONS,
        "seed {SEED}: {} of {}",
        missed.len(),
        sides[0]
    );
}

/// Files with values on both sides of the rules of a place.
fn values(
    kind: Kind,
    name: &str,
    schema: &BlockSchema,
    rules: &TypeRules,
    path: &str,
    random: &mut Random,
    cases: &mut Vec<Case>,
) {
    let steps = hcl::steps(path);
    let number = hcl::is_number(schema, &steps);
    let drawn = draw::values(&rules.rules[path], number, random);
    let plain = steps
        .iter()
        .filter(|step| *step != "[]")
        .cloned()
        .collect::<Vec<_>>()
        .join(".");
    let wrapped = |drawn: &Drawn| draw::value(drawn, &steps);
    let refused = |drawn: &Drawn| {
        let (argument, value) = wrapped(drawn);
        !check(kind, name, &argument, &value).is_empty()
    };
    let (mut bad, mut good): (Vec<Drawn>, Vec<Drawn>) = drawn.into_iter().partition(refused);
    bad.truncate(VALUES);
    good.truncate(VALUES);
    // And one on each side of the edges of every rule.
    for rule in &rules.rules[path] {
        let (refused, accepted): (Vec<Drawn>, Vec<Drawn>) =
            draw::near(rule, number, random).into_iter().partition(refused);
        bad.extend(refused.into_iter().find(|drawn| rule.refuses(drawn.scalar())));
        good.extend(accepted.into_iter().next());
    }
    // Beside the place: what the provider demands with it, and in a block plain values that are accepted.
    let beside: Vec<Vec<String>> = rules
        .combinations
        .iter()
        .filter_map(|combination| match &combination.demand {
            Demand::Together(holder, others) if hcl::join(&combination.block, holder) == plain => Some(
                others
                    .iter()
                    .map(|other| hcl::names(&hcl::join(&combination.block, other)))
                    .collect::<Vec<_>>(),
            ),
            _ => None,
        })
        .flatten()
        .collect();
    let mut fill = |path: &str, number: bool| -> String {
        let Some(rules) = rules.rules.get(path) else {
            return if number { "1".to_owned() } else { "\"x\"".to_owned() };
        };
        let candidates = draw::values(rules, number, random);
        let good = candidates
            .into_iter()
            .find(|drawn| rules.iter().all(|rule| !rule.refuses(drawn.scalar())));
        good.map_or_else(|| "\"x\"".to_owned(), |drawn| drawn.hcl())
    };
    let in_block = hcl::in_block(schema, &steps);
    let mut case = |value: Option<&Drawn>, refused: Option<bool>, same_but: Option<usize>, cases: &mut Vec<Case>| {
        let text = value.map_or_else(|| "var.unknown".to_owned(), Drawn::hcl);
        cases.push(Case {
            kind,
            name: name.to_owned(),
            what: format!("{path} = {text:.200}"),
            refused,
            same_but,
            rules: rules.rules[path].clone(),
            demand: None,
            text: hcl::block(schema, &[(steps.clone(), text)], &beside, in_block, &mut fill),
        });
    };
    // In a block nothing is looked at as long as something is not known, and the values beside the place have errors of
    // their own. What is refused whatever its value is refused without one as well.
    let compared = in_block && !rules.rules[path].contains(&Rule::Nothing);
    let base = compared.then_some(cases.len());
    if compared {
        case(good.first(), None, None, cases);
    }
    let covered = !rules.uncovered.contains_key(path);
    for value in good.iter().filter(|_| covered && !in_block) {
        case(Some(value), Some(false), None, cases);
    }
    for value in &bad {
        case(Some(value), Some(true), base, cases);
    }
}

/// Files in which a demand is met and is not.
fn combined(kind: Kind, name: &str, schema: &BlockSchema, combination: &Combination, cases: &mut Vec<Case>) {
    let members: Vec<&String> = hcl::members(&combination.demand).into_iter().collect();
    let mut sets = vec![Vec::new(), members.clone()];
    sets.extend(members.iter().map(|member| vec![*member]));
    for set in sets {
        let mut places: Vec<Vec<String>> = set
            .iter()
            .map(|member| hcl::names(&hcl::join(&combination.block, member)))
            .collect();
        let open = combination
            .when
            .as_ref()
            .map(|when| hcl::join(&combination.block, when));
        places.extend(open.map(|open| hcl::names(&open)));
        if !combination.block.is_empty() {
            places.push(combination.block.clone());
        }
        let present = present(schema, &places);
        let refused = conflicts(kind, name, &present)
            .iter()
            .any(|breach| hcl::members(&breach.demand) == hcl::members(&combination.demand));
        let settings: Vec<(Vec<String>, String)> = places
            .iter()
            .map(|place| (place.clone(), hcl::plain_at(schema, place)))
            .collect();
        let mut fill = |_: &str, number: bool| if number { "1".to_owned() } else { "\"x\"".to_owned() };
        cases.push(Case {
            kind,
            name: name.to_owned(),
            what: format!("{:?} with {set:?}", combination.demand),
            refused: Some(refused),
            same_but: None,
            rules: Vec::new(),
            demand: Some(combination.demand.clone()),
            text: hcl::block(schema, &settings, &[], true, &mut fill),
        });
    }
}

/// What a file with these places sets, without what must be set anyway: no demand is about that alone.
fn present(schema: &BlockSchema, places: &[Vec<String>]) -> Present {
    let mut present = Present::default();
    for place in places {
        let (mut inner, mut block) = (&mut present, schema);
        for (number, name) in place.iter().enumerate() {
            if let Some(nested) = block.blocks.get(name) {
                block = &nested.block;
                let blocks = inner.blocks.entry(name.clone()).or_default();
                if blocks.is_empty() {
                    blocks.push(Present::default());
                }
                inner = &mut blocks[0];
            } else {
                assert_eq!(number + 1, place.len(), "{place:?}");
                inner.arguments.insert(name.clone(), Presence::Set);
            }
        }
    }
    present
}

/// The messages of the errors of each file, by one run of `terraform validate`.
fn validated(cases: &[Case]) -> BTreeMap<usize, BTreeSet<String>> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "main.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    aws = {{\n      source  = \"hashicorp/aws\"\n      version = \"{AWS_VERSION}\"\n    }}\n  }}\n}}\n\nvariable \"unknown\" {{}}\n"
        ),
    );
    for (number, case) in cases.iter().enumerate() {
        let kind = if case.kind == Kind::Resource {
            "resource"
        } else {
            "data"
        };
        // A file each: Terraform reads a file up to the place of every error in it.
        write(
            &format!("case-{number}.tf"),
            &format!("{kind} \"{}\" \"case_{number}\" {{\n{}}}\n", case.name, case.text),
        );
    }
    terraform::run(folder.path(), &["init", "-backend=false", "-no-color"]).unwrap();
    messages(folder.path(), cases)
}

fn messages(folder: &Path, cases: &[Case]) -> BTreeMap<usize, BTreeSet<String>> {
    let output = terraform::output(folder, &["validate", "-json"]).unwrap();
    let printed: Json = serde_json::from_slice(&output.stdout).unwrap();
    let mut messages: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for diagnostic in printed["diagnostics"].as_array().unwrap() {
        if diagnostic["severity"] != "error" {
            continue;
        }
        let text = |key: &str| diagnostic[key].as_str().unwrap_or_default().to_owned();
        let message = format!("{}\n{}", text("summary"), text("detail"));
        let file = diagnostic["range"]["filename"]
            .as_str()
            .unwrap_or_else(|| panic!("{diagnostic}"));
        let number: usize = file
            .strip_prefix("case-")
            .unwrap()
            .strip_suffix(".tf")
            .unwrap()
            .parse()
            .unwrap();
        assert!(
            !hcl::is_ours(&message),
            "the test wrote what Terraform cannot read: {message}\n{}",
            cases[number].text
        );
        messages.entry(number).or_default().insert(message);
    }
    messages
}

#[test]
fn a_place_in_a_block_is_told_from_one_beside_it() {
    let schema = ProviderSchema::aws().resource("aws_budgets_budget").unwrap();
    assert_eq!(schema.blocks["notification"].nesting, BlockNesting::Set);
    assert_eq!(schema.blocks["auto_adjust_data"].nesting, BlockNesting::List);
    assert!(hcl::in_block(schema, &hcl::steps("notification.threshold_type")));
    assert!(hcl::in_block(schema, &hcl::steps("auto_adjust_data.auto_adjust_type")));
    assert!(!hcl::in_block(schema, &hcl::steps("time_unit")));
}
