//! Onboarding: the profiles that developers are given, the configuration of this machine, the first call, and keys that
//! name nobody.

mod api_keys;
mod first_call;
mod machine;
mod profiles;

use super::check::Check;
use crate::deployment::model::{Deployment, ProfileScope};
use crate::steps::Phase;

pub fn checks(deployment: &Deployment) -> Vec<Check> {
    let mut checks = vec![machine::configure(deployment)];
    if deployment.profiles != ProfileScope::None {
        checks.push(profiles::profiles(deployment));
    }
    if deployment.analytics.is_some() && deployment.logging.is_some() {
        checks.push(first_call::first_call(deployment));
    }
    checks.push(api_keys::api_keys());
    checks
}

fn check(id: &str, step: &str, from: super::From, title: &str) -> Check {
    Check::new(id, step, Phase::Onboarding, from, title)
}
