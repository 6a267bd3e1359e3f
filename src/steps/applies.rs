//! The order of applies: one root per account and precondition.

use super::leaving;
use super::step::{Account, Context, Phase, Root, RootState};
use crate::deployment::model::{Access, Deployment};

/// One apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apply {
    /// The root.
    pub root: Root,
    /// With whose credentials.
    pub account: Account,
    /// What makes a set of credentials fit.
    pub credentials: String,
    /// What must be true before.
    pub before: Vec<String>,
    /// What it does to objects that the deployment no longer has.
    pub effects: Vec<String>,
    /// Phases that are verified after it and before the next.
    pub verify: Vec<Phase>,
}

/// The applies of the rendered roots in their order. A root that the deployment no longer has stays for one more.
pub fn applies(deployment: &Deployment, context: &Context) -> Vec<Apply> {
    context
        .roots
        .iter()
        .map(|state| apply(deployment, context, state))
        .collect()
}

fn apply(deployment: &Deployment, context: &Context, state: &RootState) -> Apply {
    let usual = match state.root {
        Root::Workload => Some(workload(deployment)),
        Root::Identity => identity(deployment),
        Root::Organization => organization(deployment),
        Root::Billing => billing(deployment),
    };
    let mut apply = usual.unwrap_or_else(|| last(deployment, state));
    let identity = context.roots.iter().any(|other| other.root == Root::Identity);
    if identity && state.destroyed.iter().any(|module| module == "guardrail") {
        apply.before.push(
            "terraform/identity is applied: AWS refuses to delete a managed policy that a permission set still uses."
                .to_owned(),
        );
    }
    if state.root == Root::Billing && deployment.cost_tags.is_some() && context.earlier_tag_keys().next().is_some() {
        apply.before.push(
            "Earlier tag keys that this root was never applied with are dropped (`cost-tags-earlier`).".to_owned(),
        );
    }
    apply.effects = leaving::effects(state);
    apply
}

/// The apply of a root of which nothing is left but its past.
fn last(deployment: &Deployment, state: &RootState) -> Apply {
    let id = state.account_id.clone();
    let (account, credentials, phase) = match state.root {
        Root::Workload => (Account::Workload(id), deploy_credentials(deployment), Phase::Foundation),
        Root::Identity => (Account::IdentityCenter(id), IDENTITY.to_owned(), Phase::Attribution),
        Root::Organization => (
            Account::Management(Some(id)),
            ORGANIZATION.to_owned(),
            Phase::Foundation,
        ),
        Root::Billing => (Account::Payer(id), BILLING.to_owned(), Phase::CostTags),
    };
    Apply {
        root: state.root,
        account,
        credentials,
        before: Vec::new(),
        effects: Vec::new(),
        verify: vec![phase],
    }
}

/// Credentials of the roots outside the dedicated account.
const IDENTITY: &str = "a role that may administer IAM Identity Center";
const ORGANIZATION: &str = "a role that may administer AWS Organizations policies";
const BILLING: &str = "a role that may change cost allocation tags (`ce:UpdateCostAllocationTagsStatus`, \
                       `ce:ListCostAllocationTags`)";

fn workload(deployment: &Deployment) -> Apply {
    let mut before = Vec::new();
    if deployment.state.is_some() {
        before.push("The state bucket exists (`foundation-state`).".to_owned());
    }
    if let Some(logging) = &deployment.logging {
        before.push("No other logging configuration would be overwritten (`logging-singleton`).".to_owned());
        if logging.kms_key_arn.is_some() {
            before.push("The key's policy lets Bedrock and CloudWatch Logs use it (`logging-kms-key`).".to_owned());
        }
    }
    let budgets = deployment.budgets.as_ref();
    if budgets.is_some_and(|budgets| budgets.anomaly.is_some()) {
        before.push("The account has no anomaly monitor by service yet (`budgets-anomaly-monitor`).".to_owned());
    }
    if budgets.is_some_and(|budgets| !budgets.https.is_empty()) {
        before.push("The variable `https_endpoints` is set (`budgets-https`).".to_owned());
    }
    let mut verify = Vec::new();
    if deployment.logging.is_some() {
        verify.push(Phase::Logging);
    }
    if budgets.is_some() {
        verify.push(Phase::Budgets);
    }
    if verify.is_empty() {
        verify.push(Phase::Foundation);
    }
    Apply {
        root: Root::Workload,
        account: Account::Workload(deployment.account_id.clone()),
        credentials: deploy_credentials(deployment),
        before,
        effects: Vec::new(),
        verify,
    }
}

/// Which role runs Terraform in the dedicated account.
fn deploy_credentials(deployment: &Deployment) -> String {
    match &deployment.deploy {
        Some(deploy) => format!(
            "a role that matches one of the deploy principals ({}); the SCP stops every other one from changing what \
             it protects",
            deploy
                .principals
                .iter()
                .map(|arn| format!("`{arn}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        None => "a role that may administer the account".to_owned(),
    }
}

fn identity(deployment: &Deployment) -> Option<Apply> {
    let Access::IdentityCenter(center) = &deployment.access else {
        return None;
    };
    let mut before = vec![format!(
        "The group `{}` exists in Identity Center (`attribution-group`); the root looks it up and fails without it.",
        center.group
    )];
    if deployment.guardrail.is_some() {
        before.push(format!(
            "The workload root is applied: the permission set refers to its policy `{}` by name.",
            deployment.names.guardrail_policy
        ));
    }
    Some(Apply {
        root: Root::Identity,
        account: Account::IdentityCenter(center.account_id.clone()),
        credentials: IDENTITY.to_owned(),
        before,
        effects: Vec::new(),
        verify: vec![Phase::Attribution],
    })
}

fn organization(deployment: &Deployment) -> Option<Apply> {
    let organization = deployment.organization.as_ref()?;
    Some(Apply {
        root: Root::Organization,
        account: Account::Management(Some(organization.management_account_id.clone())),
        credentials: ORGANIZATION.to_owned(),
        before: vec![
            "Service control policies are enabled (`foundation-scp`).".to_owned(),
            "The models answer (`foundation-model-access`). A model that is added while the policy is attached answers \
             only after this apply."
                .to_owned(),
        ],
        effects: Vec::new(),
        verify: vec![Phase::Foundation],
    })
}

fn billing(deployment: &Deployment) -> Option<Apply> {
    let tags = deployment.cost_tags.as_ref()?;
    Some(Apply {
        root: Root::Billing,
        account: Account::Payer(tags.payer_account_id.clone()),
        credentials: BILLING.to_owned(),
        before: vec![
            "AWS has discovered every tag key (`cost-tags-discovered`): not before somebody has used a tagged \
             profile, plus up to 24 hours. Applied too early, it fails."
                .to_owned(),
        ],
        effects: Vec::new(),
        verify: vec![Phase::CostTags],
    })
}
