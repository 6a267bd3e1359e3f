//! Phase 4 with an identity pool between the tokens and the role.

use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Deployment, Federation, OpenIdProvider, POOL_SESSION};

/// The pool, and what of a token becomes tags; nothing where there is none.
pub fn pool(deployment: &Deployment, federation: &Federation) -> Option<Step> {
    federation.identity_pool.as_ref()?;
    let (name, region) = (&deployment.names.developer, word(&deployment.region));
    let id = "$(terraform -chdir=terraform/workload output -raw identity_pool_id)";
    let mut lines = vec![
        format!("aws cognito-identity describe-identity-pool --region {region} --identity-pool-id \"{id}\""),
        format!("aws cognito-identity get-identity-pool-roles --region {region} --identity-pool-id \"{id}\""),
    ];
    let tags = federation.mapped_tags();
    if !tags.is_empty() {
        let provider = federation.principal(&deployment.partition, &deployment.account_id);
        lines.push(format!(
            "aws cognito-identity get-principal-tag-attribute-map --region {region} --identity-pool-id \"{id}\" \
             --identity-provider-name {}",
            word(&provider)
        ));
    }
    let step = Step::new(
        "attribution-identity-pool",
        Phase::Attribution,
        "Look at the identity pool",
        Account::Workload(deployment.account_id.clone()),
        Owner::Terraform(Root::Workload),
    )
    .action(format!(
        "terraform/workload creates the pool `{name}`: it gives sessions of the role `{name}` alone, in the enhanced flow, to \
         whoever has signed in and nobody else."
    ));
    let step = match tags.is_empty() {
        true => step,
        false => {
            let made: Vec<String> = tags
                .iter()
                .map(|(tag, claim)| format!("`{tag}` of the claim `{claim}`"))
                .collect();
            step.action(format!("It makes the session's tags: {}.", made.join(", ")))
                .note("A tag is made of one text. Of a claim that is a list, as `groups` mostly is, or missing, there is none, and the login is refused.")
                .note("Users must not be able to change the attributes behind these claims. Where anybody can set an unverified address, `email` says nothing.")
                .note_if(
                    federation.provider == OpenIdProvider::Cognito,
                    "In a user pool users change their own attributes by default: under App clients › the client › Attribute \
                     permissions take the write permission for these attributes away, or whoever changes their `email` is \
                     somebody else.",
                )
        }
    };
    Some(
        step.console("Amazon Cognito › Identity pools › the pool › User access")
            .run(&lines)
            .note("Sessions last one hour. The pool is free of charge."),
    )
}

/// The decision about a name that all share.
pub fn shared(deployment: &Deployment, federation: &Federation) -> Step {
    let bound = match &federation.session_tag {
        Some(tag) => format!(
            "The tag `{tag}` binds application inference profiles: a developer can use no other than their own, so the profile \
             says who called."
        ),
        None => {
            "Nothing in a session binds a call to a person; `session_tag` in the deployment file would, by application \
                 inference profiles."
                .to_owned()
        }
    };
    Step::new(
        "attribution-claimed",
        Phase::Attribution,
        "Decide whether a shared name is enough",
        Account::Workload(deployment.account_id.clone()),
        Owner::Human,
    )
    .action(format!(
        "Every session of the identity pool is called `{POOL_SESSION}`, in the log as in CloudTrail. {bound}"
    ))
    .console("CloudTrail › Event history › AssumeRoleWithWebIdentity")
    .run(&[
        "# Who signed in so far, by the id that the pool gave them:".to_owned(),
        format!(
            "aws cloudtrail lookup-events --region {} --lookup-attributes \
             AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity --query 'Events[].CloudTrailEvent' \
             --max-items 20",
            word(&deployment.region)
        ),
    ])
    .note("Without `identity_pool` each session has a name of its own, which its caller claims.")
}
