//! The service control policy where no root attaches it.

use std::cell::RefCell;
use std::rc::Rc;

use aws_sdk_organizations::types::{PolicyType, PolicyTypeStatus};

use super::{Act, Fix, Later, Refusal};
use crate::aws::operations::organizations::{
    DESCRIBE_ORGANIZATION, DESCRIBE_POLICY, LIST_POLICIES_FOR_TARGET, LIST_ROOTS,
};
use crate::aws::operations::writes::{ATTACH_POLICY, CREATE_POLICY, ENABLE_POLICY_TYPE, LIST_POLICIES, UPDATE_POLICY};
use crate::aws::{Kind, Trouble};
use crate::guardrails::documents::SCP as SCP_DOCUMENT;
use crate::verify::{From, Probe, policies_of};

/// Makes and attaches the service control policy.
pub const SCP: Fix = Fix {
    id: "foundation-scp",
    step: "foundation-scp",
    from: From::Management,
    operations: &[
        &DESCRIBE_ORGANIZATION,
        &LIST_ROOTS,
        &LIST_POLICIES,
        &DESCRIBE_POLICY,
        &LIST_POLICIES_FOR_TARGET,
        &ENABLE_POLICY_TYPE,
        &CREATE_POLICY,
        &UPDATE_POLICY,
        &ATTACH_POLICY,
    ],
    plan: |probe, _| Box::pin(scp(probe)) as Later<Vec<Act>, Refusal>,
};

async fn scp(probe: Probe) -> Result<Vec<Act>, Refusal> {
    let deployment = probe.deployment();
    let (name, account_id) = (deployment.names.scp.clone(), deployment.account_id.clone());
    let answer = probe
        .call(&DESCRIBE_ORGANIZATION, |account| {
            account.organizations().describe_organization().send()
        })
        .await;
    let organization = match answer {
        Ok(organization) => organization,
        Err(trouble) if trouble.is("AWSOrganizationsNotInUseException") => {
            return Err(Refusal::Told(
                "these credentials are of an account without an organization, where no service control policy can be attached: \
                 the step does not apply, or another account manages the organization"
                    .to_owned(),
            ));
        }
        Err(trouble) => return Err(trouble.into()),
    };
    let management = organization
        .organization()
        .and_then(|organization| organization.master_account_id())
        .unwrap_or_default()
        .to_owned();
    if management != probe.account()?.id {
        return Err(Refusal::Told(format!(
            "the management account of the organization is {management}, and these credentials are of {}",
            probe.account()?.id
        )));
    }
    if management == account_id {
        return Err(Refusal::Told(
            "the deployment is in the management account, which no service control policy restricts".to_owned(),
        ));
    }
    let Some(file) = probe.scene().documents.get(SCP_DOCUMENT) else {
        return Err(Refusal::Told(
            "this deployment has no service control policy".to_owned(),
        ));
    };
    let wanted = file.document.clone();
    let text = policy::print::minified(&wanted);
    let mut acts = Vec::new();
    acts.extend(enable(&probe).await?);
    let found = named(&probe, &name).await?;
    // The id of a policy that does not exist yet is known when it was made.
    let id = Rc::new(RefCell::new(found.clone()));
    match &found {
        None => acts.push(create(&name, text, Rc::clone(&id))),
        Some(found) => {
            let there = probe
                .call(&DESCRIBE_POLICY, |account| {
                    account.organizations().describe_policy().policy_id(found).send()
                })
                .await?;
            let content = there.policy().and_then(|policy| policy.content()).unwrap_or_default();
            let is_same = policy::parse(content, policy::Kind::ServiceControl)
                .is_ok_and(|document| policy::equivalent(&document.document, &wanted));
            if !is_same {
                acts.push(update(found, text));
            }
        }
    }
    let is_attached = match &found {
        Some(found) => policies_of(&probe, &account_id)
            .await?
            .iter()
            .flatten()
            .any(|policy| policy.id == *found),
        None => false,
    };
    if !is_attached {
        acts.push(attach(&name, &account_id, id));
    }
    Ok(acts)
}

