//! Invocations that must be denied: by people's own policies, before any SCP, and by the SCP for administrators.

use std::collections::BTreeSet;

use policy::{Caller, Request};

use super::Theme;
use super::case::{Case, Stack, request};
use super::invocation::{OWN_PROFILE, Tags, bare, destinations, tagged, through};
use super::people::{self, FOREIGN_ACCOUNT};
use crate::deployment::model::{AllowedModel, Deployment, Destinations, Geography, ProfileScope};
use crate::guardrails::arns::Arns;
use crate::guardrails::invocation::{INVOKE, UNSPECIFIED_REGION, may_name_system_profiles, own_profile_tags};

/// Models that stand for all that are not allowed: other providers', and Claude models of every age.
const OTHERS: &[&str] = &[
    "amazon.nova-pro-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-fable-5",
    "anthropic.claude-mythos-5",
    "anthropic.claude-opus-4-1-20250805-v1:0",
    "meta.llama3-3-70b-instruct-v1:0",
];

/// Prefixes of profile ids.
const GEOGRAPHIES: &[&str] = &["us", "eu", "apac", "au", "jp", "in", "us-gov", "global"];

/// Regions of several geographies: for each deployment, most of them are no destination.
const REGIONS: &[&str] = &[
    "us-east-1",
    "eu-west-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
];

/// What else `InvokeModel` can be sent to (service authorization reference, Amazon Bedrock).
const OTHER_TARGETS: &[&str] = &[
    "provisioned-model/a1b2c3d4e5f6",
    "imported-model/a1b2c3d4e5f6",
    "custom-model-deployment/a1b2c3d4e5f6",
    "prompt-router/a1b2c3d4e5f6",
    "default-prompt-router/anthropic.claude:1",
    "project/default",
];

/// An invocation that must be denied, and why.
struct Forbidden {
    resource: String,
    region: String,
    through: Through,
    reason: &'static str,
    by: By,
}

/// The profile that `bedrock:InferenceProfileArn` shows.
enum Through {
    /// The resource is a profile, or something else for which the key has no meaning here.
    NotAsked,
    /// None.
    Bare,
    /// This one.
    Profile(String),
}

/// Who denies it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// People's own policies.
    People,
    /// They and the SCP.
    PeopleAndScp,
}

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    let list = list(d);
    for person in [Some(people::developer(d)), people::admin(d)].into_iter().flatten() {
        for forbidden in &list {
            for request in forbidden.requests(&person.caller) {
                cases.push(Case::deny(
                    Theme::Limits,
                    person.label,
                    &person.alone(),
                    request,
                    forbidden.reason,
                ));
            }
        }
        colleague(d, &person, cases);
    }
    let stack = Stack::administrator_under_scp();
    for (label, caller) in administrators(d) {
        for forbidden in list.iter().filter(|forbidden| forbidden.by == By::PeopleAndScp) {
            for request in forbidden.requests(&caller) {
                cases.push(Case::deny(Theme::Account, label, &stack, request, forbidden.reason));
            }
        }
    }
}

/// Administrators whom the SCP must stop from invoking what is not allowed: anybody, and emergency roles too.
pub fn administrators(d: &Deployment) -> Vec<(&'static str, Caller)> {
    let mut administrators = vec![("anyone else", people::someone_else(d))];
    administrators.extend(people::break_glass(d).map(|caller| ("break-glass role", caller)));
    administrators
}

/// A region that is neither the deployment's nor a destination of any of its models.
pub fn uninvolved_region(d: &Deployment) -> &'static str {
    let involved = involved_regions(d);
    REGIONS
        .iter()
        .copied()
        .find(|region| !involved.contains(*region))
        .unwrap_or("me-central-1")
}

impl Forbidden {
    fn requests(&self, caller: &Caller) -> [Request; 2] {
        INVOKE.map(|action| {
            let request = request(caller, action, &self.resource, &self.region);
            match &self.through {
                Through::NotAsked => request,
                Through::Bare => bare(request),
                Through::Profile(profile) => through(request, profile),
            }
        })
    }
}

fn involved_regions(d: &Deployment) -> BTreeSet<String> {
    let mut regions = BTreeSet::from([d.region.clone()]);
    for model in &d.models {
        regions.extend(destinations(d, model).into_iter().map(|(_, region)| region));
    }
    regions
}

fn list(d: &Deployment) -> Vec<Forbidden> {
    let mut list = Vec::new();
    for model in &d.models {
        other_ways(d, model, &mut list);
    }
    let Some(first) = d.models.first() else {
        return list;
    };
    for id in OTHERS
        .iter()
        .filter(|id| d.models.iter().all(|model| model.base_id != **id))
    {
        another_model(d, first, id, "a model that is not allowed", &mut list);
    }
    for model in &d.models {
        // A pattern instead of an id would let it through.
        let id = format!("{}-next", model.base_id);
        another_model(
            d,
            model,
            &id,
            "a model whose name begins like an allowed one",
            &mut list,
        );
    }
    for target in OTHER_TARGETS {
        list.push(profile_at(
            d,
            &d.region,
            &d.account_id,
            target,
            "not an inference profile of the deployment",
        ));
    }
    let own = format!("application-inference-profile/{OWN_PROFILE}");
    for region in other_source_regions(d) {
        list.push(profile_at(
            d,
            &region,
            &d.account_id,
            &own,
            "another source region: nothing is logged there",
        ));
    }
    list.push(profile_at(
        d,
        &d.region,
        FOREIGN_ACCOUNT,
        &own,
        "another account's profile",
    ));
    if d.profiles == ProfileScope::None {
        let reason = "this deployment has no application profiles";
        list.push(profile_at(d, &d.region, &d.account_id, &own, reason));
    }
    list
}

