//! The application inference profiles of a deployment: one generated data file, keyed by stable ids, from which profiles never drop out by themselves.
//!
//! A log record names an application inference profile by its random id alone, so a profile that is destroyed takes the
//! attribution of its whole past with it. Whoever leaves the roster is therefore marked as retired and stays until
//! `tfgen render --drop-retired`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::deployment::model::{AllowedModel, Deployment, Developer, ProfileScope, TagKeys};
use crate::deployment::names::{self, Names};
use crate::render::people::Formers;
use crate::steps::{RetiredProfile, Retirement};

/// Path of the data file.
pub const PATH: &str = "terraform/workload/profiles.json";

/// One application inference profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name in AWS; it cannot change without replacing the profile.
    pub name: String,
    /// ARN of the system inference profile that it is made from; likewise fixed.
    pub copy_from: String,
    /// Base id of the model.
    pub model_id: String,
    /// Prefix of the system inference profile's id, on which the price depends.
    pub geography: String,
    /// Developer's id; absent for a team's profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub developer: Option<String>,
    /// Developer's e-mail address, the value of the user tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Value of the team tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Value of the project tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Value of the cost centre tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_center: Option<String>,
    /// Keys that it had before its owner was renamed, oldest first: an apply may know it by any of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// Whether nobody is given it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

/// All profiles of a deployment.
#[derive(Debug, Default)]
pub struct Profiles {
    /// By key.
    pub entries: BTreeMap<String, Profile>,
    /// Those that were dropped, by the keys that they would have: until the next apply they exist.
    pub dropped: BTreeMap<String, Profile>,
}

impl Profiles {
    /// The profiles that the deployment wants, and those of `previous` that it no longer names; `formers` says whose
    /// profiles go on under another id. What is in `dropped` may still exist, and comes back if it is wanted again.
    ///
    /// # Errors
    /// When a profile would have to be replaced, which would lose the attribution of its past.
    pub fn compute(
        deployment: &Deployment,
        previous: &BTreeMap<String, Profile>,
        dropped: &BTreeMap<String, Profile>,
        formers: &Formers,
        drop_retired: bool,
    ) -> anyhow::Result<Self> {
        let mut known = dropped.clone();
        known.extend(previous.clone());
        let mut profiles = Self::default();
        match deployment.profiles {
            ProfileScope::None => {}
            ProfileScope::Developer => {
                for developer in &deployment.developers {
                    profiles.add_developer(deployment, developer, formers.of(developer), &known);
                }
            }
            ProfileScope::Team => profiles.add_teams(deployment),
        }
        let mut existing = BTreeSet::new();
        for (former, old) in &known {
            let is_dropped = !previous.contains_key(former);
            let (key, owner) = formers.now(deployment, former, old, &known);
            let last = if key == *former { None } else { Some(former.clone()) };
            // Whoever takes an earlier name again is moved there from all the others, one after the other: a state may
            // know any of them, and Terraform takes one move to a name only.
            let earlier = old.formerly.iter().cloned().chain(last);
            let keys: Vec<String> = earlier.filter(|earlier| *earlier != key).collect();
            match profiles.entries.get_mut(&key) {
                // It was to go, and makes room for another one.
                Some(new) if new.copy_from != old.copy_from && is_dropped => {
                    profiles.dropped.insert(former.clone(), old.clone());
                    continue;
                }
                Some(new) if new.copy_from != old.copy_from => bail!(
                    "profile {key} would be replaced: it was made from {}, and the deployment wants {}.\n\
                     A replaced profile loses the attribution of its past. Give the model a new key in the deployment file instead",
                    old.copy_from,
                    new.copy_from
                ),
                Some(new) => {
                    // The name was given at creation; another one would replace the profile.
                    new.name.clone_from(&old.name);
                    if !keys.is_empty() {
                        new.formerly = keys;
                    }
                }
                None => {
                    let old = Profile {
                        retired: true,
                        formerly: keys,
                        // The past of somebody who is still there is theirs, under whatever id and address.
                        developer: owner.map(|owner| owner.id.clone()).or_else(|| old.developer.clone()),
                        email: owner.map(|owner| owner.email.clone()).or_else(|| old.email.clone()),
                        ..old.clone()
                    };
                    if drop_retired || is_dropped {
                        profiles.dropped.insert(key, old);
                        continue;
                    }
                    profiles.entries.insert(key.clone(), old);
                }
            }
            existing.insert(key.clone());
        }
        profiles.keep_names_apart(deployment, &existing);
        Ok(profiles)
    }

