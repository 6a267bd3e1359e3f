//! Roles that people assume themselves: whom they trust, what they allow, and the IAM users behind them.

use std::rc::Rc;

use percent_encoding::percent_decode_str;
use policy::{Document, Kind};

use super::{check, document, few, identity_pool, permission_sets};
use crate::aws::Trouble;
use crate::aws::operations::cognito::LIST_IDENTITY_POOLS;
use crate::aws::operations::iam::{
    GET_ROLE, GET_ROLE_POLICY, GET_USER, LIST_ATTACHED_ROLE_POLICIES, LIST_MFA_DEVICES, LIST_ROLE_POLICIES,
};
use crate::deployment::model::{Deployment, Federation, Roles};
use crate::guardrails::arns::Arns;
use crate::guardrails::documents::{ADMIN, ADMIN_TRUST, ANALYST, ANALYST_TRUST, DEVELOPER, DEVELOPER_TRUST};
use crate::guardrails::trust::with_pool;
use crate::steps::word;
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_WORKLOAD;
use crate::verify::probe::{Probe, Seen};

pub fn checks(deployment: &Deployment, roles: &Roles) -> Vec<Check> {
    let names = &deployment.names;
    let guardrail = guardrail(deployment);
    let all = [
        (
            "developer",
            &names.developer,
            DEVELOPER,
            DEVELOPER_TRUST,
            &roles.developers,
            &guardrail,
        ),
        ("admin", &names.admin, ADMIN, ADMIN_TRUST, &roles.admins, &guardrail),
        (
            "analyst",
            &names.analyst,
            ANALYST,
            ANALYST_TRUST,
            &roles.analysts,
            &None,
        ),
    ];
    let mut checks: Vec<Check> = users(deployment, roles).into_iter().collect();
    for (key, name, document, trust, trusted, guardrail) in all {
        if trusted.is_empty() {
            continue;
        }
        checks.push(role(Role {
            key,
            name: name.clone(),
            document,
            trust,
            guardrail: guardrail.clone(),
            seconds: roles.max_session_seconds,
            pool: None,
        }));
    }
    checks
}

/// The check of the role that takes tokens.
pub fn of_tokens(deployment: &Deployment, federation: &Federation) -> Check {
    role(Role {
        key: "developer",
        name: deployment.names.developer.clone(),
        document: DEVELOPER,
        trust: DEVELOPER_TRUST,
        guardrail: guardrail(deployment),
        seconds: federation.max_session_seconds,
        pool: federation
            .identity_pool
            .is_some()
            .then(|| deployment.names.developer.clone()),
    })
}

/// ARN of the managed policy that enforces the guardrail, where there is one.
fn guardrail(deployment: &Deployment) -> Option<String> {
    let arn = || Arns::new(deployment).managed_policy(&deployment.names.guardrail_policy);
    deployment.guardrail.as_ref().map(|_| arn())
}

/// A role as it must be.
#[derive(Debug, Clone)]
struct Role {
    /// Last part of the id of its check.
    key: &'static str,
    name: String,
    /// File name of its policy.
    document: &'static str,
    /// File name of its trust policy.
    trust: &'static str,
    /// ARN of the managed policy that enforces the guardrail.
    guardrail: Option<String>,
    /// Longest session.
    seconds: u32,
    /// Name of the identity pool whose id stands in its trust policy.
    pool: Option<String>,
}

fn role(role: Role) -> Check {
    let besides = match &role.guardrail {
        Some(arn) => format!("beside them the managed policy {arn}"),
        None => "no managed policy beside them".to_owned(),
    };
    let mut calls = vec![
        &GET_ROLE,
        &LIST_ROLE_POLICIES,
        &GET_ROLE_POLICY,
        &LIST_ATTACHED_ROLE_POLICIES,
    ];
    if role.pool.is_some() {
        calls.push(&LIST_IDENTITY_POOLS);
    }
    let role = Rc::new(role);
    check(
        format!("attribution-roles-{}", role.key),
        "attribution-roles",
        From::Workload,
        format!("The role `{}` is as rendered", role.name),
    )
    .expects(format!(
        "its trust and its inline policy mean the same as policies/{} and policies/{}, {besides}, and sessions last at \
         most {} s",
        role.trust, role.document, role.seconds
    ))
    .calls(&calls)
    .looks(move |probe| {
        let role = Rc::clone(&role);
        async move { look(&probe, &role).await }
    })
}

