//! How a developer's machine gets credentials: sections of `~/.aws/config`, and under which name.

use std::collections::{BTreeMap, BTreeSet};

use workstation::aws_config::{Header, Section};

use super::Error;
use crate::deployment::model::{Access, Deployment, Developer, IdentityCenter, POOL_SESSION, Roles, Trusted};
use crate::deployment::people;

/// Who sets the name under which the invocation log shows a developer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// Identity Center puts the user name into the session.
    Center,
    /// The IAM user of this name; the role's trust policy admits no other session name.
    User(String),
    /// Whatever the developer's machine says; this name is configured.
    Claimed(String),
    /// `credential-process` takes it from the token; another program can take another name.
    Token,
    /// An identity pool gives every session the same name.
    Pool,
}

/// The identity of each developer who can have credentials, by id. Who is missing is no trusted IAM user, while
/// nobody else is trusted.
pub fn identities(deployment: &Deployment) -> BTreeMap<&str, Identity> {
    let roles = match &deployment.access {
        Access::IdentityCenter(_) => {
            let all = deployment.developers.iter();
            return all.map(|developer| (developer.id.as_str(), Identity::Center)).collect();
        }
        Access::Federation(federation) => {
            let all = deployment.developers.iter();
            let identity = match federation.identity_pool {
                Some(_) => Identity::Pool,
                None => Identity::Token,
            };
            return all.map(|developer| (developer.id.as_str(), identity.clone())).collect();
        }
        Access::Roles(roles) => roles,
    };
    let users = people::users(&deployment.developers, roles);
    let somebody_is_believed = roles
        .developers
        .iter()
        .any(|trusted| matches!(trusted, Trusted::Role { .. }));
    let identity = |developer: &Developer| match users.get(developer.id.as_str()) {
        Some(name) => Some(Identity::User((*name).to_owned())),
        None if somebody_is_believed => Some(Identity::Claimed(session_name(developer))),
        None => None,
    };
    deployment
        .developers
        .iter()
        .filter_map(|developer| Some((developer.id.as_str(), identity(developer)?)))
        .collect()
}

/// The developers among `chosen` who may assume the developer role, and the ids of those who may not.
pub fn trusted<'d>(deployment: &Deployment, chosen: &[&'d Developer]) -> (Vec<&'d Developer>, Vec<String>) {
    let identities = identities(deployment);
    let (trusted, strangers): (Vec<&Developer>, Vec<&Developer>) = chosen
        .iter()
        .partition(|developer| identities.contains_key(developer.id.as_str()));
    (
        trusted,
        strangers.into_iter().map(|developer| developer.id.clone()).collect(),
    )
}

/// The e-mail address, or the id where STS would refuse the address.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html> (2 to 64 of `\w+=,.@-`)
fn session_name(developer: &Developer) -> String {
    let admitted = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let fits = (2..=64).contains(&developer.email.len()) && developer.email.chars().all(admitted);
    if fits {
        developer.email.clone()
    } else {
        developer.id.clone()
    }
}

/// The sections of `~/.aws/config` for one developer.
///
/// # Errors
/// When a value of the deployment cannot stand in the file.
pub fn sections(deployment: &Deployment, identity: &Identity, source_profile: &str) -> Result<Vec<Section>, Error> {
    match &deployment.access {
        Access::IdentityCenter(center) => center_sections(deployment, center),
        Access::Federation(_) => Ok(vec![process_section(deployment)?]),
        Access::Roles(roles) => Ok(vec![role_section(deployment, roles, identity, source_profile)?]),
    }
}

fn profile(deployment: &Deployment) -> Result<Section, Error> {
    Ok(Section::new(Header::Profile(deployment.names.cli_profile.clone()))?)
}

