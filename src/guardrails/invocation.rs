//! The statements that let somebody invoke the allowed models: shared by developers and administrators.
//!
//! Bedrock authorises a call through a profile on the profile and on the foundation model in the source region and in
//! each destination region; granting one side alone fails
//! (<https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html>,
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html>).

use std::collections::{BTreeMap, BTreeSet};

use policy::Statement;

use super::arns::Arns;
use crate::deployment::model::{Access, Deployment, Destinations, ProfileScope};

/// The two actions that Claude Code needs; Converse has none of its own.
pub const INVOKE: [&str; 2] = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/// Value of `aws:RequestedRegion` on the region-less foundation model of a global profile.
pub const UNSPECIFIED_REGION: &str = "unspecified";

/// How the foundation models are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelForm {
    /// One ARN per model and destination region, each reachable through the exact profiles.
    Exact,
    /// One ARN per model, its regions in `aws:RequestedRegion`, reachable through any profile of the source region; which
    /// profiles those are is settled where the profiles themselves are allowed. For many models, where the exact lists
    /// would not fit into a permission set.
    Compact,
}

/// The tag of an application inference profile that must equal a tag of the session, where Identity Center or the token sets one:
/// `(key on the profile, key in the session)`.
pub fn own_profile_tags(d: &Deployment) -> Option<(&str, &str)> {
    let session = match &d.access {
        Access::IdentityCenter(center) => center.session_tag.as_deref()?,
        Access::Federation(federation) => federation.session_tag.as_deref()?,
        Access::Roles(_) => return None,
    };
    match d.profiles {
        ProfileScope::Developer => Some((&d.tag_keys.user, session)),
        ProfileScope::Team => Some((&d.tag_keys.team, session)),
        ProfileScope::None => None,
    }
}

/// Whether a call may name a system profile, which carries no tag. Where the token's tag is all that binds a call to a person,
/// it may not: the session's name is the client's choice, so such a call would be nobody's.
pub fn may_name_system_profiles(d: &Deployment) -> bool {
    !(matches!(d.access, Access::Federation(_)) && own_profile_tags(d).is_some())
}

/// Statements for invoking through system and application profiles, and for finding them.
pub fn statements(d: &Deployment, form: ModelForm) -> Vec<Statement> {
    let arns = Arns::new(d);
    let systems: BTreeSet<String> = d.models.iter().map(|model| arns.system_profile(model)).collect();
    let mut statements = Vec::new();
    if may_name_system_profiles(d) {
        statements.push(Statement::allow("InvokeSystemProfiles", INVOKE, systems.clone()));
    }
    // On the models both kinds stay, whatever may be named: which of the two the key shows for a call through an application
    // profile is not documented.
    let mut profiles: Vec<String> = match form {
        ModelForm::Exact => systems.into_iter().collect(),
        ModelForm::Compact => vec![arns.system_profiles()],
    };
    let mut readable = vec![arns.system_profiles()];
    if d.profiles != ProfileScope::None {
        let all = arns.application_profile("*");
        let statement = Statement::allow("InvokeApplicationProfiles", INVOKE, [all.as_str()]);
        statements.push(match own_profile_tags(d) {
            // An Allow: a session or a profile without the tag is not allowed, instead of being overlooked.
            Some((on_profile, in_session)) => statement.when(
                "StringEquals",
                &format!("aws:ResourceTag/{on_profile}"),
                [format!("${{aws:PrincipalTag/{in_session}}}")],
            ),
            None => statement,
        });
        profiles.push(all.clone());
        readable.push(all);
    }
    statements.extend(foundation_models(d, form, &profiles));
    statements.push(Statement::allow(
        "ReadProfiles",
        ["bedrock:GetInferenceProfile"],
        readable,
    ));
    statements.push(Statement::allow(
        "ListProfiles",
        ["bedrock:ListInferenceProfiles"],
        ["*"],
    ));
    if d.guardrail.is_some() {
        // The id is known only after the first apply; a deployment has one guardrail.
        statements.push(Statement::allow(
            "ApplyGuardrail",
            ["bedrock:ApplyGuardrail"],
            [arns.guardrail("*")],
        ));
    }
    statements
}

fn foundation_models(d: &Deployment, form: ModelForm, profiles: &[String]) -> Vec<Statement> {
    let arns = Arns::new(d);
    let through = |statement: Statement| statement.when("ArnLike", "bedrock:InferenceProfileArn", profiles.to_vec());
    let mut exact: BTreeSet<String> = BTreeSet::new();
    let mut by_regions: BTreeMap<&BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
    let mut anywhere: BTreeSet<String> = BTreeSet::new();
    for model in &d.models {
        match &model.destinations {
            Destinations::Global => {
                exact.insert(arns.foundation_model(&d.region, &model.base_id));
                anywhere.insert(arns.foundation_model("", &model.base_id));
            }
            Destinations::Regions(regions) if form == ModelForm::Exact => {
                exact.extend(
                    regions
                        .iter()
                        .map(|region| arns.foundation_model(region, &model.base_id)),
                );
            }
            Destinations::Regions(regions) => {
                by_regions
                    .entry(regions)
                    .or_default()
                    .insert(arns.foundation_model("*", &model.base_id));
            }
        }
    }
    let mut statements = Vec::new();
    if !exact.is_empty() {
        statements.push(through(Statement::allow("InvokeModels", INVOKE, exact)));
    }
    for (n, (regions, models)) in by_regions.into_iter().enumerate() {
        let sid = format!("InvokeModelsIn{}", n + 1);
        let statement = Statement::allow(&sid, INVOKE, models);
        statements.push(through(statement).when("StringEquals", "aws:RequestedRegion", regions.iter().cloned()));
    }
    if !anywhere.is_empty() {
        let statement = Statement::allow("InvokeModelsAnywhere", INVOKE, anywhere);
        statements.push(through(statement).when("StringEquals", "aws:RequestedRegion", [UNSPECIFIED_REGION]));
    }
    statements
}
