//! The first call: whether developers use the profiles that they were given.

use std::collections::BTreeSet;

use super::{check, profiles};
use crate::aws::operations::bedrock::LIST_INFERENCE_PROFILES;
use crate::deployment::model::{Deployment, ProfileScope};
use crate::verify::attribution::{self, Caller, Outcome, QUERY, TABLE, WORKGROUP};
use crate::verify::check::{Check, From};
use crate::verify::probe::Seen;

const ID: &str = "onboarding-first-call";

pub fn first_call(deployment: &Deployment) -> Check {
    let has_profiles = deployment.profiles != ProfileScope::None;
    let through = match has_profiles {
        true => "an application inference profile of the deployment",
        false => "an inference profile of an allowed model",
    };
    let check = check(ID, ID, From::Workload, "Developers call models as they are configured")
        .expects(format!("developers' calls of the last day, each through {through}"))
        .calls(&QUERY)
        .after(TABLE)
        .after(WORKGROUP);
    let check = match has_profiles {
        true => check.calls(&[&LIST_INFERENCE_PROFILES]),
        false => check,
    };
    check.looks(move |probe| async move {
        let rows = attribution::callers(&probe).await?;
        let rows = match rows.as_ref() {
            Outcome::Rows(rows) => rows,
            Outcome::Seen(seen) => return Ok(seen.clone()),
        };
        let deployment = probe.deployment();
        let ours: BTreeSet<String> = match has_profiles {
            true => {
                let found = profiles::by_name(&probe).await?;
                let names: BTreeSet<&str> = probe
                    .scene()
                    .profiles
                    .values()
                    .map(|profile| profile.name.as_str())
                    .collect();
                found
                    .iter()
                    .filter(|(name, _)| names.contains(name.as_str()))
                    .flat_map(|(_, profiles)| profiles)
                    .map(|profile| profile.inference_profile_id().to_owned())
                    .collect()
            }
            false => deployment.models.iter().map(|model| model.profile_id.clone()).collect(),
        };
        Ok(judged(rows, &ours, deployment))
    })
}

/// `ours` are ids: the log has an id or an ARN, whatever the caller passed.
fn judged(rows: &[Caller], ours: &BTreeSet<String>, deployment: &Deployment) -> Seen {
    let mut right = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for row in rows {
        let Some(name) = attribution::developer(&row.arn, deployment) else {
            continue;
        };
        let id = row.model_id.rsplit('/').next().unwrap_or_default();
        match ours.contains(id) {
            true => {
                right.insert(name);
            }
            false => {
                wrong.insert(format!("{name} called {}", row.model_id));
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    match (wrong.as_slice(), right.len()) {
        ([], 0) => Seen::pending("no developer called a model in the last day")
            .next("on a developer's machine: `claude -p 'Reply with one word.'`"),
        ([], people) => Seen::pass(format!(
            "{people} developer{} called models in the last day, as configured",
            if people == 1 { "" } else { "s" }
        )),
        (wrong, _) => Seen::fail(format!(
            "calls that are not through what the configuration names: {}",
            attribution::few(wrong)
        ))
        .next("give them the present configuration again: `tfgen onboard --out onboarding`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onboard::fixtures;
    use crate::verify::status::Status;

    #[test]
    fn a_plain_model_id_carries_no_tags() {
        let deployment = fixtures::identity_center();
        let developer =
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/ann";
        let row = |arn: &str, model: &str| Caller {
            arn: arn.to_owned(),
            model_id: model.to_owned(),
            ..Caller::default()
        };
        let own = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/aaaaaaaaaaaa";
        let ours = BTreeSet::from(["aaaaaaaaaaaa".to_owned()]);
        let judge = |rows: &[Caller]| judged(rows, &ours, &deployment);
        assert_eq!(judge(&[]).status, Status::Pending);
        assert_eq!(judge(&[row(developer, own)]).status, Status::Pass);
        let seen = judge(&[row(developer, own), row(developer, "us.anthropic.claude-sonnet-4-6")]);
        assert_eq!(
            (seen.status, seen.observed.as_str()),
            (
                Status::Fail,
                "calls that are not through what the configuration names: ann called us.anthropic.claude-sonnet-4-6"
            )
        );
        // Whoever is no developer has no configuration.
        let other = row(
            "arn:aws:sts::123456789012:assumed-role/terraform/x",
            "us.anthropic.claude-sonnet-4-6",
        );
        assert_eq!(judge(&[other]).status, Status::Pending);
    }
}
