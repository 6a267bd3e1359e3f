//! The instance of Identity Center, and what it puts into sessions.

use std::rc::Rc;

use aws_sdk_ssoadmin::operation::describe_instance_access_control_attribute_configuration::DescribeInstanceAccessControlAttributeConfigurationOutput as Attributes;
use aws_sdk_ssoadmin::types::{
    InstanceAccessControlAttributeConfigurationStatus as AttributesStatus, InstanceMetadata, InstanceStatus,
};

use super::{INSTANCE, check};
use crate::aws::operations::identity_center::{
    DESCRIBE_INSTANCE, DESCRIBE_INSTANCE_ACCESS_CONTROL_ATTRIBUTE_CONFIGURATION, LIST_INSTANCES,
};
use crate::aws::{Kind, Trouble};
use crate::deployment::model::{Deployment, IdentityCenter, IdentitySource, ProfileScope};
use crate::steps::{session_tag_source, word};
use crate::verify::check::{Check, From};
use crate::verify::probe::{Probe, Seen};

/// The instances that the account sees in the region of the configured one.
async fn instances(probe: &Probe, center: &IdentityCenter) -> Result<Rc<Vec<InstanceMetadata>>, Trouble> {
    let region = center.region.clone();
    probe
        .once("identity-center-instances", |probe| async move {
            let pages = probe
                .pages(
                    &LIST_INSTANCES,
                    |account, token| account.sso_admin(&region).list_instances().set_next_token(token).send(),
                    |page| page.next_token(),
                )
                .await?;
            Ok(pages.iter().flat_map(|page| page.instances()).cloned().collect())
        })
        .await
}

/// The id of the identity store. Whoever asks needs the check of the instance to have passed, and declares its operation.
///
/// # Errors
/// When AWS does not tell.
pub async fn store(probe: &Probe, center: &IdentityCenter) -> Result<String, Trouble> {
    let instances = instances(probe, center).await?;
    let store = instances
        .iter()
        .find(|instance| instance.instance_arn() == Some(&center.instance_arn))
        .and_then(|instance| instance.identity_store_id());
    store.map(str::to_owned).ok_or_else(|| Trouble {
        operation: LIST_INSTANCES.name,
        kind: Kind::Garbled,
        code: None,
        message: format!("{} has no identity store", center.instance_arn),
    })
}

/// Whose instance it is, as far as the deployment tells.
#[derive(Debug, Clone)]
struct Owners {
    dedicated: String,
    management: Option<String>,
}

pub fn instance(deployment: &Deployment, center: &Rc<IdentityCenter>) -> Check {
    let owners = Owners {
        dedicated: deployment.account_id.clone(),
        management: deployment
            .organization
            .as_ref()
            .map(|organization| organization.management_account_id.clone()),
    };
    let center = Rc::clone(center);
    check(
        INSTANCE,
        INSTANCE,
        From::IdentityCenter,
        "The organization's instance of Identity Center is there",
    )
    .expects(format!(
        "{} in {} is ACTIVE, an instance of the organization, with permission sets",
        center.instance_arn, center.region
    ))
    .calls(&[&LIST_INSTANCES, &DESCRIBE_INSTANCE])
    .looks(move |probe| {
        let (center, owners) = (Rc::clone(&center), owners.clone());
        async move {
            let instances = instances(&probe, &center).await?;
            let found = instances
                .iter()
                .find(|instance| instance.instance_arn() == Some(&center.instance_arn));
            let Some(found) = found else {
                return Ok(absent(&instances, &center));
            };
            if found.status() != Some(&InstanceStatus::Active) {
                return Ok(not_active(found));
            }
            let described = probe
                .call(&DESCRIBE_INSTANCE, |account| {
                    account
                        .sso_admin(&center.region)
                        .describe_instance()
                        .instance_arn(&center.instance_arn)
                        .send()
                })
                .await?;
            Ok(active(
                &center.instance_arn,
                found.owner_account_id(),
                described.permission_sets_enabled(),
                &owners,
            ))
        }
    })
}

fn absent(instances: &[InstanceMetadata], center: &IdentityCenter) -> Seen {
    let seen: Vec<&str> = instances
        .iter()
        .filter_map(|instance| instance.instance_arn())
        .collect();
    let observed = match seen.as_slice() {
        [] => format!("account {} sees no instance in {}", center.account_id, center.region),
        seen => format!(
            "account {} sees {} in {}",
            center.account_id,
            seen.join(", "),
            center.region
        ),
    };
    Seen::fail(observed).next(
        "enable IAM Identity Center in the management account; if it is enabled, correct `instance_arn`, `region` or \
         `account_id` of `identity_center`: it is seen in its own region alone, by its owner and delegated administrators",
    )
}

