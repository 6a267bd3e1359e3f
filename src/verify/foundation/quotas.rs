//! Bedrock's quotas, compared with the size of the team.

use std::collections::BTreeSet;
use std::rc::Rc;

use aws_sdk_servicequotas::types::ServiceQuota;

use super::super::check::Check;
use super::super::probe::{Probe, Seen};
use super::{check, strange};
use crate::aws::Trouble;
use crate::aws::operations::account::LIST_SERVICE_QUOTAS;
use crate::deployment::model::{AllowedModel, Deployment, Geography};
use crate::steps::{Capacity, grouped, word};

/// Longest page.
const PAGE: i32 = 100;

/// One check per model: everybody may choose the same one, so each must carry the whole team.
pub fn quotas(deployment: &Deployment) -> Vec<Check> {
    deployment.models.iter().map(|model| quota(deployment, model)).collect()
}

fn quota(deployment: &Deployment, model: &AllowedModel) -> Check {
    // An empty roster will not stay empty.
    let developers = deployment.developers.len().max(1);
    let need = Capacity::of(developers);
    let (name, geography) = (model.name.clone(), deployment.geography);
    check(
        format!("foundation-quotas-{}", model.key),
        "foundation-quotas",
        format!("The quotas of {name} are enough for the team"),
    )
    .expects(format!(
        "at least {} tokens per minute and, where there is such a quota, {} requests: the least that Claude Code's \
         documentation recommends for {developers} developers",
        grouped(need.tokens),
        grouped(need.requests)
    ))
    .calls(&[&LIST_SERVICE_QUOTAS])
    .looks(move |probe| {
        let name = name.clone();
        async move {
            let quotas = quotas_of_bedrock(&probe).await?;
            Ok(judged(&name, geography, need, &quotas, probe.region()))
        }
    })
}

/// A quota as it is applied to the account; a field is `None` where AWS did not give it.
#[derive(Debug, Clone, PartialEq)]
struct Quota {
    code: Option<String>,
    name: String,
    value: Option<f64>,
    is_adjustable: bool,
}

async fn quotas_of_bedrock(probe: &Probe) -> Result<Rc<Vec<Quota>>, Trouble> {
    probe
        .once("bedrock-quotas", |probe| async move {
            let region = probe.region();
            let pages = probe
                .pages(
                    &LIST_SERVICE_QUOTAS,
                    |account, token| {
                        account
                            .quotas(region)
                            .list_service_quotas()
                            .service_code("bedrock")
                            .max_results(PAGE)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            Ok(pages.iter().flat_map(|page| page.quotas()).map(read).collect())
        })
        .await
}

fn read(quota: &ServiceQuota) -> Quota {
    Quota {
        code: quota.quota_code().map(str::to_owned),
        name: quota.quota_name().unwrap_or_default().to_owned(),
        // AWS gives a reason in place of a value that it could not find out.
        value: quota.value().filter(|_| quota.error_reason().is_none()),
        is_adjustable: quota.adjustable(),
    }
}

/// The quota of a model for a kind of unit. Names are the only key: `Cross-region model inference tokens per minute for
/// Anthropic Claude Opus 4.6 V1`, newer ones with `InvokeModel` in place of `model inference`, those of global profiles
/// with `Global` before them; the order of the words in a model's name changes.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-runtime.html>,
/// <https://docs.aws.amazon.com/general/latest/gr/bedrock.html>
fn find<'a>(quotas: &'a [Quota], model: &str, geography: Geography, unit: &str) -> Option<&'a Quota> {
    let wanted = words(model);
    quotas
        .iter()
        .filter(|quota| {
            let name = quota.name.to_lowercase();
            let Some((kind, model)) = name.split_once(" per minute for ") else {
                return false;
            };
            let is_global = kind.starts_with("global ");
            kind.contains("cross-region ")
                && kind.ends_with(unit)
                && is_global == (geography == Geography::Global)
                && words(model) == wanted
        })
        // Several under one name: the least decides.
        .min_by(|a, b| a.value.unwrap_or(0.0).total_cmp(&b.value.unwrap_or(0.0)))
}

/// A model's name as a set of words, without its vendor and the version of its first release.
fn words(model: &str) -> BTreeSet<String> {
    let model = model.to_lowercase();
    let words = model.split_whitespace();
    words
        .filter(|word| *word != "anthropic" && *word != "v1")
        .map(str::to_owned)
        .collect()
}

