//! Who is assigned the permission sets, and whether the account has them.

use std::collections::BTreeSet;
use std::rc::Rc;

use aws_sdk_ssoadmin::types::{PrincipalType, ProvisioningStatus};

use super::caller::reserved_set;
use super::permission_sets::{FINDING, STEP, absent, in_account, sets};
use super::{INSTANCE, Part, check, groups};
use crate::aws::operations::iam::{GET_ROLE_POLICY, LIST_ROLE_POLICIES, LIST_ROLES};
use crate::aws::operations::identity_center::{GET_GROUP_ID, LIST_ACCOUNT_ASSIGNMENTS, LIST_INSTANCES};
use crate::deployment::model::{Deployment, IdentityCenter};
use crate::steps::word;
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_IDENTITY;
use crate::verify::probe::Seen;

/// Where Identity Center puts its roles.
const ROLE_PATH: &str = "/aws-reserved/sso.amazonaws.com/";

pub fn assignment(center: &Rc<IdentityCenter>, part: &Part) -> Option<Check> {
    let group = part.group.clone()?;
    let (center, part) = (Rc::clone(center), part.clone());
    Some(
        check(
            format!("attribution-assignment-{}", part.key),
            STEP,
            From::IdentityCenter,
            format!("`{group}` has the permission set `{}` in the account", part.set),
        )
        .expects(format!(
            "the group `{group}` is assigned `{}` in the dedicated account",
            part.set
        ))
        .calls(&FINDING)
        .calls(&[&LIST_INSTANCES, &GET_GROUP_ID, &LIST_ACCOUNT_ASSIGNMENTS])
        .after(INSTANCE)
        .looks(move |probe| {
            let (center, part, group) = (Rc::clone(&center), part.clone(), group.clone());
            async move {
                let sets = sets(&probe, &center).await?;
                let Some(arn) = sets.get(&part.set).and_then(|set| set.permission_set_arn()) else {
                    return Ok(absent(&part.set));
                };
                let Some(id) = groups::group_id(&probe, &center, &part).await? else {
                    return Ok(Seen::pending(format!("there is no group `{group}` yet"))
                        .next(format!("get the group into Identity Center, then {APPLY_IDENTITY}")));
                };
                let account_id = probe.deployment().account_id.clone();
                let pages = probe
                    .pages(
                        &LIST_ACCOUNT_ASSIGNMENTS,
                        |account, token| {
                            account
                                .sso_admin(&center.region)
                                .list_account_assignments()
                                .instance_arn(&center.instance_arn)
                                .account_id(&account_id)
                                .permission_set_arn(arn)
                                .set_next_token(token)
                                .send()
                        },
                        |page| page.next_token(),
                    )
                    .await?;
                let holders: Vec<(String, String)> = pages
                    .iter()
                    .flat_map(|page| page.account_assignments())
                    .filter_map(|assignment| {
                        Some((
                            assignment.principal_type()?.as_str().to_owned(),
                            assignment.principal_id()?.to_owned(),
                        ))
                    })
                    .collect();
                Ok(assigned(&holders, &group, &id))
            }
        }),
    )
}

fn assigned(holders: &[(String, String)], group: &str, id: &str) -> Seen {
    let is_group = |(kind, holder): &&(String, String)| kind == PrincipalType::Group.as_str() && holder == id;
    let others: Vec<String> = holders
        .iter()
        .filter(|holder| !is_group(holder))
        .map(|(kind, id)| format!("{kind} {id}"))
        .collect();
    let others = match others.as_slice() {
        [] => String::new(),
        others => format!("; assigned to {} as well", others.join(", ")),
    };
    match holders.iter().any(|holder| is_group(&holder)) {
        true => Seen::pass(format!("assigned to `{group}` ({id}){others}")),
        false => Seen::fail(format!("not assigned to `{group}` ({id}){others}")).next(APPLY_IDENTITY),
    }
}

/// The permission sets that somebody is assigned.
fn used(parts: &[Part]) -> Vec<String> {
    let used = parts.iter().filter(|part| part.group.is_some());
    used.map(|part| part.set.clone()).collect()
}

pub fn provisioned(center: &Rc<IdentityCenter>, parts: &[Part]) -> Check {
    let used = used(parts);
    let center = Rc::clone(center);
    check(
        "attribution-provisioned",
        STEP,
        From::IdentityCenter,
        "The account has the permission sets in their latest form",
    )
    .expects(format!(
        "{} are provisioned to the dedicated account as they are now",
        used.join(", ")
    ))
    .calls(&FINDING)
    .after(INSTANCE)
    .looks(move |probe| {
        let (center, used) = (Rc::clone(&center), used.clone());
        async move {
            let sets = sets(&probe, &center).await?;
            let latest = in_account(
                &probe,
                &center,
                Some(ProvisioningStatus::LatestPermissionSetProvisioned),
            )
            .await?;
            let earlier = in_account(
                &probe,
                &center,
                Some(ProvisioningStatus::LatestPermissionSetNotProvisioned),
            )
            .await?;
            let arns: Vec<(String, Option<String>)> = used
                .into_iter()
                .map(|name| {
                    let arn = sets
                        .get(&name)
                        .and_then(|set| set.permission_set_arn())
                        .map(str::to_owned);
                    (name, arn)
                })
                .collect();
            Ok(up_to_date(
                &arns,
                &latest,
                &earlier,
                &center,
                &probe.deployment().account_id,
            ))
        }
    })
}