async fn look(probe: &Probe, role: &Role) -> Result<Seen, Trouble> {
    let answer = probe
        .call(&GET_ROLE, |account| {
            account.iam().get_role().role_name(&role.name).send()
        })
        .await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(trouble) if trouble.is("NoSuchEntity") => {
            return Ok(Seen::fail(format!("there is no role `{}`", role.name)).next(APPLY_WORKLOAD));
        }
        Err(trouble) => return Err(trouble),
    };
    let documents = &probe.scene().documents;
    let (Some(wanted), Some(trust)) = (documents.get(role.document), documents.get(role.trust)) else {
        return Ok(Seen::unknown(format!(
            "policies/{} or policies/{} is not rendered",
            role.document, role.trust
        )));
    };
    let Some(found) = answer.role() else {
        return Ok(Seen::unknown("AWS's answer has no role"));
    };
    let mut faults = Vec::new();
    let trust = match &role.pool {
        None => Some(trust.document.clone()),
        Some(pool) => match identity_pool::ids(probe, pool).await?.as_slice() {
            [id] => Some(with_pool(&trust.document, id)),
            others => {
                let which = format!(
                    "there are {} identity pools `{pool}`, of which it must trust one",
                    others.len()
                );
                faults.push(which);
                None
            }
        },
    };
    match (found.assume_role_policy_document().and_then(decoded), trust) {
        (None, _) => faults.push("AWS does not show whom it trusts".to_owned()),
        (Some(text), Some(trust)) => {
            let difference = document::difference(&text, &trust, Kind::Trust);
            faults.extend(difference.map(|difference| format!("its trust policy: {difference}{}", deleted(&text))));
        }
        (Some(_), None) => {}
    }
    let seconds = found.max_session_duration().unwrap_or_default();
    if i64::from(seconds) != i64::from(role.seconds) {
        faults.push(format!("its sessions last at most {seconds} s"));
    }
    faults.extend(inline_faults(probe, &role.name, &wanted.document).await?);
    let attached = probe
        .pages(
            &LIST_ATTACHED_ROLE_POLICIES,
            |account, token| {
                account
                    .iam()
                    .list_attached_role_policies()
                    .role_name(&role.name)
                    .set_marker(token)
                    .send()
            },
            |page| page.marker().filter(|_| page.is_truncated()),
        )
        .await?;
    let attached: Vec<String> = attached
        .iter()
        .flat_map(|page| page.attached_policies())
        .filter_map(|policy| policy.policy_arn().map(str::to_owned))
        .collect();
    faults.extend(permission_sets::other_policies(&attached, role.guardrail.as_deref()));
    Ok(match faults.as_slice() {
        [] => Seen::pass(format!("{} is as rendered", found.arn())),
        faults => Seen::fail(format!("{}: {}", found.arn(), faults.join("; "))).next(APPLY_WORKLOAD),
    })
}

/// Of a user or role that was deleted, the trust policy shows the unique id.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
fn deleted(trust: &str) -> &'static str {
    match trust.contains("\"AIDA") || trust.contains("\"AROA") {
        true => " (it names a user or role that was deleted)",
        false => "",
    }
}

/// How the inline policies of a role differ from the one that it must have.
///
/// # Errors
/// When AWS does not tell.
pub async fn inline_faults(probe: &Probe, role: &str, wanted: &Document) -> Result<Vec<String>, Trouble> {
    let pages = probe
        .pages(
            &LIST_ROLE_POLICIES,
            |account, token| {
                account
                    .iam()
                    .list_role_policies()
                    .role_name(role)
                    .set_marker(token)
                    .send()
            },
            |page| page.marker().filter(|_| page.is_truncated()),
        )
        .await?;
    let names: Vec<&String> = pages.iter().flat_map(|page| page.policy_names()).collect();
    let [name] = names.as_slice() else {
        return Ok(vec![format!("it has {} inline policies instead of one", names.len())]);
    };
    let answer = probe
        .call(&GET_ROLE_POLICY, |account| {
            account
                .iam()
                .get_role_policy()
                .role_name(role)
                .policy_name(*name)
                .send()
        })
        .await?;
    let Some(text) = decoded(answer.policy_document()) else {
        return Ok(vec![format!("its inline policy {name} cannot be read")]);
    };
    let difference = document::difference(&text, wanted, Kind::Identity);
    Ok(difference
        .map(|difference| format!("its inline policy {name}: {difference}"))
        .into_iter()
        .collect())
}

/// IAM answers documents percent-encoded.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>
fn decoded(document: &str) -> Option<String> {
    percent_decode_str(document)
        .decode_utf8()
        .ok()
        .map(|text| text.into_owned())
}

/// A trusted user: ARN and name.
type User = (String, String);

