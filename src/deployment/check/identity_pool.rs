//! The identity pool between a token and the role.

use super::profiles::Profiles;
use super::{Check, items};
use crate::deployment::model::{Federation, IdentityPool, OpenIdProvider, ProfileScope};
use crate::deployment::read::Spanned;
use crate::deployment::read::raw;

/// How long sessions of the enhanced flow last, in seconds; the flow has no argument for it.
///
/// Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html>
pub const SESSION_SECONDS: u32 = 3600;

/// Longest name of a provider in the pool's map of tags, in bytes.
///
/// Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetPrincipalTagAttributeMap.html>
const LONGEST_NAME: usize = 128;

/// Longest name of a claim.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/using-afac-with-cognito-identity-pools.html>
const LONGEST_CLAIM: usize = 256;

/// Claims that are lists.
const LISTS: [&str; 4] = ["groups", "roles", "cognito:groups", "amr"];

/// Claims that never hold an address, but ids and names of things.
const NO_ADDRESSES: [&str; 7] = ["aud", "iss", "jti", "oid", "sid", "sub", "tid"];

/// The claim that holds the address, unless another is named.
const ADDRESS_CLAIM: &str = "email";

/// Checks the block `identity_pool`, and what of `federation` does not go with it. What it finds is right only where it reported
/// no error.
pub fn check(
    check: &mut Check<'_>,
    block: &raw::Federation,
    pool: &Spanned<raw::IdentityPool>,
    provider: Option<OpenIdProvider>,
    profiles: Option<&Profiles>,
) -> IdentityPool {
    duration(check, block, pool);
    if let Some(arn) = &block.oidc_provider_arn
        && provider.is_some_and(|provider| !matches!(provider, OpenIdProvider::Google | OpenIdProvider::Cognito))
    {
        let warning = check
            .warning(
                &arn.span,
                "the identity pool takes the tokens of every application of this provider",
                "not of `client_id` and `audiences` alone",
            )
            .also(check.source, pool.span.clone(), "the identity pool")
            .help("of an application the role sees nothing behind a pool, so the provider's own list decides who may sign in")
            .help("have its owner list these applications alone, which `tfgen verify-phase 4` compares, or leave `identity_pool` out");
        check.report(warning);
    }
    applications(check, block, pool, provider);
    let scope = profiles.map(|profiles| profiles.scope);
    domains(check, block, pool, scope);
    let session_claim = claim(
        check,
        pool,
        &Tag {
            name: "session_tag",
            tag: block.session_tag.as_ref(),
            claim: pool.session_tag_claim.as_ref(),
            // Where the profiles are not known, something else is wrong already.
            usual: (scope != Some(ProfileScope::Team)).then_some(ADDRESS_CLAIM),
            holds: "the team",
        },
    );
    let group_claim = claim(
        check,
        pool,
        &Tag {
            name: "group_tag",
            tag: block.group_tag.as_ref(),
            claim: pool.group_tag_claim.as_ref(),
            usual: None,
            holds: "the group, as one text",
        },
    );
    IdentityPool {
        session_claim,
        group_claim,
    }
}

fn duration(check: &mut Check<'_>, block: &raw::Federation, pool: &Spanned<raw::IdentityPool>) {
    if let Some(hours) = block.max_session_hours.as_ref().filter(|hours| hours.value != 1) {
        let fault = check
            .error(
                &hours.span,
                "sessions of an identity pool last one hour",
                "expected 1, or no `max_session_hours`",
            )
            .also(check.source, pool.span.clone(), "the identity pool");
        check.report(fault.help(
            "`credential-process` gets the next session by itself, without a browser, as long as the provider lets it",
        ));
    }
}

fn applications(
    check: &mut Check<'_>,
    block: &raw::Federation,
    pool: &Spanned<raw::IdentityPool>,
    provider: Option<OpenIdProvider>,
) {
    if provider == Some(OpenIdProvider::Google)
        && let Some(list) = block.audiences.as_ref().filter(|list| !list.is_empty())
    {
        let fault = check
            .error(
                &list.span,
                "an identity pool takes the tokens of one application of Google",
                "expected `client_id` alone",
            )
            .also(check.source, pool.span.clone(), "the identity pool");
        check.report(fault);
    }
}

