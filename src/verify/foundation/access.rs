//! Anthropic's use-case form, and the agreement of each model.

use aws_sdk_bedrock::operation::get_foundation_model_availability::GetFoundationModelAvailabilityOutput;
use aws_sdk_bedrock::types::{AgreementStatus, AuthorizationStatus, EntitlementAvailability, RegionAvailability};

use super::super::check::{Check, From};
use super::super::probe::{Probe, Seen};
use super::super::status::Status;
use super::account::membership;
use super::{check, from_management, strange};
use crate::aws::operations::bedrock::{GET_FOUNDATION_MODEL_AVAILABILITY, GET_USE_CASE_FOR_MODEL_ACCESS};
use crate::aws::operations::organizations::DESCRIBE_ORGANIZATION;
use crate::aws::{Operation, Trouble};
use crate::deployment::model::{AllowedModel, Deployment};
use crate::steps::word;
use crate::verify::next::SUBMIT_FORM;

/// The form is one for both accounts: submitted in either, it holds. So both checks look at both, as far as there are
/// credentials, and say the same; the second is there for who has those of the management account alone, and for the
/// permission that it needs there.
pub fn use_case(deployment: &Deployment) -> Vec<Check> {
    let expected = match &deployment.organization {
        Some(organization) => format!(
            "the form is submitted in {}, or in the management account {} for all accounts",
            deployment.account_id, organization.management_account_id
        ),
        None => format!("the form is submitted in {}", deployment.account_id),
    };
    let title = "Anthropic's use-case form is submitted";
    let own = check("foundation-use-case", "foundation-use-case", title)
        .expects(&expected)
        .calls(&use_case_calls(deployment))
        .looks(|probe| async move { use_case_seen(&probe).await });
    let mut checks = vec![own];
    if deployment.organization.is_some() {
        let id = "foundation-use-case-management";
        checks.push(
            from_management(
                id,
                "foundation-use-case",
                format!("{title}, seen from the management account"),
            )
            .expects(expected)
            .calls(&use_case_calls(deployment))
            .optional()
            .looks(|probe| async move { use_case_seen(&probe).await }),
        );
    }
    checks
}

/// Without an `organization` block it must be found out whether there is a management account.
fn use_case_calls(deployment: &Deployment) -> Vec<&'static Operation> {
    let mut calls: Vec<&'static Operation> = vec![&GET_USE_CASE_FOR_MODEL_ACCESS];
    if deployment.organization.is_none() {
        calls.push(&DESCRIBE_ORGANIZATION);
    }
    calls
}

/// The form in one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Submitted,
    /// Not in this account; whether an inherited one would be shown is not documented.
    NotHere,
    /// An answer without a form.
    Empty,
    /// There are no credentials of the account.
    Unseen,
    /// There is no such account.
    Nowhere,
}

async fn form(probe: &Probe, from: From) -> Result<Form, Trouble> {
    let Some(probe) = probe.with(from) else {
        return Ok(Form::Unseen);
    };
    let found = probe
        .once("use-case-form", |probe| async move {
            let region = probe.region();
            let answer = probe
                .call(&GET_USE_CASE_FOR_MODEL_ACCESS, |account| {
                    account.bedrock(region).get_use_case_for_model_access().send()
                })
                .await;
            match answer {
                Ok(answer) if answer.form_data().as_ref().is_empty() => Ok(Form::Empty),
                Ok(_) => Ok(Form::Submitted),
                Err(trouble) if trouble.is("ResourceNotFoundException") => Ok(Form::NotHere),
                Err(trouble) => Err(trouble),
            }
        })
        .await?;
    Ok(*found)
}

async fn use_case_seen(probe: &Probe) -> Result<Seen, Trouble> {
    let deployment = probe.deployment();
    let own = form(probe, From::Workload).await;
    let mut management = form(probe, From::Management).await;
    let mut management_id = probe.scene().accounts.ids.get(&From::Management).cloned();
    let is_decided = own == Ok(Form::Submitted) || management == Ok(Form::Submitted);
    if !is_decided && deployment.organization.is_none() {
        match membership(probe).await?.as_ref() {
            None => management = Ok(Form::Nowhere),
            Some(member) => management_id = member.management.clone(),
        }
    }
    let management_id = management_id.unwrap_or_else(|| "of the organization".to_owned());
    judged(own, management, deployment, &management_id)
}