fn users(deployment: &Deployment, roles: &Roles) -> Option<Check> {
    let mut all: Vec<User> = roles
        .users()
        .map(|(arn, name)| (arn.to_owned(), name.to_owned()))
        .collect();
    all.sort();
    all.dedup();
    if all.is_empty() {
        return None;
    }
    let is_own = |(arn, _): &User| arn.contains(&format!("::{}:user/", deployment.account_id));
    let (own, foreign): (Vec<User>, Vec<User>) = all.into_iter().partition(is_own);
    let expected = format!(
        "each of the {} trusted users exists and has a second factor",
        own.len() + foreign.len()
    );
    let (own, foreign) = (Rc::new(own), Rc::new(foreign));
    Some(
        check(
            "attribution-iam-users",
            "attribution-iam-users",
            From::Workload,
            "The trusted IAM users have multi-factor authentication",
        )
        .expects(expected)
        .calls(&[&GET_USER, &LIST_MFA_DEVICES])
        .looks(move |probe| {
            let (own, foreign) = (Rc::clone(&own), Rc::clone(&foreign));
            async move {
                let users: Vec<User> = own.iter().cloned().collect();
                let faults = probe
                    .each(users, |probe, user| async move { fault(&probe, &user).await })
                    .await?;
                let faults: Vec<(String, String)> = faults.into_iter().flatten().collect();
                Ok(users_seen(own.len(), &faults, &foreign))
            }
        }),
    )
}

/// What is wrong with a user, and what to do about it.
async fn fault(probe: &Probe, (arn, name): &User) -> Result<Option<(String, String)>, Trouble> {
    let answer = probe
        .call(&GET_USER, |account| account.iam().get_user().user_name(name).send())
        .await;
    let found = match answer {
        Ok(answer) => answer.user().map(|user| user.arn().to_owned()).unwrap_or_default(),
        Err(trouble) if trouble.is("NoSuchEntity") => {
            let step = format!(
                "`aws iam create-user --user-name {}`, then {APPLY_WORKLOAD}",
                word(name)
            );
            return Ok(Some((format!("{name} does not exist"), step)));
        }
        Err(trouble) => return Err(trouble),
    };
    if found != *arn {
        return Ok(Some((
            format!("{name} is {found}"),
            format!("correct its ARN in the deployment file ({arn})"),
        )));
    }
    let pages = probe
        .pages(
            &LIST_MFA_DEVICES,
            |account, token| {
                account
                    .iam()
                    .list_mfa_devices()
                    .user_name(name)
                    .set_marker(token)
                    .send()
            },
            |page| page.marker().filter(|_| page.is_truncated()),
        )
        .await?;
    let devices = pages.iter().flat_map(|page| page.mfa_devices()).count();
    Ok((devices == 0).then(|| {
        (
            format!("{name} has no second factor"),
            format!("IAM › Users › {name} › Security credentials › Assign MFA device"),
        )
    }))
}

fn users_seen(own: usize, faults: &[(String, String)], foreign: &[User]) -> Seen {
    if !faults.is_empty() {
        let (what, steps): (Vec<&str>, Vec<&str>) =
            faults.iter().map(|(what, step)| (what.as_str(), step.as_str())).unzip();
        return Seen::fail(few(&what)).next(few(&steps));
    }
    let observed = match own {
        0 => "none of the users is of this account".to_owned(),
        own => format!("the {own} of this account exist and have a second factor"),
    };
    if foreign.is_empty() {
        return Seen::pass(observed);
    }
    let arns: Vec<&str> = foreign.iter().map(|(arn, _)| arn.as_str()).collect();
    Seen::manual(format!(
        "{observed}; users of other accounts cannot be seen from here: {}",
        few(&arns)
    ))
    .next("look at those in their own accounts (`aws iam list-mfa-devices --user-name NAME`)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn users_of_other_accounts_are_never_a_pass() {
        let foreign = [("arn:aws:iam::210987654321:user/x".to_owned(), "x".to_owned())];
        let faults = [("y has no second factor".to_owned(), "step".to_owned())];
        assert_eq!(users_seen(2, &[], &[]).status, Status::Pass);
        assert_eq!(users_seen(2, &[], &foreign).status, Status::Manual);
        assert_eq!(users_seen(0, &[], &foreign).status, Status::Manual);
        assert_eq!(users_seen(2, &faults, &foreign).status, Status::Fail);
    }

    #[test]
    fn documents_are_decoded() {
        assert_eq!(
            decoded("%7B%22Version%22%3A%20%222012%22%7D").as_deref(),
            Some("{\"Version\": \"2012\"}")
        );
        assert_eq!(decoded("{\"a\": 1}").as_deref(), Some("{\"a\": 1}"));
        assert_eq!(decoded("%ff"), None);
    }
}