    /// Gives a new profile another name where an existing one has it: that of somebody who was renamed or has left, or
    /// of the same owner in another geography.
    fn keep_names_apart(&mut self, deployment: &Deployment, existing: &BTreeSet<String>) {
        let mut taken: BTreeSet<String> = existing
            .iter()
            .filter_map(|key| self.entries.get(key))
            .chain(self.dropped.values())
            .map(|profile| profile.name.clone())
            .collect();
        for (key, profile) in &mut self.entries {
            if existing.contains(key) || taken.insert(profile.name.clone()) {
                continue;
            }
            let model = key.rsplit('.').next().unwrap_or_default();
            let owners = std::iter::once(key.clone()).chain((2..).map(|number| format!("{key}-{number}")));
            let names = owners.map(|owner| Names::profile(&deployment.name, &owner, model));
            if let Some(name) = names.into_iter().find(|name| !taken.contains(name)) {
                taken.insert(name.clone());
                profile.name = name;
            }
        }
    }

    fn add_developer(
        &mut self,
        deployment: &Deployment,
        developer: &Developer,
        former: Option<&str>,
        previous: &BTreeMap<String, Profile>,
    ) {
        // The name in AWS is the one that the profile was created with.
        let named_after = former.unwrap_or(&developer.id);
        for model in &deployment.models {
            let key = names::profile_key(&developer.id, deployment.geography, &model.key);
            let former = former
                .map(|former| names::profile_key(former, deployment.geography, &model.key))
                // Whoever is known under the present key moves no more; Terraform refuses to move onto what exists.
                .filter(|_| !previous.contains_key(&key));
            self.entries.insert(
                key,
                Profile {
                    developer: Some(developer.id.clone()),
                    email: Some(developer.email.clone()),
                    team: developer.team.clone(),
                    project: developer.project.clone(),
                    cost_center: developer.cost_center.clone(),
                    formerly: former.into_iter().collect(),
                    ..profile(deployment, model, named_after)
                },
            );
        }
    }

    fn add_teams(&mut self, deployment: &Deployment) {
        let mut teams: BTreeMap<&str, Vec<&Developer>> = BTreeMap::new();
        for developer in &deployment.developers {
            if let Some(team) = &developer.team {
                teams.entry(team).or_default().push(developer);
            }
        }
        for (team, members) in teams {
            let owner = names::team_owner(team);
            let budgeted = deployment
                .budgets
                .as_ref()
                .and_then(|budgets| budgets.teams.get(team))
                .filter(|budget| budget.tag_key == deployment.tag_keys.cost_center)
                .map(|budget| budget.tag_value.clone());
            for model in &deployment.models {
                self.entries.insert(
                    names::profile_key(&owner, deployment.geography, &model.key),
                    Profile {
                        team: Some(team.to_owned()),
                        project: shared(&members, |developer| developer.project.as_deref()),
                        cost_center: budgeted
                            .clone()
                            .or_else(|| shared(&members, |developer| developer.cost_center.as_deref())),
                        ..profile(deployment, model, team)
                    },
                );
            }
        }
    }

    /// Keys that were renamed: from, to. One that was renamed twice is moved step by step, as Terraform wants it.
    pub fn moved(&self) -> BTreeMap<String, String> {
        moved(&self.entries)
    }

