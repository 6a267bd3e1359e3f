//! Phase 1: the account, its region, the state, the SCP, the guardrail.

use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Deployment, Organization, State};

/// Regions that every account has; each younger one must be opted into.
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
const ENABLED_BY_DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Whether an account must opt into the region before it can be used.
pub fn must_opt_in(region: &str) -> bool {
    // Regions of other partitions are not opted into.
    !ENABLED_BY_DEFAULT.contains(&region) && !region.starts_with("us-gov-") && !region.starts_with("cn-")
}

/// The management account, as far as it is known.
pub fn management(deployment: &Deployment) -> Account {
    Account::Management(
        deployment
            .organization
            .as_ref()
            .map(|organization| organization.management_account_id.clone()),
    )
}

/// What must be there before anything is applied.
pub fn first_steps(deployment: &Deployment) -> Vec<Step> {
    let mut steps = vec![account(deployment)];
    steps.extend(deployment.state.as_ref().map(state));
    if must_opt_in(&deployment.region) {
        steps.push(region(deployment));
    }
    steps
}

/// What comes with or after the applies.
pub fn last_steps(deployment: &Deployment) -> Vec<Step> {
    let mut steps = vec![match &deployment.organization {
        Some(organization) => scp_by_terraform(deployment, organization),
        None => scp_by_hand(deployment),
    }];
    steps.extend(deployment.guardrail.as_ref().map(|_| guardrail(deployment)));
    steps
}

fn account(deployment: &Deployment) -> Step {
    let id = &deployment.account_id;
    Step::new(
        "foundation-account",
        Phase::Foundation,
        "Have a dedicated AWS account",
        management(deployment),
        Owner::Api,
    )
    .action(match &deployment.budgets {
        Some(_) => format!("Account {id} holds this deployment and nothing else: the budget counts everything in it."),
        None => format!("Account {id} holds this deployment and nothing else."),
    })
    .action("If it does not exist yet, create one and put its number into the deployment file.")
    .console("AWS Organizations › AWS accounts › Add an AWS account")
    .run(&[
        "aws organizations create-account --email claude-code@example.com --account-name claude-code-prod".to_owned(),
        format!("aws organizations describe-account --account-id {id}"),
    ])
    .note("The account needs a payment method that AWS Marketplace accepts: Claude is billed through Marketplace.")
}

fn state(state: &State) -> Step {
    let (bucket, region) = (word(&state.bucket), word(&state.region));
    let create = if state.region == "us-east-1" {
        format!("aws s3api create-bucket --bucket {bucket} --region {region}")
    } else {
        format!(
            "aws s3api create-bucket --bucket {bucket} --region {region} \
             --create-bucket-configuration LocationConstraint={region}"
        )
    };
    Step::new(
        "foundation-state",
        Phase::Foundation,
        "Have the bucket for Terraform's state",
        Account::Of("the state bucket"),
        Owner::Api,
    )
    .action(format!(
        "The bucket `{}` exists in {}, is versioned, and every account that applies a root may read and write its \
         keys under `{}/`.",
        state.bucket, state.region, state.key_prefix
    ))
    .console("S3 › Create bucket")
    .run(&[
        create,
        format!(
            "aws s3api put-bucket-versioning --bucket {bucket} --region {region} \
             --versioning-configuration Status=Enabled"
        ),
    ])
    .note("The lock is a file in the same bucket; a DynamoDB table is not needed.")
    .note_if(
        state.kms_key_arn.is_some(),
        "The state is encrypted with a customer-managed key: the same principals need `kms:Encrypt`, `kms:Decrypt` \
         and `kms:GenerateDataKey` on it.",
    )
}

fn region(deployment: &Deployment) -> Step {
    let region = word(&deployment.region);
    Step::new(
        "foundation-region",
        Phase::Foundation,
        format!("Opt into the region {}", deployment.region),
        Account::Workload(deployment.account_id.clone()),
        Owner::Api,
    )
    .action("Enable the region in the dedicated account and wait until its status is ENABLED.")
    .console("Account › AWS Regions")
    .run(&[
        format!("aws account enable-region --region-name {region}"),
        format!("aws account get-region-opt-status --region-name {region}"),
    ])
    .note(
        "Only the region from which models are called matters. The destination regions of an inference profile need \
         no opting in. Amazon Bedrock itself needs no enabling.",
    )
}

/// The common part of both ways to attach the SCP.
fn scp(deployment: &Deployment, title: &str, owner: Owner) -> Step {
    Step::new(
        "foundation-scp",
        Phase::Foundation,
        title,
        management(deployment),
        owner,
    )
    .console("AWS Organizations › Policies › Service control policies")
}

const FULL_ACCESS_STAYS: &str = "The document only denies, so the policy `FullAWSAccess` stays attached. Detach it \
                                 and nothing is allowed any more.";

const SEVERAL: &str = "Each deployment's policy denies every other region, model and service. Where a second deployment \
                       is in the same account, both policies hold, and each denies what only the other one uses: \
                       docs/policies.md of tfgen says what to do.";