fn domains(
    check: &mut Check<'_>,
    block: &raw::Federation,
    pool: &Spanned<raw::IdentityPool>,
    scope: Option<ProfileScope>,
) {
    let Some(list) = block
        .email_domains
        .as_ref()
        .filter(|_| !items(&block.email_domains).is_empty())
    else {
        return;
    };
    let is_bound = block.session_tag.is_some() || check.faulty.contains("federation.session_tag");
    if is_bound && scope.is_none_or(|scope| scope == ProfileScope::Developer) {
        return;
    }
    let fault = check
        .error(
            &list.span,
            "an identity pool hides the address from the role",
            "expected profiles per developer, and a `session_tag`, whose value is the address",
        )
        .also(check.source, pool.span.clone(), "the identity pool")
        .help("of the token the role sees what the pool makes tags of, and nothing else");
    check.report(fault);
}

/// A tag of the session, and the claim that the pool makes it of.
struct Tag<'a> {
    name: &'static str,
    tag: Option<&'a Spanned<String>>,
    claim: Option<&'a Spanned<String>>,
    usual: Option<&'static str>,
    holds: &'static str,
}

fn claim(check: &mut Check<'_>, pool: &Spanned<raw::IdentityPool>, tag: &Tag<'_>) -> Option<String> {
    let name = tag.name;
    match (tag.tag, tag.claim) {
        (None, Some(claim)) if !check.faulty.contains(format!("federation.{name}").as_str()) => {
            let fault = check.error(
                &claim.span,
                "no tag is made of this claim",
                format!("expected `{name}` in the block `federation`: the key of the tag"),
            );
            check.report(fault);
        }
        (Some(stated), None)
            if tag.usual.is_none()
                && !check
                    .faulty
                    .contains(format!("federation.identity_pool.{name}_claim").as_str()) =>
        {
            let fault = check
                .error(
                    &stated.span,
                    format!("the identity pool cannot make the tag `{}`", stated.value),
                    format!(
                        "expected `{name}_claim` in `identity_pool`: the claim that holds {}",
                        tag.holds
                    ),
                )
                .also(check.source, pool.span.clone(), "in this block");
            check.report(fault);
        }
        _ => {}
    }
    if let Some(claim) = tag.claim.filter(|claim| LISTS.contains(&claim.value.as_str())) {
        let warning = check
            .warning(
                &claim.span,
                format!("`{}` is a list at most providers", claim.value),
                "a tag is made of one text",
            )
            .help("without the tag every login is refused: name a claim that holds one text");
        check.report(warning);
    }
    if tag.usual == Some(ADDRESS_CLAIM)
        && let Some(claim) = tag.claim.filter(|claim| NO_ADDRESSES.contains(&claim.value.as_str()))
    {
        let warning = check
            .warning(
                &claim.span,
                format!("`{}` holds no address", claim.value),
                "the value must be the developer's address, as the roster has it",
            )
            .help("with another value nobody may use any profile: name the claim of the address, or leave it out for `email`");
        check.report(warning);
    }
    if let Some(claim) = tag.claim {
        let text = claim.value.as_str();
        let plain = |c: char| c.is_ascii_graphic();
        if !(1..=LONGEST_CLAIM).contains(&text.len()) || !text.chars().all(plain) {
            let fault = check.error(
                &claim.span,
                format!("\"{}\" cannot be the name of a claim", text.escape_debug()),
                "expected 1 to 256 printable characters without spaces",
            );
            check.report(fault);
        }
    }
    tag.tag?;
    let usual = tag.usual.map(str::to_owned);
    tag.claim.map(|claim| claim.value.clone()).or(usual)
}

/// Whether the pool can make tags for this provider.
pub fn can_map(check: &mut Check<'_>, issuer: &Spanned<String>, federation: &Federation, account: &str) -> bool {
    let name = federation.principal("aws", account);
    if federation.mapped_tags().is_empty() || name.len() <= LONGEST_NAME {
        return true;
    }
    let fault = check.error(
        &issuer.span,
        "an identity pool cannot make tags for so long an issuer",
        format!("{} bytes in `{name}`, at most {LONGEST_NAME}", name.len()),
    );
    check.report(fault);
    false
}
