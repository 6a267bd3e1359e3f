//! The guardrail. That it is there can be seen; that it blocks what it should is for a person to try.

use aws_sdk_bedrock::types::{GuardrailStatus, GuardrailSummary};

use super::super::check::{Check, From};
use super::super::probe::{Probe, Seen};
use super::{check, strange};
use crate::aws::Trouble;
use crate::aws::operations::bedrock::LIST_GUARDRAILS;
use crate::deployment::model::Deployment;
use crate::steps::Phase;
use crate::verify::next::APPLY_WORKLOAD;

const STEP: &str = "foundation-guardrail";

pub fn checks(deployment: &Deployment) -> Vec<Check> {
    let name = deployment.names.guardrail.clone();
    let is_there = check(STEP, STEP, "The guardrail is ready, in a numbered version")
        .expects(format!(
            "the guardrail {name} has a version with a number whose status is READY"
        ))
        .calls(&[&LIST_GUARDRAILS])
        .looks(move |probe| {
            let name = name.clone();
            async move {
                let all = guardrails(&probe, None).await?;
                let Some(draft) = all.iter().find(|guardrail| guardrail.name() == name) else {
                    return Ok(
                        Seen::fail(format!("there is no guardrail {name} in {}", probe.region())).next(APPLY_WORKLOAD),
                    );
                };
                let versions = guardrails(&probe, Some(draft.id())).await?;
                let versions: Vec<(&str, &GuardrailStatus)> = versions
                    .iter()
                    .map(|version| (version.version(), version.status()))
                    .collect();
                Ok(is_ready(draft.id(), &versions))
            }
        });
    let effect = Check::new(
        "foundation-guardrail-effect",
        STEP,
        Phase::Foundation,
        From::Machine,
        "The guardrail blocks what it should",
    )
    .expects("a text that must be blocked is blocked, and a developer's call without the guardrail is denied")
    .after(STEP)
    .looks(|_| async {
        Ok(Seen::manual("no API tells what must be blocked").next(
            "run the commands of the step `foundation-guardrail` in MANUAL_STEPS.md, then \
             `tfgen attest foundation-guardrail --by NAME --note TEXT`",
        ))
    });
    vec![is_there, effect]
}

/// The guardrails of the account by their drafts, or the versions of one.
async fn guardrails(probe: &Probe, id: Option<&str>) -> Result<Vec<GuardrailSummary>, Trouble> {
    let region = probe.region();
    let pages = probe
        .pages(
            &LIST_GUARDRAILS,
            |account, token| {
                account
                    .bedrock(region)
                    .list_guardrails()
                    .set_guardrail_identifier(id.map(str::to_owned))
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    Ok(pages.iter().flat_map(|page| page.guardrails()).cloned().collect())
}

/// Calls name a version by its number: the draft does not count.
fn is_ready(id: &str, versions: &[(&str, &GuardrailStatus)]) -> Seen {
    let shown: Vec<String> = versions
        .iter()
        .map(|(version, status)| format!("{version} {}", status.as_str()))
        .collect();
    let observed = format!("{id} has {}", shown.join(", "));
    let numbered = || versions.iter().filter(|(version, _)| version.parse::<u64>().is_ok());
    let is = |wanted: &[GuardrailStatus]| numbered().any(|(_, status)| wanted.contains(status));
    let is_under_way = [
        GuardrailStatus::Creating,
        GuardrailStatus::Updating,
        GuardrailStatus::Versioning,
    ];
    if is(&[GuardrailStatus::Ready]) {
        Seen::pass(observed)
    } else if is(&is_under_way) || versions.iter().any(|(_, status)| is_under_way.contains(status)) {
        Seen::pending(observed).next("wait; a version takes less than a minute")
    } else if numbered().next().is_none() || is(&[GuardrailStatus::Failed, GuardrailStatus::Deleting]) {
        Seen::fail(observed).next(APPLY_WORKLOAD)
    } else {
        strange(observed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn a_numbered_version_must_be_ready() {
        let status = |versions: &[(&str, GuardrailStatus)]| {
            let versions: Vec<(&str, &GuardrailStatus)> =
                versions.iter().map(|(version, status)| (*version, status)).collect();
            is_ready("abc", &versions).status
        };
        assert_eq!(
            status(&[("DRAFT", GuardrailStatus::Ready), ("1", GuardrailStatus::Ready)]),
            Status::Pass
        );
        assert_eq!(
            status(&[("1", GuardrailStatus::Failed), ("2", GuardrailStatus::Ready)]),
            Status::Pass
        );
        assert_eq!(status(&[("DRAFT", GuardrailStatus::Ready)]), Status::Fail);
        assert_eq!(status(&[]), Status::Fail);
        assert_eq!(status(&[("DRAFT", GuardrailStatus::Versioning)]), Status::Pending);
        assert_eq!(
            status(&[("DRAFT", GuardrailStatus::Ready), ("1", GuardrailStatus::Creating)]),
            Status::Pending
        );
        assert_eq!(
            status(&[("DRAFT", GuardrailStatus::Ready), ("1", GuardrailStatus::Failed)]),
            Status::Fail
        );
        assert_eq!(status(&[("1", GuardrailStatus::from("NEW"))]), Status::Unknown);
    }
}
