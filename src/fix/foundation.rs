//! The region, and access to the models.

use aws_sdk_bedrock::primitives::Blob;
use aws_sdk_bedrock::types::AgreementStatus;
use serde_json::Value;

use super::{Act, Fix, Later, Refusal, Wishes};
use crate::aws::operations::account::GET_REGION_OPT_STATUS;
use crate::aws::operations::bedrock::{GET_FOUNDATION_MODEL_AVAILABILITY, GET_USE_CASE_FOR_MODEL_ACCESS};
use crate::aws::operations::writes::{
    CREATE_FOUNDATION_MODEL_AGREEMENT, ENABLE_REGION, LIST_FOUNDATION_MODEL_AGREEMENT_OFFERS,
    PUT_USE_CASE_FOR_MODEL_ACCESS,
};
use crate::verify::{From, Probe};

/// Opts into the region.
pub const REGION: Fix = Fix {
    id: "foundation-region",
    step: "foundation-region",
    from: From::Workload,
    operations: &[&GET_REGION_OPT_STATUS, &ENABLE_REGION],
    plan: |probe, _| Box::pin(region(probe)) as Later<Vec<Act>, Refusal>,
};

/// Submits the use-case form.
pub const USE_CASE: Fix = Fix {
    id: "foundation-use-case",
    step: "foundation-use-case",
    from: From::Workload,
    operations: &[&GET_USE_CASE_FOR_MODEL_ACCESS, &PUT_USE_CASE_FOR_MODEL_ACCESS],
    plan: |probe, wishes| Box::pin(use_case(probe, wishes)) as Later<Vec<Act>, Refusal>,
};

/// Accepts the agreements of the allowed models.
pub const MODEL_ACCESS: Fix = Fix {
    id: "foundation-model-access",
    step: "foundation-model-access",
    from: From::Workload,
    operations: &[
        &GET_FOUNDATION_MODEL_AVAILABILITY,
        &LIST_FOUNDATION_MODEL_AGREEMENT_OFFERS,
        &CREATE_FOUNDATION_MODEL_AGREEMENT,
    ],
    plan: |probe, _| Box::pin(model_access(probe)) as Later<Vec<Act>, Refusal>,
};

async fn region(probe: Probe) -> Result<Vec<Act>, Refusal> {
    let name = probe.region().to_owned();
    let answer = probe
        .call(&GET_REGION_OPT_STATUS, |account| {
            account.account().get_region_opt_status().region_name(&name).send()
        })
        .await?;
    let status = answer.region_opt_status().map_or("", |status| status.as_str());
    match status {
        "ENABLED" | "ENABLED_BY_DEFAULT" | "ENABLING" => Ok(Vec::new()),
        "DISABLED" => {
            let words = format!("RegionName={name}");
            Ok(vec![Act::new(&ENABLE_REGION, words, |probe| async move {
                probe
                    .call(&ENABLE_REGION, |account| {
                        account.account().enable_region().region_name(name).send()
                    })
                    .await
                    .map(drop)
            })])
        }
        other => Err(Refusal::Told(format!(
            "the region {name} is {other}: wait until that is over"
        ))),
    }
}

/// Members of the form, all of them text.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html>
const FORM: [&str; 6] = [
    "companyName",
    "companyWebsite",
    "intendedUsers",
    "industryOption",
    "otherIndustryOption",
    "useCases",
];

/// The form as it is sent, or what is wrong with it.
fn form(text: &str) -> Result<String, String> {
    let form: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let members = form.as_object().ok_or("it is no JSON object")?;
    if let Some(unknown) = members.keys().find(|name| !FORM.contains(&name.as_str())) {
        return Err(format!(
            "`{unknown}` is no member of it; the members are {}",
            FORM.join(", ")
        ));
    }
    for name in FORM {
        let Some(value) = members.get(name).and_then(Value::as_str) else {
            return Err(format!("`{name}` is missing, or no text"));
        };
        if value.trim().is_empty() && name != "otherIndustryOption" {
            return Err(format!("`{name}` is empty"));
        }
    }
    if !matches!(members["intendedUsers"].as_str(), Some("0" | "1" | "2")) {
        return Err(
            "`intendedUsers` must be \"0\" (your own employees), \"1\" (external users) or \"2\" (both)".to_owned(),
        );
    }
    Ok(form.to_string())
}

