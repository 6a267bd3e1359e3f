//! Users of Identity Center: whether they come from the identity provider, and whether the roster's are developers.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use aws_sdk_identitystore::types::User;

use super::center::store;
use super::{INSTANCE, Part, check, few, groups, parts};
use crate::aws::Trouble;
use crate::aws::operations::identity_center::{GET_GROUP_ID, LIST_GROUP_MEMBERSHIPS, LIST_INSTANCES, LIST_USERS};
use crate::deployment::model::{Deployment, IdentityCenter, IdentitySource};
use crate::verify::check::{Check, From};
use crate::verify::probe::{Probe, Seen};

/// A user, as far as checks care.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Person {
    id: String,
    name: String,
    /// In lower case.
    emails: Vec<String>,
    is_external: bool,
}

impl Person {
    fn of(user: &User) -> Self {
        Self {
            id: user.user_id().to_owned(),
            name: user.user_name().unwrap_or_default().to_owned(),
            emails: user
                .emails()
                .iter()
                .filter_map(|email| email.value())
                .map(str::to_lowercase)
                .collect(),
            is_external: !user.external_ids().is_empty(),
        }
    }
}

async fn users(probe: &Probe, center: &Rc<IdentityCenter>) -> Result<Rc<Vec<Person>>, Trouble> {
    let center = Rc::clone(center);
    probe
        .once("identity-users", |probe| async move {
            let store = store(&probe, &center).await?;
            let pages = probe
                .pages(
                    &LIST_USERS,
                    |account, token| {
                        account
                            .identity_store(&center.region)
                            .list_users()
                            .identity_store_id(&store)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            Ok(pages.iter().flat_map(|page| page.users()).map(Person::of).collect())
        })
        .await
}

pub fn provisioning(center: &Rc<IdentityCenter>) -> Option<Check> {
    if center.source == IdentitySource::Directory {
        return None;
    }
    let center = Rc::clone(center);
    Some(
        check(
            "attribution-provisioning",
            "attribution-provisioning",
            From::IdentityCenter,
            "Users come from the identity provider",
        )
        .expects("at least one user has an id of the identity provider")
        .calls(&[&LIST_INSTANCES, &LIST_USERS])
        .after(INSTANCE)
        .looks(move |probe| {
            let center = Rc::clone(&center);
            async move {
                let users = users(&probe, &center).await?;
                let external = users.iter().filter(|user| user.is_external).count();
                Ok(provisioned(users.len(), external, center.source))
            }
        }),
    )
}

fn provisioned(users: usize, external: usize, source: IdentitySource) -> Seen {
    let enable =
        "enable automatic provisioning in Identity Center, and enter its endpoint and token in the identity provider";
    match (users, external) {
        (0, _) => Seen::pending("there are no users").next(enable),
        (users, 0) => {
            let observed = format!("none of {users} users has an id of the identity provider: they were made by hand");
            match source {
                // Some providers have no SCIM.
                IdentitySource::Other => Seen::manual(observed).next(format!(
                    "compare the user names with the identity provider's: they must be the same; or {enable}"
                )),
                _ => Seen::fail(observed).next(enable),
            }
        }
        (users, external) => Seen::pass(format!("{external} of {users} users come from the identity provider")),
    }
}

pub fn members(deployment: &Deployment, center: &Rc<IdentityCenter>) -> Option<Check> {
    let part = parts(deployment, center)
        .into_iter()
        .find(|part| part.key == "developer")?;
    let name = part.group.clone()?;
    let roster: BTreeMap<String, String> = deployment
        .developers
        .iter()
        .map(|developer| (developer.email.to_lowercase(), developer.id.clone()))
        .collect();
    if roster.is_empty() {
        return None;
    }
    let (center, roster) = (Rc::clone(center), Rc::new(roster));
    Some(
        check(
            "attribution-members",
            "attribution-group",
            From::IdentityCenter,
            format!("The developers are in the group `{name}`"),
        )
        .expects(format!(
            "the members of `{name}` are the {} people of the roster, by their e-mail addresses",
            roster.len()
        ))
        .calls(&[&LIST_INSTANCES, &GET_GROUP_ID, &LIST_GROUP_MEMBERSHIPS, &LIST_USERS])
        .after("attribution-group-developer")
        .optional()
        .looks(move |probe| {
            let (center, part, roster) = (Rc::clone(&center), part.clone(), Rc::clone(&roster));
            async move { compared(&probe, &center, &part, &roster).await }
        }),
    )
}

async fn compared(
    probe: &Probe,
    center: &Rc<IdentityCenter>,
    part: &Part,
    roster: &BTreeMap<String, String>,
) -> Result<Seen, Trouble> {
    let Some(group) = groups::group_id(probe, center, part).await? else {
        return Ok(Seen::unknown("the group is not there any more"));
    };
    let members = groups::members(probe, center, part, &group).await?;
    let users = users(probe, center).await?;
    let members: BTreeSet<&str> = members.iter().map(String::as_str).collect();
    let members: Vec<&Person> = users.iter().filter(|user| members.contains(user.id.as_str())).collect();
    Ok(roll_call(roster, &members))
}

/// Who of the roster is a member, by the address or, where that is the user name, by the name.
fn roll_call(roster: &BTreeMap<String, String>, members: &[&Person]) -> Seen {
    let mut present = BTreeSet::new();
    let mut strangers = Vec::new();
    for member in members {
        let names = member.emails.iter().cloned().chain([member.name.to_lowercase()]);
        let known: Vec<String> = names.filter(|name| roster.contains_key(name)).collect();
        match known.is_empty() {
            true => strangers.push(member.name.as_str()),
            false => present.extend(known),
        }
    }
    let absent: Vec<&str> = roster
        .iter()
        .filter(|(email, _)| !present.contains(*email))
        .map(|(_, id)| id.as_str())
        .collect();
    let mut observed = vec![format!(
        "{} of {} people of the roster are members",
        present.len(),
        roster.len()
    )];
    if !absent.is_empty() {
        observed.push(format!("not {}", few(&absent)));
    }
    if !strangers.is_empty() {
        observed.push(format!("members who are not in the roster: {}", few(&strangers)));
    }
    let observed = observed.join("; ");
    match absent.is_empty() && strangers.is_empty() {
        true => Seen::pass(observed),
        false => Seen::manual(observed).next(
            "add who is missing to the group, and to developers.csv who is not in it; a user whose address differs from \
             the roster's cannot be told from a stranger",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn users_made_by_hand_are_no_provisioning() {
        let status = |users, external, source| provisioned(users, external, source).status;
        assert_eq!(status(0, 0, IdentitySource::Entra), Status::Pending);
        assert_eq!(status(3, 0, IdentitySource::Entra), Status::Fail);
        assert_eq!(status(3, 0, IdentitySource::Other), Status::Manual);
        assert_eq!(status(3, 1, IdentitySource::Okta), Status::Pass);
    }

    fn person(name: &str, emails: &[&str]) -> Person {
        Person {
            name: name.to_owned(),
            emails: emails.iter().map(|email| (*email).to_owned()).collect(),
            ..Person::default()
        }
    }

    #[test]
    fn people_are_told_by_address_or_name() {
        let roster = BTreeMap::from([
            ("a@x.com".to_owned(), "ann".to_owned()),
            ("b@x.com".to_owned(), "bob".to_owned()),
        ]);
        let ann = person("ann.upn@corp.com", &["a@x.com"]);
        let bob = person("B@x.com", &[]);
        assert_eq!(roll_call(&roster, &[&ann, &bob]).status, Status::Pass);
        let carl = person("carl", &["c@x.com"]);
        let seen = roll_call(&roster, &[&ann, &carl]);
        assert_eq!(seen.status, Status::Manual);
        assert_eq!(
            seen.observed,
            "1 of 2 people of the roster are members; not bob; members who are not in the roster: carl"
        );
    }
}