fn center_sections(deployment: &Deployment, center: &IdentityCenter) -> Result<Vec<Section>, Error> {
    let session = &deployment.names.cli_profile;
    Ok(vec![
        Section::new(Header::SsoSession(session.clone()))?
            .with("sso_start_url", &center.start_url)?
            .with("sso_region", &center.region)?
            .with("sso_registration_scopes", "sso:account:access")?,
        profile(deployment)?
            .with("sso_session", session)?
            .with("sso_account_id", &deployment.account_id)?
            .with("sso_role_name", &deployment.names.developer)?
            .with("region", &deployment.region)?,
    ])
}

/// The program is found on the search path: the AWS CLI expands neither `~` nor variables in this line.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
fn process_section(deployment: &Deployment) -> Result<Section, Error> {
    let name = &deployment.names.cli_profile;
    Ok(profile(deployment)?
        .with("credential_process", format!("credential-process --profile {name}"))?
        .with("region", &deployment.region)?)
}

fn role_section(
    deployment: &Deployment,
    roles: &Roles,
    identity: &Identity,
    source_profile: &str,
) -> Result<Section, Error> {
    let (partition, account, role) = (
        &deployment.partition,
        &deployment.account_id,
        &deployment.names.developer,
    );
    let section = profile(deployment)?
        .with("role_arn", format!("arn:{partition}:iam::{account}:role/{role}"))?
        .with("source_profile", source_profile)?;
    let section = match identity {
        Identity::User(name) => section
            .with("role_session_name", name)?
            .with("duration_seconds", roles.max_session_seconds.to_string())?,
        // A role assumed from a role lasts an hour at most, whatever its own maximum, so no duration is asked for.
        Identity::Claimed(name) => section.with("role_session_name", name)?,
        Identity::Center | Identity::Token | Identity::Pool => section,
    };
    Ok(section.with("region", &deployment.region)?)
}

/// How far the log's name for a developer can be trusted, in words.
pub fn described(deployment: &Deployment, identity: &Identity) -> String {
    let role = &deployment.names.developer;
    match identity {
        Identity::Center => "Identity Center puts the user name into every session; it cannot be chosen.".to_owned(),
        Identity::Token => {
            let profiles = match crate::guardrails::own_profile_tags(deployment) {
                Some(_) => {
                    "What binds a call is a tag of the token: nothing can be called but the developer's own profiles."
                }
                None => "Only Identity Center, an IAM user or a tag of the token binds it.",
            };
            format!(
                "`credential-process` names the session after the e-mail address in the token. Another program can \
                 exchange the token under another name, so the invocation log shows what the caller claims. {profiles}"
            )
        }
        Identity::Pool => {
            let profiles = match crate::guardrails::own_profile_tags(deployment) {
                Some(_) => {
                    "What binds a call is a tag that the pool makes of the token: nothing can be called but the \
                            developer's own profiles."
                }
                None => "Nothing binds a call to a person; `session_tag` would.",
            };
            format!(
                "The identity pool names every session `{POOL_SESSION}`, so the invocation log's names say \
                 nothing. A session lasts an hour; `credential-process` gets the next one by itself. {profiles}"
            )
        }
        Identity::User(name) => format!(
            "The role {role} admits the IAM user {name} under the session name `{name}` only, so the log shows who \
             called. The access keys of that user stand in the source profile."
        ),
        Identity::Claimed(name) => format!(
            "The session name `{name}` is set on this machine and can be changed there: the invocation log shows \
             what the caller claims. Only an IAM user, Identity Center or a token binds it."
        ),
    }
}

/// The names of IAM users that the developer role trusts and that are nobody's in the roster.
pub fn unused_users(deployment: &Deployment) -> Vec<String> {
    let Access::Roles(roles) = &deployment.access else {
        return Vec::new();
    };
    let taken: BTreeSet<&str> = people::users(&deployment.developers, roles).into_values().collect();
    let named = roles.developers.iter().filter_map(|trusted| match trusted {
        Trusted::User { name, .. } if !taken.contains(name.as_str()) => Some(name.clone()),
        _ => None,
    });
    named.collect()
}
