//! The least version of Claude Code that understands a deployment's configuration.

use crate::deployment::model::{Access, Deployment, ProfileScope};

/// A version with what needs it, the highest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// As `2.1.122`.
    pub version: String,
    /// What needs it.
    pub reason: String,
}

/// What the configuration needs, the highest version first. Never empty.
///
/// Source: Claude Code's changelog, <https://code.claude.com/docs/en/changelog>
pub fn requirements(deployment: &Deployment) -> Vec<Requirement> {
    let requirement = |version: &str, reason: String| Requirement {
        version: version.to_owned(),
        reason,
    };
    let mut all = vec![
        requirement("2.1.73", "`modelOverrides`".to_owned()),
        requirement("2.1.84", "names and capabilities of pinned models".to_owned()),
    ];
    if deployment.profiles != ProfileScope::None {
        all.push(requirement(
            "2.1.122",
            "effort and thinking with application inference profiles".to_owned(),
        ));
    }
    all.extend(deployment.models.iter().filter_map(|model| {
        let version = model.min_claude_code.as_deref()?;
        Some(requirement(version, model.name.clone()))
    }));
    // A stable sort: equal versions stay in the order above.
    all.sort_by_key(|requirement| std::cmp::Reverse(numbers(&requirement.version)));
    all
}

/// Names of the allowed models whose least version is not known.
pub fn unknown(deployment: &Deployment) -> Vec<&str> {
    deployment
        .models
        .iter()
        .filter(|model| model.min_claude_code.is_none())
        .map(|model| model.name.as_str())
        .collect()
}

/// A version that fails with this deployment although it is new enough, and why.
pub fn unusable(deployment: &Deployment) -> Option<Requirement> {
    match &deployment.access {
        Access::IdentityCenter(center) if center.region != deployment.region => Some(Requirement {
            version: "2.1.207".to_owned(),
            reason: format!(
                "it looks for Identity Center in {} instead of {}",
                deployment.region, center.region
            ),
        }),
        _ => None,
    }
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or_default())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onboard::fixtures;

    fn versions(deployment: &Deployment) -> Vec<String> {
        let all = requirements(deployment);
        all.into_iter().map(|requirement| requirement.version).collect()
    }

    #[test]
    fn the_highest_comes_first_and_numbers_are_no_text() {
        let mut deployment = fixtures::identity_center();
        assert_eq!(versions(&deployment), ["2.1.122", "2.1.84", "2.1.73"]);
        deployment.models[0].min_claude_code = Some("2.1.219".to_owned());
        deployment.models[1].min_claude_code = Some("2.1.9".to_owned());
        assert_eq!(
            versions(&deployment),
            ["2.1.219", "2.1.122", "2.1.84", "2.1.73", "2.1.9"]
        );
    }

    #[test]
    fn models_whose_least_version_is_not_known_are_named() {
        let mut deployment = fixtures::identity_center();
        assert_eq!(
            unknown(&deployment),
            ["Claude Opus 4.6", "Claude Sonnet 4.6", "Claude Haiku 4.5"]
        );
        deployment.models[1].min_claude_code = Some("2.1.40".to_owned());
        assert_eq!(unknown(&deployment), ["Claude Opus 4.6", "Claude Haiku 4.5"]);
    }

    #[test]
    fn without_application_profiles_less_is_enough() {
        assert_eq!(versions(&fixtures::bare()), ["2.1.84", "2.1.73"]);
    }

    #[test]
    fn the_release_that_confuses_the_two_regions_is_named_where_they_differ() {
        let mut deployment = fixtures::identity_center();
        assert_eq!(unusable(&deployment).unwrap().version, "2.1.207");
        deployment.region = "eu-west-1".to_owned();
        assert_eq!(unusable(&deployment), None);
    }
}