fn judged(
    own: Result<Form, Trouble>,
    management: Result<Form, Trouble>,
    deployment: &Deployment,
    management_id: &str,
) -> Result<Seen, Trouble> {
    let (account_id, region) = (&deployment.account_id, &deployment.region);
    let (own, management) = match (own, management) {
        (Ok(Form::Submitted), _) => return Ok(Seen::pass(format!("submitted in {account_id}"))),
        (_, Ok(Form::Submitted)) => {
            return Ok(Seen::pass(format!(
                "submitted in the management account {management_id}, for all accounts of the organization"
            )));
        }
        (own, management) => (own?, management?),
    };
    let in_management = format!("in the management account {management_id}");
    Ok(match (own, management) {
        (Form::NotHere, Form::Nowhere) => Seen::fail(format!("not submitted in {account_id}")).next(SUBMIT_FORM),
        (Form::NotHere, Form::NotHere) => Seen::fail(format!(
            "not submitted in {account_id}, nor {in_management}, for {region}"
        ))
        .next(SUBMIT_FORM),
        (Form::NotHere, Form::Unseen) => Seen::unknown(format!(
            "not submitted in {account_id} itself; one that was submitted {in_management} would do, and AWS does not \
             say whether it would be shown here"
        ))
        .next(format!(
            "look with `--management-profile`, or submit it here: {SUBMIT_FORM}"
        )),
        (Form::Unseen, Form::NotHere) => Seen::unknown(format!(
            "not submitted {in_management}; there are no credentials of {account_id}"
        ))
        .next("look with `--profile`"),
        (own, management) => {
            let word = |form| match form {
                Form::Empty => "an answer without a form",
                Form::NotHere => "not submitted",
                Form::Unseen | Form::Submitted | Form::Nowhere => "not seen",
            };
            strange(format!(
                "in {account_id}: {}; {in_management}: {}",
                word(own),
                word(management)
            ))
        }
    })
}

/// What the account may call, by model.
pub fn availability(deployment: &Deployment) -> Vec<Check> {
    deployment
        .models
        .iter()
        .map(|model| available(deployment, model))
        .collect()
}

fn available(deployment: &Deployment, model: &AllowedModel) -> Check {
    let model = model.clone();
    check(
        format!("foundation-model-access-{}", model.key),
        "foundation-model-access",
        format!("The account may use {}", model.name),
    )
    .expects(format!(
        "{} is AVAILABLE in {}, the account is entitled and AUTHORIZED, its agreement is AVAILABLE",
        model.base_id, deployment.region
    ))
    .calls(&[&GET_FOUNDATION_MODEL_AVAILABILITY])
    .calls(&use_case_calls(deployment))
    .looks(move |probe| {
        let model = model.clone();
        async move {
            let region = probe.region();
            let answer = probe
                .call(&GET_FOUNDATION_MODEL_AVAILABILITY, |account| {
                    account
                        .bedrock(region)
                        .get_foundation_model_availability()
                        .model_id(&model.base_id)
                        .send()
                })
                .await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(trouble) if trouble.is("ResourceNotFoundException") || trouble.is("ValidationException") => {
                    return Ok(Seen::fail(format!(
                        "{region} knows no model {}: {}",
                        model.base_id, trouble.message
                    ))
                    .next("take it out of `models.allow`, or choose another region"));
                }
                Err(trouble) => return Err(trouble),
            };
            let seen = may_use(&model, region, &answer);
            if seen.status != Status::Pending {
                return Ok(seen);
            }
            // What is missing comes with the first call, but not without the form.
            match use_case_seen(&probe).await {
                Ok(form) if form.status == Status::Fail => {
                    let mut failed = Seen::fail(format!("{}; the use-case form is missing", seen.observed));
                    failed.next_step = form.next_step;
                    Ok(failed)
                }
                _ => Ok(seen),
            }
        }
    })
}

