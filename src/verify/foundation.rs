//! Phase 1: the account, the models that it may call, and what the organization denies it.

mod access;
mod account;
pub mod attachments;
mod call;
mod dedicated;
mod guardrail;
mod models;
mod quotas;
mod retention;
mod scp;
mod scp_effect;
mod state;

use super::check::{Check, From};
use super::probe::Seen;
use crate::deployment::model::Deployment;
use crate::steps::Phase;

pub fn checks(deployment: &Deployment) -> Vec<Check> {
    let mut checks = vec![account::organization(deployment), account::state(deployment)];
    checks.push(dedicated::only_this(deployment));
    checks.extend(deployment.state.as_ref().map(state::versioned));
    checks.push(account::region(deployment));
    checks.push(models::profiles(deployment));
    checks.push(models::destinations(deployment));
    checks.extend(access::use_case(deployment));
    checks.extend(access::availability(deployment));
    checks.extend(call::answers(deployment));
    checks.extend(retention::mode(deployment));
    checks.extend(quotas::quotas(deployment));
    checks.extend(scp::checks(deployment));
    checks.push(scp_effect::from_inside(deployment));
    if deployment.guardrail.is_some() {
        checks.extend(guardrail::checks(deployment));
    }
    checks
}

/// AWS answered what tfgen does not know, or left out what decides.
fn strange(observed: impl Into<String>) -> Seen {
    Seen::unknown(observed).next(
        "look in the console (the step in MANUAL_STEPS.md says where), and report it: tfgen does not know this answer",
    )
}

/// A check from the dedicated account.
fn check(id: impl Into<String>, step: &str, title: impl Into<String>) -> Check {
    Check::new(id, step, Phase::Foundation, From::Workload, title)
}

/// A check from the management account.
fn from_management(id: impl Into<String>, step: &str, title: impl Into<String>) -> Check {
    Check::new(id, step, Phase::Foundation, From::Management, title)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::guardrails::fixtures;
    use crate::steps::{self, Context};

    #[test]
    fn every_check_is_of_a_step_that_the_deployment_has_and_every_step_of_the_phase_has_a_check() {
        for (name, deployment) in fixtures::variants() {
            let steps: BTreeSet<String> = steps::steps(&deployment, &Context::default())
                .into_iter()
                .filter(|step| step.phase == Phase::Foundation)
                .map(|step| step.id)
                .collect();
            let checks = checks(&deployment);
            let checked: BTreeSet<String> = checks.iter().map(|check| check.step.clone()).collect();
            assert_eq!(checked, steps, "{name}");
            let ids: BTreeSet<&str> = checks.iter().map(|check| check.id.as_str()).collect();
            assert_eq!(ids.len(), checks.len(), "{name}: an id is there twice");
            for check in &checks {
                assert!(
                    check.needs.iter().all(|need| ids.contains(need.as_str())),
                    "{name}: {check:?}"
                );
                assert!(!check.expected.is_empty(), "{name}: {check:?}");
                assert_eq!(
                    check.operations.is_empty(),
                    check.from == From::Machine,
                    "{name}: {check:?}"
                );
            }
        }
    }
}
