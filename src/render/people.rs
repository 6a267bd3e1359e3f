//! Who of the roster is who among the profiles of earlier renders.
//!
//! A profile's past in the log belongs to a person. The e-mail address says who that is: it goes on under another id, and
//! an id that passes to another person takes no past along.

use std::collections::{BTreeMap, BTreeSet};

use super::profiles::Profile;
use crate::deployment::model::{Deployment, Developer, ProfileScope};

/// The ids under which developers had their profiles before: by their present ids, and the other way round.
#[derive(Debug, Default)]
pub struct Formers(BTreeMap<String, String>, BTreeMap<String, String>);

impl Formers {
    /// The former id of a developer, where they had another one.
    pub fn of(&self, developer: &Developer) -> Option<&str> {
        self.0.get(&developer.id).map(String::as_str)
    }

    /// The key that a profile of an earlier render has now, and who of the roster it belongs to.
    pub fn now<'d>(
        &self,
        deployment: &'d Deployment,
        key: &str,
        profile: &Profile,
        previous: &BTreeMap<String, Profile>,
    ) -> (String, Option<&'d Developer>) {
        let Some(id) = &profile.developer else {
            return (key.to_owned(), None);
        };
        let of = |id: &str| {
            let found = deployment
                .developers
                .binary_search_by(|developer| developer.id.as_str().cmp(id));
            found.ok().and_then(|at| deployment.developers.get(at))
        };
        let Some(owner) = self.1.get(id).and_then(|now| of(now)) else {
            return (key.to_owned(), of(id));
        };
        match key.split_once('/') {
            Some((before, rest)) if before == id => {
                let moved = format!("{}/{rest}", owner.id);
                match previous.contains_key(&moved) {
                    true => (key.to_owned(), Some(owner)),
                    false => (moved, Some(owner)),
                }
            }
            _ => (key.to_owned(), Some(owner)),
        }
    }
}

/// A developer whose id is somebody else's.
#[derive(Debug, PartialEq, Eq)]
pub struct Newcomer<'a> {
    /// The developer.
    pub developer: &'a Developer,
    /// Whose id it is.
    pub taken: Taken,
}

/// Whose id a newcomer has.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// That of somebody with this e-mail address, whose profiles are still there.
    From(String),
    /// The earlier id of a developer, who has another one now: the move may still be to be applied.
    Moving(String),
}

/// What the roster says about the people of earlier renders.
#[derive(Debug, Default)]
pub struct People<'a> {
    /// Former ids, stated in the roster or seen from the address.
    pub formers: Formers,
    /// Developers who have a new id and no word of their former one: new id, former id.
    pub renamed: Vec<(&'a str, String)>,
    /// Developers whose id belongs to the past of somebody else.
    pub newcomers: Vec<Newcomer<'a>>,
    /// Developers who have another address than before, and the earlier one.
    pub readdressed: Vec<(&'a Developer, String)>,
}

/// Somebody of an earlier render.
#[derive(Debug, Default)]
struct Owner<'p> {
    email: &'p str,
    active: bool,
    /// Ids that they had before this one.
    earlier: BTreeSet<&'p str>,
}

/// Compares the roster with the profiles of earlier renders, those that were dropped and may still exist included.
/// Whoever is in `returned` is who had the id before, whatever their address.
pub fn compare<'a>(
    deployment: &'a Deployment,
    previous: &BTreeMap<String, Profile>,
    dropped: &BTreeMap<String, Profile>,
    returned: &[String],
) -> People<'a> {
    let mut people = People::default();
    if deployment.profiles != ProfileScope::Developer {
        return people;
    }
    let owners = owners(
        previous
            .iter()
            .chain(dropped.iter().filter(|(key, _)| !previous.contains_key(*key))),
    );
    let roster: BTreeMap<&str, &Developer> = deployment
        .developers
        .iter()
        .map(|developer| (developer.id.as_str(), developer))
        .collect();
    let addresses: BTreeMap<String, &str> = deployment
        .developers
        .iter()
        .map(|developer| (developer.email.to_lowercase(), developer.id.as_str()))
        .collect();
    let mut gone: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (id, owner) in owners.iter().filter(|(id, _)| !roster.contains_key(**id)) {
        gone.entry(owner.email.to_lowercase()).or_default().push(id);
    }
    let mut earlier: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, owner) in &owners {
        for before in &owner.earlier {
            earlier.entry(before).or_default().push(id);
        }
    }
    for developer in &deployment.developers {
        let id = developer.id.as_str();
        let mut former = developer.formerly.clone();
        let same = |email: &str| email.eq_ignore_ascii_case(&developer.email);
        let is_returned = returned.contains(&developer.id);
        if let Some(owner) = owners.get(id) {
            if !same(owner.email) && !is_returned {
                let elsewhere = addresses
                    .get(&owner.email.to_lowercase())
                    .is_some_and(|other| *other != id);
                let from_another = former.as_deref().is_some_and(|former| owners.contains_key(former));
                if !owner.active || elsewhere || from_another {
                    people.newcomers.push(Newcomer {
                        developer,
                        taken: Taken::From(owner.email.to_owned()),
                    });
                } else {
                    people.readdressed.push((developer, owner.email.to_owned()));
                }
            }
        } else {
            if former.is_none()
                && let Some([only]) = gone.get(&developer.email.to_lowercase()).map(Vec::as_slice)
            {
                people.renamed.push((id, (*only).to_owned()));
                former = Some((*only).to_owned());
            }
            let known = former.clone();
            let others = earlier.get(id).into_iter().flatten();
            for owner in others.filter(|owner| known.as_deref() != Some(**owner)) {
                if roster.contains_key(owner) {
                    people.newcomers.push(Newcomer {
                        developer,
                        taken: Taken::Moving((*owner).to_owned()),
                    });
                } else if is_returned {
                    former = Some((*owner).to_owned());
                } else {
                    let email = owners.get(owner).map_or("", |owner| owner.email);
                    people.newcomers.push(Newcomer {
                        developer,
                        taken: Taken::From(email.to_owned()),
                    });
                }
            }
        }
        if let Some(former) = former {
            people.formers.1.insert(former.clone(), developer.id.clone());
            people.formers.0.insert(developer.id.clone(), former);
        }
    }
    people
}

fn owners<'p>(profiles: impl Iterator<Item = (&'p String, &'p Profile)>) -> BTreeMap<&'p str, Owner<'p>> {
    let mut owners: BTreeMap<&str, Owner<'_>> = BTreeMap::new();
    for (key, profile) in profiles {
        let (Some(id), Some(email)) = (&profile.developer, &profile.email) else {
            continue;
        };
        let owner = owners.entry(id).or_default();
        // A model or a geography may have gone: who has one profile in use has not left.
        if owner.email.is_empty() || (!profile.retired && !owner.active) {
            owner.email = email;
        }
        owner.active |= !profile.retired;
        let keys = profile.formerly.iter().chain([key]);
        owner.earlier.extend(keys.filter_map(|key| key.split('/').next()));
    }
    for (id, owner) in &mut owners {
        owner.earlier.remove(id);
    }
    owners
}

#[cfg(test)]
mod tests;
