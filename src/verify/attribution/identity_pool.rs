//! The identity pool between tokens and the role: who gets a session, and what says who that is.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_sdk_cognitoidentity::operation::describe_identity_pool::DescribeIdentityPoolOutput;
use aws_sdk_cognitoidentity::operation::get_identity_pool_roles::GetIdentityPoolRolesOutput;
use aws_sdk_cognitoidentity::operation::get_principal_tag_attribute_map::GetPrincipalTagAttributeMapOutput;

use super::{check, few};
use crate::aws::Trouble;
use crate::aws::operations::cognito::{
    DESCRIBE_IDENTITY_POOL, GET_IDENTITY_POOL_ROLES, GET_PRINCIPAL_TAG_ATTRIBUTE_MAP, LIST_IDENTITY_POOLS,
};
use crate::deployment::model::{Deployment, Federation, OpenIdProvider};
use crate::guardrails::arns::Arns;
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_WORKLOAD;
use crate::verify::probe::{Probe, Seen};

const POOL: &str = "attribution-identity-pool";

/// Pools that AWS lists in one answer at most.
///
/// Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentityPools.html>
const PAGE: i32 = 60;

/// The pool as it must be.
#[derive(Debug, Clone)]
struct Wanted {
    name: String,
    role: String,
    /// The provider in the pool's map of tags.
    provider: String,
    /// IAM OIDC providers.
    openid: Vec<String>,
    /// User pools: name and app client.
    user_pools: Vec<(String, String)>,
    /// Providers that AWS knows itself: host and application.
    logins: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
}

impl Wanted {
    fn of(deployment: &Deployment, federation: &Federation) -> Self {
        let provider = federation.principal(&deployment.partition, &deployment.account_id);
        let mut wanted = Self {
            name: deployment.names.developer.clone(),
            role: Arns::new(deployment).role(&deployment.names.developer),
            provider: provider.clone(),
            openid: Vec::new(),
            user_pools: Vec::new(),
            logins: BTreeMap::new(),
            tags: federation
                .mapped_tags()
                .into_iter()
                .map(|(tag, claim)| (tag.to_owned(), claim.to_owned()))
                .collect(),
        };
        match federation.provider {
            OpenIdProvider::Cognito => {
                wanted.user_pools = federation
                    .client_ids()
                    .map(|id| (provider.clone(), id.to_owned()))
                    .collect();
                wanted.user_pools.sort();
            }
            OpenIdProvider::Google => {
                wanted.logins.insert(provider, federation.client_id.clone());
            }
            _ => wanted.openid.push(provider),
        }
        wanted
    }
}

/// The check of the pool.
pub fn of(deployment: &Deployment, federation: &Federation) -> Check {
    let wanted = Rc::new(Wanted::of(deployment, federation));
    let tags: Vec<String> = wanted
        .tags
        .iter()
        .map(|(tag, claim)| format!("{tag} of {claim}"))
        .collect();
    let tags = match tags.is_empty() {
        true => String::new(),
        false => format!(", and makes the tags {}", tags.join(", ")),
    };
    let mut calls = vec![&LIST_IDENTITY_POOLS, &DESCRIBE_IDENTITY_POOL, &GET_IDENTITY_POOL_ROLES];
    if !wanted.tags.is_empty() {
        calls.push(&GET_PRINCIPAL_TAG_ATTRIBUTE_MAP);
    }
    check(
        POOL,
        POOL,
        From::Workload,
        "The identity pool is as rendered",
    )
    .expects(format!(
        "the pool {} gives sessions of {} alone, to whoever signed in at {} and nobody else, in the enhanced flow{tags}",
        wanted.name, wanted.role, wanted.provider
    ))
    .calls(&calls)
    .looks(move |probe| {
        let wanted = Rc::clone(&wanted);
        async move { look(&probe, &wanted).await }
    })
}