fn may_use(model: &AllowedModel, region: &str, answer: &GetFoundationModelAvailabilityOutput) -> Seen {
    let agreement = answer.agreement_availability();
    let status = agreement.map(|agreement| agreement.status());
    let observed = format!(
        "region {}, entitlement {}, authorization {}, agreement {}",
        answer.region_availability().as_str(),
        answer.entitlement_availability().as_str(),
        answer.authorization_status().as_str(),
        status.map_or("not given", AgreementStatus::as_str)
    );
    let first_call = format!(
        "`tfgen fix foundation-model-access` accepts the agreement; or let a role with `aws-marketplace:Subscribe` and \
         `aws-marketplace:ViewSubscriptions` make the first call: `aws bedrock-runtime invoke-model --region {} \
         --model-id {} --body fileb://ping.json answer.json` (the body is in that step of MANUAL_STEPS.md)",
        word(region),
        word(&model.profile_id)
    );
    match answer.region_availability() {
        RegionAvailability::Available => {}
        RegionAvailability::NotAvailable => {
            return Seen::fail(observed).next("take the model out of `models.allow`, or choose another region");
        }
        _ => return strange(observed),
    }
    match answer.authorization_status() {
        AuthorizationStatus::Authorized => {}
        AuthorizationStatus::NotAuthorized => {
            return Seen::fail(observed).next(
                "ask AWS Support, and whoever keeps the Private Marketplace: the account is barred from the model",
            );
        }
        _ => return strange(observed),
    }
    match status {
        Some(AgreementStatus::Available) => {}
        Some(AgreementStatus::Pending) => {
            return Seen::pending(observed).next("wait up to 15 minutes; the agreement is being made");
        }
        Some(AgreementStatus::NotAvailable) => {
            return Seen::pending(format!("{observed}: the first call subscribes the account")).next(first_call);
        }
        Some(AgreementStatus::Error) => {
            let why = agreement
                .and_then(|agreement| agreement.error_message())
                .unwrap_or("AWS does not say why");
            return Seen::fail(format!("{observed}: {why}")).next(format!(
                "mend what the message says (payment method, Private Marketplace), then: {first_call}"
            ));
        }
        _ => return strange(observed),
    }
    match answer.entitlement_availability() {
        EntitlementAvailability::Available => Seen::pass(observed),
        EntitlementAvailability::NotAvailable => Seen::pending(observed).next(
            "wait up to 15 minutes after the agreement; if it stays so, look at the payment method and the Private \
             Marketplace",
        ),
        _ => strange(observed),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_bedrock::types::AgreementAvailability;

    use super::*;
    use crate::aws::Kind;
    use crate::deployment::model::Geography;
    use crate::guardrails::fixtures;

    fn denied() -> Trouble {
        Trouble {
            operation: "bedrock:GetUseCaseForModelAccess",
            kind: Kind::Denied,
            code: None,
            message: String::new(),
        }
    }

    #[test]
    fn the_form_holds_wherever_it_was_submitted_and_is_missing_only_where_both_accounts_were_seen() {
        let deployment = fixtures::full(Geography::Us, 1);
        let status = |own, management| judged(own, management, &deployment, "999999999999").map(|seen| seen.status);
        for other in [Ok(Form::NotHere), Ok(Form::Empty), Ok(Form::Unseen), Err(denied())] {
            assert_eq!(status(Ok(Form::Submitted), other.clone()), Ok(Status::Pass));
            assert_eq!(status(other, Ok(Form::Submitted)), Ok(Status::Pass));
        }
        assert_eq!(status(Ok(Form::NotHere), Ok(Form::NotHere)), Ok(Status::Fail));
        assert_eq!(status(Ok(Form::NotHere), Ok(Form::Nowhere)), Ok(Status::Fail));
        assert_eq!(status(Ok(Form::NotHere), Ok(Form::Unseen)), Ok(Status::Unknown));
        assert_eq!(status(Ok(Form::Unseen), Ok(Form::NotHere)), Ok(Status::Unknown));
        assert_eq!(status(Ok(Form::Empty), Ok(Form::NotHere)), Ok(Status::Unknown));
        assert_eq!(status(Ok(Form::NotHere), Err(denied())), Err(denied()));
        assert_eq!(status(Err(denied()), Ok(Form::NotHere)), Err(denied()));
    }

    fn seen(region: &str, entitlement: &str, authorization: &str, agreement: Option<&str>) -> Status {
        let agreement = agreement.map(|status| {
            AgreementAvailability::builder()
                .status(AgreementStatus::from(status))
                .build()
                .expect("the status is there")
        });
        let answer = GetFoundationModelAvailabilityOutput::builder()
            .model_id("model")
            .region_availability(RegionAvailability::from(region))
            .entitlement_availability(EntitlementAvailability::from(entitlement))
            .authorization_status(AuthorizationStatus::from(authorization))
            .set_agreement_availability(agreement)
            .build()
            .expect("every field is there");
        let deployment = fixtures::full(Geography::Us, 1);
        let model = deployment.models.first().expect("the fixture allows models");
        may_use(model, "us-east-1", &answer).status
    }

    #[test]
    fn a_model_may_be_used_when_all_four_say_so() {
        let (yes, no, may) = ("AVAILABLE", "NOT_AVAILABLE", "AUTHORIZED");
        assert_eq!(seen(yes, yes, may, Some(yes)), Status::Pass);
        assert_eq!(seen(no, yes, may, Some(yes)), Status::Fail);
        assert_eq!(seen(yes, yes, "NOT_AUTHORIZED", Some(yes)), Status::Fail);
        assert_eq!(seen(yes, no, may, Some(yes)), Status::Pending);
        assert_eq!(seen(yes, no, may, Some(no)), Status::Pending);
        assert_eq!(seen(yes, yes, may, Some("PENDING")), Status::Pending);
        assert_eq!(seen(yes, yes, may, Some("ERROR")), Status::Fail);
        assert_eq!(seen(yes, yes, may, None), Status::Unknown);
        assert_eq!(seen("NEW", yes, may, Some(yes)), Status::Unknown);
        assert_eq!(seen(yes, "NEW", may, Some(yes)), Status::Unknown);
        assert_eq!(seen(yes, yes, "NEW", Some(yes)), Status::Unknown);
        assert_eq!(seen(yes, yes, may, Some("NEW")), Status::Unknown);
    }
}