fn up_to_date(
    sets: &[(String, Option<String>)],
    latest: &BTreeSet<String>,
    earlier: &BTreeSet<String>,
    center: &IdentityCenter,
    account_id: &str,
) -> Seen {
    let is_in = |known: &BTreeSet<String>, arn: &Option<String>| arn.as_ref().is_some_and(|arn| known.contains(arn));
    let absent: Vec<&str> = sets
        .iter()
        .filter(|(_, arn)| !is_in(latest, arn) && !is_in(earlier, arn))
        .map(|(name, _)| name.as_str())
        .collect();
    if !absent.is_empty() {
        return Seen::fail(format!("the account does not have {}", absent.join(", "))).next(APPLY_IDENTITY);
    }
    let (names, arns): (Vec<&str>, Vec<&str>) = sets
        .iter()
        .filter(|(_, arn)| !is_in(latest, arn))
        .filter_map(|(name, arn)| Some((name.as_str(), arn.as_deref()?)))
        .unzip();
    if arns.is_empty() {
        let names: Vec<&str> = sets.iter().map(|(name, _)| name.as_str()).collect();
        return Seen::pass(format!("the account has {} as they are now", names.join(", ")));
    }
    let commands: Vec<String> = arns
        .iter()
        .map(|arn| {
            format!(
                "aws sso-admin provision-permission-set --region {} --instance-arn {} --permission-set-arn {} \
                 --target-type AWS_ACCOUNT --target-id {account_id}",
                word(&center.region),
                word(&center.instance_arn),
                word(arn)
            )
        })
        .collect();
    Seen::pending(format!("the account has an earlier form of {}", names.join(", ")))
        .next(format!("`{}`", commands.join(" && ")))
}

pub fn roles(deployment: &Deployment, parts: &[Part]) -> Check {
    let used: Vec<(String, &'static str)> = parts
        .iter()
        .filter(|part| part.group.is_some())
        .map(|part| (part.set.clone(), part.document))
        .collect();
    let names: Vec<String> = used.iter().map(|(set, _)| format!("AWSReservedSSO_{set}_…")).collect();
    check(
        "attribution-role",
        STEP,
        From::Workload,
        "The account has Identity Center's roles, with the rendered policies",
    )
    .expects(format!(
        "roles {} in account {}, whose inline policies mean the same as the rendered ones",
        names.join(", "),
        deployment.account_id
    ))
    .calls(&[&LIST_ROLES, &LIST_ROLE_POLICIES, &GET_ROLE_POLICY])
    .looks(move |probe| {
        let used = used.clone();
        async move {
            let pages = probe
                .pages(
                    &LIST_ROLES,
                    |account, token| {
                        account
                            .iam()
                            .list_roles()
                            .path_prefix(ROLE_PATH)
                            .set_marker(token)
                            .send()
                    },
                    |page| page.marker().filter(|_| page.is_truncated()),
                )
                .await?;
            let found: Vec<String> = pages
                .iter()
                .flat_map(|page| page.roles())
                .map(|role| role.role_name().to_owned())
                .collect();
            let mut roles = Vec::new();
            let mut faults = Vec::new();
            for (set, file) in used {
                let of_set: Vec<&String> = found.iter().filter(|role| reserved_set(role) == Some(&set)).collect();
                if of_set.is_empty() {
                    faults.push(format!("there is no role of `{set}`"));
                }
                for role in of_set {
                    roles.push(role.clone());
                    let Some(wanted) = probe.scene().documents.get(file) else {
                        return Ok(Seen::unknown(format!("policies/{file} is not rendered")));
                    };
                    faults.extend(
                        super::roles::inline_faults(&probe, role, &wanted.document)
                            .await?
                            .into_iter()
                            .map(|fault| format!("{role}: {fault}")),
                    );
                }
            }
            Ok(match faults.as_slice() {
                [] => Seen::pass(format!("{} have the rendered policies", roles.join(", "))),
                faults => Seen::fail(faults.join("; ")).next(format!(
                    "{APPLY_IDENTITY}; where the permission set is right and its role is not, provision it again \
                     (attribution-provisioned has the command)"
                )),
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn a_user_of_the_same_id_is_not_the_group() {
        let holders = vec![("USER".to_owned(), "id".to_owned())];
        assert_eq!(assigned(&holders, "g", "id").status, Status::Fail);
        let holders = vec![
            ("USER".to_owned(), "u".to_owned()),
            ("GROUP".to_owned(), "id".to_owned()),
        ];
        let seen = assigned(&holders, "g", "id");
        assert_eq!(
            (seen.status, seen.observed.as_str()),
            (Status::Pass, "assigned to `g` (id); assigned to USER u as well")
        );
    }
}
