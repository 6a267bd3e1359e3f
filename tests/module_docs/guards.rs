//! Meta-arguments that a mocked plan does not show.

use hcl_edit::structure::Block;

use super::module::{Module, label, one_line};

/// What the resource must carry.
enum Guard {
    /// `lifecycle { prevent_destroy = true }`: it holds data, or speaks for the whole organization.
    Kept,
    /// These in `depends_on`: AWS checks them when the resource is made.
    After(&'static [&'static str]),
}

use Guard::{After, Kept};

/// Module, resource, guard.
const GUARDS: &[(&str, &str, Guard)] = &[
    ("cost-tags", "aws_ce_cost_allocation_tag.this", Kept),
    (
        "identity-center",
        "aws_ssoadmin_account_assignment.this",
        After(&[
            "aws_ssoadmin_customer_managed_policy_attachment.this",
            "aws_ssoadmin_permission_set_inline_policy.this",
        ]),
    ),
    ("logging", "aws_s3_bucket.logs", Kept),
    ("logging", "aws_cloudwatch_log_group.logs", Kept),
    (
        "logging",
        "aws_bedrock_model_invocation_logging_configuration.this",
        After(&[
            "aws_iam_role_policy.delivery",
            "aws_s3_bucket_ownership_controls.logs",
            "aws_s3_bucket_policy.logs",
        ]),
    ),
    (
        "logging",
        "aws_s3_bucket_lifecycle_configuration.logs",
        After(&["aws_s3_bucket_versioning.logs"]),
    ),
    (
        "logging",
        "aws_s3_bucket_policy.logs",
        After(&["aws_s3_bucket_public_access_block.logs"]),
    ),
];

/// Names of modules that the table names and the library lacks.
pub fn foreign(modules: &[String]) -> Vec<String> {
    let named = GUARDS.iter().map(|(module, ..)| (*module).to_owned());
    named.filter(|name| !modules.contains(name)).collect()
}

/// The guards of one module.
pub fn check(module: &Module, problems: &mut Vec<String>) {
    for (_, address, guard) in GUARDS.iter().filter(|(name, ..)| *name == module.name) {
        let found = module.bodies().find_map(|(_, body)| {
            let mut resources = body.get_blocks("resource");
            resources
                .find(|block| format!("{}.{}", label(block, 0), label(block, 1)) == *address)
                .cloned()
        });
        let Some(resource) = found else {
            problems.push(format!("main.tf: {address} is gone"));
            continue;
        };
        match guard {
            Kept if !kept(&resource) => problems.push(format!("main.tf: {address} lacks prevent_destroy")),
            Kept => {}
            After(others) => {
                let after = after(&resource);
                for other in others.iter().filter(|other| !after.iter().any(|found| found == *other)) {
                    problems.push(format!("main.tf: {address} does not wait for {other}"));
                }
            }
        }
    }
}

fn kept(resource: &Block) -> bool {
    resource.body.get_blocks("lifecycle").any(|lifecycle| {
        let attribute = lifecycle.body.get_attribute("prevent_destroy");
        attribute.and_then(|attribute| attribute.value.as_bool()) == Some(true)
    })
}

fn after(resource: &Block) -> Vec<String> {
    let attribute = resource.body.get_attribute("depends_on");
    let array = attribute.and_then(|attribute| attribute.value.as_array());
    array
        .map(|array| array.iter().map(one_line).collect())
        .unwrap_or_default()
}