    /// Keys of the cost allocation tags that at least one profile in use carries, sorted: AWS discovers a key only by
    /// its use, and nobody uses a retired profile.
    pub fn tag_keys_in_use(&self, keys: &TagKeys) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for profile in self.entries.values().filter(|profile| !profile.retired) {
            for (key, value) in [
                (&keys.user, &profile.email),
                (&keys.team, &profile.team),
                (&keys.project, &profile.project),
                (&keys.cost_center, &profile.cost_center),
            ] {
                if value.is_some() {
                    used.insert(key.clone());
                }
            }
        }
        used
    }

    /// The retired profiles, each with the reason why nobody is given it any more.
    pub fn retired(&self, deployment: &Deployment) -> Vec<RetiredProfile> {
        let roster: BTreeSet<&str> = deployment
            .developers
            .iter()
            .map(|developer| developer.id.as_str())
            .collect();
        let teams: BTreeSet<&str> = deployment
            .developers
            .iter()
            .filter_map(|developer| developer.team.as_deref())
            .collect();
        let reason = |profile: &Profile| {
            let scope = match deployment.profiles {
                ProfileScope::Developer => profile.developer.is_some(),
                ProfileScope::Team => profile.developer.is_none(),
                ProfileScope::None => false,
            };
            match (&profile.developer, &profile.team) {
                (Some(developer), _) if !roster.contains(developer.as_str()) => Retirement::DeveloperLeft,
                _ if !scope => Retirement::Scope,
                (None, Some(team)) if !teams.contains(team.as_str()) => Retirement::TeamGone,
                _ if profile.geography != deployment.geography.as_str() => Retirement::Geography,
                _ => Retirement::Model,
            }
        };
        self.entries
            .iter()
            .filter(|(_, profile)| profile.retired)
            .map(|(key, profile)| RetiredProfile {
                key: key.clone(),
                reason: reason(profile),
            })
            .collect()
    }

    /// The data file.
    ///
    /// # Errors
    /// Never for strings; serialization is fallible by type.
    pub fn to_text(&self) -> anyhow::Result<String> {
        let mut text = serde_json::to_string_pretty(&self.entries).context("the profiles cannot be serialized")?;
        text.push('\n');
        Ok(text)
    }
}

/// Keys that were renamed among some profiles: from, to. Terraform refuses to move what is still there under its old
/// name, so a key that somebody has moves no more.
pub fn moved(profiles: &BTreeMap<String, Profile>) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    for (key, profile) in profiles {
        let steps = profile.formerly.iter().skip(1).chain([key]);
        for (from, to) in profile.formerly.iter().zip(steps) {
            if !profiles.contains_key(from) {
                moved.insert(from.clone(), to.clone());
            }
        }
    }
    moved
}

/// Reads the data file of an earlier render.
///
/// # Errors
/// When it is not what render writes.
pub fn parse(text: &str) -> anyhow::Result<BTreeMap<String, Profile>> {
    serde_json::from_str(text).with_context(|| {
        format!(
            "{PATH} does not hold the profiles of an earlier render; restore it from version control, so that no profile of a former developer is lost"
        )
    })
}

fn profile(deployment: &Deployment, model: &AllowedModel, owner: &str) -> Profile {
    Profile {
        name: Names::profile(&deployment.name, owner, &model.key),
        copy_from: format!(
            "arn:{}:bedrock:{}:{}:inference-profile/{}",
            deployment.partition, deployment.region, deployment.account_id, model.profile_id
        ),
        model_id: model.base_id.clone(),
        geography: deployment.geography.as_str().to_owned(),
        developer: None,
        email: None,
        team: None,
        project: None,
        cost_center: None,
        formerly: Vec::new(),
        retired: false,
    }
}

/// The value that all members share; a team whose members differ has none.
fn shared<'a>(members: &[&'a Developer], value: impl Fn(&'a Developer) -> Option<&'a str>) -> Option<String> {
    let values: BTreeSet<Option<&str>> = members.iter().map(|developer| value(developer)).collect();
    match values.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(one)] => Some((*one).to_owned()),
        _ => None,
    }
}
