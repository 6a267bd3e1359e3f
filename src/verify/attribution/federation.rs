//! An OpenID provider whose tokens become sessions: the account's provider, and the role.

use std::rc::Rc;

use super::{check, few, identity_pool, roles};
use crate::aws::Trouble;
use crate::aws::operations::iam::GET_OPEN_ID_CONNECT_PROVIDER;
use crate::deployment::model::{Deployment, Federation};
use crate::steps::word;
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_WORKLOAD;
use crate::verify::probe::{Probe, Seen};

const PROVIDER: &str = "attribution-oidc-provider";

pub fn checks(deployment: &Deployment, federation: &Federation) -> Vec<Check> {
    let mut checks = Vec::new();
    if !federation.is_built_in() {
        checks.push(provider(deployment, federation));
    }
    checks.extend(
        federation
            .identity_pool
            .is_some()
            .then(|| identity_pool::of(deployment, federation)),
    );
    checks.push(roles::of_tokens(deployment, federation));
    checks
}

/// The provider as it must be.
struct Wanted {
    arn: String,
    federation: Federation,
}

fn provider(deployment: &Deployment, federation: &Federation) -> Check {
    let wanted = Rc::new(Wanted {
        arn: federation.principal(&deployment.partition, &deployment.account_id),
        federation: federation.clone(),
    });
    let clients: Vec<&str> = federation.client_ids().collect();
    let besides = match (federation.is_reused, federation.thumbprints.is_empty()) {
        (true, _) if federation.identity_pool.is_some() => {
            "and no other: the identity pool takes the tokens of all that are listed"
        }
        (true, _) => "others may be listed beside it",
        (false, true) => "and no other",
        (false, false) => "and no other, with the fingerprints of the deployment file",
    };
    check(
        PROVIDER,
        PROVIDER,
        From::Workload,
        "The account believes the tokens of the issuer",
    )
    .expects(format!(
        "{} is for {} and takes tokens for {}, {besides}",
        wanted.arn,
        federation.issuer,
        clients.join(", ")
    ))
    .calls(&[&GET_OPEN_ID_CONNECT_PROVIDER])
    .looks(move |probe| {
        let wanted = Rc::clone(&wanted);
        async move { look(&probe, &wanted).await }
    })
}

async fn look(probe: &Probe, wanted: &Wanted) -> Result<Seen, Trouble> {
    let answer = probe
        .call(&GET_OPEN_ID_CONNECT_PROVIDER, |account| {
            account
                .iam()
                .get_open_id_connect_provider()
                .open_id_connect_provider_arn(&wanted.arn)
                .send()
        })
        .await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(trouble) if trouble.is("NoSuchEntity") => {
            let seen = Seen::fail(format!("there is no {}", wanted.arn));
            return Ok(match wanted.federation.is_reused {
                true => seen.next(
                    "`aws iam list-open-id-connect-providers` prints the account's; without `oidc_provider_arn` in the \
                     deployment file the next apply makes it",
                ),
                false => seen.next(APPLY_WORKLOAD),
            });
        }
        Err(trouble) => return Err(trouble),
    };
    let faults = faults(
        &wanted.federation,
        answer.url().unwrap_or_default(),
        answer.client_id_list(),
        answer.thumbprint_list(),
    );
    if faults.is_empty() {
        let clients: Vec<&str> = answer.client_id_list().iter().map(String::as_str).collect();
        return Ok(Seen::pass(format!("{} takes tokens for {}", wanted.arn, few(&clients))));
    }
    let seen = Seen::fail(faults.join("; "));
    let lacks = wanted
        .federation
        .client_ids()
        .any(|id| !answer.client_id_list().iter().any(|found| found == id));
    Ok(match wanted.federation.is_reused {
        true if !lacks => seen.next(
            "have whoever manages it take the others off its list (`aws iam remove-client-id-from-open-id-connect-provider`), or \
             leave `identity_pool` out",
        ),
        true => seen.next(format!(
            "have whoever manages it do this: `aws iam add-client-id-to-open-id-connect-provider \
             --open-id-connect-provider-arn {} --client-id {}`",
            word(&wanted.arn),
            word(&wanted.federation.client_id)
        )),
        false => seen.next(APPLY_WORKLOAD),
    })
}

