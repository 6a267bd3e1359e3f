//! Groups of Identity Center: who is assigned.

use std::rc::Rc;

use aws_sdk_identitystore::types::{AlternateIdentifier, UniqueAttribute};
use aws_smithy_types::Document;

use super::center::store;
use super::{INSTANCE, Part, check};
use crate::aws::operations::identity_center::{DESCRIBE_GROUP, GET_GROUP_ID, LIST_GROUP_MEMBERSHIPS, LIST_INSTANCES};
use crate::aws::{Kind, Trouble};
use crate::deployment::model::{IdentityCenter, IdentitySource};
use crate::verify::check::{Check, From};
use crate::verify::probe::{Probe, Seen};

/// The id of the group of a part; `None` where there is no such group. Whoever asks declares the operations of the
/// instances and of the group.
///
/// # Errors
/// When AWS does not tell.
pub async fn group_id(probe: &Probe, center: &Rc<IdentityCenter>, part: &Part) -> Result<Option<String>, Trouble> {
    let Some(name) = part.group.clone() else {
        return Ok(None);
    };
    let center = Rc::clone(center);
    let id = probe
        .once(part.group_key, |probe| async move {
            let store = store(&probe, &center).await?;
            let attribute = UniqueAttribute::builder()
                .attribute_path("displayName")
                .attribute_value(Document::String(name))
                .build()
                .map_err(|error| Trouble {
                    operation: GET_GROUP_ID.name,
                    kind: Kind::Garbled,
                    code: None,
                    message: error.to_string(),
                })?;
            let answer = probe
                .call(&GET_GROUP_ID, |account| {
                    account
                        .identity_store(&center.region)
                        .get_group_id()
                        .identity_store_id(&store)
                        .alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute))
                        .send()
                })
                .await;
            match answer {
                Ok(answer) => Ok(Some(answer.group_id().to_owned())),
                Err(trouble) if trouble.is("ResourceNotFoundException") => Ok(None),
                Err(trouble) => Err(trouble),
            }
        })
        .await?;
    Ok(Option::clone(&id))
}

/// Ids of the users in the group of a part.
///
/// # Errors
/// When AWS does not tell.
pub async fn members(
    probe: &Probe,
    center: &Rc<IdentityCenter>,
    part: &Part,
    group: &str,
) -> Result<Rc<Vec<String>>, Trouble> {
    let (center, group) = (Rc::clone(center), group.to_owned());
    probe
        .once(part.members_key, |probe| async move {
            let store = store(&probe, &center).await?;
            let pages = probe
                .pages(
                    &LIST_GROUP_MEMBERSHIPS,
                    |account, token| {
                        account
                            .identity_store(&center.region)
                            .list_group_memberships()
                            .identity_store_id(&store)
                            .group_id(&group)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            let users = pages
                .iter()
                .flat_map(|page| page.group_memberships())
                .filter_map(|membership| membership.member_id()?.as_user_id().ok().cloned());
            Ok(users.collect())
        })
        .await
}

pub fn group(center: &Rc<IdentityCenter>, part: &Part) -> Option<Check> {
    let name = part.group.clone()?;
    let origin = Origin::of(center.source);
    let (center, part) = (Rc::clone(center), part.clone());
    Some(
        check(
            format!("attribution-group-{}", part.key),
            "attribution-group",
            From::IdentityCenter,
            format!("The group `{name}` has members"),
        )
        .expects(match origin {
            Origin::Provisioned => format!("`{name}` was provisioned by the identity provider and has members"),
            Origin::Either | Origin::Made => format!("`{name}` is there and has members"),
        })
        .calls(&[&LIST_INSTANCES, &GET_GROUP_ID, &DESCRIBE_GROUP, &LIST_GROUP_MEMBERSHIPS])
        .after(INSTANCE)
        .looks(move |probe| {
            let (center, part, name) = (Rc::clone(&center), part.clone(), name.clone());
            async move {
                let Some(id) = group_id(&probe, &center, &part).await? else {
                    return Ok(absent(&name, origin));
                };
                let store = store(&probe, &center).await?;
                let described = probe
                    .call(&DESCRIBE_GROUP, |account| {
                        account
                            .identity_store(&center.region)
                            .describe_group()
                            .identity_store_id(&store)
                            .group_id(&id)
                            .send()
                    })
                    .await?;
                let members = members(&probe, &center, &part, &id).await?.len();
                Ok(judged(
                    &name,
                    &id,
                    !described.external_ids().is_empty(),
                    members,
                    origin,
                ))
            }
        }),
    )
}

/// Where the groups of a deployment come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The identity provider provisions them.
    Provisioned,
    /// It may, or somebody makes them.
    Either,
    /// Somebody makes them in Identity Center.
    Made,
}

impl Origin {
    fn of(source: IdentitySource) -> Self {
        match source {
            IdentitySource::Entra | IdentitySource::Okta => Self::Provisioned,
            IdentitySource::Other => Self::Either,
            IdentitySource::Google | IdentitySource::Directory => Self::Made,
        }
    }
}

fn absent(name: &str, origin: Origin) -> Seen {
    Seen::pending(format!("there is no group `{name}` (upper and lower case count)")).next(match origin {
        Origin::Provisioned => {
            "create it in the identity provider with exactly this spelling, include it in what is provisioned, and wait \
             for the next cycle (about 40 minutes with Entra ID)"
        }
        Origin::Either => "create it with exactly this spelling, in the identity provider or in Identity Center",
        Origin::Made => "create it in Identity Center with exactly this spelling",
    })
}

fn judged(name: &str, id: &str, is_external: bool, members: usize, origin: Origin) -> Seen {
    let made = match is_external {
        true => "provisioned by the identity provider",
        false => "made in Identity Center",
    };
    let observed = format!(
        "`{name}` ({id}), {made}, has {members} member{}",
        if members == 1 { "" } else { "s" }
    );
    if origin == Origin::Provisioned && !is_external {
        return Seen::fail(observed).next(
            "delete the group that was made by hand, so that the identity provider can provision its own, then \
             `terraform -chdir=terraform/identity apply`: the new group has another id",
        );
    }
    match members {
        0 => Seen::pending(observed).next(match is_external {
            true => "add people to the group in the identity provider, directly and not through another group",
            false => "add people to the group in Identity Center",
        }),
        _ => Seen::pass(observed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn a_group_made_by_hand_is_enough_where_groups_are_made_by_hand() {
        let status = |is_external, members, origin| judged("g", "id", is_external, members, origin).status;
        assert_eq!(status(true, 1, Origin::Provisioned), Status::Pass);
        assert_eq!(status(false, 1, Origin::Provisioned), Status::Fail);
        assert_eq!(status(false, 1, Origin::Either), Status::Pass);
        assert_eq!(status(false, 1, Origin::Made), Status::Pass);
        assert_eq!(status(true, 0, Origin::Provisioned), Status::Pending);
        assert_eq!(status(false, 0, Origin::Made), Status::Pending);
    }
}
