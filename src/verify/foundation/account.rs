//! The account in its organization, its state, and its region.

use std::rc::Rc;

use aws_sdk_account::types::{AccountState as OwnState, RegionOptStatus};
use aws_sdk_organizations::types::{Account, AccountState, AccountStatus, OrganizationFeatureSet};

use super::super::check::Check;
use super::super::probe::{Probe, Seen};
use super::{check, from_management, strange};
use crate::aws::Trouble;
use crate::aws::operations::account::{GET_ACCOUNT_INFORMATION, GET_REGION_OPT_STATUS};
use crate::aws::operations::organizations::{DESCRIBE_ACCOUNT, DESCRIBE_ORGANIZATION};
use crate::deployment::model::Deployment;
use crate::steps::{must_opt_in, word};

/// The organization as a member sees it; a field is `None` where AWS did not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Id of the organization.
    pub id: Option<String>,
    /// Number of its management account.
    pub management: Option<String>,
    /// Whether it has all features, or shares a bill only.
    pub features: Option<OrganizationFeatureSet>,
}

/// The organization that the account belongs to; `None` where it stands alone.
pub async fn membership(probe: &Probe) -> Result<Rc<Option<Member>>, Trouble> {
    probe
        .once("organization", |probe| async move {
            let answer = probe
                .call(&DESCRIBE_ORGANIZATION, |account| {
                    account.organizations().describe_organization().send()
                })
                .await;
            match answer {
                Ok(answer) => {
                    let organization = answer.organization();
                    Ok(Some(Member {
                        id: organization.and_then(|found| found.id()).map(str::to_owned),
                        management: organization
                            .and_then(|found| found.master_account_id())
                            .map(str::to_owned),
                        features: organization.and_then(|found| found.feature_set()).cloned(),
                    }))
                }
                Err(trouble) if trouble.is("AWSOrganizationsNotInUseException") => Ok(None),
                Err(trouble) => Err(trouble),
            }
        })
        .await
}

pub fn organization(deployment: &Deployment) -> Check {
    let account_id = deployment.account_id.clone();
    let management = deployment
        .organization
        .as_ref()
        .map(|organization| organization.management_account_id.clone());
    let expected = match &management {
        Some(management) => {
            format!("{account_id} is a member of the organization of {management}, which has all features")
        }
        None => format!("{account_id} stands alone, or is a member of an organization with all features"),
    };
    check(
        "foundation-organization",
        "foundation-account",
        "The account is where it should be in the organization",
    )
    .expects(expected)
    .calls(&[&DESCRIBE_ORGANIZATION])
    .looks(move |probe| {
        let (account_id, management) = (account_id.clone(), management.clone());
        async move {
            Ok(belongs(
                membership(&probe).await?.as_ref().as_ref(),
                &account_id,
                management.as_deref(),
            ))
        }
    })
}

fn belongs(found: Option<&Member>, account_id: &str, wanted: Option<&str>) -> Seen {
    let Some(member) = found else {
        return match wanted {
            None => Seen::pass(format!(
                "{account_id} belongs to no organization; no service control policy can restrict it"
            )),
            Some(wanted) => Seen::fail(format!("{account_id} belongs to no organization")).next(format!(
                "invite it from {wanted} (`aws organizations invite-account-to-organization --target \
                 Id={account_id},Type=ACCOUNT`) and accept, or take the `organization` block out of the deployment file"
            )),
        };
    };
    let id = member.id.as_deref().unwrap_or("without an id");
    let Some(management) = member.management.as_deref() else {
        return strange(format!(
            "the organization is {id}, and AWS did not name its management account"
        ));
    };
    let what = format!("a member of the organization {id} with the management account {management}");
    if management == account_id {
        return Seen::fail(format!(
            "{account_id} is the management account of the organization {id}"
        ))
        .next(
            "no service control policy ever restricts a management account: use a member account for this deployment",
        );
    }
    if wanted.is_some_and(|wanted| wanted != management) {
        return Seen::fail(what).next(format!(
            "set `management_account_id = \"{management}\"` in the block `organization` of the deployment file, and \
             render again; or use an account of the other organization"
        ));
    }
    match &member.features {
        Some(OrganizationFeatureSet::All) => Seen::pass(format!("{what} and all features")),
        Some(OrganizationFeatureSet::ConsolidatedBilling) => Seen::fail(format!(
            "{what}, which only shares a bill: it can have no service control policies"
        ))
        .next("`aws organizations enable-all-features`; every member account must then agree"),
        features => strange(format!(
            "{what}; its feature set is {}",
            features.as_ref().map_or("not given", OrganizationFeatureSet::as_str)
        )),
    }
}

