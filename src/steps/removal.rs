//! What Terraform forgot on purpose: how to delete it finally.
//!
//! A block that disappears from the deployment file takes its module out of the tree, but what holds data or acts on the
//! whole organization is only forgotten, never destroyed. These steps say how to destroy it by hand.

use std::collections::BTreeSet;

use super::step::{Account, Context, Owner, Phase, RetiredProfile, Retirement, Root, Step, word};
use crate::deployment::model::Deployment;

pub fn steps(deployment: &Deployment, context: &Context) -> Vec<Step> {
    let modules: BTreeSet<&str> = context
        .roots
        .iter()
        .flat_map(|state| &state.forgotten)
        .map(String::as_str)
        .collect();
    let mut steps: Vec<Step> = modules
        .into_iter()
        .map(|module| forgotten(deployment, context, module))
        .collect();
    if !context.retired_profiles.is_empty() {
        steps.push(retired(deployment, &context.retired_profiles));
    }
    steps
}

fn forgotten(deployment: &Deployment, context: &Context, module: &str) -> Step {
    let workload = Account::Workload(deployment.account_id.clone());
    match module {
        "logging" => logging(deployment, workload),
        "analytics" => analytics(deployment, workload),
        "cost-tags" => cost_tags(context),
        "scp" => scp(deployment),
        "inference-profiles" => inference_profiles(deployment, workload),
        other => Step::new(
            format!("foundation-{other}-removed"),
            Phase::Foundation,
            format!("Delete what the module {other} left behind"),
            workload,
            Owner::Human,
        )
        .action(format!(
            "The deployment file no longer asks for the module {other}. Terraform forgot its resources without \
             destroying them; delete them where they are not needed any more."
        ))
        .no_console("this version does not know the module")
        .no_command("this version does not know the module"),
    }
}

/// A step about a module that is gone.
fn removed(id: &str, phase: Phase, title: &str, account: Account) -> Step {
    Step::new(id, phase, title, account, Owner::Human)
        .note("Terraform has forgotten these resources, so no apply changes or deletes them. What is deleted is gone.")
        .note(
            "If the block comes back into the deployment file, render imports what still exists. After you deleted it, \
             run `tfgen render --drop-removed`, and render forgets it, too.",
        )
}

/// Commands that empty a versioned bucket and delete it.
fn delete_bucket(bucket: &str, region: &str) -> Vec<String> {
    let (bucket, region) = (word(bucket), word(region));
    vec![
        format!("aws s3 rm s3://{bucket} --recursive --region {region}"),
        "# Old versions, a thousand at a time; repeat until the list is empty:".to_owned(),
        format!(
            "aws s3api list-object-versions --region {region} --bucket {bucket} --max-items 1000 --output json \
             --query '{{Objects: [Versions, DeleteMarkers][][].{{Key: Key, VersionId: VersionId}}}}' > versions.json"
        ),
        format!("aws s3api delete-objects --region {region} --bucket {bucket} --delete file://versions.json"),
        format!("aws s3 rb s3://{bucket} --region {region}"),
    ]
}

fn logging(deployment: &Deployment, account: Account) -> Step {
    let (names, region) = (&deployment.names, word(&deployment.region));
    let role = word(&names.log_delivery_role);
    let mut lines = vec![
        format!("aws bedrock delete-model-invocation-logging-configuration --region {region}"),
        format!(
            "aws logs delete-log-group --region {region} --log-group-name {}",
            word(&names.log_group)
        ),
        format!("aws iam list-role-policies --role-name {role}"),
        format!("aws iam delete-role-policy --role-name {role} --policy-name POLICY_NAME"),
        format!("aws iam delete-role --role-name {role}"),
    ];
    lines.extend(delete_bucket(&names.log_bucket, &deployment.region));
    removed(
        "logging-removed",
        Phase::Logging,
        "Switch logging off and delete its stores",
        account,
    )
    .action("Keep the logs as long as you must, then delete configuration, log group, role and bucket.")
    .console("Amazon Bedrock › Settings › Model invocation logging; CloudWatch › Log groups; IAM › Roles; S3 › Buckets")
    .run(&lines)
    .note("Until the configuration is deleted, Bedrock goes on logging.")
    .note_if(
        deployment.organization.is_some(),
        "Until terraform/organization is applied without the block, the SCP denies these calls to everybody but the \
         deploy principals and break-glass roles.",
    )
}

fn analytics(deployment: &Deployment, account: Account) -> Step {
    let (names, region) = (&deployment.names, word(&deployment.region));
    let mut lines = vec![
        format!(
            "aws athena delete-work-group --region {region} --work-group {} --recursive-delete-option",
            word(&names.workgroup)
        ),
        format!(
            "aws glue delete-database --region {region} --name {}",
            word(&names.database)
        ),
    ];
    lines.extend(delete_bucket(&names.results_bucket, &deployment.region));
    removed(
        "attribution-analytics-removed",
        Phase::Attribution,
        "Delete the tables and query results",
        account,
    )
    .action("Delete the workgroup with its named queries, the Glue database with its tables, and the results' bucket.")
    .console("Athena › Workgroups; AWS Glue › Databases; S3 › Buckets")
    .run(&lines)
    .note("The logs themselves are in another bucket and stay.")
    .note_if(
        deployment.organization.is_some(),
        "Once terraform/organization is applied without the block, the SCP denies Athena and Glue to everybody but the \
         deploy principals and break-glass roles: run the commands as one of them.",
    )
}

