//! Which service control policies stand where: on the account, on the units above it, on the root, on targets of the file.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aws_sdk_organizations::types::{ParentType, PolicyType};

use super::super::probe::Probe;
use crate::aws::operations::organizations::{LIST_PARENTS, LIST_POLICIES_FOR_TARGET};
use crate::aws::{Kind, Trouble};

/// Levels above an account: AWS nests units five deep below the root.
const MOST_LEVELS: usize = 16;

/// A policy on an account, a unit or the root.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What is attached where.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Attachments {
    /// The account, its units from the lowest on, the root; empty where the organization has no such account.
    pub path: Vec<String>,
    /// By target of the deployment file and by level of the path; `None` where there is no such target.
    pub policies: BTreeMap<String, Option<BTreeSet<Policy>>>,
}

impl Attachments {
    /// The policies of a target.
    pub fn of(&self, target: &str) -> impl Iterator<Item = &Policy> {
        self.policies.get(target).into_iter().flatten().flatten()
    }

    /// Whether a target has a policy of this name.
    pub fn has(&self, target: &str, name: &str) -> bool {
        self.of(target).any(|policy| policy.name == name)
    }
}

/// What is attached to the account, to everything above it, and to the targets of the deployment file; asked once a round.
///
/// # Errors
/// When AWS does not say.
pub async fn attachments(probe: &Probe) -> Result<Rc<Attachments>, Trouble> {
    probe
        .once("scp-attachments", |probe| async move {
            let path = path(&probe).await?;
            let targets = probe
                .deployment()
                .organization
                .iter()
                .flat_map(|found| &found.attach_scp_to);
            let asked: BTreeSet<String> = path.iter().chain(targets).cloned().collect();
            let mut policies = BTreeMap::new();
            for target in asked {
                let found = policies_of(&probe, &target).await?;
                policies.insert(target, found);
            }
            Ok(Attachments { path, policies })
        })
        .await
}

/// The account and everything above it.
async fn path(probe: &Probe) -> Result<Vec<String>, Trouble> {
    let mut path = vec![probe.deployment().account_id.clone()];
    while let Some(child) = path.last().cloned() {
        let pages = probe
            .pages(
                &LIST_PARENTS,
                |account, token| {
                    account
                        .organizations()
                        .list_parents()
                        .child_id(&child)
                        .set_next_token(token)
                        .send()
                },
                |page| page.next_token(),
            )
            .await;
        let pages = match pages {
            Ok(pages) => pages,
            Err(trouble) if trouble.is("ChildNotFoundException") => return Ok(Vec::new()),
            Err(trouble) => return Err(trouble),
        };
        // A child has one parent.
        let parent = pages.iter().flat_map(|page| page.parents()).next();
        let (Some(id), Some(kind)) = (
            parent.and_then(|parent| parent.id()),
            parent.and_then(|parent| parent.r#type()),
        ) else {
            return Err(unreadable(format!("AWS names no parent of {child}")));
        };
        path.push(id.to_owned());
        match kind {
            ParentType::Root => return Ok(path),
            _ if path.len() > MOST_LEVELS => return Err(unreadable(format!("there is no root above {child}"))),
            _ => {}
        }
    }
    Ok(path)
}

fn unreadable(message: String) -> Trouble {
    Trouble {
        operation: LIST_PARENTS.name,
        kind: Kind::Garbled,
        code: None,
        message,
    }
}

pub async fn policies_of(probe: &Probe, target: &str) -> Result<Option<BTreeSet<Policy>>, Trouble> {
    let pages = probe
        .pages(
            &LIST_POLICIES_FOR_TARGET,
            |account, token| {
                account
                    .organizations()
                    .list_policies_for_target()
                    .target_id(target)
                    .filter(PolicyType::ServiceControlPolicy)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await;
    match pages {
        Ok(pages) => {
            let all = pages.iter().flat_map(|page| page.policies());
            let read = all.map(|policy| Policy {
                id: policy.id().unwrap_or_default().to_owned(),
                name: policy.name().unwrap_or_default().to_owned(),
            });
            Ok(Some(read.collect()))
        }
        Err(trouble) if trouble.is("TargetNotFoundException") => Ok(None),
        Err(trouble) => Err(trouble),
    }
}