/// An allowed model, reached as it must not be.
fn other_ways(d: &Deployment, model: &AllowedModel, list: &mut Vec<Forbidden>) {
    let arns = Arns::new(d);
    let system = arns.system_profile(model);
    for (resource, region) in destinations(d, model) {
        list.push(Forbidden {
            resource,
            region,
            through: Through::Bare,
            reason: "the bare model, without a profile",
            by: By::PeopleAndScp,
        });
    }
    for geography in GEOGRAPHIES
        .iter()
        .filter(|geography| **geography != d.geography.as_str())
    {
        let profile = format!("inference-profile/{geography}.{}", model.base_id);
        list.push(profile_at(
            d,
            &d.region,
            &d.account_id,
            &profile,
            "another geography's profile",
        ));
    }
    let profile = format!("inference-profile/{}", model.profile_id);
    list.push(profile_at(
        d,
        &d.region,
        FOREIGN_ACCOUNT,
        &profile,
        "another account's profile",
    ));
    for region in other_source_regions(d) {
        list.push(profile_at(
            d,
            &region,
            &d.account_id,
            &profile,
            "another source region: nothing is logged there",
        ));
        list.push(Forbidden {
            resource: arns.foundation_model(&d.region, &model.base_id),
            region: d.region.clone(),
            through: Through::Profile(arns.at("bedrock", &region, &d.account_id, &profile)),
            reason: "sent from another source region",
            by: By::People,
        });
    }
    if d.geography != Geography::Global {
        list.push(Forbidden {
            resource: arns.foundation_model("", &model.base_id),
            region: UNSPECIFIED_REGION.to_owned(),
            through: Through::Profile(system.clone()),
            reason: "global routing leaves the geography",
            by: By::PeopleAndScp,
        });
    } else {
        list.push(Forbidden {
            resource: arns.foundation_model("", &model.base_id),
            region: d.region.clone(),
            through: Through::Profile(system.clone()),
            reason: "the region-less model is for global routing alone",
            by: By::People,
        });
    }
    let involved = involved_regions(d);
    for region in REGIONS.iter().filter(|region| !serves(d, model, region)) {
        list.push(Forbidden {
            resource: arns.foundation_model(region, &model.base_id),
            region: (*region).to_owned(),
            through: Through::Profile(system.clone()),
            reason: "not a destination region",
            by: if involved.contains(*region) {
                By::People
            } else {
                By::PeopleAndScp
            },
        });
    }
}

/// A model that is not allowed, wherever an allowed one may be served.
fn another_model(d: &Deployment, allowed: &AllowedModel, id: &str, reason: &'static str, list: &mut Vec<Forbidden>) {
    for (resource, region) in destinations(d, allowed) {
        list.push(Forbidden {
            resource: resource.replace(&allowed.base_id, id),
            region,
            through: Through::Profile(Arns::new(d).system_profile(allowed)),
            reason,
            by: By::PeopleAndScp,
        });
    }
    let profile = format!("inference-profile/{}.{id}", d.geography.as_str());
    list.push(profile_at(d, &d.region, &d.account_id, &profile, reason));
}

fn serves(d: &Deployment, model: &AllowedModel, region: &str) -> bool {
    match &model.destinations {
        Destinations::Regions(regions) => regions.contains(region),
        Destinations::Global => region == d.region,
    }
}

fn other_source_regions(d: &Deployment) -> BTreeSet<String> {
    let mut regions = involved_regions(d);
    regions.insert(uninvolved_region(d).to_owned());
    regions.remove(&d.region);
    regions.remove(UNSPECIFIED_REGION);
    regions
}

fn profile_at(d: &Deployment, region: &str, account: &str, rest: &str, reason: &'static str) -> Forbidden {
    Forbidden {
        resource: Arns::new(d).at("bedrock", region, account, rest),
        region: region.to_owned(),
        through: Through::NotAsked,
        reason,
        by: By::PeopleAndScp,
    }
}

/// Application profiles that are not the caller's, where the session says who calls.
fn colleague(d: &Deployment, person: &people::Person, cases: &mut Vec<Case>) {
    if own_profile_tags(d).is_none() {
        return;
    }
    let arns = Arns::new(d);
    if !may_name_system_profiles(d) {
        for (model, action) in d.models.iter().flat_map(|model| INVOKE.map(|action| (model, action))) {
            let request = request(&person.caller, action, &arns.system_profile(model), &d.region);
            let reason = "a system profile carries no tag that says whose call it is";
            cases.push(Case::deny(
                Theme::Limits,
                person.label,
                &person.alone(),
                tagged(d, request, Tags::ProfileWithout),
                reason,
            ));
        }
    }
    let profile = arns.application_profile("f6e5d4c3b2a1");
    for (tags, reason) in [
        (Tags::Colleague, "a colleague's application profile"),
        (Tags::ProfileWithout, "an application profile that says not whose it is"),
        (Tags::SessionWithout, "a session that says not whose it is"),
    ] {
        for action in INVOKE {
            let request = tagged(d, request(&person.caller, action, &profile, &d.region), tags);
            cases.push(Case::deny(
                Theme::Limits,
                person.label,
                &person.alone(),
                request,
                reason,
            ));
        }
    }
}
