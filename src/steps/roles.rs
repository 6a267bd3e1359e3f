//! Phase 4 with roles: who may assume the developer role, and who is seen in the log.

use std::collections::{BTreeMap, BTreeSet};

use super::attribution::query;
use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Access, Deployment, Roles, Trusted};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let Access::Roles(roles) = &deployment.access else {
        return Vec::new();
    };
    let users = users(deployment, roles);
    let mut steps = Vec::new();
    if !users.is_empty() {
        steps.push(iam_users(deployment, &users));
    }
    if roles
        .developers
        .iter()
        .any(|trusted| matches!(trusted, Trusted::Role { .. }))
    {
        steps.push(claimed(deployment, roles));
    }
    steps.push(roles_applied(deployment, roles));
    let developers = users.iter().any(|user| user.role == deployment.names.developer);
    steps.push(login(deployment, developers));
    steps.extend(query(deployment));
    steps
}

/// An IAM user and the role that trusts it.
struct User<'a> {
    arn: &'a str,
    name: &'a str,
    role: &'a str,
}

/// The IAM users that any of the roles trusts.
fn users<'a>(deployment: &'a Deployment, roles: &'a Roles) -> Vec<User<'a>> {
    let names = &deployment.names;
    [
        (&roles.developers, &names.developer),
        (&roles.admins, &names.admin),
        (&roles.analysts, &names.analyst),
    ]
    .into_iter()
    .flat_map(|(trusted, role)| trusted.iter().map(move |trusted| (trusted, role)))
    .filter_map(|(trusted, role)| match trusted {
        Trusted::User { arn, name } => Some(User { arn, name, role }),
        Trusted::Role { .. } => None,
    })
    .collect()
}

fn role_arn(deployment: &Deployment, role: &str) -> String {
    format!(
        "arn:{}:iam::{}:role/{role}",
        deployment.partition, deployment.account_id
    )
}

/// The account in an ARN of IAM.
fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

fn iam_users(deployment: &Deployment, users: &[User<'_>]) -> Step {
    let foreign = users.iter().any(|user| account_of(user.arn) != deployment.account_id);
    let people: BTreeSet<&str> = users.iter().map(|user| user.arn).collect();
    let by_role: BTreeMap<&str, Vec<&str>> = users.iter().fold(BTreeMap::new(), |mut by_role, user| {
        by_role.entry(user.role).or_insert_with(Vec::new).push(user.name);
        by_role
    });
    let example = users.first().map_or("NAME", |user| user.name);
    let mut step = Step::new(
        "attribution-iam-users",
        Phase::Attribution,
        format!(
            "Have the {} trusted IAM user{}",
            people.len(),
            if people.len() == 1 { "" } else { "s" }
        ),
        Account::Of("the IAM users"),
        Owner::Api,
    )
    .action("Each user exists, has multi-factor authentication, and may assume its role:")
    .console("IAM › Users");
    for (role, names) in &by_role {
        step = step.action(format!("`{role}`: {}.", shown(names)));
        let statement = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role_arn(deployment, role)}],
        });
        step = step.paste("json", format!("{statement:#}"));
    }
    step.run(&[
        format!("aws iam get-user --user-name {}", word(example)),
        format!("aws iam list-mfa-devices --user-name {}", word(example)),
    ])
    .note("The role admits a user only under a session name that equals the user name, so the log shows who called.")
    .note_if(
        foreign,
        "A user of another account needs its role's policy above in that account; the role's trust alone is not enough.",
    )
    .note("A user who is deleted and made again under the same name is another principal: apply terraform/workload again.")
}

/// The first names of a list.
fn shown(names: &[&str]) -> String {
    const SHOWN: usize = 20;
    let first: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => first.join(", "),
        Some(more) => format!("{} and {more} more", first.join(", ")),
    }
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
        role_arn(deployment, &deployment.names.developer)
    ))
    .console("IAM › Roles › the role › Permissions; CloudTrail › Event history › AssumeRole")
    .run(&[
        "# The session names that were chosen so far:".to_owned(),
        format!(
            "aws cloudtrail lookup-events --region {} --lookup-attributes \
             AttributeKey=EventName,AttributeValue=AssumeRole --query 'Events[].CloudTrailEvent' --max-items 20",
            word(&deployment.region)
        ),
    ])
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
    .console("The account menu › Switch role (with the account and the role above)")
    .run(&[format!("aws sts get-caller-identity --profile {}", word(profile))])
    .note(format!("The profile `{profile}` comes from `tfgen onboard`."))
    .note_if(
        users,
        "As an IAM user, try another `role_session_name`: it must be refused with AccessDenied.",
    )
}
