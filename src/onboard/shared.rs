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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onboard::fixtures;

    /// A model that stands here is a system profile, which is denied where a tag of the token binds the calls.
    #[test]
    fn what_nobody_may_call_is_nobodys_environment() {
        for (deployment, has_models) in [
            (fixtures::identity_center(), true),
            (fixtures::roles(), true),
            (fixtures::federation(), false),
            (fixtures::identity_pool(), false),
        ] {
            let environment = shared_environment(&deployment);
            assert_eq!(environment.contains_key("ANTHROPIC_MODEL"), has_models);
            assert_eq!(
                environment.values().any(|value| value.contains("anthropic.")),
                has_models,
                "{environment:?}"
            );
            assert_eq!(environment["AWS_PROFILE"], "claude-code");
        }
    }
}