/// Enables service control policies on the root, where they are not.
async fn enable(probe: &Probe) -> Result<Option<Act>, Trouble> {
    let pages = probe
        .pages(
            &LIST_ROOTS,
            |account, token| account.organizations().list_roots().set_next_token(token).send(),
            |page| page.next_token(),
        )
        .await?;
    let Some(root) = pages.iter().flat_map(|page| page.roots()).next() else {
        return Ok(None);
    };
    let is_enabled = root.policy_types().iter().any(|found| {
        found.r#type() == Some(&PolicyType::ServiceControlPolicy) && found.status() == Some(&PolicyTypeStatus::Enabled)
    });
    let root = root.id().unwrap_or_default().to_owned();
    let words = format!("RootId={root} PolicyType=SERVICE_CONTROL_POLICY");
    Ok((!is_enabled).then(|| {
        Act::new(&ENABLE_POLICY_TYPE, words, |probe| async move {
            probe
                .call(&ENABLE_POLICY_TYPE, |account| {
                    account
                        .organizations()
                        .enable_policy_type()
                        .root_id(root)
                        .policy_type(PolicyType::ServiceControlPolicy)
                        .send()
                })
                .await
                .map(drop)
        })
    }))
}

/// Id of the service control policy of this name.
async fn named(probe: &Probe, name: &str) -> Result<Option<String>, Trouble> {
    let pages = probe
        .pages(
            &LIST_POLICIES,
            |account, token| {
                account
                    .organizations()
                    .list_policies()
                    .filter(PolicyType::ServiceControlPolicy)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    let mut all = pages.iter().flat_map(|page| page.policies());
    Ok(all
        .find(|policy| policy.name() == Some(name))
        .and_then(|policy| policy.id())
        .map(str::to_owned))
}

type Id = Rc<RefCell<Option<String>>>;

fn create(name: &str, content: String, id: Id) -> Act {
    let name = name.to_owned();
    let words = format!("Name={name} Type=SERVICE_CONTROL_POLICY Content=(policies/scp.json)");
    Act::new(&CREATE_POLICY, words, |probe| async move {
        let answer = probe
            .call(&CREATE_POLICY, |account| {
                account
                    .organizations()
                    .create_policy()
                    .name(name)
                    .description("Claude Code on Amazon Bedrock")
                    .r#type(PolicyType::ServiceControlPolicy)
                    .content(content)
                    .send()
            })
            .await?;
        let made = answer
            .policy()
            .and_then(|policy| policy.policy_summary())
            .and_then(|policy| policy.id());
        id.replace(made.map(str::to_owned));
        Ok(())
    })
}

fn update(id: &str, content: String) -> Act {
    let id = id.to_owned();
    let words = format!("PolicyId={id} Content=(policies/scp.json)");
    Act::new(&UPDATE_POLICY, words, |probe| async move {
        probe
            .call(&UPDATE_POLICY, |account| {
                account
                    .organizations()
                    .update_policy()
                    .policy_id(id)
                    .content(content)
                    .send()
            })
            .await
            .map(drop)
    })
}

fn attach(name: &str, account_id: &str, id: Id) -> Act {
    let account_id = account_id.to_owned();
    let words = format!("PolicyId=(of {name}) TargetId={account_id}");
    Act::new(&ATTACH_POLICY, words, |probe| async move {
        let Some(id) = id.borrow().clone() else {
            return Err(Trouble {
                operation: CREATE_POLICY.name,
                kind: Kind::Garbled,
                code: None,
                message: "AWS gave the policy no id".to_owned(),
            });
        };
        probe
            .call(&ATTACH_POLICY, |account| {
                account
                    .organizations()
                    .attach_policy()
                    .policy_id(id)
                    .target_id(account_id)
                    .send()
            })
            .await
            .map(drop)
    })
}