fn not_active(instance: &InstanceMetadata) -> Seen {
    let status = instance.status().map_or("not given", InstanceStatus::as_str);
    let reason = instance
        .status_reason()
        .map_or_else(String::new, |reason| format!(" ({reason})"));
    let observed = format!("the status is {status}{reason}");
    match instance.status() {
        Some(InstanceStatus::CreateInProgress) => Seen::pending(observed).next("wait until it is ACTIVE"),
        Some(InstanceStatus::CreateFailed | InstanceStatus::DeleteInProgress) => {
            Seen::fail(observed).next("enable IAM Identity Center again, in the management account")
        }
        _ => Seen::unknown(observed),
    }
}

/// An account instance, which a member account owns, has neither permission sets nor assignments.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/account-instances-identity-center.html>
fn active(arn: &str, owner: Option<&str>, permission_sets: Option<bool>, owners: &Owners) -> Seen {
    let Some(owner) = owner else {
        return Seen::unknown(format!("{arn} is ACTIVE, and AWS does not say whose it is"));
    };
    let observed = format!("{arn} is ACTIVE, of account {owner}");
    let is_members = owners
        .management
        .as_deref()
        .is_some_and(|management| management != owner);
    let advice = "use the organization's instance: an account instance has no permission sets";
    match permission_sets {
        Some(false) => Seen::fail(format!("{observed}, and has no permission sets")).next(advice),
        _ if is_members => Seen::fail(format!("{observed}, which is not the management account")).next(advice),
        Some(true) => Seen::pass(format!("{observed}, with permission sets")),
        None if owners.management.is_none() && owner == owners.dedicated => Seen::unknown(format!(
            "{observed}: whether that is the organization's instance cannot be told"
        ))
        .next("name the management account in the block `organization`"),
        None => Seen::pass(observed),
    }
}

pub fn session_tag(deployment: &Deployment, center: &Rc<IdentityCenter>) -> Option<Check> {
    let tag = center.session_tag.clone()?;
    let wanted = Mapping {
        tag: tag.clone(),
        path: session_tag_source(deployment),
        is_example: deployment.profiles == ProfileScope::Team,
        comes_otherwise: center.source != IdentitySource::Directory,
    };
    let center = Rc::clone(center);
    let expected = match wanted.is_example {
        true => format!("the key {tag} is mapped to the attribute that holds the team's name"),
        false => format!("the key {tag} is mapped to {}", wanted.path),
    };
    Some(
        check(
            "attribution-session-tag",
            "attribution-session-tag",
            From::IdentityCenter,
            format!("Every session carries the tag `{tag}`"),
        )
        .expects(expected)
        .calls(&[&DESCRIBE_INSTANCE_ACCESS_CONTROL_ATTRIBUTE_CONFIGURATION])
        .after(INSTANCE)
        .looks(move |probe| {
            let (center, wanted) = (Rc::clone(&center), wanted.clone());
            async move {
                let answer = probe
                    .call(&DESCRIBE_INSTANCE_ACCESS_CONTROL_ATTRIBUTE_CONFIGURATION, |account| {
                        account
                            .sso_admin(&center.region)
                            .describe_instance_access_control_attribute_configuration()
                            .instance_arn(&center.instance_arn)
                            .send()
                    })
                    .await;
                match answer {
                    Ok(answer) => Ok(mapped(&answer, &wanted, &center)),
                    Err(trouble) if trouble.is("ResourceNotFoundException") => {
                        Ok(Seen::fail("attributes for access control are not enabled").next(wanted.create(&center)))
                    }
                    Err(trouble) => Err(trouble),
                }
            }
        }),
    )
}

/// A session tag and the attribute that it is taken from.
#[derive(Debug, Clone)]
struct Mapping {
    tag: String,
    path: &'static str,
    /// Whether the attribute is only an example of one.
    is_example: bool,
    /// Whether an identity provider can send the tag itself.
    comes_otherwise: bool,
}

impl Mapping {
    fn create(&self, center: &IdentityCenter) -> String {
        self.command("create", &[(self.tag.clone(), vec![self.path.to_owned()])], center)
    }

