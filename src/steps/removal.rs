//! What Terraform forgot on purpose: how to delete it finally.
//!
//! A block that disappears from the deployment file takes its module out of the tree, but what holds data or acts on the
//! whole organization is only forgotten, never destroyed. These steps say how to destroy it by hand.

use sha2::{Digest as _, Sha256};

use super::step::{Account, Context, Owner, Phase, Step, word};
use crate::deployment::model::Deployment;

pub fn steps(deployment: &Deployment, context: &Context) -> Vec<Step> {
    let mut modules: Vec<&str> = context
        .roots
        .iter()
        .flat_map(|state| &state.forgotten)
        .map(String::as_str)
        .collect();
    modules.sort_unstable();
    modules.dedup();
    let mut steps: Vec<Step> = modules.iter().map(|module| forgotten(deployment, module)).collect();
    let mut profiles: Vec<&str> = context.retired_profiles.iter().map(String::as_str).collect();
    profiles.sort_unstable();
    profiles.dedup();
    steps.extend(
        profiles
            .chunk_by(|a, b| owner(a) == owner(b))
            .map(|keys| retired(deployment, keys)),
    );
    steps
}

/// Whose profile a key is: what stands before its last slash.
fn owner(key: &str) -> &str {
    key.rsplit_once('/').map_or(key, |(owner, _)| owner)
}

/// An owner as part of a step's id. Whatever cannot stand in an id is replaced, and a short hash keeps two owners apart
/// that would look alike then.
fn slug(owner: &str) -> String {
    let plain: String = owner
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    if plain == owner {
        return plain;
    }
    let hash: String = Sha256::digest(owner.as_bytes())
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{plain}-{hash}")
}

fn forgotten(deployment: &Deployment, module: &str) -> Step {
    let workload = Account::Workload(deployment.account_id.clone());
    match module {
        "logging" => logging(deployment, workload),
        "analytics" => analytics(deployment, workload),
        "cost-tags" => cost_tags(deployment),
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
        )),
    }
}

/// A step about a module that is gone.
fn removed(id: &str, phase: Phase, title: &str, account: Account) -> Step {
    Step::new(id, phase, title, account, Owner::Human)
        .note("Terraform has forgotten these resources, so no apply changes or deletes them. What is deleted is gone.")
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
    .run(&lines)
    .note("Until the configuration is deleted, Bedrock goes on logging.")
    .note("The SCP denies these calls to everybody but the deploy principals.")
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
    .run(&lines)
    .note("The logs themselves are in another bucket and stay.")
}

fn cost_tags(deployment: &Deployment) -> Step {
    let keys = &deployment.tag_keys;
    let entries: Vec<String> = [&keys.team, &keys.project, &keys.cost_center, &keys.user]
        .iter()
        .map(|key| format!("TagKey={},Status=Inactive", word(key)))
        .collect();
    let account = Account::Management(
        deployment
            .organization
            .as_ref()
            .map(|organization| organization.management_account_id.clone()),
    );
    removed(
        "cost-tags-removed",
        Phase::CostTags,
        "Deactivate the cost allocation tags",
        account,
    )
    .action("Only if nobody else in the organization reports by these keys.")
    .run(&[format!(
        "aws ce update-cost-allocation-tags-status --region us-east-1 --cost-allocation-tags-status {}",
        entries.join(" ")
    )])
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

/// Commands that find and delete application inference profiles.
fn delete_profiles(region: &str) -> [String; 2] {
    let region = word(region);
    [
        format!(
            "aws bedrock list-inference-profiles --region {region} --type-equals APPLICATION \
             --query 'inferenceProfileSummaries[].[inferenceProfileName,inferenceProfileArn]' --output table"
        ),
        format!("aws bedrock delete-inference-profile --region {region} --inference-profile-identifier PROFILE_ARN"),
    ]
}

fn inference_profiles(deployment: &Deployment, account: Account) -> Step {
    removed(
        "cost-tags-profiles-removed",
        Phase::CostTags,
        "Delete the application inference profiles",
        account,
    )
    .action("First give every developer the new configuration; a deleted profile's ARN is refused.")
    .run(&delete_profiles(&deployment.region))
    .note("What they cost stays on the bill with their tags.")
}

fn retired(deployment: &Deployment, keys: &[&str]) -> Step {
    let id = keys.first().map_or("", |key| owner(key));
    let who = id
        .strip_prefix("team:")
        .map_or_else(|| id.to_owned(), |team| format!("the team {team}"));
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    removed(
        &format!("cost-tags-retired-{}", slug(id)),
        Phase::CostTags,
        &format!("Delete the application inference profiles of {who}"),
        Account::Workload(deployment.account_id.clone()),
    )
    .action(format!(
        "{} {} no longer in the deployment file. Delete them when nobody's configuration uses them.",
        quoted.join(", "),
        if keys.len() == 1 { "is" } else { "are" }
    ))
    .run(&delete_profiles(&deployment.region))
    .note("What they cost stays on the bill with their tags.")
}
