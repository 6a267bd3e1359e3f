//! A call of each allowed model, on request only: nothing else proves that it answers.

use aws_sdk_bedrockruntime::primitives::Blob;
use serde_json::Value;

use super::super::check::Check;
use super::super::probe::Seen;
use super::{check, strange};
use crate::aws::operations::bedrock::INVOKE_MODEL;
use crate::aws::{Kind, Trouble};
use crate::deployment::model::{AllowedModel, Deployment};
use crate::verify::next::SUBMIT_FORM;

/// One token of output.
const BODY: &str =
    r#"{"anthropic_version":"bedrock-2023-05-31","max_tokens":1,"messages":[{"role":"user","content":"Hi"}]}"#;

pub fn answers(deployment: &Deployment) -> Vec<Check> {
    deployment.models.iter().map(answers_one).collect()
}

fn answers_one(model: &AllowedModel) -> Check {
    let profile = model.profile_id.clone();
    check(
        format!("foundation-model-call-{}", model.key),
        "foundation-model-access",
        format!("{} answers", model.name),
    )
    .expects(format!("a call of {profile} with one token of output is answered"))
    .calls(&[&INVOKE_MODEL])
    .looks(move |probe| {
        let profile = profile.clone();
        async move {
            // The check is not even listed then; but a call is billed.
            if !probe.scene().may_call_models {
                return Ok(Seen::skipped("models are called on request only").next("add `--call-models`"));
            }
            let region = probe.region();
            let answer = probe
                .call(&INVOKE_MODEL, |account| {
                    account
                        .bedrock_runtime(region)
                        .invoke_model()
                        .model_id(&profile)
                        .content_type("application/json")
                        .accept("application/json")
                        .body(Blob::new(BODY))
                        .send()
                })
                .await;
            match answer {
                Ok(answer) => Ok(answered(answer.body().as_ref())),
                Err(trouble) => refused(trouble),
            }
        }
    })
}

/// A message with the tokens that it took.
fn answered(body: &[u8]) -> Seen {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let tokens = |name: &str| answer.pointer(&format!("/usage/{name}")).and_then(Value::as_u64);
    match (tokens("input_tokens"), tokens("output_tokens")) {
        (Some(input), Some(output)) => Seen::pass(format!("it answered: {input} tokens of input, {output} of output")),
        _ => strange("there was an answer, and it is no message of Claude"),
    }
}

/// What a refusal says about: the model, or the caller. In doubt it is the caller, of whom nothing follows for developers.
fn refused(trouble: Trouble) -> Result<Seen, Trouble> {
    let message = trouble.message.to_lowercase();
    let says = |part: &str| message.contains(part);
    if trouble.is("ResourceNotFoundException") || trouble.is("ValidationException") {
        let next = match says("use case") {
            true => SUBMIT_FORM,
            false => {
                "look at the results of foundation-profiles, foundation-model-access and, where it is there, \
                      foundation-data-retention"
            }
        };
        return Ok(Seen::fail(trouble.message).next(next));
    }
    if trouble.kind != Kind::Denied {
        return Err(trouble);
    }
    if says("is not authorized to perform") && !says("aws-marketplace:") {
        return Ok(
            Seen::unknown(trouble.message).next(match says("service control policy") {
                true => {
                    "an SCP denies the call; unless it exempts developers by name, it denies theirs as well: look at \
                 foundation-scp-effective, and at the organization's other policies for the region in the message"
                }
                false => "call with credentials that may `bedrock:InvokeModel` on the profile and the model behind it",
            }),
        );
    }
    let is_about_the_model = [
        "access to the model",
        "model access is denied",
        "marketplace",
        "payment",
    ];
    if is_about_the_model.into_iter().any(says) {
        return Ok(Seen::fail(trouble.message).next(
            "let a role with `aws-marketplace:Subscribe` and `aws-marketplace:ViewSubscriptions` make the first call, \
             look at payment method and Private Marketplace, and call again after 15 minutes",
        ));
    }
    Err(trouble)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    fn refusal(kind: Kind, code: &str, message: &str) -> Option<Status> {
        let trouble = Trouble {
            operation: "bedrock-runtime:InvokeModel",
            kind,
            code: Some(code.to_owned()),
            message: message.to_owned(),
        };
        refused(trouble).ok().map(|seen| seen.status)
    }

    #[test]
    fn only_an_answer_with_tokens_passes() {
        assert_eq!(
            answered(br#"{"usage":{"input_tokens":8,"output_tokens":1}}"#).status,
            Status::Pass
        );
        assert_eq!(answered(br#"{"usage":{"input_tokens":8}}"#).status, Status::Unknown);
        assert_eq!(answered(b"<html>").status, Status::Unknown);
        assert_eq!(answered(b"").status, Status::Unknown);
    }

    #[test]
    fn a_refusal_is_about_the_model_or_about_the_caller() {
        let denied = |message| refusal(Kind::Denied, "AccessDeniedException", message);
        assert_eq!(
            denied("You don't have access to the model with the specified model ID."),
            Some(Status::Fail)
        );
        assert_eq!(
            denied(
                "Model access is denied due to INVALID_PAYMENT_INSTRUMENT: A valid payment instrument must be provided."
            ),
            Some(Status::Fail)
        );
        assert_eq!(
            denied(
                "Model access is denied due to IAM user or service role is not authorized to perform the required AWS \
                 Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)"
            ),
            Some(Status::Fail)
        );
        assert_eq!(
            denied(
                "User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: bedrock:InvokeModel on resource: r"
            ),
            Some(Status::Unknown)
        );
        assert_eq!(
            denied(
                "User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: bedrock:InvokeModel on resource: r \
                 with an explicit deny in a service control policy"
            ),
            Some(Status::Unknown)
        );
        assert_eq!(denied("Something new."), None);
        assert_eq!(
            refusal(
                Kind::Refused,
                "ResourceNotFoundException",
                "Model use case details have not been submitted"
            ),
            Some(Status::Fail)
        );
        assert_eq!(
            refusal(
                Kind::Refused,
                "ValidationException",
                "The provided model identifier is invalid."
            ),
            Some(Status::Fail)
        );
        assert_eq!(refusal(Kind::Throttled, "ThrottlingException", "Too many tokens"), None);
    }
}