fn scp_by_terraform(deployment: &Deployment, organization: &Organization) -> Step {
    let wide: Vec<&str> = organization
        .attach_scp_to
        .iter()
        .map(String::as_str)
        .filter(|target| target.starts_with("ou-") || target.starts_with("r-"))
        .collect();
    let targets = organization.attach_scp_to.join(", ");
    let mut lines = vec![
        "aws organizations list-roots --query 'Roots[].[Id,PolicyTypes]'".to_owned(),
        "aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY --root-id r-EXAMPLE".to_owned(),
    ];
    lines.extend(organization.attach_scp_to.iter().map(|target| {
        format!(
            "aws organizations list-policies-for-target --filter SERVICE_CONTROL_POLICY --target-id {}",
            word(target)
        )
    }));
    scp(
        deployment,
        "Attach the service control policy",
        Owner::Terraform(Root::Organization),
    )
    .action("The organization has all features, and service control policies are enabled on its root.")
    .action(format!(
        "Apply terraform/organization: it creates `{}` and attaches it to {targets}.",
        deployment.names.scp
    ))
    .run(&lines)
    .note(ORDINARY_ROLES)
    .note_if(deployment.deploy.is_some(), LOCKED_OUT)
    .note(FULL_ACCESS_STAYS)
    .note_if(
        !wide.is_empty(),
        format!(
            "{} is not a single account: every account below it is restricted to what Claude Code needs, \
             siblings included.",
            wide.join(", ")
        ),
    )
    .note("The management account itself is never restricted by an SCP.")
    .note(SEVERAL)
}

fn scp_by_hand(deployment: &Deployment) -> Step {
    let (name, account) = (word(&deployment.names.scp), &deployment.account_id);
    scp(deployment, "Attach the service control policy by hand", Owner::Api)
        .action(
            "The deployment file has no `organization` block, so no root attaches it. Create a policy with the text \
             of `policies/scp.json` without its white space, which AWS counts and the output `scp_policy_json` of \
             terraform/workload has not, and attach it to the account, after the workload root has been applied.",
        )
        .run(&[
            "# with the deployment's own credentials".to_owned(),
            "terraform -chdir=terraform/workload output -raw scp_policy_json > scp.min.json".to_owned(),
            "# with the management account's".to_owned(),
            "aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY --root-id r-EXAMPLE".to_owned(),
            format!(
                "aws organizations create-policy --type SERVICE_CONTROL_POLICY --name {name} \
                 --description 'Claude Code on Amazon Bedrock' --content file://scp.min.json"
            ),
            format!("aws organizations attach-policy --policy-id p-EXAMPLE --target-id {account}"),
            format!("aws organizations list-policies-for-target --filter SERVICE_CONTROL_POLICY --target-id {account}"),
        ])
        .note(ORDINARY_ROLES)
        .note_if(deployment.deploy.is_some(), LOCKED_OUT)
        .note(FULL_ACCESS_STAYS)
        .note_if(
            deployment.deploy.is_none(),
            "The deployment file has no `deploy` block, so the document has no protective statements: it limits \
             services, regions and models, but administrators of the account can still switch logging off, delete \
             records, and change what Terraform made. Add the block and render again, and it denies that to \
             everybody else.",
        )
        .note("With an `organization` block, terraform/organization does this step.")
        .note(SEVERAL)
        .note("An account that belongs to no organization can have no SCP; then this step does not apply.")
}

fn guardrail(deployment: &Deployment) -> Step {
    let (region, names) = (word(&deployment.region), &deployment.names);
    let profile = deployment.models.first().map_or("", |model| model.profile_id.as_str());
    let source = &names.cli_profile;
    Step::new(
        "foundation-guardrail",
        Phase::Foundation,
        "See the guardrail at work",
        Account::Workload(deployment.account_id.clone()),
        Owner::Terraform(Root::Workload),
    )
    .action(format!(
        "After the apply, test a text that must be blocked against `{}`.",
        names.guardrail
    ))
    .action("As a developer, call a model without the guardrail: AccessDenied. Claude Code sends it as a header.")
    .console("Amazon Bedrock › Guardrails")
    .run(&[
        "GUARDRAIL=$(terraform -chdir=terraform/workload output -raw guardrail_id)".to_owned(),
        "VERSION=$(terraform -chdir=terraform/workload output -raw guardrail_version)".to_owned(),
        format!(
            "aws bedrock-runtime apply-guardrail --region {region} --source INPUT \
             --guardrail-identifier \"$GUARDRAIL\" --guardrail-version \"$VERSION\" \
             --content '[{{\"text\":{{\"text\":\"a text that must be blocked\"}}}}]'"
        ),
        format!("{PING_BODY} > ping.json"),
        format!(
            "aws bedrock-runtime invoke-model --profile {} --region {region} --model-id {} \
             --body fileb://ping.json answer.json",
            word(source),
            word(profile)
        ),
    ])
    .note(
        "Claude Code's documentation asks for cross-Region inference on a guardrail that is used with cross-region \
         profiles. The AWS provider 5.100 cannot set it; whether a guardrail of the classic tier needs it is not \
         documented. If calls with the header fail, set it with `aws bedrock update-guardrail \
         --cross-region-config`, which takes all other settings of the guardrail as well.",
    )
}

/// Roles of AWS's own tools that are no service-linked roles.
const ORDINARY_ROLES: &str = "It holds for ordinary roles as well: `AWSControlTowerExecution`, `stacksets-exec-*` and \
                              `OrganizationAccountAccessRole` are denied every service that Claude Code does not need. If \
                              Control Tower, StackSets or the management account still work in this account, list them \
                              under `deploy.break_glass` before the policy is attached.";

/// Who is not exempt cannot become one who is.
const LOCKED_OUT: &str = "From then on nobody in the account but the deploy principals and break-glass roles themselves may \
                          assume one of them, its administrators included: before you attach it, make sure that you \
                          reach one by Identity Center, by your pipeline or from another account.";

/// A request of one token, for checks that a call is allowed.
pub const PING_BODY: &str = "printf '%s' '{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":1,\
                             \"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}'";
