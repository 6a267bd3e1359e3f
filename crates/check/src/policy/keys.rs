//! Condition keys: which key a policy means, and what it might have meant.

use iam_reference::Key;

use super::UNKNOWN;

/// What a condition key's name comes to.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// A key that any request may carry.
    Global(&'static Key),
    /// A key of services' own.
    Service(&'static Key),
    /// A claim of an OpenID provider, of whatever name it gives it.
    Provider,
    /// The reference does not have it; the names that it has with this prefix, and whether it knows the prefix.
    Nothing {
        candidates: Vec<&'static str>,
        prefix_known: bool,
    },
    /// It is not known what it says.
    Unknown,
}

/// Claims that AWS takes from any OpenID provider, by AWS's page
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>; other claims that a
/// provider of renown has are in the reference.
const CLAIMS: [&str; 6] = ["amr", "aud", "azp", "email", "oaud", "sub"];

/// What a key's name comes to.
pub(crate) fn find(name: &str) -> Found {
    if name.contains([UNKNOWN, '$']) {
        return Found::Unknown;
    }
    if let Some(key) = iam_reference::global_key(name) {
        return Found::Global(key);
    }
    let Some((prefix, claim)) = name.split_once(':') else {
        return Found::Unknown;
    };
    if prefix.contains('.') {
        return provider(name, prefix, claim);
    }
    if let Some(key) = iam_reference::service(prefix).and_then(|service| service.key(name)) {
        return Found::Service(key);
    }
    let (_, listed) = iam_reference::key_services()
        .find(|(known, _)| known.eq_ignore_ascii_case(prefix))
        .unwrap_or_default();
    let mut listed = listed.iter().filter_map(|prefix| iam_reference::service(prefix));
    // Few keys belong to other services than their prefix says; to find them all services are unpacked.
    if let Some(key) = listed.find_map(|service| service.key(name)).or_else(|| anywhere(name)) {
        return Found::Service(key);
    }
    let candidates = with_prefix(prefix);
    let prefix_known = !candidates.is_empty() || iam_reference::is_service(prefix);
    Found::Nothing {
        candidates,
        prefix_known,
    }
}

/// The prefixes of all condition keys that are no OpenID provider's.
pub(crate) fn prefixes() -> impl Iterator<Item = &'static str> {
    let others = iam_reference::key_services().map(|(prefix, _)| prefix);
    std::iter::once("aws")
        .chain(iam_reference::services())
        .chain(others)
        .filter(|prefix| !prefix.contains('.'))
}

fn provider(name: &str, host: &str, claim: &str) -> Found {
    let renowned = iam_reference::key_services().find(|(prefix, _)| prefix.eq_ignore_ascii_case(host));
    let free = CLAIMS.iter().any(|known| known.eq_ignore_ascii_case(claim));
    let Some((_, services)) = renowned.filter(|_| !free) else {
        return Found::Provider;
    };
    let mut services = services.iter().filter_map(|prefix| iam_reference::service(prefix));
    match services.find_map(|service| service.key(name)) {
        Some(key) => Found::Service(key),
        None => Found::Nothing {
            candidates: with_prefix(host),
            prefix_known: true,
        },
    }
}

fn anywhere(name: &str) -> Option<&'static Key> {
    iam_reference::services()
        .filter_map(iam_reference::service)
        .find_map(|service| service.key(name))
}

fn with_prefix(prefix: &str) -> Vec<&'static str> {
    let global = iam_reference::global_keys().iter();
    let services = iam_reference::services().filter_map(iam_reference::service);
    let mut names: Vec<&'static str> = global
        .chain(services.flat_map(|service| &service.keys))
        .map(|key| key.name)
        .filter(|name| {
            name.split_once(':')
                .is_some_and(|(of, _)| of.eq_ignore_ascii_case(prefix))
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_where_they_are() {
        assert!(matches!(find("AWS:principalarn"), Found::Global(_)));
        assert!(matches!(find("aws:PrincipalTag/User"), Found::Global(_)));
        assert!(matches!(find("bedrock:bearerTokenType"), Found::Service(_)));
        assert!(matches!(find("SAML:aud"), Found::Service(_)));
        assert!(matches!(
            find("oidc.eks.us-east-1.amazonaws.com/id/ABC:sub"),
            Found::Provider
        ));
        assert!(matches!(
            find("token.actions.githubusercontent.com:sub"),
            Found::Provider
        ));
        assert!(matches!(
            find("token.actions.githubusercontent.com:repository"),
            Found::Service(_)
        ));
        assert!(matches!(find("\u{fffc}:sub"), Found::Unknown));
        assert!(matches!(find("s3:prefx"), Found::Nothing { prefix_known: true, .. }));
        assert!(matches!(
            find("s4:prefix"),
            Found::Nothing {
                prefix_known: false,
                ..
            }
        ));
    }
}