/// Ids of the pools with this name in the deployment's region; names are not unique.
///
/// # Errors
/// When AWS does not tell.
pub async fn ids(probe: &Probe, name: &str) -> Result<Vec<String>, Trouble> {
    let region = probe.deployment().region.clone();
    let pages = probe
        .pages(
            &LIST_IDENTITY_POOLS,
            |account, token| {
                account
                    .cognito_identity(&region)
                    .list_identity_pools()
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    Ok(pages
        .iter()
        .flat_map(|page| page.identity_pools())
        .filter(|pool| pool.identity_pool_name() == Some(name))
        .filter_map(|pool| pool.identity_pool_id().map(str::to_owned))
        .collect())
}

async fn look(probe: &Probe, wanted: &Wanted) -> Result<Seen, Trouble> {
    let ids = ids(probe, &wanted.name).await?;
    let id = match ids.as_slice() {
        [id] => id,
        [] => {
            return Ok(Seen::fail(format!("there is no identity pool `{}`", wanted.name)).next(APPLY_WORKLOAD));
        }
        several => {
            return Ok(
                Seen::fail(format!("{} identity pools are called `{}`: {}", several.len(), wanted.name, few(several)))
                    .next("delete the others: `terraform -chdir=terraform/workload output identity_pool_id` prints the one to keep"),
            );
        }
    };
    let region = &probe.deployment().region;
    let pool = probe
        .call(&DESCRIBE_IDENTITY_POOL, |account| {
            account
                .cognito_identity(region)
                .describe_identity_pool()
                .identity_pool_id(id)
                .send()
        })
        .await?;
    let roles = probe
        .call(&GET_IDENTITY_POOL_ROLES, |account| {
            account
                .cognito_identity(region)
                .get_identity_pool_roles()
                .identity_pool_id(id)
                .send()
        })
        .await?;
    let mut faults = pool_faults(wanted, &pool);
    faults.extend(role_faults(wanted, &roles));
    if !wanted.tags.is_empty() {
        let answer = probe
            .call(&GET_PRINCIPAL_TAG_ATTRIBUTE_MAP, |account| {
                account
                    .cognito_identity(region)
                    .get_principal_tag_attribute_map()
                    .identity_pool_id(id)
                    .identity_provider_name(&wanted.provider)
                    .send()
            })
            .await;
        match answer {
            Ok(map) => faults.extend(tag_fault(wanted, &map)),
            Err(trouble) if trouble.is("ResourceNotFoundException") => {
                faults.push(format!("it makes no tags of the claims of {}", wanted.provider));
            }
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(match faults.is_empty() {
        true => Seen::pass(format!("{} ({id}) gives sessions of {}", wanted.name, wanted.role)),
        false => Seen::fail(format!("{id}: {}", faults.join("; "))).next(APPLY_WORKLOAD),
    })
}

fn pool_faults(wanted: &Wanted, pool: &DescribeIdentityPoolOutput) -> Vec<String> {
    let mut faults = Vec::new();
    if pool.allow_unauthenticated_identities() {
        faults.push("it lets in whoever has not signed in".to_owned());
    }
    if pool.allow_classic_flow() == Some(true) {
        faults.push("it allows the classic flow, in which the caller chooses role and session name".to_owned());
    }
    let mut openid: Vec<&String> = pool.open_id_connect_provider_arns().iter().collect();
    openid.sort();
    let mut user_pools: Vec<(String, String)> = pool
        .cognito_identity_providers()
        .iter()
        .map(|provider| {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            (text(provider.provider_name()), text(provider.client_id()))
        })
        .collect();
    user_pools.sort();
    let logins: BTreeMap<String, String> = pool
        .supported_login_providers()
        .into_iter()
        .flatten()
        .map(|(host, id)| (host.clone(), id.clone()))
        .collect();
    let is_same = openid.iter().copied().eq(&wanted.openid)
        && user_pools == wanted.user_pools
        && logins == wanted.logins
        && pool.saml_provider_arns().is_empty()
        && pool.developer_provider_name().is_none_or(str::is_empty);
    if !is_same {
        let all: Vec<String> = openid
            .into_iter()
            .cloned()
            .chain(
                user_pools
                    .into_iter()
                    .chain(logins)
                    .map(|(name, id)| format!("{name} for {id}")),
            )
            .chain(pool.saml_provider_arns().iter().cloned())
            .chain(
                pool.developer_provider_name()
                    .map(|name| format!("developers' own `{name}`")),
            )
            .collect();
        faults.push(match all.is_empty() {
            true => "it takes nobody's tokens".to_owned(),
            false => format!("it takes the tokens of {}", few(&all)),
        });
    }
    faults
}

fn role_faults(wanted: &Wanted, roles: &GetIdentityPoolRolesOutput) -> Vec<String> {
    let mut faults = Vec::new();
    let given: BTreeMap<&str, &str> = roles
        .roles()
        .into_iter()
        .flatten()
        .map(|(kind, role)| (kind.as_str(), role.as_str()))
        .collect();
    if given != BTreeMap::from([("authenticated", wanted.role.as_str())]) {
        let all: Vec<String> = given
            .iter()
            .map(|(kind, role)| format!("{role} to {kind} callers"))
            .collect();
        faults.push(match all.is_empty() {
            true => "it gives no role".to_owned(),
            false => format!("it gives {}", few(&all)),
        });
    }
    if roles.role_mappings().is_some_and(|mappings| !mappings.is_empty()) {
        faults.push("rules of its own choose among roles".to_owned());
    }
    faults
}

fn tag_fault(wanted: &Wanted, map: &GetPrincipalTagAttributeMapOutput) -> Option<String> {
    let found: BTreeMap<String, String> = map
        .principal_tags()
        .into_iter()
        .flatten()
        .map(|(tag, claim)| (tag.clone(), claim.clone()))
        .collect();
    if map.use_defaults() == Some(true) {
        return Some("it makes Cognito's default tags".to_owned());
    }
    if found == wanted.tags {
        return None;
    }
    let all: Vec<String> = found.iter().map(|(tag, claim)| format!("{tag} of {claim}")).collect();
    Some(match all.is_empty() {
        true => "it makes no tags".to_owned(),
        false => format!("it makes the tags {}", few(&all)),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_cognitoidentity::operation::describe_identity_pool::builders::DescribeIdentityPoolOutputBuilder;
    use aws_sdk_cognitoidentity::types::CognitoIdentityProvider;

    use super::*;
    use crate::deployment::model::Access;
    use crate::guardrails::fixtures;

    fn wanted(name: &str) -> Wanted {
        let (_, deployment) = fixtures::federated()
            .into_iter()
            .find(|(known, _)| *known == name)
            .unwrap();
        let Access::Federation(federation) = &deployment.access else {
            unreachable!("a fixture of another access mode");
        };
        Wanted::of(&deployment, federation)
    }

    fn pool(wanted: &Wanted) -> DescribeIdentityPoolOutputBuilder {
        let mut pool = DescribeIdentityPoolOutput::builder()
            .identity_pool_id("us-east-1:1")
            .identity_pool_name(&wanted.name)
            .allow_unauthenticated_identities(false)
            .set_open_id_connect_provider_arns(Some(wanted.openid.clone()));
        for (name, id) in &wanted.user_pools {
            let provider = CognitoIdentityProvider::builder().provider_name(name).client_id(id);
            pool = pool.cognito_identity_providers(provider.build());
        }
        for (host, id) in &wanted.logins {
            pool = pool.supported_login_providers(host, id);
        }
        pool
    }

    fn seen(wanted: &Wanted, pool: DescribeIdentityPoolOutputBuilder) -> Vec<String> {
        pool_faults(wanted, &pool.build().unwrap())
    }

    const ALL: [&str; 3] = [
        "an identity pool",
        "an identity pool of Google's",
        "an identity pool without tags",
    ];

    #[test]
    fn a_pool_as_rendered_has_no_fault() {
        for name in ALL {
            let wanted = wanted(name);
            assert!(seen(&wanted, pool(&wanted)).is_empty(), "{name}");
        }
    }

    #[test]
    fn each_way_in_that_was_not_rendered_is_a_fault() {
        for name in ALL {
            let wanted = wanted(name);
            let arn = "arn:aws:iam::123456789012:oidc-provider/elsewhere.example";
            let other = CognitoIdentityProvider::builder()
                .provider_name("cognito-idp.us-east-1.amazonaws.com/us-east-1_other")
                .client_id("x");
            for other in [
                pool(&wanted).allow_unauthenticated_identities(true),
                pool(&wanted).allow_classic_flow(true),
                pool(&wanted).open_id_connect_provider_arns(arn),
                pool(&wanted).cognito_identity_providers(other.build()),
                pool(&wanted).supported_login_providers("graph.facebook.com", "x"),
                pool(&wanted).saml_provider_arns("arn:aws:iam::123456789012:saml-provider/x"),
                pool(&wanted).developer_provider_name("login.example"),
            ] {
                assert_eq!(seen(&wanted, other.clone()).len(), 1, "{name} {other:?}");
            }
        }
        let none = Wanted {
            openid: Vec::new(),
            ..wanted("an identity pool")
        };
        assert_eq!(
            seen(&wanted("an identity pool"), pool(&none)),
            ["it takes nobody's tokens"]
        );
    }

    #[test]
    fn one_role_and_no_rules() {
        let wanted = wanted("an identity pool");
        let faults = |kind: &str, role: &str| {
            let roles = GetIdentityPoolRolesOutput::builder().roles(kind, role).build();
            role_faults(&wanted, &roles).len()
        };
        assert_eq!(faults("authenticated", &wanted.role), 0);
        assert_eq!(faults("unauthenticated", &wanted.role), 1);
        assert_eq!(faults("authenticated", "arn:aws:iam::123456789012:role/other"), 1);
        assert_eq!(
            role_faults(&wanted, &GetIdentityPoolRolesOutput::builder().build()).len(),
            1
        );
        let ruled = GetIdentityPoolRolesOutput::builder()
            .roles("authenticated", &wanted.role)
            .role_mappings(
                &wanted.provider,
                aws_sdk_cognitoidentity::types::RoleMapping::builder()
                    .r#type(aws_sdk_cognitoidentity::types::RoleMappingType::Token)
                    .build()
                    .unwrap(),
            );
        assert_eq!(role_faults(&wanted, &ruled.build()).len(), 1);
    }

    #[test]
    fn the_tags_are_those_of_the_deployment() {
        let wanted = wanted("an identity pool");
        let map = |tags: &[(&str, &str)]| {
            let mut map = GetPrincipalTagAttributeMapOutput::builder();
            for (tag, claim) in tags {
                map = map.principal_tags(*tag, *claim);
            }
            map
        };
        let right: &[(&str, &str)] = &[("Email", "email"), ("Group", "department")];
        assert_eq!(tag_fault(&wanted, &map(right).build()), None);
        assert!(tag_fault(&wanted, &map(right).use_defaults(true).build()).is_some());
        for other in [&[][..], &right[..1], &[("Email", "sub"), ("Group", "department")]] {
            assert!(tag_fault(&wanted, &map(other).build()).is_some(), "{other:?}");
        }
    }
}
