//! Phase 4 with roles: who may assume the developer role, and who is seen in the log.

use super::attribution::query;
use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Access, Deployment, Roles, Trusted};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let Access::Roles(roles) = &deployment.access else {
        return Vec::new();
    };
    let users: Vec<(&str, &str)> = roles
        .developers
        .iter()
        .filter_map(|trusted| match trusted {
            Trusted::User { arn, name } => Some((arn.as_str(), name.as_str())),
            Trusted::Role { .. } => None,
        })
        .collect();
    let mut steps = Vec::new();
    if !users.is_empty() {
        steps.push(iam_users(deployment, &users));
    }
    if users.len() < roles.developers.len() {
        steps.push(claimed(deployment, roles));
    }
    steps.push(roles_applied(deployment, roles));
    steps.push(login(deployment, !users.is_empty()));
    steps.extend(query(deployment));
    steps
}

fn role_arn(deployment: &Deployment) -> String {
    format!(
        "arn:{}:iam::{}:role/{}",
        deployment.partition, deployment.account_id, deployment.names.developer
    )
}

/// The account in an ARN of IAM.
fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

fn iam_users(deployment: &Deployment, users: &[(&str, &str)]) -> Step {
    let foreign = users.iter().any(|(arn, _)| account_of(arn) != deployment.account_id);
    let statement = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role_arn(deployment)}],
    });
    let example = users.first().map_or("NAME", |(_, name)| name);
    Step::new(
        "attribution-iam-users",
        Phase::Attribution,
        format!(
            "Have the {} trusted IAM user{}",
            users.len(),
            if users.len() == 1 { "" } else { "s" }
        ),
        Account::Of("the IAM users"),
        Owner::Api,
    )
    .action("Each user exists, has multi-factor authentication, and may assume the developer role:")
    .console("IAM › Users")
    .paste("json", format!("{statement:#}"))
    .run(&[
        format!("aws iam get-user --user-name {}", word(example)),
        format!("aws iam list-mfa-devices --user-name {}", word(example)),
    ])
    .note("The role admits a user only under a session name that equals the user name, so the log shows who called.")
    .note_if(
        foreign,
        "A user of another account needs the policy above in that account; the role's trust alone is not enough.",
    )
    .note("A user who is deleted and made again under the same name is another principal: apply terraform/workload again.")
}

fn claimed(deployment: &Deployment, roles: &Roles) -> Step {
    let trusted: Vec<String> = roles
        .developers
        .iter()
        .filter_map(|trusted| match trusted {
            Trusted::Role { arn, .. } => Some(format!("`{arn}`")),
            Trusted::User { .. } => None,
        })
        .collect();
    Step::new(
        "attribution-claimed",
        Phase::Attribution,
        "Decide whether claimed names are enough",
        Account::Workload(deployment.account_id.clone()),
        Owner::Human,
    )
    .action(format!(
        "Whoever comes through {} chooses the session name, and with it the name in the log. Costs are as honest as \
         the developers' configuration. Identity Center or IAM users bind the name.",
        trusted.join(", ")
    ))
    .action(format!(
        "Those roles may call `sts:AssumeRole` on `{}`.",
        role_arn(deployment)
    ))
    .note("A role assumed from a role lasts an hour at most.")
}

fn roles_applied(deployment: &Deployment, roles: &Roles) -> Step {
    let names = &deployment.names;
    let mut all = vec![&names.developer];
    if !roles.admins.is_empty() {
        all.push(&names.admin);
    }
    if !roles.analysts.is_empty() {
        all.push(&names.analyst);
    }
    let lines: Vec<String> = all
        .iter()
        .map(|role| {
            format!(
                "aws iam get-role --role-name {} --query Role.AssumeRolePolicyDocument",
                word(role)
            )
        })
        .collect();
    Step::new(
        "attribution-roles",
        Phase::Attribution,
        "Look at who may assume the roles",
        Account::Workload(deployment.account_id.clone()),
        Owner::Terraform(Root::Workload),
    )
    .action("terraform/workload creates the roles; compare their trust with `policies/*-trust.json`.")
    .console("IAM › Roles › the role › Trust relationships")
    .run(&lines)
}

fn login(deployment: &Deployment, users: bool) -> Step {
    let (profile, role) = (&deployment.names.cli_profile, &deployment.names.developer);
    let (partition, account) = (&deployment.partition, &deployment.account_id);
    Step::new(
        "attribution-login",
        Phase::Attribution,
        "Assume the role as a developer",
        Account::Developer,
        Owner::Human,
    )
    .action(format!(
        "The ARN must read `arn:{partition}:sts::{account}:assumed-role/{role}/<session name>`, the name being the \
         developer's."
    ))
    .run(&[format!("aws sts get-caller-identity --profile {}", word(profile))])
    .note(format!("The profile `{profile}` comes from `tfgen onboard`."))
    .note_if(
        users,
        "As an IAM user, try another `role_session_name`: it must be refused with AccessDenied.",
    )
}
