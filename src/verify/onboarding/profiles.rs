//! Application inference profiles: one for each owner and model, with the tags that the bill goes by.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_bedrock::types::{InferenceProfileStatus, InferenceProfileSummary, InferenceProfileType};

use super::check;
use crate::aws::Trouble;
use crate::aws::operations::bedrock::{LIST_INFERENCE_PROFILES, LIST_TAGS_FOR_RESOURCE};
use crate::deployment::model::{Deployment, TagKeys};
use crate::render::profiles::Profile;
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_WORKLOAD;
use crate::verify::probe::{Probe, Seen};

/// Profiles whose tags are looked at: each takes a call.
const SAMPLE: usize = 200;
/// Faults that are shown.
const SHOWN: usize = 10;

/// The application inference profiles of the region by their names, of which AWS does not promise that they differ.
///
/// # Errors
/// When AWS does not tell.
pub async fn by_name(probe: &Probe) -> Result<std::rc::Rc<BTreeMap<String, Vec<InferenceProfileSummary>>>, Trouble> {
    probe
        .once("application-inference-profiles", |probe| async move {
            let region = probe.region().to_owned();
            let pages = probe
                .pages(
                    &LIST_INFERENCE_PROFILES,
                    |account, token| {
                        account
                            .bedrock(&region)
                            .list_inference_profiles()
                            .type_equals(InferenceProfileType::Application)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            let mut found: BTreeMap<String, Vec<InferenceProfileSummary>> = BTreeMap::new();
            for profile in pages.iter().flat_map(|page| page.inference_profile_summaries()) {
                let name = profile.inference_profile_name().to_owned();
                found.entry(name).or_default().push(profile.clone());
            }
            Ok(found)
        })
        .await
}

pub fn profiles(deployment: &Deployment) -> Check {
    let keys = &deployment.tag_keys;
    let named = [&keys.user, &keys.team, &keys.project, &keys.cost_center].map(String::as_str);
    check(
        "onboarding-profiles",
        "onboarding-configure",
        From::Workload,
        "The application inference profiles are there, with their tags",
    )
    .expects(format!(
        "each profile of terraform/workload/profiles.json that somebody uses is ACTIVE, with its tags {}",
        named.join(", ")
    ))
    .calls(&[&LIST_INFERENCE_PROFILES, &LIST_TAGS_FOR_RESOURCE])
    .looks(|probe| async move { look(&probe).await })
}

async fn look(probe: &Probe) -> Result<Seen, Trouble> {
    let wanted = &probe.scene().profiles;
    if wanted.is_empty() {
        return Ok(
            Seen::fail("nobody is given a profile: the roster is empty, or nobody in it has a team")
                .next("add developers to the roster, then `tfgen render && terraform -chdir=terraform/workload apply`"),
        );
    }
    let found = by_name(probe).await?;
    let mut faults = Vec::new();
    let mut present: Vec<(Profile, String)> = Vec::new();
    for (key, profile) in wanted {
        match found.get(&profile.name).map(Vec::as_slice) {
            None | Some([]) => faults.push(format!("{key}: there is no profile {}", profile.name)),
            Some([one]) if *one.status() == InferenceProfileStatus::Active => {
                present.push((profile.clone(), one.inference_profile_arn().to_owned()));
            }
            Some([one]) => faults.push(format!("{key}: the status of {} is {}", profile.name, one.status())),
            Some(several) => faults.push(format!(
                "{key}: {} profiles have the name {}",
                several.len(),
                profile.name
            )),
        }
    }
    let sample = sampled(present.len());
    let looked_at = sample.len();
    let chosen: Vec<(Profile, String)> = sample.into_iter().filter_map(|at| present.get(at).cloned()).collect();
    let keys = probe.deployment().tag_keys.clone();
    let region = probe.region().to_owned();
    let of_tags = probe
        .each(chosen, move |probe, (profile, arn)| {
            let (keys, region) = (keys.clone(), region.clone());
            async move {
                let answer = probe
                    .call(&LIST_TAGS_FOR_RESOURCE, |account| {
                        account
                            .bedrock(&region)
                            .list_tags_for_resource()
                            .resource_arn(&arn)
                            .send()
                    })
                    .await?;
                let tags: HashMap<&str, &str> = answer.tags().iter().map(|tag| (tag.key(), tag.value())).collect();
                Ok(untagged(&profile, &keys, &tags))
            }
        })
        .await?;
    faults.extend(of_tags.into_iter().flatten());
    Ok(judged(wanted.len(), present.len(), looked_at, &faults))
}

/// Which of so many things are looked at: all, or a sample that is spread over them.
fn sampled(of: usize) -> Vec<usize> {
    match of <= SAMPLE {
        true => (0..of).collect(),
        false => (0..SAMPLE).map(|at| at * of / SAMPLE).collect(),
    }
}

/// The tags that a profile lacks or has otherwise.
fn untagged(profile: &Profile, keys: &TagKeys, tags: &HashMap<&str, &str>) -> Option<String> {
    let wanted = [
        (&keys.user, &profile.email),
        (&keys.team, &profile.team),
        (&keys.project, &profile.project),
        (&keys.cost_center, &profile.cost_center),
    ];
    let other: Vec<String> = wanted
        .into_iter()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_deref()?)))
        .filter_map(|(key, value)| match tags.get(key) {
            Some(found) if *found == value => None,
            Some(found) => Some(format!("{key} is {found} instead of {value}")),
            None => Some(format!("no {key} ({value})")),
        })
        .collect();
    (!other.is_empty()).then(|| format!("{}: {}", profile.name, other.join(", ")))
}

