//! Blocks that left the deployment file and came back: their objects are there already, and Terraform must take them over.

use super::step::{Account, Context, Owner, Phase, Root, Step, word};
use crate::deployment::model::Deployment;

pub fn steps(deployment: &Deployment, context: &Context) -> Vec<Step> {
    let workload = context.roots.iter().filter(|state| state.root == Root::Workload);
    workload
        .flat_map(|state| &state.adopted)
        .filter_map(|module| match module.as_str() {
            "inference-profiles" => Some(profiles(deployment)),
            "logging" | "analytics" => Some(imported(deployment, module)),
            // Activating a key that is active changes nothing.
            _ => None,
        })
        .collect()
}

fn imported(deployment: &Deployment, module: &str) -> Step {
    Step::new(
        format!("foundation-{module}-imported"),
        Phase::Foundation,
        format!("Take over what the module {module} left behind"),
        Account::Workload(deployment.account_id.clone()),
        Owner::Terraform(Root::Workload),
    )
    .action(
        "The block was in the deployment file before, and Terraform forgot its objects without destroying them. \
         `terraform/workload/imports.tf` imports those whose names are taken; the plan must show them as imported, \
         none as created.",
    )
    .no_console("an import happens in Terraform alone")
    .run(&["terraform -chdir=terraform/workload plan"])
    .note(
        "Whatever was deleted by hand meanwhile cannot be imported, and the plan fails with \"Cannot import \
         non-existent remote object\": run `tfgen render --drop-removed`, which takes the imports away, and everything \
         is created anew.",
    )
    .note("After the apply `tfgen render --drop-removed` takes this step and the imports away.")
    .note_if(
        module == "analytics",
        "The named queries have random ids and are made once more; delete the older ones of the same names in the \
         workgroup.",
    )
}

/// Their ids are random, so only their owner can match them with keys.
fn profiles(deployment: &Deployment) -> Step {
    let region = word(&deployment.region);
    Step::new(
        "foundation-inference-profiles-imported",
        Phase::Foundation,
        "Take over the application inference profiles that Terraform forgot",
        Account::Workload(deployment.account_id.clone()),
        Owner::Human,
    )
    .action(
        "Before the next apply, import each profile under its key in `terraform/workload/profiles.json`; the name in \
         that file is the name in the list. One that is not imported would be made a second time.",
    )
    .console("Amazon Bedrock › Cross-region inference › Application inference profiles")
    .run(&[
        format!(
            "aws bedrock list-inference-profiles --region {region} --type-equals APPLICATION \
             --query 'inferenceProfileSummaries[].[inferenceProfileName,inferenceProfileArn]' --output table"
        ),
        "terraform -chdir=terraform/workload import \
         'module.inference_profiles.aws_bedrock_inference_profile.this[\"KEY\"]' PROFILE_ARN"
            .to_owned(),
    ])
    .note("`tfgen render --drop-removed` takes this step out of the list.")
}
