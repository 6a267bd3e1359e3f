//! The mode of data retention, where a model asks for one.

use std::collections::BTreeMap;

use aws_sdk_bedrock::types::DataRetentionMode;

use super::super::check::Check;
use super::super::probe::Seen;
use super::{check, strange};
use crate::aws::operations::bedrock::GET_ACCOUNT_DATA_RETENTION;
use crate::deployment::model::Deployment;
use crate::steps::word;

/// The modes that models ask for, each with their names.
fn wanted(deployment: &Deployment) -> BTreeMap<String, Vec<String>> {
    let mut modes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for model in &deployment.models {
        if let Some(mode) = &model.data_retention {
            modes.entry(mode.clone()).or_default().push(model.name.clone());
        }
    }
    modes
}

pub fn mode(deployment: &Deployment) -> Option<Check> {
    let wanted = wanted(deployment);
    if wanted.is_empty() {
        return None;
    }
    let each: Vec<String> = wanted
        .iter()
        .map(|(mode, models)| format!("{mode} for {}", models.join(", ")))
        .collect();
    Some(
        check(
            "foundation-data-retention",
            "foundation-data-retention",
            "The mode of data retention is what the models ask for",
        )
        .expects(format!("the mode is {}", each.join("; ")))
        .calls(&[&GET_ACCOUNT_DATA_RETENTION])
        .looks(move |probe| {
            let wanted = wanted.clone();
            async move {
                let region = probe.region();
                let answer = probe
                    .call(&GET_ACCOUNT_DATA_RETENTION, |account| {
                        account.bedrock(region).get_account_data_retention().send()
                    })
                    .await?;
                Ok(judged(&wanted, answer.mode(), region))
            }
        }),
    )
}

/// Only `none` is documented to be refused; what another mode than the one a model asks for means for it is not.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/data-retention.html>
fn judged(wanted: &BTreeMap<String, Vec<String>>, mode: &DataRetentionMode, region: &str) -> Seen {
    let observed = format!("the mode in {region} is {}", mode.as_str());
    let unmet: Vec<&str> = wanted
        .iter()
        .filter(|(wanted, _)| *wanted != mode.as_str())
        .flat_map(|(_, models)| models)
        .map(String::as_str)
        .collect();
    if unmet.is_empty() {
        return Seen::pass(observed);
    }
    let put = format!(
        "`aws bedrock put-account-data-retention --region {} --mode {}`",
        word(region),
        wanted.keys().next().map_or("MODE", String::as_str)
    );
    match mode {
        DataRetentionMode::None => Seen::fail(format!("{observed}: Bedrock refuses {}", unmet.join(", ")))
            .next(format!("decide, then {put}, or take them out of `models.allow`")),
        DataRetentionMode::Default
        | DataRetentionMode::Inherit
        | DataRetentionMode::AwsReview
        | DataRetentionMode::ProviderDataShare => Seen::manual(format!(
            "{observed}; whether {} answer then is not documented",
            unmet.join(", ")
        ))
        .next(format!(
            "try a call (`tfgen verify-phase 1 --call-models`); if it is refused, decide, then {put}"
        )),
        _ => strange(observed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn only_the_mode_of_every_model_passes_and_only_none_fails() {
        let one = |mode: &str| (mode.to_owned(), vec![format!("Model of {mode}")]);
        let both = BTreeMap::from([one("aws_review"), one("provider_data_share")]);
        let only = BTreeMap::from([one("aws_review")]);
        let status = |wanted, mode: &str| judged(wanted, &DataRetentionMode::from(mode), "us-east-1").status;
        assert_eq!(status(&only, "aws_review"), Status::Pass);
        assert_eq!(status(&both, "aws_review"), Status::Manual);
        assert_eq!(status(&only, "none"), Status::Fail);
        for other in ["default", "inherit", "provider_data_share"] {
            assert_eq!(status(&only, other), Status::Manual, "{other}");
        }
        assert_eq!(status(&only, "something_new"), Status::Unknown);
    }
}
