//! Phase 1: Anthropic's use-case form, the Marketplace agreement of each model, quotas.

use super::foundation::{PING_BODY, management, must_opt_in};
use super::step::{Account, Owner, Phase, Step, word};
use crate::deployment::model::Deployment;

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    vec![use_case(deployment), agreements(deployment), quotas(deployment)]
}

fn use_case(deployment: &Deployment) -> Step {
    let region = word(&deployment.region);
    let opted_in = must_opt_in(&deployment.region);
    let management = management(deployment);
    Step::new(
        "foundation-use-case",
        Phase::Foundation,
        "Submit Anthropic's use-case form",
        Account::Workload(deployment.account_id.clone()),
        Owner::Api,
    )
    .action(
        "Submit the first-time-use form once. It takes effect at once. The old page \"Model access\" is gone, and \
         models need no requesting one by one.",
    )
    .console("Amazon Bedrock › Model catalog › any Claude model › Submit use case details")
    .paste(
        "json",
        "{\n  \"companyName\": \"Example Corp\",\n  \"companyWebsite\": \"https://example.com\",\n  \
         \"intendedUsers\": \"0\",\n  \"industryOption\": \"Software\",\n  \"otherIndustryOption\": \"\",\n  \
         \"useCases\": \"Software development with Claude Code\"\n}",
    )
    .run(&[
        format!("aws bedrock put-use-case-for-model-access --region {region} --form-data fileb://use-case.json"),
        format!("aws bedrock get-use-case-for-model-access --region {region}"),
    ])
    .note(format!(
        "Submitted in {management}, it holds for every account of the organization. `get-use-case-for-model-access` \
         answers ResourceNotFoundException in an account that did not submit it itself; whether it shows an inherited \
         form is not documented."
    ))
    .note("`intendedUsers` is \"0\" for your own employees, \"1\" for external users, \"2\" for both.")
    .note_if(
        opted_in,
        format!(
            "{} is an opt-in region: the form must be submitted again for it.",
            deployment.region
        ),
    )
}

fn agreements(deployment: &Deployment) -> Step {
    let region = word(&deployment.region);
    let models = &deployment.models;
    let mut lines: Vec<String> = models
        .iter()
        .map(|model| {
            format!(
                "aws bedrock get-foundation-model-availability --region {region} --model-id {}",
                word(&model.base_id)
            )
        })
        .collect();
    lines.push("# Where agreementAvailability is NOT_AVAILABLE, make the first call as an administrator:".to_owned());
    lines.push(format!("{PING_BODY} > ping.json"));
    lines.extend(models.iter().map(|model| {
        format!(
            "aws bedrock-runtime invoke-model --region {region} --model-id {} --body fileb://ping.json answer.json",
            word(&model.profile_id)
        )
    }));
    let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
    let products: Vec<String> = models
        .iter()
        .filter_map(|model| Some(format!("{} {}", model.name, model.marketplace_product.as_deref()?)))
        .collect();
    Step::new(
        "foundation-model-access",
        Phase::Foundation,
        format!("Accept the Marketplace agreement of {}", names.join(", ")),
        Account::Workload(deployment.account_id.clone()),
        Owner::Api,
    )
    .action(
        "The first call of a model subscribes the account. Make it with a role that has \
         `aws-marketplace:Subscribe` and `aws-marketplace:ViewSubscriptions`; afterwards nobody needs them.",
    )
    .action("Instead of a call, `create-foundation-model-agreement` accepts an offer explicitly.")
    .console("Amazon Bedrock › Model catalog › the model › Open in playground")
    .run(&lines)
    .run(&[
        format!(
            "aws bedrock list-foundation-model-agreement-offers --region {region} --model-id {}",
            word(models.first().map_or("MODEL", |model| model.base_id.as_str()))
        ),
        format!(
            "aws bedrock create-foundation-model-agreement --region {region} --model-id {} --offer-token OFFER_TOKEN",
            word(models.first().map_or("MODEL", |model| model.base_id.as_str()))
        ),
    ])
    .note(
        "A first call may succeed for up to 15 minutes while the subscription is being made, and fail with \
         AccessDenied afterwards if it could not be made. Call once more after 15 minutes.",
    )
    .note("A Private Marketplace must list these products, or the subscription is refused.")
    .note_if(
        !products.is_empty(),
        format!("Marketplace products: {}.", products.join(", ")),
    )
    .note("Calling a model accepts its end-user licence agreement.")
}

fn quotas(deployment: &Deployment) -> Step {
    let region = word(&deployment.region);
    Step::new(
        "foundation-quotas",
        Phase::Foundation,
        format!(
            "Compare the quotas with {} developer{}",
            deployment.developers.len(),
            if deployment.developers.len() == 1 { "" } else { "s" }
        ),
        Account::Workload(deployment.account_id.clone()),
        Owner::Api,
    )
    .action(
        "Look at tokens and requests per minute of each model's cross-region inference; a new account starts low. \
         Ask for more before the developers come.",
    )
    .console("Service Quotas › AWS services › Amazon Bedrock")
    .run(&[
        format!(
            "aws service-quotas list-service-quotas --service-code bedrock --region {region} \
             --query \"Quotas[?contains(QuotaName, 'Claude')].[QuotaCode,QuotaName,Value]\" --output table"
        ),
        format!(
            "aws service-quotas request-service-quota-increase --service-code bedrock --region {region} \
             --quota-code L-EXAMPLE --desired-value 2000000"
        ),
    ])
}