pub fn state(deployment: &Deployment) -> Check {
    let account_id = deployment.account_id.clone();
    let expected = format!("the state of {account_id} is ACTIVE");
    let title = "The account is active";
    if deployment.organization.is_none() {
        return check("foundation-account", "foundation-account", title)
            .expects(expected)
            .calls(&[&GET_ACCOUNT_INFORMATION])
            .looks(|probe| async move {
                let answer = probe
                    .call(&GET_ACCOUNT_INFORMATION, |account| {
                        account.account().get_account_information().send()
                    })
                    .await?;
                Ok(is_active(answer.account_state().map(OwnState::as_str)))
            });
    }
    from_management("foundation-account", "foundation-account", title)
        .expects(expected)
        .calls(&[&DESCRIBE_ACCOUNT])
        .looks(move |probe| {
            let account_id = account_id.clone();
            async move {
                let answer = probe
                    .call(&DESCRIBE_ACCOUNT, |account| {
                        account
                            .organizations()
                            .describe_account()
                            .account_id(&account_id)
                            .send()
                    })
                    .await;
                match answer {
                    Ok(answer) => Ok(is_active(answer.account().and_then(state_of))),
                    Err(trouble) if trouble.is("AccountNotFoundException") => Ok(Seen::fail(format!(
                        "the organization has no account {account_id}"
                    ))
                    .next(
                        "create it, or invite it (see the step in MANUAL_STEPS.md), and put its number into the file",
                    )),
                    Err(trouble) => Err(trouble),
                }
            }
        })
}

/// The state; where AWS does not give it, the status, which it retired in September 2026.
///
/// Source: the model of AWS Organizations in botocore.
fn state_of(account: &Account) -> Option<&str> {
    let state = account.state().map(AccountState::as_str);
    #[allow(deprecated, reason = "answers of before September 2026 have nothing else")]
    state.or_else(|| account.status().map(AccountStatus::as_str))
}

fn is_active(state: Option<&str>) -> Seen {
    let Some(state) = state else {
        return strange("AWS did not give the state of the account");
    };
    let observed = format!("its state is {state}");
    match state {
        "ACTIVE" => Seen::pass(observed),
        "PENDING_ACTIVATION" => Seen::pending(observed)
            .next("finish the sign-up of the account (payment method, phone number) as its root user"),
        "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED" => Seen::fail(observed).next(
            "reopen it through AWS Support, or use another account and change `account_id` in the deployment file",
        ),
        _ => strange(observed),
    }
}

pub fn region(deployment: &Deployment) -> Check {
    let step = match must_opt_in(&deployment.region) {
        true => "foundation-region",
        false => "foundation-account",
    };
    check("foundation-region", step, "The region is enabled")
        .expects(format!("{} is enabled in the account", deployment.region))
        .calls(&[&GET_REGION_OPT_STATUS])
        .looks(|probe| async move {
            let region = probe.region();
            let answer = probe
                .call(&GET_REGION_OPT_STATUS, |account| {
                    account.account().get_region_opt_status().region_name(region).send()
                })
                .await?;
            Ok(is_enabled(region, answer.region_opt_status()))
        })
}

