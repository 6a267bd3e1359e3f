//! The inference profiles of the allowed models: whether they exist, and where they lead.

use std::collections::BTreeSet;

use aws_sdk_bedrock::operation::get_inference_profile::GetInferenceProfileOutput;
use aws_sdk_bedrock::types::{InferenceProfileStatus, InferenceProfileType};

use super::super::check::Check;
use super::super::probe::Seen;
use super::super::status::Status;
use super::{check, strange};
use crate::aws::operations::bedrock::{GET_INFERENCE_PROFILE, LIST_INFERENCE_PROFILES};
use crate::deployment::model::{AllowedModel, Deployment, Destinations};
use crate::steps::word;

pub fn profiles(deployment: &Deployment) -> Check {
    let wanted: Vec<String> = deployment.models.iter().map(|model| model.profile_id.clone()).collect();
    check(
        "foundation-profiles",
        "foundation-model-access",
        "The inference profile of every allowed model exists",
    )
    .expects(format!(
        "the system profiles {} are ACTIVE in {}",
        wanted.join(", "),
        deployment.region
    ))
    .calls(&[&LIST_INFERENCE_PROFILES])
    .looks(move |probe| {
        let wanted = wanted.clone();
        async move {
            let region = probe.region();
            let pages = probe
                .pages(
                    &LIST_INFERENCE_PROFILES,
                    |account, token| {
                        account
                            .bedrock(region)
                            .list_inference_profiles()
                            .type_equals(InferenceProfileType::SystemDefined)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            let found: Vec<(&str, &InferenceProfileStatus)> = pages
                .iter()
                .flat_map(|page| page.inference_profile_summaries())
                .map(|profile| (profile.inference_profile_id(), profile.status()))
                .collect();
            Ok(exist(&wanted, &found, region))
        }
    })
}

fn exist(wanted: &[String], found: &[(&str, &InferenceProfileStatus)], region: &str) -> Seen {
    let list = format!(
        "`aws bedrock list-inference-profiles --region {} --type-equals SYSTEM_DEFINED`",
        word(region)
    );
    let mut missing = Vec::new();
    let mut other = Vec::new();
    for id in wanted {
        match found.iter().find(|(found, _)| found == id) {
            None => missing.push(id.as_str()),
            Some((_, InferenceProfileStatus::Active)) => {}
            Some((_, status)) => other.push(format!("{id} is {}", status.as_str())),
        }
    }
    if !missing.is_empty() {
        return Seen::fail(format!(
            "{region} has {} system profiles, and not {}",
            found.len(),
            missing.join(", ")
        ))
        .next(format!(
            "take the model out of `models.allow`, or choose another geography or region; {list} shows what there is"
        ));
    }
    match other.is_empty() {
        true => Seen::pass(format!("ACTIVE: {}", wanted.join(", "))),
        false => Seen::unknown(other.join(", ")).next(list),
    }
}

pub fn destinations(deployment: &Deployment) -> Check {
    let expected: Vec<String> = deployment
        .models
        .iter()
        .map(|model| format!("{} to {}", model.profile_id, expected(&model.destinations)))
        .collect();
    check(
        "foundation-destinations",
        "foundation-model-access",
        "The inference profiles lead where the policies were proven for",
    )
    .expects(expected.join("; "))
    .calls(&[&GET_INFERENCE_PROFILE])
    .after("foundation-profiles")
    .looks(|probe| async move {
        let region = probe.region();
        let mut all = Vec::new();
        for model in &probe.deployment().models {
            let answer = probe
                .call(&GET_INFERENCE_PROFILE, |account| {
                    account
                        .bedrock(region)
                        .get_inference_profile()
                        .inference_profile_identifier(&model.profile_id)
                        .send()
                })
                .await?;
            all.push(leads(model, region, &answer));
        }
        Ok(together(all))
    })
}

fn expected(destinations: &Destinations) -> String {
    match destinations {
        Destinations::Regions(regions) => regions.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
        Destinations::Global => "any commercial region".to_owned(),
    }
}

/// Where a profile leads, compared with where the policies were proven for.
///
/// More regions are a failure: AWS routes a call to any of them, and the policies deny it there. Fewer are for a person to
/// decide: every call is answered, but the policies allow more than AWS uses, and what tfgen knows of the profile is not
/// what AWS says.
fn leads(model: &AllowedModel, source: &str, answer: &GetInferenceProfileOutput) -> Seen {
    let id = &model.profile_id;
    let mut regions = BTreeSet::new();
    for entry in answer.models() {
        let Some((region, found)) = entry.model_arn().and_then(foundation_model) else {
            return strange(format!(
                "{id} names a model as {}",
                entry.model_arn().unwrap_or("nothing")
            ));
        };
        if found != model.base_id {
            return Seen::fail(format!("{id} leads to the model {found}, not to {}", model.base_id)).next(format!(
                "correct `id` of the model `{}` in a block `model` of the deployment file, and render again",
                model.key
            ));
        }
        regions.insert(region);
    }
    if regions.is_empty() {
        return strange(format!("AWS names no model behind {id}"));
    }
    let shown = |regions: &[&str]| {
        let named: Vec<&str> = regions
            .iter()
            .map(|region| if region.is_empty() { "no region" } else { region })
            .collect();
        named.join(", ")
    };
    let all: Vec<&str> = regions.iter().copied().collect();
    let Destinations::Regions(wanted) = &model.destinations else {
        // IAM sees every destination of a global profile as one, whatever AWS lists.
        return Seen::pass(format!("{id} to {}", shown(&all)));
    };
    let more: Vec<&str> = all.iter().copied().filter(|region| !wanted.contains(*region)).collect();
    let fewer: Vec<&str> = wanted
        .iter()
        .map(String::as_str)
        .filter(|region| !regions.contains(region))
        .collect();
    let put = |regions: &[&str]| {
        let quoted: Vec<String> = regions.iter().map(|region| format!("\"{region}\"")).collect();
        let geography = id.split('.').next().unwrap_or_default();
        format!(
            "put `model \"{}\" {{ geography \"{geography}\" {{ destinations = {{ {source} = [{}] }} }} }}` into the \
             deployment file, a line for each brace, render and apply again",
            model.key,
            quoted.join(", ")
        )
    };
    if !more.is_empty() {
        return Seen::fail(format!(
            "{id} leads to {} as well, where the policies deny the call",
            shown(&more)
        ))
        .next(put(&all));
    }
    if !fewer.is_empty() {
        return Seen::manual(format!(
            "{id} does not lead to {}, which the policies allow: calls work, and the policies are wider than needed",
            shown(&fewer)
        ))
        .next(put(&all));
    }
    Seen::pass(format!("{id} to {}", shown(&all)))
}

/// Region, which is empty in global profiles, and id of `arn:PARTITION:bedrock:REGION::foundation-model/ID`.
fn foundation_model(arn: &str) -> Option<(&str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let (Some("arn"), Some(_), Some("bedrock"), Some(region), Some(""), Some(resource)) = (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) else {
        return None;
    };
    Some((region, resource.strip_prefix("foundation-model/")?))
}

/// The worst of several, with everything of that kind.
fn together(all: Vec<Seen>) -> Seen {
    for status in [Status::Fail, Status::Unknown, Status::Manual] {
        let of_status: Vec<&Seen> = all.iter().filter(|seen| seen.status == status).collect();
        if of_status.is_empty() {
            continue;
        }
        let join = |texts: Vec<&str>| texts.join("; ");
        let next: Vec<&str> = of_status.iter().filter_map(|seen| seen.next_step.as_deref()).collect();
        return Seen {
            status,
            observed: join(of_status.iter().map(|seen| seen.observed.as_str()).collect()),
            next_step: (!next.is_empty()).then(|| join(next)),
        };
    }
    let observed: Vec<String> = all.into_iter().map(|seen| seen.observed).collect();
    match observed.is_empty() {
        true => strange("there was nothing to look at"),
        false => Seen::pass(observed.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_bedrock::types::InferenceProfileModel;

    use super::*;
    use crate::deployment::model::Geography;
    use crate::guardrails::fixtures;

    fn model(deployment: &Deployment) -> AllowedModel {
        deployment.models.first().cloned().expect("the fixture allows models")
    }

    fn answer(arns: &[Option<String>]) -> GetInferenceProfileOutput {
        let entry = |arn: &Option<String>| InferenceProfileModel::builder().set_model_arn(arn.clone()).build();
        GetInferenceProfileOutput::builder()
            .inference_profile_name("name")
            .inference_profile_arn("arn")
            .inference_profile_id("id")
            .status(InferenceProfileStatus::Active)
            .r#type(InferenceProfileType::SystemDefined)
            .set_models(Some(arns.iter().map(entry).collect()))
            .build()
            .expect("every field is there")
    }

    fn status(model: &AllowedModel, regions: &[&str]) -> Status {
        let arn = |region: &&str| Some(format!("arn:aws:bedrock:{region}::foundation-model/{}", model.base_id));
        leads(
            model,
            "us-east-1",
            &answer(&regions.iter().map(arn).collect::<Vec<_>>()),
        )
        .status
    }

    #[test]
    fn more_regions_fail_and_fewer_are_for_a_person() {
        let model = AllowedModel {
            destinations: Destinations::Regions(["us-east-1", "us-east-2"].map(str::to_owned).into()),
            ..model(&fixtures::full(Geography::Us, 2))
        };
        assert_eq!(status(&model, &["us-east-2", "us-east-1"]), Status::Pass);
        assert_eq!(status(&model, &["us-east-1", "us-east-2", "us-west-2"]), Status::Fail);
        assert_eq!(status(&model, &["us-east-1", "us-west-2"]), Status::Fail);
        assert_eq!(status(&model, &["us-east-1"]), Status::Manual);
        assert_eq!(status(&model, &["us-east-1", "us-east-2", ""]), Status::Fail);
        assert_eq!(status(&model, &[]), Status::Unknown);
    }

    #[test]
    fn a_global_profile_leads_anywhere_and_names_the_model_without_a_region() {
        let model = AllowedModel {
            destinations: Destinations::Global,
            ..model(&fixtures::full(Geography::Us, 2))
        };
        assert_eq!(status(&model, &["", "us-east-1", "eu-west-1"]), Status::Pass);
        assert_eq!(status(&model, &[]), Status::Unknown);
    }

    #[test]
    fn another_model_behind_the_profile_fails_and_what_is_no_arn_is_unknown() {
        let model = model(&fixtures::full(Geography::Us, 2));
        let other = answer(&[Some("arn:aws:bedrock:us-east-1::foundation-model/other".to_owned())]);
        assert_eq!(leads(&model, "us-east-1", &other).status, Status::Fail);
        assert_eq!(leads(&model, "us-east-1", &answer(&[None])).status, Status::Unknown);
        let strange = answer(&[Some("arn:aws:bedrock:us-east-1:1:custom-model/x".to_owned())]);
        assert_eq!(leads(&model, "us-east-1", &strange).status, Status::Unknown);
    }

    #[test]
    fn every_profile_must_be_there_and_active() {
        let wanted = ["a".to_owned(), "b".to_owned()];
        let new = InferenceProfileStatus::from("NEW");
        let active = InferenceProfileStatus::Active;
        let status = |found: &[(&str, &InferenceProfileStatus)]| exist(&wanted, found, "us-east-1").status;
        assert_eq!(status(&[("a", &active), ("b", &active), ("c", &new)]), Status::Pass);
        assert_eq!(status(&[("a", &active)]), Status::Fail);
        assert_eq!(status(&[]), Status::Fail);
        assert_eq!(status(&[("a", &active), ("b", &new)]), Status::Unknown);
    }

    #[test]
    fn together_the_worst_counts() {
        let status = |all: Vec<Seen>| together(all).status;
        assert_eq!(status(vec![Seen::pass("a"), Seen::pass("b")]), Status::Pass);
        assert_eq!(status(vec![Seen::pass("a"), Seen::manual("b")]), Status::Manual);
        assert_eq!(status(vec![Seen::unknown("a"), Seen::manual("b")]), Status::Unknown);
        assert_eq!(
            status(vec![Seen::unknown("a"), Seen::fail("b"), Seen::pass("c")]),
            Status::Fail
        );
        assert_eq!(status(Vec::new()), Status::Unknown);
    }
}
