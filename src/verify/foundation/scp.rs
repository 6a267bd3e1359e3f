//! The service control policy, as the management account sees it: enabled, attached, and equal to what was rendered.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_organizations::types::{PolicyType, PolicyTypeStatus, Root};
use policy::document::Effect;
use policy::{Actions, Document, Kind, Resources, Statement};

use super::super::check::{Check, From};
use super::super::probe::{Probe, Seen};
use super::super::status::Status;
use super::account::membership;
use super::attachments::{Attachments, attachments};
use super::{check, from_management, strange};
use crate::aws::Trouble;
use crate::aws::operations::organizations::{
    DESCRIBE_ORGANIZATION, DESCRIBE_POLICY, LIST_PARENTS, LIST_POLICIES_FOR_TARGET, LIST_ROOTS,
};
use crate::deployment::model::{Deployment, Organization};
use crate::guardrails::documents::SCP;
use crate::steps::word;
use crate::verify::next::APPLY_ORGANIZATION;

const STEP: &str = "foundation-scp";
/// AWS's own policy that allows everything.
const FULL_ACCESS: &str = "p-FullAWSAccess";
/// What must be allowed on every level, whatever else is.
const NEEDED: &str = "bedrock:InvokeModel";

pub fn checks(deployment: &Deployment) -> Vec<Check> {
    match &deployment.organization {
        Some(organization) => vec![enabled(), attached(deployment, organization), equal(deployment)],
        None => vec![by_hand(deployment)],
    }
}

fn enabled() -> Check {
    from_management("foundation-scp-enabled", STEP, "Service control policies are enabled")
        .expects("the organization's root has the policy type SERVICE_CONTROL_POLICY, ENABLED")
        .calls(&[&LIST_ROOTS])
        .looks(|probe| async move {
            let pages = probe
                .pages(
                    &LIST_ROOTS,
                    |account, token| account.organizations().list_roots().set_next_token(token).send(),
                    |page| page.next_token(),
                )
                .await?;
            let roots: Vec<&Root> = pages.iter().flat_map(|page| page.roots()).collect();
            Ok(is_enabled(&roots))
        })
}