fn judged(wanted: usize, active: usize, looked_at: usize, faults: &[String]) -> Seen {
    let tags = match looked_at == active {
        true => "the tags of all were looked at".to_owned(),
        false => format!("the tags of {looked_at} of them were looked at"),
    };
    let observed = format!("{active} of {wanted} profiles are ACTIVE; {tags}");
    if faults.is_empty() {
        return Seen::pass(observed);
    }
    let shown: Vec<&str> = faults.iter().take(SHOWN).map(String::as_str).collect();
    let more = match faults.len().checked_sub(SHOWN) {
        None | Some(0) => String::new(),
        Some(more) => format!("; and {more} more"),
    };
    Seen::fail(format!("{observed}; {}{more}", shown.join("; "))).next(APPLY_WORKLOAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn a_sample_is_spread_and_said_to_be_one() {
        assert_eq!(sampled(3), [0, 1, 2]);
        let sample = sampled(6_000);
        assert_eq!((sample.len(), sample[0], sample[1], sample[199]), (200, 0, 30, 5_970));
        let seen = judged(6_000, 6_000, 200, &[]);
        assert_eq!(seen.status, Status::Pass);
        assert_eq!(
            seen.observed,
            "6000 of 6000 profiles are ACTIVE; the tags of 200 of them were looked at"
        );
    }

    #[test]
    fn tags_that_differ_are_named() {
        let keys = TagKeys {
            team: "Team".to_owned(),
            project: "Project".to_owned(),
            cost_center: "CostCenter".to_owned(),
            user: "User".to_owned(),
        };
        let profile = Profile {
            name: "p".to_owned(),
            copy_from: String::new(),
            model_id: String::new(),
            geography: "us".to_owned(),
            developer: Some("ann".to_owned()),
            email: Some("a@x.com".to_owned()),
            team: Some("t".to_owned()),
            project: None,
            cost_center: Some("c".to_owned()),
            formerly: Vec::new(),
            retired: false,
        };
        let tags = HashMap::from([("User", "a@x.com"), ("Team", "u"), ("Project", "whatever")]);
        assert_eq!(
            untagged(&profile, &keys, &tags).as_deref(),
            Some("p: Team is u instead of t, no CostCenter (c)")
        );
        let tags = HashMap::from([("User", "a@x.com"), ("Team", "t"), ("CostCenter", "c")]);
        assert_eq!(untagged(&profile, &keys, &tags), None);
    }
}