fn cost_tags(context: &Context) -> Step {
    let billing = context.roots.iter().find(|state| state.root == Root::Billing);
    let account = billing.map_or(Account::Management(None), |state| {
        Account::Payer(state.account_id.clone())
    });
    let activated: Vec<&String> = billing.iter().flat_map(|state| &state.tag_keys).collect();
    let entries: Vec<String> = if activated.is_empty() {
        vec!["TagKey=KEY_FROM_THE_LIST,Status=Inactive".to_owned()]
    } else {
        activated
            .iter()
            .map(|key| word(&format!("TagKey={key},Status=Inactive")))
            .collect()
    };
    removed(
        "cost-tags-removed",
        Phase::CostTags,
        "Deactivate the cost allocation tags",
        account,
    )
    .action("Only if nobody else in the organization reports by these keys.")
    .console("Billing and Cost Management › Cost allocation tags › Deactivate")
    .run(&[
        "aws ce list-cost-allocation-tags --region us-east-1 --status Active --type UserDefined".to_owned(),
        format!(
            "aws ce update-cost-allocation-tags-status --region us-east-1 --cost-allocation-tags-status {}",
            entries.join(" ")
        ),
    ])
}

fn scp(deployment: &Deployment) -> Step {
    let name = word(&deployment.names.scp);
    let account = Account::Management(
        deployment
            .organization
            .as_ref()
            .map(|organization| organization.management_account_id.clone()),
    );
    removed(
        "foundation-scp-removed",
        Phase::Foundation,
        "Detach and delete the service control policy",
        account,
    )
    .action("While it is attached it still restricts its targets to what the last render allowed.")
    .console("AWS Organizations › Policies › Service control policies")
    .run(&[
        format!(
            "aws organizations list-policies --filter SERVICE_CONTROL_POLICY \
             --query \"Policies[?Name=='{name}'].Id\" --output text"
        ),
        "aws organizations list-targets-for-policy --policy-id p-EXAMPLE".to_owned(),
        "aws organizations detach-policy --policy-id p-EXAMPLE --target-id TARGET_ID".to_owned(),
        "aws organizations delete-policy --policy-id p-EXAMPLE".to_owned(),
    ])
}

/// The command that lists application inference profiles.
fn list_profiles(region: &str) -> String {
    format!(
        "aws bedrock list-inference-profiles --region {} --type-equals APPLICATION \
         --query 'inferenceProfileSummaries[].[inferenceProfileName,inferenceProfileArn]' --output table",
        word(region)
    )
}

fn inference_profiles(deployment: &Deployment, account: Account) -> Step {
    removed(
        "cost-tags-profiles-removed",
        Phase::CostTags,
        "Delete the application inference profiles",
        account,
    )
    .action("First give every developer the new configuration; a deleted profile's ARN is refused.")
    .console("Amazon Bedrock › Cross-region inference › Application inference profiles")
    .run(&[
        list_profiles(&deployment.region),
        format!(
            "aws bedrock delete-inference-profile --region {} --inference-profile-identifier PROFILE_ARN",
            word(&deployment.region)
        ),
    ])
    .note("What they cost stays on the bill with their tags.")
}

/// More keys than this are in the data file alone.
const SHOWN: usize = 20;

/// The data file and Terraform still have these, so only render and an apply can end them.
fn retired(deployment: &Deployment, profiles: &[RetiredProfile]) -> Step {
    let (count, noun) = match profiles.len() {
        1 => ("the".to_owned(), "profile"),
        many => (format!("the {many}"), "profiles"),
    };
    let mut step = Step::new(
        "cost-tags-retired",
        Phase::CostTags,
        format!("Keep or delete {count} application inference {noun} that nobody is given any more"),
        Account::Workload(deployment.account_id.clone()),
        Owner::Terraform(Root::Workload),
    );
    for reason in Retirement::ALL {
        let keys: Vec<String> = profiles
            .iter()
            .filter(|profile| profile.reason == reason)
            .map(|profile| format!("`{}`", profile.key))
            .collect();
        let more = match keys.len().checked_sub(SHOWN) {
            None | Some(0) => String::new(),
            Some(more) => format!(" and {more} more"),
        };
        if !keys.is_empty() {
            let shown: Vec<&str> = keys.iter().take(SHOWN).map(String::as_str).collect();
            let words = reason.words();
            step = step.action(format!("{} {words}: {}{more}.", keys.len(), shown.join(", ")));
        }
    }
    step.action(
        "They are `retired` in terraform/workload/profiles.json. To keep them, do nothing. The log names a profile by its random id alone: once it is deleted, its past calls \
         belong to nobody.",
    )
    .action("To delete them when nobody's configuration uses them, render without them and apply:")
    .console("Amazon Bedrock › Cross-region inference › Application inference profiles (to look; do not delete there)")
    .run(&[
        "tfgen render --drop-retired".to_owned(),
        "terraform -chdir=terraform/workload apply".to_owned(),
        list_profiles(&deployment.region),
    ])
    .note("Not by hand: Terraform has them in its state and would make what is deleted there anew, under other ids.")
    .note("What they cost stays on the bill with their tags.")
}
