//! Permission sets: what they allow.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aws_sdk_ssoadmin::types::{PermissionSet, ProvisioningStatus};
use policy::Kind;

use super::{INSTANCE, Part, check, document};
use crate::aws::operations::identity_center::{
    DESCRIBE_PERMISSION_SET, GET_INLINE_POLICY_FOR_PERMISSION_SET,
    LIST_CUSTOMER_MANAGED_POLICY_REFERENCES_IN_PERMISSION_SET, LIST_MANAGED_POLICIES_IN_PERMISSION_SET,
    LIST_PERMISSION_SETS, LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT,
};
use crate::aws::{Operation, Trouble};
use crate::deployment::model::{Deployment, IdentityCenter};
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_IDENTITY;
use crate::verify::probe::{Probe, Seen};

/// The step that all of this is about.
pub const STEP: &str = "attribution-assignment";
/// What finding the permission sets calls.
pub const FINDING: [&Operation; 3] = [
    &LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT,
    &DESCRIBE_PERMISSION_SET,
    &LIST_PERMISSION_SETS,
];
/// Length of a session where nobody set one.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html>
const DEFAULT_DURATION: &str = "PT1H";
/// The permission sets of the deployment by name. Those that the account has are looked at first: an organization has
/// many, and the name of each takes a call.
///
/// # Errors
/// When AWS does not tell.
pub async fn sets(probe: &Probe, center: &Rc<IdentityCenter>) -> Result<Rc<BTreeMap<String, PermissionSet>>, Trouble> {
    let center = Rc::clone(center);
    probe
        .once("identity-permission-sets", |probe| async move {
            let names = &probe.deployment().names;
            let wanted = [&names.developer, &names.admin, &names.analyst];
            let known = in_account(&probe, &center, None).await?;
            let mut found = described(&probe, &center, known.clone()).await?;
            if wanted.iter().any(|name| !found.contains_key(*name)) {
                let pages = probe
                    .pages(
                        &LIST_PERMISSION_SETS,
                        |account, token| {
                            account
                                .sso_admin(&center.region)
                                .list_permission_sets()
                                .instance_arn(&center.instance_arn)
                                .set_next_token(token)
                                .send()
                        },
                        |page| page.next_token(),
                    )
                    .await?;
                let all = pages.iter().flat_map(|page| page.permission_sets()).cloned();
                let others = all.filter(|arn| !known.contains(arn)).collect();
                found.extend(described(&probe, &center, others).await?);
            }
            found.retain(|name, _| wanted.contains(&name));
            Ok(found)
        })
        .await
}

async fn described(
    probe: &Probe,
    center: &Rc<IdentityCenter>,
    arns: BTreeSet<String>,
) -> Result<BTreeMap<String, PermissionSet>, Trouble> {
    let described = probe
        .each(arns, |probe, arn| {
            let center = Rc::clone(center);
            async move {
                let answer = probe
                    .call(&DESCRIBE_PERMISSION_SET, |account| {
                        account
                            .sso_admin(&center.region)
                            .describe_permission_set()
                            .instance_arn(&center.instance_arn)
                            .permission_set_arn(&arn)
                            .send()
                    })
                    .await?;
                Ok(answer.permission_set)
            }
        })
        .await?;
    let named = described.into_iter().flatten();
    Ok(named
        .filter_map(|set| Some((set.name().map(str::to_owned)?, set)))
        .collect())
}