fn is_enabled(roots: &[&Root]) -> Seen {
    // An organization has one root.
    let [root] = roots else {
        return strange(format!("AWS named {} roots of the organization", roots.len()));
    };
    let id = root.id().unwrap_or("r-EXAMPLE");
    let enable = format!(
        "`aws organizations enable-policy-type --policy-type SERVICE_CONTROL_POLICY --root-id {}`",
        word(id)
    );
    let scp = root
        .policy_types()
        .iter()
        .find(|found| found.r#type() == Some(&PolicyType::ServiceControlPolicy));
    let Some(scp) = scp else {
        return Seen::fail(format!("service control policies are not enabled on {id}")).next(enable);
    };
    match scp.status() {
        Some(PolicyTypeStatus::Enabled) => Seen::pass(format!("ENABLED on {id}")),
        Some(PolicyTypeStatus::PendingEnable) => Seen::pending(format!("PENDING_ENABLE on {id}")).next("wait a minute"),
        Some(PolicyTypeStatus::PendingDisable) => Seen::fail(format!("PENDING_DISABLE on {id}")).next(enable),
        status => strange(format!(
            "the status on {id} is {}",
            status.map_or("not given", PolicyTypeStatus::as_str)
        )),
    }
}

fn attached(deployment: &Deployment, organization: &Organization) -> Check {
    let (name, account_id) = (deployment.names.scp.clone(), deployment.account_id.clone());
    let targets = organization.attach_scp_to.clone();
    from_management(
        "foundation-scp-attached",
        STEP,
        "The service control policy is attached",
    )
    .expects(format!(
        "{name} is attached to {} and reaches {account_id}, and every level above the account allows {NEEDED}",
        targets.join(", ")
    ))
    .calls(&[&LIST_PARENTS, &LIST_POLICIES_FOR_TARGET, &DESCRIBE_POLICY])
    .after("foundation-scp-enabled")
    .looks(move |probe| {
        let (name, targets) = (name.clone(), targets.clone());
        async move {
            let found = attachments(&probe).await?;
            let seen = reaches(&found, &targets, &name);
            match seen {
                Ok(observed) => allows(&probe, &found, &name, observed).await,
                Err(seen) => Ok(seen),
            }
        }
    })
}

/// Whether the policy is on every target, and on the account's path.
fn reaches(found: &Attachments, targets: &[String], name: &str) -> Result<String, Seen> {
    let (Some(account), Some(root)) = (found.path.first(), found.path.last()) else {
        return Err(Seen::fail("the organization has no such account"));
    };
    let absent: Vec<&str> = targets
        .iter()
        .map(String::as_str)
        .filter(|target| found.policies.get(*target).is_none_or(Option::is_none))
        .collect();
    if !absent.is_empty() {
        return Err(Seen::fail(format!("the organization has no {}", absent.join(", ")))
            .next("correct `attach_scp_to` in the block `organization` of the deployment file, and render again"));
    }
    let without: Vec<&str> = targets
        .iter()
        .map(String::as_str)
        .filter(|target| !found.has(target, name))
        .collect();
    if !without.is_empty() {
        return Err(Seen::fail(format!("{name} is not attached to {}", without.join(", "))).next(APPLY_ORGANIZATION));
    }
    let on: Vec<&str> = found
        .path
        .iter()
        .map(String::as_str)
        .filter(|level| found.has(level, name))
        .collect();
    if on.is_empty() {
        return Err(Seen::fail(format!(
            "{name} is attached to {}, and {account} is below none of them: above it are {}",
            targets.join(", "),
            found.path.get(1..).unwrap_or_default().join(", ")
        ))
        .next("put the account, a unit above it or the root into `attach_scp_to`, render again and apply"));
    }
    Ok(format!(
        "{name} is attached to {}, from {root} down to {account}",
        on.join(", ")
    ))
}

/// Whether every level allows what is needed: a level whose policies only deny allows nothing at all.
async fn allows(probe: &Probe, found: &Attachments, name: &str, observed: String) -> Result<Seen, Trouble> {
    let mut instead = Vec::new();
    for level in &found.path {
        let is_full = found.of(level).any(|policy| policy.id == FULL_ACCESS);
        let mut allowing = None;
        for policy in found
            .of(level)
            .filter(|policy| policy.name != name && policy.id != FULL_ACCESS)
        {
            let Some(text) = text_of(probe, &policy.id).await? else {
                return Ok(strange(format!("AWS gave no text of {} on {level}", policy.name)));
            };
            let Ok(parsed) = policy::parse(&text, Kind::ServiceControl) else {
                return Ok(strange(format!(
                    "the text of {} on {level} cannot be read",
                    policy.name
                )));
            };
            if parsed.document.statements.iter().any(denies_what_is_needed) {
                return Ok(Seen::fail(format!(
                    "{} on {level} denies {NEEDED} whatever the model: nobody below it can call one",
                    policy.name
                ))
                .next("ask whoever keeps that policy to except the account or its developers"));
            }
            if allowing.is_none() && parsed.document.statements.iter().any(allows_what_is_needed) {
                allowing = Some(policy.name.clone());
            }
        }
        match allowing {
            _ if is_full => {}
            Some(policy) => instead.push(format!("{policy} on {level}")),
            None => {
                return Ok(Seen::fail(format!(
                    "{level} has neither FullAWSAccess nor another policy that allows {NEEDED}: nobody below it can call a \
                     model"
                ))
                .next(format!(
                    "`aws organizations attach-policy --policy-id {FULL_ACCESS} --target-id {}`",
                    word(level)
                )));
            }
        }
    }
    Ok(match instead.is_empty() {
        true => Seen::pass(format!("{observed}; FullAWSAccess is on every level")),
        false => Seen::pass(format!("{observed}; in place of FullAWSAccess: {}", instead.join(", "))),
    })
}

fn allows_what_is_needed(statement: &Statement) -> bool {
    statement.effect == Effect::Allow && statement.conditions.is_empty() && is_about_what_is_needed(statement)
}

/// A denial under conditions, or of some models, is for the simulator to judge.
fn denies_what_is_needed(statement: &Statement) -> bool {
    let is_of_everything = match &statement.resources {
        Some(Resources::Only(patterns)) => patterns.iter().any(|pattern| pattern == "*"),
        _ => false,
    };
    statement.effect == Effect::Deny
        && statement.conditions.is_empty()
        && is_of_everything
        && is_about_what_is_needed(statement)
}

fn is_about_what_is_needed(statement: &Statement) -> bool {
    let meets = |patterns: &[String]| {
        patterns
            .iter()
            .any(|pattern| policy::matches_ignoring_case(pattern, NEEDED))
    };
    match &statement.actions {
        Actions::Only(patterns) => meets(patterns),
        Actions::AllBut(patterns) => !meets(patterns),
    }
}

async fn text_of(probe: &Probe, policy_id: &str) -> Result<Option<String>, Trouble> {
    let answer = probe
        .call(&DESCRIBE_POLICY, |account| {
            account.organizations().describe_policy().policy_id(policy_id).send()
        })
        .await?;
    Ok(answer.policy().and_then(|policy| policy.content()).map(str::to_owned))
}

fn equal(deployment: &Deployment) -> Check {
    let name = deployment.names.scp.clone();
    from_management(
        "foundation-scp-content",
        STEP,
        "The service control policy is the rendered one",
    )
    .expects(format!("the text of {name} means the same as policies/{SCP}"))
    .calls(&[&LIST_PARENTS, &LIST_POLICIES_FOR_TARGET, &DESCRIBE_POLICY])
    .after("foundation-scp-attached")
    .looks(move |probe| {
        let name = name.clone();
        async move {
            let Some(wanted) = probe.scene().documents.get(SCP) else {
                return Ok(strange("no policy was rendered"));
            };
            let found = attachments(&probe).await?;
            let ids: BTreeSet<&str> = found
                .policies
                .values()
                .flatten()
                .flatten()
                .filter(|policy| policy.name == name)
                .map(|policy| policy.id.as_str())
                .collect();
            for id in &ids {
                let Some(text) = text_of(&probe, id).await? else {
                    return Ok(strange(format!("AWS gave no text of {id}")));
                };
                let seen = is_same(&wanted.document, &text, id);
                if let Err(seen) = seen {
                    return Ok(seen);
                }
            }
            Ok(match ids.is_empty() {
                true => Seen::fail(format!("{name} is attached nowhere")).next(APPLY_ORGANIZATION),
                false => Seen::pass(format!(
                    "{} has the {} statements of policies/{SCP}",
                    ids.into_iter().collect::<Vec<_>>().join(", "),
                    wanted.document.statements.len()
                )),
            })
        }
    })
}

fn is_same(wanted: &Document, text: &str, id: &str) -> Result<(), Seen> {
    let Ok(parsed) = policy::parse(text, Kind::ServiceControl) else {
        return Err(strange(format!("the text of {id} cannot be read as a policy")));
    };
    if policy::equivalent(wanted, &parsed.document) {
        return Ok(());
    }
    Err(
        Seen::fail(format!("{id} is otherwise: {}", differences(wanted, &parsed.document))).next(format!(
            "{APPLY_ORGANIZATION}; if somebody else writes the policy too, keep one of both"
        )),
    )
}

/// Which statements differ, by their names.
fn differences(wanted: &Document, found: &Document) -> String {
    let by_name = |document: &Document| -> BTreeMap<String, Vec<Statement>> {
        let mut statements: BTreeMap<String, Vec<Statement>> = BTreeMap::new();
        for statement in policy::canonical(document).statements {
            let name = statement
                .sid
                .clone()
                .unwrap_or_else(|| "a statement without a name".to_owned());
            statements.entry(name).or_default().push(statement);
        }
        statements
    };
    let (wanted, found) = (by_name(wanted), by_name(found));
    let mut parts = Vec::new();
    for (name, statements) in &wanted {
        match found.get(name) {
            None => parts.push(format!("{name} is missing")),
            Some(others) if others != statements => parts.push(format!("{name} differs")),
            Some(_) => {}
        }
    }
    parts.extend(
        found
            .keys()
            .filter(|name| !wanted.contains_key(*name))
            .map(|name| format!("{name} is not rendered")),
    );
    match parts.is_empty() {
        // Statements are the same; version and id are left.
        true => "its `Version` or `Id` differs".to_owned(),
        false => parts.join(", "),
    }
}

/// Without an `organization` block the number of the management account is not known.
fn by_hand(deployment: &Deployment) -> Check {
    let (name, account_id) = (deployment.names.scp.clone(), deployment.account_id.clone());
    check(
        "foundation-scp-attached",
        STEP,
        "The service control policy is attached",
    )
    .expects(format!(
        "{name} is attached to {account_id}, or the account belongs to no organization"
    ))
    .calls(&[&DESCRIBE_ORGANIZATION])
    .calls_from(
        From::Management,
        &[&LIST_PARENTS, &LIST_POLICIES_FOR_TARGET, &DESCRIBE_POLICY],
    )
    .looks(move |probe| {
        let (account_id, name) = (account_id.clone(), name.clone());
        async move {
            Ok(match membership(&probe).await?.as_ref() {
                None => Seen::pass(format!(
                    "{account_id} belongs to no organization, so nothing can be attached: the step does not apply"
                )),
                Some(_) if let Some(management) = probe.with(From::Management) => {
                    as_rendered(&management, &account_id, &name).await?
                }
                Some(member) => Seen::skipped(format!(
                    "not looked at: only the management account {} can tell, and the deployment file has no block \
                         `organization` with its number",
                    member.management.as_deref().unwrap_or("of the organization")
                ))
                .next(
                    "name its credentials with `--management-profile`; foundation-scp-effective shows what the account \
                         feels of it; or look yourself and `tfgen attest foundation-scp --by NAME --note TEXT`",
                ),
            })
        }
    })
}

/// Whether the policy reaches the account and has the rendered text, where no root attaches it.
async fn as_rendered(probe: &Probe, account_id: &str, name: &str) -> Result<Seen, Trouble> {
    let fix = "`tfgen fix foundation-scp`";
    let found = attachments(probe).await?;
    let on_path = found.path.iter().flat_map(|level| found.of(level));
    let Some(policy) = on_path.into_iter().find(|policy| policy.name == name) else {
        return Ok(Seen::fail(format!("{name} is attached neither to {account_id} nor above it")).next(fix));
    };
    let Some(wanted) = probe.scene().documents.get(SCP) else {
        return Ok(strange("no policy was rendered"));
    };
    let Some(text) = text_of(probe, &policy.id).await? else {
        return Ok(strange(format!("AWS gave no text of {}", policy.id)));
    };
    match is_same(&wanted.document, &text, &policy.id) {
        Err(seen) if seen.status == Status::Fail => Ok(seen.next(fix)),
        Err(seen) => Ok(seen),
        Ok(()) => {
            let observed = format!("{name} reaches {account_id}, and has the text of policies/{SCP}");
            allows(probe, &found, name, observed).await
        }
    }
}

#[cfg(test)]
mod tests;
