//! Whether the proof table is complete: every part of every document is needed by a row.
//!
//! A mutant is a deployment's documents with one part removed or weakened. Each must make at least one row fail; one that
//! does not is either a part that nothing needs or a row that is missing.

use policy::{Actions, Document, Effect, PrincipalPattern, Principals, Resources, Statement};

use crate::deployment::model::{Deployment, Geography};
use crate::guardrails::documents::{ADMIN, ADMIN_TRUST, ANALYST_TRUST, DEVELOPER, DEVELOPER_TRUST, Documents, SCP};
use crate::guardrails::invocation::ModelForm;
use crate::guardrails::{admin, developer, documents, fixtures, proof};

/// A changed document: which, what was changed, and the result.
struct Mutant {
    file: &'static str,
    change: String,
    document: Document,
}

fn mutants(documents: &Documents) -> Vec<Mutant> {
    let mut list = Vec::new();
    for (file, original) in documents {
        for (index, statement) in original.document.statements.iter().enumerate() {
            let sid = statement.sid.clone().unwrap_or_default();
            let mut removed = original.document.clone();
            removed.statements.remove(index);
            list.push(Mutant {
                file,
                change: format!("{sid}: removed"),
                document: removed,
            });
            for (change, statement) in changes(statement) {
                let mut document = original.document.clone();
                document.statements[index] = statement;
                list.push(Mutant {
                    file,
                    change: format!("{sid}: {change}"),
                    document,
                });
            }
        }
    }
    list
}

/// Every single removal from a statement, and every single weakening.
fn changes(statement: &Statement) -> Vec<(String, Statement)> {
    let mut list = Vec::new();
    let mut push = |change: String, edit: &dyn Fn(&mut Statement)| {
        let mut changed = statement.clone();
        edit(&mut changed);
        list.push((change, changed));
    };
    let (Actions::Only(actions) | Actions::AllBut(actions)) = &statement.actions;
    for (n, action) in actions.iter().enumerate().filter(|_| actions.len() > 1) {
        push(format!("without action {action}"), &|s| {
            let (Actions::Only(list) | Actions::AllBut(list)) = &mut s.actions;
            list.remove(n);
        });
    }
    if let Some(Resources::Only(resources) | Resources::AllBut(resources)) = &statement.resources {
        for (n, resource) in resources.iter().enumerate().filter(|_| resources.len() > 1) {
            push(format!("without resource {resource}"), &|s| {
                if let Some(Resources::Only(list) | Resources::AllBut(list)) = &mut s.resources {
                    list.remove(n);
                }
            });
        }
    }
    for (n, condition) in statement.conditions.iter().enumerate() {
        push(
            format!("without condition {} {}", condition.operator, condition.key),
            &|s| {
                s.conditions.remove(n);
            },
        );
        for (m, value) in condition
            .values
            .iter()
            .enumerate()
            .filter(|_| condition.values.len() > 1)
        {
            push(format!("without {} value {value}", condition.key), &|s| {
                s.conditions[n].values.remove(m);
            });
        }
    }
    if let Some(Principals::Only(principals)) = &statement.principals {
        for n in (0..principals.len()).filter(|_| principals.len() > 1) {
            push(format!("without principal {:?}", principals[n]), &|s| {
                if let Some(Principals::Only(list)) = &mut s.principals {
                    list.remove(n);
                }
            });
        }
    }
    if statement.effect == Effect::Allow {
        weaken(statement, &mut push);
    }
    list
}

/// Takes a change's name and what it does to a statement.
type Push<'a> = dyn FnMut(String, &dyn Fn(&mut Statement)) + 'a;

/// Every single widening of an `Allow`.
fn weaken(statement: &Statement, push: &mut Push<'_>) {
    if let Actions::Only(actions) = &statement.actions {
        let service = actions[0].split(':').next().unwrap().to_owned();
        push(format!("every action of {service}"), &|s| {
            s.actions = Actions::Only(vec![format!("{service}:*")])
        });
    }
    if let Some(Resources::Only(resources)) = &statement.resources {
        if resources.iter().any(|resource| resource != "*") {
            push("every resource".to_owned(), &|s| {
                s.resources = Some(Resources::Only(vec!["*".to_owned()]))
            });
        }
        for (n, resource) in resources.iter().enumerate() {
            if !resource.ends_with('*') {
                push(format!("whatever begins like {resource}"), &|s| {
                    if let Some(Resources::Only(list)) = &mut s.resources {
                        list[n].push('*');
                    }
                });
            }
            if let Some(wide) = any_account_and_region(resource) {
                push(format!("{wide} for {resource}"), &|s| {
                    if let Some(Resources::Only(list)) = &mut s.resources {
                        list[n].clone_from(&wide);
                    }
                });
            }
        }
    }
    if statement.principals.is_some() {
        push("anybody".to_owned(), &|s| {
            s.principals = Some(Principals::Only(vec![PrincipalPattern::Anyone]))
        });
    }
}

