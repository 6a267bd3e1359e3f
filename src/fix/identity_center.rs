//! Permission sets whose latest form an account does not have.

use aws_sdk_ssoadmin::types::{ProvisionTargetType, ProvisioningStatus};

use super::{Act, Fix, Later, Refusal};
use crate::aws::Trouble;
use crate::aws::operations::identity_center::{DESCRIBE_PERMISSION_SET, LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT};
use crate::aws::operations::writes::PROVISION_PERMISSION_SET;
use crate::deployment::model::Access;
use crate::verify::{From, Probe};

/// Gives the account the latest form of each permission set that it has in an earlier one.
pub const PROVISIONING: Fix = Fix {
    id: "attribution-provisioned",
    step: "attribution-assignment",
    from: From::IdentityCenter,
    operations: &[
        &LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT,
        &DESCRIBE_PERMISSION_SET,
        &PROVISION_PERMISSION_SET,
    ],
    plan: |probe, _| Box::pin(provisioning(probe)) as Later<Vec<Act>, Refusal>,
};

async fn provisioning(probe: Probe) -> Result<Vec<Act>, Refusal> {
    let Access::IdentityCenter(center) = probe.deployment().access.clone() else {
        return Ok(Vec::new());
    };
    let account_id = probe.deployment().account_id.clone();
    let stale = stale(&probe, &center.region, &center.instance_arn, &account_id).await?;
    Ok(stale
        .into_iter()
        .map(|set| {
            let (region, instance) = (center.region.clone(), center.instance_arn.clone());
            let account_id = account_id.clone();
            let words = format!("PermissionSetArn={set} TargetType=AWS_ACCOUNT TargetId={account_id}");
            Act::new(&PROVISION_PERMISSION_SET, words, |probe| async move {
                probe
                    .call(&PROVISION_PERMISSION_SET, |account| {
                        account
                            .sso_admin(&region)
                            .provision_permission_set()
                            .instance_arn(instance)
                            .permission_set_arn(set)
                            .target_type(ProvisionTargetType::AwsAccount)
                            .target_id(account_id)
                            .send()
                    })
                    .await
                    .map(drop)
            })
        })
        .collect())
}

/// The deployment's permission sets that the account has in an earlier form. Somebody else's are left alone.
async fn stale(probe: &Probe, region: &str, instance: &str, account_id: &str) -> Result<Vec<String>, Trouble> {
    let names = &probe.deployment().names;
    let own = [&names.developer, &names.admin, &names.analyst];
    let pages = probe
        .pages(
            &LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT,
            |account, token| {
                account
                    .sso_admin(region)
                    .list_permission_sets_provisioned_to_account()
                    .instance_arn(instance)
                    .account_id(account_id)
                    .provisioning_status(ProvisioningStatus::LatestPermissionSetNotProvisioned)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    let mut stale = Vec::new();
    for set in pages.iter().flat_map(|page| page.permission_sets()) {
        let described = probe
            .call(&DESCRIBE_PERMISSION_SET, |account| {
                account
                    .sso_admin(region)
                    .describe_permission_set()
                    .instance_arn(instance)
                    .permission_set_arn(set)
                    .send()
            })
            .await?;
        let name = described.permission_set().and_then(|set| set.name());
        if name.is_some_and(|name| own.iter().any(|own| *own == name)) {
            stale.push(set.clone());
        }
    }
    Ok(stale)
}
