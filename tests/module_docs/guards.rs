//! What a mocked plan does not show: meta-arguments, and arguments for which the mock invents the same value.

use hcl_edit::structure::{Block, Body};

use super::module::{Module, label, one_line};

/// What the resource must carry.
enum Guard {
    /// `lifecycle { prevent_destroy = true }`: it holds data, or speaks for the whole organization.
    Kept,
    /// These in `depends_on`: AWS checks them when the resource is made.
    After(&'static [&'static str]),
    /// This argument with this value, in a block of this name, at any depth.
    States(&'static str, &'static str, &'static str),
}

use Guard::{After, Kept, States};

/// Module, resource, guard.
const GUARDS: &[(&str, &str, Guard)] = &[
    ("cost-tags", "aws_ce_cost_allocation_tag.this", Kept),
    // Left out, provider 5.100 ends the apply with "invalid result object".
    (
        "guardrail",
        "aws_bedrock_guardrail.this",
        States("topics_config", "examples", "[]"),
    ),
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
            States(block, argument, value) if !states(&resource.body, block, argument, value) => {
                problems.push(format!(
                    "main.tf: {address}: {block} does not state {argument} = {value}"
                ));
            }
            Kept | States(..) => {}
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

/// Whether a block of this name, or the content of a dynamic one, has the argument.
fn states(body: &Body, name: &str, argument: &str, value: &str) -> bool {
    body.blocks().any(|block| {
        let content = block
            .body
            .get_blocks("content")
            .next()
            .filter(|_| block.has_ident("dynamic"));
        let named = block.has_ident(name) || (content.is_some() && label(block, 0) == name);
        let attribute = content.unwrap_or(block).body.get_attribute(argument);
        let stated = attribute.is_some_and(|attribute| one_line(&attribute.value) == value);
        (named && stated) || states(&block.body, name, argument, value)
    })
}

fn after(resource: &Block) -> Vec<String> {
    let attribute = resource.body.get_attribute("depends_on");
    let array = attribute.and_then(|attribute| attribute.value.as_array());
    array
        .map(|array| array.iter().map(one_line).collect())
        .unwrap_or_default()
}
