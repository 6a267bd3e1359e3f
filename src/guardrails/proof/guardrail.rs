//! No invocation by a developer without the guardrail.

use super::Theme;
use super::case::{Case, request, with, without};
use super::invocation::through;
use super::people;
use crate::deployment::model::Deployment;
use crate::guardrails::arns::Arns;
use crate::guardrails::invocation::INVOKE;

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    if d.guardrail.is_none() {
        return;
    }
    let developer = people::developer(d);
    let stack = developer.as_deployed(d);
    let arns = Arns::new(d);
    let key = "bedrock:GuardrailIdentifier";
    let ours = people::guardrail_arn(d);
    for action in INVOKE {
        for model in &d.models {
            let resource = arns.foundation_model(&d.region, &model.base_id);
            let call = || {
                through(
                    request(&developer.caller, action, &resource, &d.region),
                    &arns.system_profile(model),
                )
            };
            let mut deny = |request, reason: &str| {
                cases.push(Case::deny(Theme::Guardrail, developer.label, &stack, request, reason));
            };
            deny(without(call(), key), "no guardrail named");
            deny(with(call(), key, &arns.guardrail("another12345")), "another guardrail");
            deny(
                with(call(), key, &format!("{ours}x")),
                "a guardrail whose id begins alike",
            );
            for (value, reason) in [
                (format!("{ours}:1"), "a version of the guardrail"),
                (ours.clone(), "the guardrail's draft"),
            ] {
                let request = with(call(), key, &value);
                cases.push(Case::allow(Theme::Guardrail, developer.label, &stack, request, reason));
            }
        }
    }
}
