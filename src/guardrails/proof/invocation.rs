//! Every allowed model, each way to reach it, each region in which it may be served.

use policy::Request;

use super::Theme;
use super::case::{Case, request, with, without};
use super::people::{self, Person};
use crate::deployment::model::{AllowedModel, Deployment, Destinations, ProfileScope};
use crate::guardrails::arns::Arns;
use crate::guardrails::invocation::{INVOKE, UNSPECIFIED_REGION, may_name_system_profiles, own_profile_tags};

/// An application inference profile of the caller's own.
pub const OWN_PROFILE: &str = "a1b2c3d4e5f6";

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    invoke(d, &people::developer(d), cases);
    if let Some(admin) = people::admin(d) {
        invoke(d, &admin, cases);
    }
}

fn invoke(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    let stack = person.as_deployed(d);
    let mut allow = |request: Request, reason: &str| {
        cases.push(Case::allow(Theme::Invocation, person.label, &stack, request, reason));
    };
    let call =
        |action: &str, resource: &str, region: &str| guarded(d, request(&person.caller, action, resource, region));
    for action in INVOKE {
        for model in &d.models {
            let system = arns.system_profile(model);
            if may_name_system_profiles(d) {
                allow(call(action, &system, &d.region), "an allowed model's system profile");
            }
            for (resource, region) in destinations(d, model) {
                allow(
                    through(call(action, &resource, &region), &system),
                    "the system profile may be served here",
                );
                if d.profiles != ProfileScope::None {
                    // AWS does not document whether the key shows the application profile or the system profile
                    // that it was copied from; the row above is the other case.
                    allow(
                        through(call(action, &resource, &region), &arns.application_profile(OWN_PROFILE)),
                        "the application profile may be served here",
                    );
                }
            }
        }
        if d.profiles != ProfileScope::None {
            let own = arns.application_profile(OWN_PROFILE);
            allow(
                tagged(d, call(action, &own, &d.region), Tags::Own),
                "the caller's application profile",
            );
        }
    }
}

/// The foundation models that a call of this model is authorised on, with the region that IAM sees.
pub fn destinations(d: &Deployment, model: &AllowedModel) -> Vec<(String, String)> {
    let arns = Arns::new(d);
    let at = |region: &str| (arns.foundation_model(region, &model.base_id), region.to_owned());
    match &model.destinations {
        Destinations::Regions(regions) => regions.iter().map(|region| at(region)).collect(),
        Destinations::Global => vec![
            at(&d.region),
            (arns.foundation_model("", &model.base_id), UNSPECIFIED_REGION.to_owned()),
        ],
    }
}

/// A request on a foundation model that came through a profile.
pub fn through(request: Request, profile: &str) -> Request {
    with(request, "bedrock:InferenceProfileArn", profile)
}

/// A request on a foundation model that came through none.
pub fn bare(request: Request) -> Request {
    without(request, "bedrock:InferenceProfileArn")
}

/// Whose tag an application profile carries, against the session's.
#[derive(Debug, Clone, Copy)]
pub enum Tags {
    /// The caller's.
    Own,
    /// A colleague's.
    Colleague,
    /// The profile has none.
    ProfileWithout,
    /// The session has none.
    SessionWithout,
}

/// States the tags of profile and session, where the deployment compares them.
pub fn tagged(d: &Deployment, request: Request, tags: Tags) -> Request {
    let Some((on_profile, in_session)) = own_profile_tags(d) else {
        return request;
    };
    let (on_profile, in_session) = (
        format!("aws:ResourceTag/{on_profile}"),
        format!("aws:PrincipalTag/{in_session}"),
    );
    let (mine, theirs) = ("alice@example.com", "bob@example.com");
    match tags {
        Tags::Own => with(with(request, &on_profile, mine), &in_session, mine),
        Tags::Colleague => with(with(request, &on_profile, theirs), &in_session, mine),
        Tags::ProfileWithout => with(without(request, &on_profile), &in_session, mine),
        Tags::SessionWithout => without(with(request, &on_profile, mine), &in_session),
    }
}

/// A request that names the guardrail, where there is one: what Claude Code sends when it is configured by onboard.
pub fn guarded(d: &Deployment, request: Request) -> Request {
    if d.guardrail.is_none() {
        return request;
    }
    let version = format!("{}:1", people::guardrail_arn(d));
    with(request, "bedrock:GuardrailIdentifier", &version)
}