/// The permission sets that the account has, in a state or in any.
///
/// # Errors
/// When AWS does not tell.
pub async fn in_account(
    probe: &Probe,
    center: &IdentityCenter,
    state: Option<ProvisioningStatus>,
) -> Result<BTreeSet<String>, Trouble> {
    let account_id = probe.deployment().account_id.clone();
    let pages = probe
        .pages(
            &LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT,
            |account, token| {
                account
                    .sso_admin(&center.region)
                    .list_permission_sets_provisioned_to_account()
                    .instance_arn(&center.instance_arn)
                    .account_id(&account_id)
                    .set_provisioning_status(state.clone())
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    Ok(pages.iter().flat_map(|page| page.permission_sets()).cloned().collect())
}

/// Of a permission set that is not there.
pub fn absent(set: &str) -> Seen {
    Seen::fail(format!("there is no permission set `{set}`")).next(APPLY_IDENTITY)
}

pub fn policy(deployment: &Deployment, center: &Rc<IdentityCenter>, part: &Part) -> Check {
    let guardrail = part.is_guarded.then(|| deployment.names.guardrail_policy.clone());
    let besides = match &guardrail {
        Some(name) => format!("beside it the managed policy {name}"),
        None => "no managed policy beside it".to_owned(),
    };
    let expected = format!(
        "its inline policy means the same as policies/{}, {besides}, and sessions of {}",
        part.document, center.session_duration
    );
    let (center, part) = (Rc::clone(center), part.clone());
    check(
        format!("attribution-permission-set-{}", part.key),
        STEP,
        From::IdentityCenter,
        format!("The permission set `{}` is as rendered", part.set),
    )
    .expects(expected)
    .calls(&FINDING)
    .calls(&[
        &GET_INLINE_POLICY_FOR_PERMISSION_SET,
        &LIST_MANAGED_POLICIES_IN_PERMISSION_SET,
        &LIST_CUSTOMER_MANAGED_POLICY_REFERENCES_IN_PERMISSION_SET,
    ])
    .after(INSTANCE)
    .looks(move |probe| {
        let (center, part, guardrail) = (Rc::clone(&center), part.clone(), guardrail.clone());
        async move {
            let sets = sets(&probe, &center).await?;
            let Some(set) = sets.get(&part.set) else {
                return Ok(absent(&part.set));
            };
            let arn = set.permission_set_arn().unwrap_or_default();
            let inline = probe
                .call(&GET_INLINE_POLICY_FOR_PERMISSION_SET, |account| {
                    account
                        .sso_admin(&center.region)
                        .get_inline_policy_for_permission_set()
                        .instance_arn(&center.instance_arn)
                        .permission_set_arn(arn)
                        .send()
                })
                .await?;
            let managed = managed(&probe, &center, arn).await?;
            let Some(wanted) = probe.scene().documents.get(part.document) else {
                return Ok(Seen::unknown(format!("policies/{} is not rendered", part.document)));
            };
            let mut faults = Vec::new();
            match inline.inline_policy().unwrap_or_default() {
                "" => faults.push("it has no inline policy".to_owned()),
                text => faults.extend(document::difference(text, &wanted.document, Kind::Identity)),
            }
            faults.extend(other_policies(&managed, guardrail.as_deref()));
            let duration = set.session_duration().unwrap_or(DEFAULT_DURATION);
            if duration != center.session_duration {
                faults.push(format!("its sessions last {duration}"));
            }
            Ok(match faults.as_slice() {
                [] => Seen::pass(format!("{arn} is as rendered, with sessions of {duration}")),
                faults => Seen::fail(format!("{arn}: {}", faults.join("; "))).next(APPLY_IDENTITY),
            })
        }
    })
}

/// Managed policies of a permission set: those of AWS by ARN, those of the account by name.
async fn managed(probe: &Probe, center: &IdentityCenter, arn: &str) -> Result<Vec<String>, Trouble> {
    let of_aws = probe
        .pages(
            &LIST_MANAGED_POLICIES_IN_PERMISSION_SET,
            |account, token| {
                account
                    .sso_admin(&center.region)
                    .list_managed_policies_in_permission_set()
                    .instance_arn(&center.instance_arn)
                    .permission_set_arn(arn)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    let of_account = probe
        .pages(
            &LIST_CUSTOMER_MANAGED_POLICY_REFERENCES_IN_PERMISSION_SET,
            |account, token| {
                account
                    .sso_admin(&center.region)
                    .list_customer_managed_policy_references_in_permission_set()
                    .instance_arn(&center.instance_arn)
                    .permission_set_arn(arn)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    let arns = of_aws
        .iter()
        .flat_map(|page| page.attached_managed_policies())
        .filter_map(|policy| policy.arn().map(str::to_owned));
    let names = of_account
        .iter()
        .flat_map(|page| page.customer_managed_policy_references())
        .map(|reference| match reference.path().unwrap_or("/") {
            "/" => reference.name().to_owned(),
            path => format!("{path}{}", reference.name()),
        });
    Ok(arns.chain(names).collect())
}

/// How the managed policies differ from the one that enforces the guardrail, or from none.
pub fn other_policies(managed: &[String], guardrail: Option<&str>) -> Vec<String> {
    let lacks = guardrail.filter(|wanted| !managed.iter().any(|name| name == wanted));
    let lacks = lacks.map(|name| format!("it lacks the managed policy {name}"));
    let extra = managed.iter().filter(|name| Some(name.as_str()) != guardrail);
    lacks
        .into_iter()
        .chain(extra.map(|name| format!("it has the managed policy {name} in addition")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn managed_policies_are_those_of_the_guardrail() {
        let administrator = "arn:aws:iam::aws:policy/AdministratorAccess".to_owned();
        assert_eq!(other_policies(&[], None), Vec::<String>::new());
        assert_eq!(other_policies(&["g".to_owned()], Some("g")), Vec::<String>::new());
        assert_eq!(other_policies(&[], Some("g")), ["it lacks the managed policy g"]);
        assert_eq!(
            other_policies(&[administrator.clone(), "g".to_owned()], Some("g")),
            [format!("it has the managed policy {administrator} in addition")]
        );
    }
}
