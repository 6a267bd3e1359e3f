//! The developers' machines.

use super::step::{Account, Owner, Phase, Step, word};
use crate::deployment::model::{Deployment, ProfileScope};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    vec![configure(deployment), first_call(deployment), api_keys(deployment)]
}

fn configure(deployment: &Deployment) -> Step {
    let needs_outputs = deployment.profiles != ProfileScope::None || deployment.guardrail.is_some();
    Step::new(
        "onboarding-configure",
        Phase::Onboarding,
        "Give each developer the configuration",
        Account::Workload(deployment.account_id.clone()),
        Owner::Human,
    )
    .action(
        "`tfgen onboard` prints `~/.claude/settings.json` and the section of `~/.aws/config`, for one developer or \
         for all.",
    )
    .no_console("the files are for the developers' own machines")
    .run(&["tfgen onboard --out onboarding"])
    .note_if(
        needs_outputs,
        "It reads the outputs of terraform/workload, so that root must be applied first, and again after a developer \
         was added.",
    )
    .note(
        "Every model alias is pinned to an allowed model: an alias without a pin changes with an update of Claude \
         Code, and the call is denied.",
    )
    .note(
        "`AWS_BEARER_TOKEN_BEDROCK` must not be set on a developer's machine: Claude Code would use that key instead \
         of the developer's own credentials, and the log would show the owner of the key.",
    )
}

fn first_call(deployment: &Deployment) -> Step {
    let profile = word(&deployment.names.cli_profile);
    let mut step = Step::new(
        "onboarding-first-call",
        Phase::Onboarding,
        "Let a developer make the first call",
        Account::Developer,
        Owner::Human,
    )
    .action("`claude -p` answers, and `/status` in a session shows Amazon Bedrock, the region and the model.")
    .no_console("it happens on the developer's own machine")
    .run(&[
        format!("aws sts get-caller-identity --profile {profile}"),
        "claude --version".to_owned(),
        "claude -p 'Reply with one word.'".to_owned(),
    ]);
    if deployment.profiles != ProfileScope::None && deployment.logging.is_some() {
        step = step.note(
            "In the log, `modelid` of that call is the ARN of an application inference profile. A plain model id there \
             means that the configuration was not read, and that the call carries no cost tags.",
        );
    }
    step
}

fn api_keys(deployment: &Deployment) -> Step {
    Step::new(
        "onboarding-api-keys",
        Phase::Onboarding,
        "Look for long-term Bedrock API keys",
        Account::Workload(deployment.account_id.clone()),
        Owner::Human,
    )
    .action("The list is empty. A key in it calls models as an IAM user of its own, not as a developer: delete it.")
    .console("Amazon Bedrock › API keys")
    .run(&["aws iam list-service-specific-credentials --all-users --service-name bedrock.amazonaws.com"])
}
