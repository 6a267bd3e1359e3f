//! `terraform/identity`: permission sets and assignments, in the account that manages IAM Identity Center.

use hcl::expr::Expression;

use super::{Call, Output, Root};
use crate::deployment::model::{Access, Deployment, IdentityCenter};
use crate::render::expr::{object, policy, reference, strings};

/// The root, where developers come through Identity Center.
pub fn root(deployment: &Deployment) -> Option<Root> {
    let Access::IdentityCenter(center) = &deployment.access else {
        return None;
    };
    let call = Call::new(
        "identity-center",
        "Apply after terraform/workload: a permission set may name managed policies that must exist there first.",
        vec![
            ("instance_arn", Expression::from(center.instance_arn.as_str())),
            ("account_id", Expression::from(deployment.account_id.as_str())),
            ("permission_sets", permission_sets(deployment, center)),
            ("assignments", assignments(center)),
        ],
    );
    let mut root = Root::empty("identity", center.account_id.clone(), center.region.clone());
    root.calls.push(call);
    root.outputs.push(Output {
        name: "permission_set_arns",
        description: "ARN of each permission set, by its role in the deployment.",
        value: reference("module.identity_center.permission_set_arns"),
    });
    Some(root)
}

fn permission_sets(deployment: &Deployment, center: &IdentityCenter) -> Expression {
    let names = &deployment.names;
    let enforced: Vec<&str> = deployment
        .guardrail
        .iter()
        .map(|_| names.guardrail_policy.as_str())
        .collect();
    let set = |name: &str, description: &str, document: &str, managed: &[&str]| {
        object([
            ("name", Expression::from(name)),
            ("description", Expression::from(description)),
            ("session_duration", Expression::from(center.session_duration.as_str())),
            ("policy_json", policy(document)),
            ("customer_managed_policies", strings(managed)),
        ])
    };
    object([
        (
            "developer",
            set(
                &names.developer,
                "Calls the allowed Claude models",
                "developer.json",
                &enforced,
            ),
        ),
        (
            "admin",
            set(
                &names.admin,
                "Operates the deployment and reads its logs and costs",
                "admin.json",
                &enforced,
            ),
        ),
        (
            "analyst",
            set(&names.analyst, "Reads usage and costs", "analyst.json", &[]),
        ),
    ])
}

fn assignments(center: &IdentityCenter) -> Expression {
    let groups = [
        ("developer", Some(&center.group)),
        ("admin", center.admin_group.as_ref()),
        ("analyst", center.analyst_group.as_ref()),
    ];
    object(groups.into_iter().filter_map(|(set, group)| {
        group.map(|group| {
            let assignment = object([
                ("permission_set", Expression::from(set)),
                ("group_name", Expression::from(group.as_str())),
            ]);
            (set, assignment)
        })
    }))
}
