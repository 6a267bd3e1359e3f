//! Phase 1: the account, the models that it may call, and what the organization denies it.

mod access;
mod account;
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
use crate::deployment::model::Deployment;
use crate::steps::Phase;

const APPLY_WORKLOAD: &str = "terraform -chdir=terraform/workload apply";
const APPLY_ORGANIZATION: &str = "terraform -chdir=terraform/organization apply";

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

/// A check from the dedicated account.
fn check(id: impl Into<String>, step: &str, title: impl Into<String>) -> Check {
    Check::new(id, step, Phase::Foundation, From::Workload, title)
}

/// A check from the management account.
fn from_management(id: impl Into<String>, step: &str, title: impl Into<String>) -> Check {
    Check::new(id, step, Phase::Foundation, From::Management, title)
}