/// How a provider differs from the one that is wanted. AWS answers its URL without `https://`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html>
fn faults(wanted: &Federation, url: &str, clients: &[String], thumbprints: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    let url = url.strip_prefix("https://").unwrap_or(url);
    if url != wanted.provider_name() {
        faults.push(format!("it is for {url}"));
    }
    let missing: Vec<&str> = wanted
        .client_ids()
        .filter(|id| !clients.iter().any(|found| found == id))
        .collect();
    if !missing.is_empty() {
        faults.push(format!("it takes no tokens for {}", few(&missing)));
    }
    // A pool takes the tokens of every application that is listed; a trust policy compares for itself.
    if wanted.is_reused && wanted.identity_pool.is_none() {
        return faults;
    }
    let others: Vec<&str> = clients
        .iter()
        .map(String::as_str)
        .filter(|found| !wanted.client_ids().any(|id| id == *found))
        .collect();
    if !others.is_empty() {
        faults.push(format!("it takes tokens for {} as well", few(&others)));
    }
    if wanted.is_reused {
        return faults;
    }
    // Without any stated AWS fills in one by itself, which counts only where it does not know the authority.
    let same = |found: &String| wanted.thumbprints.iter().any(|known| known.eq_ignore_ascii_case(found));
    if !wanted.thumbprints.is_empty()
        && (thumbprints.len() != wanted.thumbprints.len() || !thumbprints.iter().all(same))
    {
        faults.push(format!("its fingerprints are {}", few(thumbprints)));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::model::{IdentityPool, OpenIdProvider};

    fn wanted() -> Federation {
        Federation {
            provider: OpenIdProvider::Oidc,
            issuer: "https://id.example.com/realm".to_owned(),
            client_id: "one".to_owned(),
            audiences: vec!["two".to_owned()],
            email_domains: Vec::new(),
            session_tag: None,
            group: None,
            max_session_seconds: 3600,
            identity_pool: None,
            is_reused: false,
            thumbprints: Vec::new(),
        }
    }

    fn seen(wanted: &Federation, url: &str, clients: &[&str], thumbprints: &[&str]) -> Vec<String> {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        faults(wanted, url, &owned(clients), &owned(thumbprints))
    }

    #[test]
    fn a_provider_is_compared_letter_for_letter() {
        let wanted = wanted();
        assert!(seen(&wanted, "id.example.com/realm", &["two", "one"], &["00"]).is_empty());
        for (url, clients) in [
            ("id.example.com/realm/", &["one", "two"][..]),
            ("id.example.com/realm", &["one"]),
            ("id.example.com/realm", &["one", "two", "three"]),
        ] {
            assert_eq!(seen(&wanted, url, clients, &[]).len(), 1, "{url} {clients:?}");
        }
    }

    #[test]
    fn another_owner_may_list_more_applications() {
        let wanted = Federation {
            is_reused: true,
            ..wanted()
        };
        assert!(seen(&wanted, "id.example.com/realm", &["one", "two", "three"], &[]).is_empty());
        assert_eq!(seen(&wanted, "id.example.com/realm", &["two", "three"], &[]).len(), 1);
        // Through a pool their tokens would be taken, too.
        let pool = IdentityPool {
            session_claim: None,
            group_claim: None,
        };
        let wanted = Federation {
            identity_pool: Some(pool),
            ..wanted
        };
        assert_eq!(
            seen(&wanted, "id.example.com/realm", &["one", "two", "three"], &[]).len(),
            1
        );
        assert!(seen(&wanted, "id.example.com/realm", &["one", "two"], &["00"]).is_empty());
    }

    #[test]
    fn fingerprints_count_where_they_are_stated() {
        let print = "990f4193972f2becf12ddeda5237f9c952f20d9e";
        let wanted = Federation {
            thumbprints: vec![print.to_owned()],
            ..wanted()
        };
        let found = |prints: &[&str]| seen(&wanted, "id.example.com/realm", &["one", "two"], prints);
        assert!(found(&[&print.to_uppercase()]).is_empty());
        assert_eq!(found(&[]).len(), 1);
        assert_eq!(found(&[print, "00"]).len(), 1);
    }
}
