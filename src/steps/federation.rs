//! Phase 4 with an OpenID provider: whose tokens become sessions, and who is seen in the log.

use super::attribution::query;
use super::federation_sources as sources;
use super::identity_pool;
use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Access, Deployment, Federation, POOL_SESSION};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let Access::Federation(federation) = &deployment.access else {
        return Vec::new();
    };
    let mut steps = vec![sources::application(federation)];
    if federation.identity_pool.is_none() {
        steps.extend(sources::tags(deployment, federation));
    }
    if !federation.is_built_in() {
        steps.push(provider(deployment, federation));
    }
    steps.extend(identity_pool::pool(deployment, federation));
    steps.push(role(deployment, federation));
    steps.push(match federation.identity_pool {
        Some(_) => identity_pool::shared(deployment, federation),
        None => claimed(deployment, federation),
    });
    steps.push(login(deployment, federation));
    steps.extend(query(deployment));
    steps
}

fn provider(deployment: &Deployment, federation: &Federation) -> Step {
    let arn = federation.principal(&deployment.partition, &deployment.account_id);
    let workload = Account::Workload(deployment.account_id.clone());
    let show = format!(
        "aws iam get-open-id-connect-provider --open-id-connect-provider-arn {}",
        word(&arn)
    );
    let listed: Vec<String> = federation.client_ids().map(|id| format!("`{id}`")).collect();
    let step = if federation.is_reused {
        let add = federation.client_ids().map(|id| {
            format!(
                "aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn {} --client-id {}",
                word(&arn),
                word(id)
            )
        });
        let lines: Vec<String> = add.chain([show]).collect();
        Step::new(
            "attribution-oidc-provider",
            Phase::Attribution,
            "Have the applications added to the account's IAM OIDC provider",
            workload,
            Owner::Api,
        )
        .action(format!(
            "Whoever manages `{arn}` adds {}; AWS refuses tokens for an application that is not listed there.",
            listed.join(", ")
        ))
        .run(&lines)
        .note_if(
            federation.identity_pool.is_some(),
            "The identity pool takes the tokens of every application that is listed there: no others may be.",
        )
    } else {
        Step::new(
            "attribution-oidc-provider",
            Phase::Attribution,
            "Look at the account's IAM OIDC provider",
            workload,
            Owner::Terraform(Root::Workload),
        )
        .action(format!("terraform/workload creates `{arn}` for {}.", listed.join(", ")))
        .run(&[show])
        .note(
            "An account has one provider for each issuer. Where the apply ends with EntityAlreadyExists, somebody has \
             made it: set `oidc_provider_arn` in the deployment file, or have it imported.",
        )
    };
    step.console("IAM › Identity providers").note(
        "AWS must reach the issuer's `/.well-known/openid-configuration` and the keys that it names from the \
             internet, with a certificate of a public authority.",
    )
}

fn role(deployment: &Deployment, federation: &Federation) -> Step {
    let names = &deployment.names;
    Step::new(
        "attribution-roles",
        Phase::Attribution,
        "Look at whose tokens the role takes",
        Account::Workload(deployment.account_id.clone()),
        Owner::Terraform(Root::Workload),
    )
    .action("terraform/workload creates the role; compare its trust with `policies/developer-trust.json`.")
    .console("IAM › Roles › the role › Trust relationships")
    .run(&[format!(
        "aws iam get-role --role-name {} --query Role.AssumeRolePolicyDocument",
        word(&names.developer)
    )])
    .note(match federation.identity_pool {
        Some(_) => "It trusts the pool's tokens of those who signed in; `${identity_pool_id}` stands for the pool's id.",
        None => {
            "AWS compares aud, sub, amr, email and tags of a token, and no other claim: a condition on `groups` is never met."
        }
    })
    .note_if(
        federation.identity_pool.is_some() && federation.tags().next().is_some(),
        "That the role sees the pool's tags as `aws:RequestTag` follows from how AWS passes tags of a token; nothing here has \
         tried it against AWS. If a right login is refused, look there first.",
    )
    .note_if(
        !federation.email_domains.is_empty() && federation.session_tag.is_none(),
        "That AWS compares `email` for every provider is what its documentation says; nothing here has tried it against \
         AWS. If a right login is refused, look there first.",
    )
    .note_if(
        !federation.email_domains.is_empty(),
        "Addresses are compared letter for letter: a token with `@Example.com` is refused.",
    )
}

fn claimed(deployment: &Deployment, federation: &Federation) -> Step {
    let bound = match &federation.session_tag {
        Some(tag) => format!(
            "The tag `{tag}` binds application inference profiles: a developer can use no other than their own, so the \
             profile says who called."
        ),
        None => "Nothing in a session binds a call to a person; `session_tag` in the deployment file would, for \
                 application inference profiles."
            .to_owned(),
    };
    Step::new(
        "attribution-claimed",
        Phase::Attribution,
        "Decide whether claimed names are enough",
        Account::Workload(deployment.account_id.clone()),
        Owner::Human,
    )
    .action(format!(
        "`credential-process` names each session after the e-mail address in the token, and that is the name in the log. \
         Another program can exchange the same token under another name. {bound}"
    ))
    .console("CloudTrail › Event history › AssumeRoleWithWebIdentity")
    .run(&[
        "# The session names that were chosen so far, beside the subject of the token:".to_owned(),
        format!(
            "aws cloudtrail lookup-events --region {} --lookup-attributes \
             AttributeKey=EventName,AttributeValue=AssumeRoleWithWebIdentity --query 'Events[].CloudTrailEvent' \
             --max-items 20",
            word(&deployment.region)
        ),
    ])
    .note("Whether AWS can compare the session name with a claim of the token is documented nowhere; tfgen relies on no such condition.")
}

fn login(deployment: &Deployment, federation: &Federation) -> Step {
    let (profile, role) = (&deployment.names.cli_profile, &deployment.names.developer);
    let (partition, account) = (&deployment.partition, &deployment.account_id);
    let pooled = federation.identity_pool.is_some();
    let tagged = federation.tags().next().is_some() && !pooled;
    let mut lines = vec![format!("aws sts get-caller-identity --profile {}", word(profile))];
    if tagged {
        lines.push(format!("credential-process --profile {} --show-tags", word(profile)));
    }
    Step::new(
        "attribution-login",
        Phase::Attribution,
        "Sign in as a developer",
        Account::Developer,
        Owner::Human,
    )
    .action(format!(
        "A browser opens, and after the login the ARN reads \
         `arn:{partition}:sts::{account}:assumed-role/{role}/{}`.",
        if pooled { POOL_SESSION } else { "<e-mail address>" }
    ))
    .no_console("it happens on the developer's own machine")
    .run(&lines)
    .note(format!(
        "The profile `{profile}` and `config.json` come from `tfgen onboard`."
    ))
    .note_if(
        tagged,
        "The tags must be the developer's own: the address as in the roster, letter for letter.",
    )
}
