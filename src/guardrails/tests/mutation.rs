//! Whether the proof table is complete: every part of every document is needed by a row.
//!
//! A mutant is a deployment's documents with one part removed or weakened. Each must make at least one row fail; one that
//! does not is either a part that nothing needs or a row that is missing.

use policy::{Actions, Document, Effect, Principals, PrincipalPattern, Resources, Statement};

use crate::deployment::model::{Deployment, Geography};
use crate::guardrails::documents::Documents;
use crate::guardrails::{documents, fixtures, prove};

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
        push(format!("without condition {} {}", condition.operator, condition.key), &|s| {
            s.conditions.remove(n);
        });
        for (m, value) in condition.values.iter().enumerate().filter(|_| condition.values.len() > 1) {
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

/// Every single widening of an `Allow`.
fn weaken(statement: &Statement, push: &mut dyn FnMut(String, &dyn Fn(&mut Statement))) {
    if let Actions::Only(actions) = &statement.actions {
        let service = actions[0].split(':').next().unwrap().to_owned();
        push(format!("every action of {service}"), &|s| s.actions = Actions::Only(vec![format!("{service}:*")]));
    }
    if let Some(Resources::Only(resources)) = &statement.resources {
        if resources.iter().any(|resource| resource != "*") {
            push("every resource".to_owned(), &|s| s.resources = Some(Resources::Only(vec!["*".to_owned()])));
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
        push("anybody".to_owned(), &|s| s.principals = Some(Principals::Only(vec![PrincipalPattern::Anyone])));
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

/// The mutants that no row notices.
fn survivors(d: &Deployment) -> Vec<String> {
    let original = documents(d);
    let mut survivors = Vec::new();
    for mutant in mutants(&original) {
        let mut changed = original.clone();
        if let Some(file) = changed.get_mut(mutant.file) {
            file.document = mutant.document;
        }
        if prove(d, &changed).iter().all(crate::guardrails::Row::holds) {
            survivors.push(format!("{}: {}", mutant.file, mutant.change));
        }
    }
    survivors
}

#[test]
fn every_part_is_needed_with_identity_center() {
    let survivors = survivors(&fixtures::full(Geography::Us, 2));
    assert!(survivors.is_empty(), "{survivors:#?}");
}
