//! The checklist against AWS: each step that an API can tell about is looked at, each other one is a human's word.
//!
//! A check never passes by accident: what was not observed is `unknown`, `skipped` or `manual`.

mod check;
pub mod next;
mod policy;
mod probe;
pub mod report;
mod run;
mod status;

mod attribution;
mod budgets;
mod cost_tags;
mod foundation;
mod logging;
mod onboarding;

use crate::deployment::model::Deployment;
use crate::steps::Context;

pub use budgets::topic::subscriptions;
pub use check::{Check, From};
pub use cost_tags::tags;
pub use foundation::attachments::policies_of;
pub use policy::policies;
pub use probe::{Accounts, Machine, Probe, Scene};
pub use run::{Options, Progress, credentials_option, run, told};
pub use status::{Report, SeenAccount};

/// The checks of a deployment, in the order of the checklist.
pub fn checks(deployment: &Deployment, context: &Context) -> Vec<Check> {
    [
        foundation::checks(deployment),
        logging::checks(deployment),
        cost_tags::checks(deployment, context),
        attribution::checks(deployment),
        budgets::checks(deployment),
        onboarding::checks(deployment),
    ]
    .into_iter()
    .flatten()
    .collect()
}
