//! Phase 1: Anthropic's use-case form, the Marketplace agreement of each model, quotas.

use std::collections::BTreeMap;

use super::capacity::{Capacity, grouped};
use super::foundation::{PING_BODY, management, must_opt_in};
use super::step::{Account, Owner, Phase, Step, word};
use crate::deployment::model::Deployment;

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let mut steps = vec![use_case(deployment), agreements(deployment)];
    steps.extend(retention(deployment));
    steps.push(quotas(deployment));
    steps
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
    .note_if(
        deployment.organization.is_some(),
        "A model that is added while the SCP is attached is denied, to administrators as well, until \
         terraform/organization is applied: then apply that root first and do this step after it.",
    )
}

/// Models that answer only where prompts and answers may be retained.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/data-retention.html>
fn retention(deployment: &Deployment) -> Option<Step> {
    let modes: BTreeMap<&str, Vec<&str>> = deployment.models.iter().fold(BTreeMap::new(), |mut modes, model| {
        if let Some(mode) = &model.data_retention {
            modes
                .entry(mode.as_str())
                .or_insert_with(Vec::new)
                .push(model.name.as_str());
        }
        modes
    });
    if modes.is_empty() {
        return None;
    }
    let region = word(&deployment.region);
    let mut step = Step::new(
        "foundation-data-retention",
        Phase::Foundation,
        "Decide on data retention",
        Account::Workload(deployment.account_id.clone()),
        Owner::Api,
    );
    for (mode, models) in &modes {
        step = step.action(format!(
            "{} {} only where the data retention mode is `{mode}`: prompts and answers are then kept outside the \
             account. Settle that with whoever is responsible for privacy, or leave the model out of `models.allow`.",
            models.join(", "),
            if models.len() == 1 { "answers" } else { "answer" }
        ));
    }
    let mode = match modes.len() {
        1 => modes.keys().next().copied().unwrap_or("MODE"),
        _ => "MODE",
    };
    Some(
        step.action("tfgen does not set the mode: the provider has no resource for it.")
            .console("Amazon Bedrock › Settings › Data retention")
            .run(&[
                format!("aws bedrock get-account-data-retention --region {region}"),
                format!("aws bedrock put-account-data-retention --region {region} --mode {mode}"),
            ])
            .note("The mode holds for the whole account in this region, whichever model is called.")
            .note(
                "Where the mode is `none`, Bedrock refuses these models. Where nothing is set (`inherit`), each model's \
                 own default applies: try a call before you set anything.",
            )
            .note("An AWS CLI whose list of modes lacks this one cannot set it; use the console.")
            .note_if(
                deployment.deploy.is_some(),
                "The SCP denies `bedrock:PutAccountDataRetention` to everybody but the deploy principals and \
                 break-glass roles.",
            ),
    )
}

fn quotas(deployment: &Deployment) -> Step {
    let region = word(&deployment.region);
    let need = Capacity::of(deployment.developers.len());
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
    .action(format!(
        "This team needs at least {} tokens and {} requests per minute of each model: everybody may choose the same one.",
        grouped(need.tokens),
        need.requests
    ))
    .console("Service Quotas › AWS services › Amazon Bedrock")
    .run(&[
        format!(
            "aws service-quotas list-service-quotas --service-code bedrock --region {region} \
             --query \"Quotas[?contains(QuotaName, 'Claude')].[QuotaCode,QuotaName,Value]\" --output table"
        ),
        format!(
            "aws service-quotas request-service-quota-increase --service-code bedrock --region {region} \
             --quota-code L-EXAMPLE --desired-value {}",
            need.tokens
        ),
    ])
    .note(
        "The figures are the lower ends of what Claude Code's documentation recommends for a team of this size. Not every \
         model has a quota of requests.",
    )
}
