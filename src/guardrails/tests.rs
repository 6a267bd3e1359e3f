//! The documents and their proofs, for many deployments.

mod mutation;
mod reference;
mod sizes;

use std::collections::BTreeSet;

use super::{documents, fixtures, prove, writes};
use crate::deployment::model::{Deployment, Geography};

#[test]
fn every_row_holds() {
    for (name, d) in fixtures::all() {
        let failed: Vec<String> = prove(&d, &documents(&d))
            .into_iter()
            .filter(|row| !row.holds())
            .map(|row| format!("{row:?}"))
            .collect();
        assert!(
            failed.is_empty(),
            "{name}: {} rows fail, first {:#?}",
            failed.len(),
            failed.first()
        );
    }
}

/// AWS asks for an action that knows no resource on `*` alone: a denial on an ARN would never meet it, and a row that asks on one
/// would prove nothing.
#[test]
fn what_knows_no_resource_is_asked_on_every_one() {
    let knows_none = |action: &str| {
        let (service, name) = action.split_once(':').unwrap();
        let known = iam_reference::service(service).and_then(|service| service.action(name));
        known.is_some_and(|action| action.resources.is_empty())
    };
    let mut wrong = BTreeSet::new();
    for (_, d) in fixtures::all() {
        for case in super::proof::cases(&d) {
            let request = &case.request;
            if request.resource != "*" && knows_none(&request.action) {
                wrong.insert(format!("{} on {}", request.action, request.resource));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_document_is_one_that_aws_accepts() {
    for (name, d) in fixtures::all() {
        for (file, policy) in documents(&d) {
            let refused = policy::check(&policy.document, policy.kind());
            assert!(refused.is_empty(), "{name}: {file}: {refused:#?}");
        }
    }
}

#[test]
fn the_page_shows_every_action_that_terraform_uses() {
    let page = include_str!("../../docs/policies.md");
    let roles = Deployment {
        access: fixtures::roles(),
        ..fixtures::full(Geography::Us, 1)
    };
    for d in [fixtures::full(Geography::Us, 1), roles] {
        for managed in writes::managed(&d) {
            let start = format!("| `{}` |", managed.terraform);
            let line = page.lines().find(|line| line.starts_with(&start));
            let line = line.unwrap_or_else(|| panic!("no line for {}", managed.terraform));
            let shown: BTreeSet<&str> = line.split(|c: char| !c.is_ascii_alphanumeric()).collect();
            for action in managed.apply.iter().chain(managed.destroy) {
                let operation = action.rsplit(':').next().unwrap();
                assert!(shown.contains(operation), "{}: {action}", managed.terraform);
            }
        }
    }
}