fn is_enabled(region: &str, status: Option<&RegionOptStatus>) -> Seen {
    let Some(status) = status else {
        return strange(format!("AWS did not give the status of {region}"));
    };
    let observed = format!("the status of {region} is {}", status.as_str());
    match status {
        RegionOptStatus::Enabled | RegionOptStatus::EnabledByDefault => Seen::pass(observed),
        RegionOptStatus::Enabling => Seen::pending(observed).next("wait; it takes minutes to hours"),
        RegionOptStatus::Disabled | RegionOptStatus::Disabling => Seen::fail(observed).next(format!(
            "`tfgen fix foundation-region`, or `aws account enable-region --region-name {}`",
            word(region)
        )),
        _ => strange(observed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    fn member(management: &str, features: Option<OrganizationFeatureSet>) -> Member {
        Member {
            id: Some("o-example".to_owned()),
            management: Some(management.to_owned()),
            features,
        }
    }

    #[test]
    fn an_account_belongs_to_the_organization_of_the_file_with_all_features() {
        let status = |found: Option<&Member>, wanted| belongs(found, "111111111111", wanted).status;
        let all = || Some(OrganizationFeatureSet::All);
        let good = member("999999999999", all());
        assert_eq!(status(Some(&good), Some("999999999999")), Status::Pass);
        assert_eq!(status(Some(&good), None), Status::Pass);
        assert_eq!(status(Some(&good), Some("888888888888")), Status::Fail);
        assert_eq!(status(None, None), Status::Pass);
        assert_eq!(status(None, Some("999999999999")), Status::Fail);
        assert_eq!(status(Some(&member("111111111111", all())), None), Status::Fail);
        let bill = member("999999999999", Some(OrganizationFeatureSet::ConsolidatedBilling));
        assert_eq!(status(Some(&bill), Some("999999999999")), Status::Fail);
        assert_eq!(status(Some(&member("999999999999", None)), None), Status::Unknown);
        let new = member("999999999999", Some(OrganizationFeatureSet::from("SOMETHING_NEW")));
        assert_eq!(status(Some(&new), None), Status::Unknown);
        let nameless = Member {
            management: None,
            ..good
        };
        assert_eq!(status(Some(&nameless), None), Status::Unknown);
    }

    #[test]
    fn only_active_passes() {
        let status = |state| is_active(state).status;
        assert_eq!(status(Some("ACTIVE")), Status::Pass);
        assert_eq!(status(Some("PENDING_ACTIVATION")), Status::Pending);
        for closed in ["SUSPENDED", "PENDING_CLOSURE", "CLOSED"] {
            assert_eq!(status(Some(closed)), Status::Fail, "{closed}");
        }
        assert_eq!(status(Some("SOMETHING_NEW")), Status::Unknown);
        assert_eq!(status(None), Status::Unknown);
    }

    #[test]
    fn the_state_outranks_the_retired_status() {
        #[allow(deprecated, reason = "answers of before September 2026 have nothing else")]
        let account = Account::builder().status(AccountStatus::Active);
        assert_eq!(state_of(&account.clone().build()), Some("ACTIVE"));
        assert_eq!(state_of(&account.state(AccountState::Closed).build()), Some("CLOSED"));
        assert_eq!(state_of(&Account::builder().build()), None);
    }

    #[test]
    fn a_region_that_is_being_enabled_is_pending() {
        let status = |status: Option<RegionOptStatus>| is_enabled("af-south-1", status.as_ref()).status;
        assert_eq!(status(Some(RegionOptStatus::Enabled)), Status::Pass);
        assert_eq!(status(Some(RegionOptStatus::EnabledByDefault)), Status::Pass);
        assert_eq!(status(Some(RegionOptStatus::Enabling)), Status::Pending);
        assert_eq!(status(Some(RegionOptStatus::Disabled)), Status::Fail);
        assert_eq!(status(Some(RegionOptStatus::Disabling)), Status::Fail);
        assert_eq!(status(Some(RegionOptStatus::from("SOMETHING_NEW"))), Status::Unknown);
        assert_eq!(status(None), Status::Unknown);
    }
}