    /// Keeps what is mapped: an update replaces the list.
    fn update(&self, attributes: &Attributes, center: &IdentityCenter) -> String {
        let mut all: Vec<(String, Vec<String>)> = attributes
            .instance_access_control_attribute_configuration()
            .map(|configuration| configuration.access_control_attributes())
            .unwrap_or_default()
            .iter()
            .filter(|attribute| attribute.key() != self.tag)
            .map(|attribute| {
                let sources = attribute.value().map(|value| value.source()).unwrap_or_default();
                (attribute.key().to_owned(), sources.to_vec())
            })
            .collect();
        all.push((self.tag.clone(), vec![self.path.to_owned()]));
        self.command("update", &all, center)
    }

    fn command(&self, verb: &str, attributes: &[(String, Vec<String>)], center: &IdentityCenter) -> String {
        let attributes: Vec<serde_json::Value> = attributes
            .iter()
            .map(|(key, source)| serde_json::json!({"Key": key, "Value": {"Source": source}}))
            .collect();
        let value = serde_json::json!({"AccessControlAttributes": attributes});
        format!(
            "`aws sso-admin {verb}-instance-access-control-attribute-configuration --region {} --instance-arn {} \
             --instance-access-control-attribute-configuration {}`",
            word(&center.region),
            word(&center.instance_arn),
            word(&value.to_string())
        )
    }
}

fn mapped(answer: &Attributes, wanted: &Mapping, center: &IdentityCenter) -> Seen {
    let tag = &wanted.tag;
    match answer.status() {
        Some(AttributesStatus::Enabled) => {}
        Some(AttributesStatus::CreationInProgress) => {
            return Seen::pending("attributes for access control are being enabled").next("wait a few minutes");
        }
        Some(AttributesStatus::CreationFailed) => {
            let reason = answer.status_reason().unwrap_or("AWS gives no reason");
            return Seen::fail(format!("attributes for access control could not be enabled: {reason}"))
                .next(wanted.create(center));
        }
        other => {
            let status = other.map_or("not given", AttributesStatus::as_str);
            return Seen::unknown(format!("the status of the attributes for access control is {status}"));
        }
    }
    let sources = answer
        .instance_access_control_attribute_configuration()
        .into_iter()
        .flat_map(|configuration| configuration.access_control_attributes())
        .find(|attribute| attribute.key() == tag)
        .map(|attribute| attribute.value().map(|value| value.source()).unwrap_or_default());
    match sources {
        None if wanted.comes_otherwise => Seen::manual(format!(
            "{tag} is mapped to nothing, so it is in a session only if the identity provider sends \
             https://aws.amazon.com/SAML/Attributes/AccessControl:{tag}"
        ))
        .next(format!("look into the provider, or {}", wanted.update(answer, center))),
        None => Seen::fail(format!("{tag} is mapped to nothing")).next(wanted.update(answer, center)),
        Some(sources) => {
            let observed = format!("{tag} is mapped to {}", sources.join(", "));
            match sources {
                [path] if path == wanted.path && !wanted.is_example => Seen::pass(observed),
                _ => Seen::manual(observed).next(
                    "compare a user's attribute with the value of the tag on the application inference profiles: they \
                     must be equal",
                ),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    fn owners(management: Option<&str>) -> Owners {
        Owners {
            dedicated: "123456789012".to_owned(),
            management: management.map(str::to_owned),
        }
    }

    fn status(owner: Option<&str>, permission_sets: Option<bool>, management: Option<&str>) -> Status {
        active("arn", owner, permission_sets, &owners(management)).status
    }

    #[test]
    fn an_instance_of_a_member_account_is_not_enough() {
        let management = Some("999999999999");
        assert_eq!(status(management, Some(true), management), Status::Pass);
        assert_eq!(status(management, None, management), Status::Pass);
        assert_eq!(status(Some("123456789012"), Some(true), management), Status::Fail);
        assert_eq!(status(management, Some(false), management), Status::Fail);
        // Without an organization in the file the owner's word is not enough.
        assert_eq!(status(Some("123456789012"), None, None), Status::Unknown);
        assert_eq!(status(Some("123456789012"), Some(true), None), Status::Pass);
        assert_eq!(status(Some("999999999999"), None, None), Status::Pass);
        assert_eq!(status(None, Some(true), management), Status::Unknown);
    }

    #[test]
    fn states_that_aws_may_add_are_unknown() {
        let of =
            |status: &str| not_active(&InstanceMetadata::builder().status(InstanceStatus::from(status)).build()).status;
        assert_eq!(of("CREATE_IN_PROGRESS"), Status::Pending);
        assert_eq!(of("CREATE_FAILED"), Status::Fail);
        assert_eq!(of("SOMETHING_NEW"), Status::Unknown);
        assert_eq!(not_active(&InstanceMetadata::builder().build()).status, Status::Unknown);
    }
}