async fn use_case(probe: Probe, wishes: Wishes) -> Result<Vec<Act>, Refusal> {
    let region = probe.region().to_owned();
    let submitted = probe
        .call(&GET_USE_CASE_FOR_MODEL_ACCESS, |account| {
            account.bedrock(&region).get_use_case_for_model_access().send()
        })
        .await;
    match submitted {
        Ok(_) => return Ok(Vec::new()),
        Err(trouble) if trouble.is("ResourceNotFoundException") => {}
        Err(trouble) => return Err(trouble.into()),
    }
    let Some(text) = wishes.form else {
        return Err(Refusal::Told(
            "the form is not submitted: write it as JSON (MANUAL_STEPS.md has an example) and name it with --form FILE"
                .to_owned(),
        ));
    };
    let form = form(&text).map_err(|fault| Refusal::Told(format!("--form: {fault}")))?;
    let words = format!("FormData={form}");
    Ok(vec![Act::new(
        &PUT_USE_CASE_FOR_MODEL_ACCESS,
        words,
        |probe| async move {
            let region = probe.region().to_owned();
            probe
                .call(&PUT_USE_CASE_FOR_MODEL_ACCESS, |account| {
                    account
                        .bedrock(&region)
                        .put_use_case_for_model_access()
                        .form_data(Blob::new(form))
                        .send()
                })
                .await
                .map(drop)
        },
    )])
}

async fn model_access(probe: Probe) -> Result<Vec<Act>, Refusal> {
    let region = probe.region().to_owned();
    let models: Vec<String> = probe
        .deployment()
        .models
        .iter()
        .map(|model| model.base_id.clone())
        .collect();
    let mut acts = Vec::new();
    for model in models {
        let availability = probe
            .call(&GET_FOUNDATION_MODEL_AVAILABILITY, |account| {
                account
                    .bedrock(&region)
                    .get_foundation_model_availability()
                    .model_id(&model)
                    .send()
            })
            .await?;
        let status = availability
            .agreement_availability()
            .map(|agreement| agreement.status().clone());
        if matches!(status, Some(AgreementStatus::Available | AgreementStatus::Pending)) {
            continue;
        }
        let offers = probe
            .call(&LIST_FOUNDATION_MODEL_AGREEMENT_OFFERS, |account| {
                account
                    .bedrock(&region)
                    .list_foundation_model_agreement_offers()
                    .model_id(&model)
                    .send()
            })
            .await?;
        let [offer] = offers.offers() else {
            return Err(Refusal::Told(format!(
                "{model}: AWS lists {} offers, and which one is accepted is not for a program to decide; accept it in the \
                 console (Amazon Bedrock › Model catalog › the model)",
                offers.offers().len()
            )));
        };
        let token = offer.offer_token().to_owned();
        let offered = offer.offer_id().unwrap_or("the only offer").to_owned();
        let words = format!("ModelId={model} OfferToken=(of {offered})");
        acts.push(Act::new(
            &CREATE_FOUNDATION_MODEL_AGREEMENT,
            words,
            |probe| async move {
                let region = probe.region().to_owned();
                probe
                    .call(&CREATE_FOUNDATION_MODEL_AGREEMENT, |account| {
                        account
                            .bedrock(&region)
                            .create_foundation_model_agreement()
                            .model_id(model)
                            .offer_token(token)
                            .send()
                    })
                    .await
                    .map(drop)
            },
        ));
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILLED: &str = r#"{"companyName":"Acme","companyWebsite":"https://acme.example","intendedUsers":"0",
        "industryOption":"Software","otherIndustryOption":"","useCases":"Coding"}"#;

    #[test]
    fn a_form_is_complete_or_refused_with_the_member_that_is_wrong() {
        assert!(form(FILLED).is_ok());
        for (from, to, said) in [
            ("\"Acme\"", "\" \"", "`companyName` is empty"),
            ("\"0\"", "\"3\"", "`intendedUsers` must be"),
            ("\"0\"", "0", "`intendedUsers` is missing"),
            ("useCases", "usecases", "`usecases` is no member"),
            ("{", "[", "no JSON"),
        ] {
            let fault = form(&FILLED.replacen(from, to, 1)).unwrap_err();
            assert!(fault.contains(said), "{fault}");
        }
    }
}
