//! `terraform/billing`: cost allocation tags, which only the payer can activate.

use std::collections::BTreeSet;

use super::{Call, Root};
use crate::deployment::model::Deployment;
use crate::render::expr::{reference, strings};
use crate::render::profiles::Profiles;

/// The root, where the deployment activates tags, and the keys that it activates.
///
/// The keys of earlier renders are among them: Terraform must not destroy an activation, and a `removed` block cannot
/// name a single instance.
pub fn root(
    deployment: &Deployment,
    profiles: &Profiles,
    earlier: &BTreeSet<String>,
) -> Option<(Root, BTreeSet<String>)> {
    let tags = deployment.cost_tags.as_ref()?;
    let mut keys = profiles.tag_keys_in_use(&deployment.tag_keys);
    keys.extend(earlier.iter().cloned());
    if keys.is_empty() {
        return None;
    }
    let call = Call::new(
        "cost-tags",
        "Apply this root only after AWS has discovered the keys, up to a day after their first tagged use: an\nundiscovered key fails and leaves the resource tainted (MANUAL_STEPS.md says how to recover).",
        vec![("tag_keys", strings(&keys))],
    );
    let mut root = Root::empty("billing", tags.payer_account_id.clone(), "us-east-1".to_owned());
    root.calls.push(call);
    root.outputs.push(super::Output {
        name: "active_cost_allocation_tags",
        description: "Tag keys that are active in the payer account.",
        value: reference("module.cost_tags.active_tag_keys"),
    });
    Some((root, keys))
}
