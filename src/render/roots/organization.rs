//! `terraform/organization`: the service control policy, in the management account.

use hcl::expr::Expression;

use super::{Call, Output, Root};
use crate::deployment::model::Deployment;
use crate::render::expr::{compact_policy, reference, strings};

/// The root, where the deployment names its organization.
pub fn root(deployment: &Deployment) -> Option<Root> {
    let organization = deployment.organization.as_ref()?;
    let call = Call::new(
        "scp",
        "A deny-list: FullAWSAccess stays attached, and the statements take away what must not happen here.",
        vec![
            ("name", Expression::from(deployment.names.scp.as_str())),
            (
                "description",
                Expression::from(format!(
                    "Guardrails of the deployment {} (Claude Code on Amazon Bedrock)",
                    deployment.name
                )),
            ),
            ("content", compact_policy("scp.json")),
            ("target_ids", strings(&organization.attach_scp_to)),
        ],
    );
    // Organizations has its only endpoint there.
    let mut root = Root::empty(
        "organization",
        organization.management_account_id.clone(),
        "us-east-1".to_owned(),
    );
    root.calls.push(call);
    root.outputs.push(Output {
        name: "scp_id",
        description: "Id of the service control policy.",
        value: reference("module.scp.policy_id"),
    });
    Some(root)
}
