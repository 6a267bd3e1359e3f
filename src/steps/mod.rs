//! The checklist: every step of a rollout that Terraform does not finish alone, as a value.
//!
//! A step's id is stable: ticks, attestations and results of verification are kept by it. One table of steps serves the
//! checklist, verification and repair.

mod adoption;
mod applies;
pub mod attestation;
mod attribution;
mod attribution_sources;
mod budgets;
mod capacity;
mod cost_tags;
mod federation;
mod federation_sources;
mod foundation;
mod identity_pool;
mod leaving;
mod logging;
mod markdown;
mod model_access;
mod onboarding;
mod removal;
mod roles;
mod step;
mod ticks;

#[cfg(test)]
mod tests;

use crate::deployment::model::Deployment;

pub use applies::applies;
pub use attribution::{callers_sql, session_tag_source};
pub use capacity::{Capacity, grouped};
pub use foundation::must_opt_in;
pub use markdown::{checklist, is_of};
pub use step::{Context, Owner, Phase, RetiredProfile, Retirement, Root, RootState, Step, word};
pub use ticks::{carry_ticks, has_any, set_ticks, without_ticks};

/// The steps of this deployment, by phase.
pub fn steps(deployment: &Deployment, context: &Context) -> Vec<Step> {
    let mut steps: Vec<Step> = [
        foundation::first_steps(deployment),
        model_access::steps(deployment),
        foundation::last_steps(deployment),
        logging::steps(deployment),
        cost_tags::steps(deployment, context),
        attribution::steps(deployment),
        roles::steps(deployment),
        federation::steps(deployment),
        budgets::steps(deployment),
        onboarding::steps(deployment),
        leaving::steps(context),
        adoption::steps(deployment, context),
        removal::steps(deployment, context),
    ]
    .into_iter()
    .flatten()
    .collect();
    // A stable sort: within a phase the order is that of the list above.
    steps.sort_by_key(|step| step.phase);
    steps
}