fn judged(model: &str, geography: Geography, need: Capacity, quotas: &[Quota], region: &str) -> Seen {
    let family = match geography {
        Geography::Global => "Global cross-region model inference",
        _ => "Cross-region model inference",
    };
    let Some(tokens) = find(quotas, model, geography, "tokens") else {
        return Seen::unknown(format!(
            "Service Quotas lists {} quotas of Bedrock, and none under a name like \"{family} tokens per minute for \
             Anthropic {model}\"",
            quotas.len()
        ))
        .next(format!(
            "`aws service-quotas list-service-quotas --service-code bedrock --region {} --query \
             \"Quotas[?contains(QuotaName, 'per minute')].[QuotaCode,QuotaName,Value]\" --output table`",
            word(region)
        ));
    };
    let requests = find(quotas, model, geography, "requests");
    let kinds = [
        ("tokens", Some(tokens), need.tokens),
        ("requests", requests, need.requests),
    ];
    let mut observed = Vec::new();
    let mut next = Vec::new();
    let mut is_known = true;
    for (unit, quota, need) in kinds {
        let Some(quota) = quota else {
            observed.push(format!("no quota of {unit}"));
            continue;
        };
        let Some(value) = quota.value else {
            is_known = false;
            observed.push(format!("no value of \"{}\"", quota.name));
            continue;
        };
        observed.push(format!("{value:.0} {unit} per minute"));
        // Whole numbers below 2^53 are exact.
        if value < need as f64 {
            next.push(increase(quota, need, region));
        }
    }
    let observed = observed.join(", ");
    if !next.is_empty() {
        Seen::fail(observed).next(next.join("; "))
    } else if is_known {
        Seen::pass(observed)
    } else {
        strange(observed)
    }
}

fn increase(quota: &Quota, need: u64, region: &str) -> String {
    match &quota.code {
        Some(code) if quota.is_adjustable => format!(
            "`aws service-quotas request-service-quota-increase --service-code bedrock --region {} --quota-code {} \
             --desired-value {need}`",
            word(region),
            word(code)
        ),
        _ => format!(
            "ask AWS Support for {need} of \"{}\"; the API cannot raise it",
            quota.name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    fn quota(name: &str, value: Option<f64>) -> Quota {
        Quota {
            code: Some("L-1234".to_owned()),
            name: name.to_owned(),
            value,
            is_adjustable: true,
        }
    }

    fn seen(quotas: &[Quota], geography: Geography) -> Seen {
        judged("Claude Opus 4.6", geography, Capacity::of(1), quotas, "us-east-1")
    }

    const TOKENS: &str = "Cross-region model inference tokens per minute for Anthropic Claude Opus 4.6 V1";
    const REQUESTS: &str = "Cross-region model inference requests per minute for Anthropic Claude Opus 4.6 V1";

    #[test]
    fn a_model_is_known_by_the_words_of_its_name() {
        for name in [
            TOKENS,
            "Cross-region model inference tokens per minute for Anthropic Claude Opus 4.6",
            "Cross-Region InvokeModel tokens per minute for Claude 4.6 Opus",
        ] {
            assert_eq!(
                seen(&[quota(name, Some(200_000.0))], Geography::Us).status,
                Status::Pass,
                "{name}"
            );
        }
        for name in [
            "Cross-region model inference tokens per minute for Anthropic Claude Opus 4.5",
            "Cross-region model inference tokens per minute for Anthropic Claude Opus 4.6 V1 1M Context Length",
            "Cross-region model inference tokens per day for Anthropic Claude Opus 4.6 V1",
            "Global cross-region model inference tokens per minute for Anthropic Claude Opus 4.6 V1",
            "On-demand model inference tokens per minute for Anthropic Claude Opus 4.6 V1",
        ] {
            assert_eq!(
                seen(&[quota(name, Some(1e9))], Geography::Us).status,
                Status::Unknown,
                "{name}"
            );
        }
        let global = [
            quota(&format!("Global c{}", &TOKENS[1..]), Some(1e9)),
            quota(TOKENS, Some(0.0)),
        ];
        assert_eq!(seen(&global, Geography::Global).status, Status::Pass);
    }

    #[test]
    fn too_little_fails_with_the_command_to_ask_for_more() {
        let seen = seen(
            &[quota(TOKENS, Some(199_999.0)), quota(REQUESTS, Some(5.0))],
            Geography::Us,
        );
        assert_eq!(seen.status, Status::Fail);
        let next = seen.next_step.unwrap_or_default();
        assert!(next.ends_with("--quota-code L-1234 --desired-value 200000`"), "{next}");
    }

    #[test]
    fn requests_count_where_there_is_such_a_quota() {
        let status = |requests| seen(&[quota(TOKENS, Some(1e6)), quota(REQUESTS, requests)], Geography::Us).status;
        assert_eq!(status(Some(5.0)), Status::Pass);
        assert_eq!(status(Some(4.0)), Status::Fail);
        assert_eq!(status(None), Status::Unknown);
    }

    #[test]
    fn what_the_api_cannot_raise_is_support_s() {
        let fixed = Quota {
            is_adjustable: false,
            ..quota(TOKENS, Some(0.0))
        };
        let next = seen(&[fixed], Geography::Us).next_step.unwrap_or_default();
        assert!(next.starts_with("ask AWS Support for 200000"), "{next}");
    }
}
