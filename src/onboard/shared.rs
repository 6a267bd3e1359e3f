//! What every developer's Claude Code has in common.

use std::collections::BTreeMap;

use super::pins;
use crate::deployment::model::Deployment;
use crate::guardrails::may_name_system_profiles;

/// The environment variables that do not differ between developers: Bedrock, region, CLI profile, and every model alias
/// pinned to the system inference profile of an allowed model. Where developers have application inference profiles,
/// `tfgen onboard` puts those in the place of the latter; where they may name nothing else, no model stands here.
pub fn shared_environment(deployment: &Deployment) -> BTreeMap<String, String> {
    let mut environment = BTreeMap::from([
        ("CLAUDE_CODE_USE_BEDROCK".to_owned(), "1".to_owned()),
        ("AWS_REGION".to_owned(), deployment.region.clone()),
        ("AWS_PROFILE".to_owned(), deployment.names.cli_profile.clone()),
    ]);
    if !may_name_system_profiles(deployment) {
        return environment;
    }
    if let Some(default) = pins::default_model(deployment) {
        environment.insert("ANTHROPIC_MODEL".to_owned(), default.profile_id.clone());
    }
    for pin in pins::pins(deployment) {
        environment.insert(pin.alias.variable().to_owned(), pin.model.profile_id.clone());
    }
    environment
}