/// The ARN for every account and region, where it names one.
fn any_account_and_region(arn: &str) -> Option<String> {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    if parts.len() < 6 || (parts[3].is_empty() && parts[4].is_empty()) {
        return None;
    }
    for part in &mut parts[3..5] {
        if !part.is_empty() {
            *part = "*";
        }
    }
    Some(parts.join(":")).filter(|wide| wide != arn)
}

/// Changes that change nothing, and why.
fn is_equivalent(d: &Deployment, mutant: &Mutant) -> bool {
    let says = |texts: &[&str]| texts.iter().any(|text| mutant.change.contains(text));
    match mutant.file {
        // A topic's policy speaks of that topic alone, a key's of that key, whatever its resource says.
        "alerts-topic.json" | "log-key.json" => says(&["every resource", "whatever begins like", "arn:aws:sns:*"]),
        // `OtherWriters` denies everybody whom a wider principal would admit.
        "log-bucket.json" => says(&["DeliverLogs: anybody"]),
        // The condition names the roles with their accounts.
        "developer-trust.json" | "analyst-trust.json" => says(&["RolePatterns: anybody"]),
        // Without a break-glass role, `OtherServices` denies both to everybody.
        "scp.json" => {
            d.deploy.as_ref().is_none_or(|deploy| deploy.break_glass.is_empty())
                && says(&[
                    "without action bedrock-mantle:*",
                    "without action organizations:LeaveOrganization",
                ])
        }
        _ => false,
    }
}

/// The mutants that no row notices.
fn survivors(d: &Deployment, files: &[&str]) -> Vec<String> {
    let original = documents(d);
    let cases = proof::cases(d);
    let mut survivors = Vec::new();
    for mutant in mutants(&original)
        .into_iter()
        .filter(|mutant| files.contains(&mutant.file))
    {
        let mut changed = original.clone();
        if let Some(file) = changed.get_mut(mutant.file) {
            file.document = mutant.document.clone();
        }
        if !proof::notices(d, &cases, &changed, mutant.file) && !is_equivalent(d, &mutant) {
            survivors.push(format!("{}: {}", mutant.file, mutant.change));
        }
    }
    survivors
}

fn assert_none(d: &Deployment, files: &[&str]) {
    let survivors = survivors(d, files);
    assert!(survivors.is_empty(), "{survivors:#?}");
}

#[test]
fn every_part_is_needed() {
    let d = fixtures::full(Geography::Us, 1);
    assert_none(&d, &documents(&d).into_keys().collect::<Vec<_>>());
}

#[test]
fn every_part_is_needed_with_global_profiles() {
    assert_none(&fixtures::full(Geography::Global, 1), &[DEVELOPER, SCP]);
}

#[test]
fn every_part_is_needed_with_roles() {
    let d = Deployment {
        access: fixtures::roles(),
        ..fixtures::full(Geography::Eu, 1)
    };
    assert_none(&d, &[SCP, DEVELOPER_TRUST, ADMIN_TRUST, ANALYST_TRUST]);
}

#[test]
fn every_part_is_needed_with_tokens() {
    for (name, d) in fixtures::federated() {
        let survivors = survivors(&d, &[DEVELOPER_TRUST]);
        assert!(survivors.is_empty(), "{name}: {survivors:#?}");
    }
    for (name, d) in fixtures::federated() {
        if ["tokens", "an identity pool"].contains(&name) {
            assert_none(&d, &[SCP, DEVELOPER]);
        }
    }
}

#[test]
fn every_part_is_needed_of_the_compact_form() {
    let d = fixtures::full(Geography::Jp, 1);
    let cases = proof::cases(&d);
    for (file, document) in [
        (DEVELOPER, developer::document(&d, ModelForm::Compact)),
        (ADMIN, admin::document(&d, ModelForm::Compact)),
    ] {
        let mut documents = documents(&d);
        if let Some(file) = documents.get_mut(file) {
            file.document = document;
        }
        assert!(
            !proof::notices(&d, &cases, &documents, file),
            "{file}: the compact form itself"
        );
        let unnoticed: Vec<String> = mutants(&documents)
            .into_iter()
            .filter(|mutant| mutant.file == file)
            .filter(|mutant| {
                let mut changed = documents.clone();
                if let Some(file) = changed.get_mut(mutant.file) {
                    file.document = mutant.document.clone();
                }
                !proof::notices(&d, &cases, &changed, file)
            })
            .map(|mutant| mutant.change)
            .collect();
        assert!(unnoticed.is_empty(), "{file}: {unnoticed:#?}");
    }
}

#[test]
fn every_part_is_needed_of_the_smallest_deployment() {
    assert_none(&fixtures::bare(Geography::Au, 1), &[SCP, DEVELOPER, DEVELOPER_TRUST]);
}
