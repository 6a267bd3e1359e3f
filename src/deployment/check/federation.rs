//! Access with the tokens of an OpenID provider.

use super::arn::Arn;
use super::basics::Basics;
use super::issuer;
use super::profiles::Profiles;
use super::text::LONGEST_TAG_VALUE;
use super::{Check, access, identity_pool, items};
use crate::deployment::model::{Federation, GroupTag, OpenIdProvider};
use crate::deployment::read::Spanned;
use crate::deployment::read::raw::{self, defaults};

/// Applications that an IAM OIDC provider can have.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>
const MOST_CLIENTS: usize = 100;

/// Checks the block `federation`.
pub fn check(
    check: &mut Check<'_>,
    block: &Spanned<raw::Federation>,
    basics: &Basics,
    profiles: Option<&Profiles>,
) -> Option<Federation> {
    let before = check.errors();
    let provider = block.provider.as_ref().map(|provider| provider_of(provider.value));
    let issuer = match (provider, &block.issuer) {
        (Some(provider), Some(issuer)) => issuer::check(check, provider, issuer).then_some(issuer),
        _ => None,
    };
    clients(check, block, provider);
    domains(check, block, provider);
    tags(
        check,
        block,
        provider,
        issuer.map(|issuer| issuer.value.as_str()),
        profiles,
    );
    thumbprints(check, block, provider);
    let identity_pool = block
        .identity_pool
        .as_ref()
        .map(|pool| identity_pool::check(check, block, pool, provider, profiles));
    if check.errors() > before {
        return None;
    }
    let values = |list: &Option<Spanned<Vec<Spanned<String>>>>| -> Vec<String> {
        items(list).iter().map(|item| item.value.clone()).collect()
    };
    let hours = block
        .max_session_hours
        .as_ref()
        .map_or(defaults::SESSION_HOURS, |hours| hours.value);
    let issuer = issuer?;
    let group = block.group_tag.as_ref().map(|tag| GroupTag {
        tag: tag.value.clone(),
        groups: values(&block.groups),
    });
    let found = Federation {
        provider: provider?,
        issuer: issuer.value.clone(),
        client_id: block.client_id.as_ref()?.value.clone(),
        audiences: values(&block.audiences),
        email_domains: values(&block.email_domains),
        session_tag: block.session_tag.as_ref().map(|tag| tag.value.clone()),
        group,
        max_session_seconds: match identity_pool {
            Some(_) => identity_pool::SESSION_SECONDS,
            None => hours.saturating_mul(3600),
        },
        identity_pool,
        is_reused: block.oidc_provider_arn.is_some(),
        thumbprints: values(&block.thumbprints)
            .into_iter()
            .map(|thumbprint| thumbprint.to_ascii_lowercase())
            .collect(),
    };
    let is_sound = block
        .oidc_provider_arn
        .as_ref()
        .is_none_or(|arn| reused(check, arn, &found, basics))
        && basics
            .account()
            .is_none_or(|account| identity_pool::can_map(check, issuer, &found, account));
    is_sound.then_some(found)
}

fn provider_of(raw: raw::OpenIdProvider) -> OpenIdProvider {
    match raw {
        raw::OpenIdProvider::Okta => OpenIdProvider::Okta,
        raw::OpenIdProvider::Entra => OpenIdProvider::Entra,
        raw::OpenIdProvider::Auth0 => OpenIdProvider::Auth0,
        raw::OpenIdProvider::Cognito => OpenIdProvider::Cognito,
        raw::OpenIdProvider::Google => OpenIdProvider::Google,
        raw::OpenIdProvider::Oidc => OpenIdProvider::Oidc,
    }
}

fn clients(check: &mut Check<'_>, block: &raw::Federation, provider: Option<OpenIdProvider>) {
    let further = check.distinct(items(&block.audiences), "application");
    let all: Vec<&Spanned<String>> = block.client_id.iter().chain(further.iter().copied()).collect();
    for id in &all {
        let text = id.value.as_str();
        // `*`, `?` and `$` would mean something else in a policy.
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '*' | '?' | '$' | '"' | '\\');
        if !(1..=255).contains(&text.len()) || !text.chars().all(plain) {
            let fault = check.error(
                &id.span,
                format!("\"{}\" is no id of an application", text.escape_debug()),
                "expected 1 to 255 characters without spaces, as the provider shows it",
            );
            check.report(fault);
        } else if let Some(form) = provider.and_then(|provider| wrong_client(provider, text)) {
            let fault = check.error(&id.span, format!("\"{text}\" is no id of an application there"), form);
            check.report(fault);
        }
    }
    if let (Some(own), Some(repeated)) = (
        &block.client_id,
        further
            .iter()
            .find(|id| block.client_id.as_ref().is_some_and(|own| own.value == id.value)),
    ) {
        let fault = check
            .error(
                &repeated.span,
                format!("application `{}` is listed twice", repeated.value),
                "expected the further ones alone",
            )
            .also(check.source, own.span.clone(), "it is here already");
        check.report(fault);
    }
    if let Some(list) = block.audiences.as_ref().filter(|_| all.len() > MOST_CLIENTS) {
        let fault = check.error(
            &list.span,
            format!("there are {} applications", all.len()),
            format!("expected at most {MOST_CLIENTS}: an IAM OIDC provider takes no more"),
        );
        check.report(fault);
    }
}

/// What the id of an application looks like, where this cannot be one.
fn wrong_client(provider: OpenIdProvider, id: &str) -> Option<&'static str> {
    match provider {
        OpenIdProvider::Google if !id.ends_with(".apps.googleusercontent.com") => {
            Some("expected an id that ends with `.apps.googleusercontent.com`")
        }
        OpenIdProvider::Entra if !issuer::is_guid(id) => {
            Some("expected the application (client) ID, as \"11112222-3333-4444-5555-666677778888\"")
        }
        _ => None,
    }
}

fn domains(check: &mut Check<'_>, block: &Spanned<raw::Federation>, provider: Option<OpenIdProvider>) {
    for domain in check.distinct(items(&block.email_domains), "domain") {
        let text = domain.value.as_str();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        if text.contains('.') && text.len() <= 253 && text.split('.').all(label) {
            continue;
        }
        let mut fault = check.error(
            &domain.span,
            format!("\"{text}\" is no domain of e-mail addresses"),
            "expected a domain in lower case, as \"example.com\"",
        );
        let bare = text.trim_start_matches(['*', '@', '.']);
        if bare != text {
            fault = fault.help(format!("leave out what stands before it: \"{bare}\""));
        }
        check.report(fault);
    }
    let none = items(&block.email_domains).is_empty();
    if let Some(list) = block
        .email_domains
        .as_ref()
        .filter(|_| none && provider != Some(OpenIdProvider::Google))
    {
        let fault = check.error(
            &list.span,
            "no domain is named",
            "expected at least one, or no `email_domains`: then all that the provider signs in may",
        );
        check.report(fault);
    }
    if provider == Some(OpenIdProvider::Google) && none && !check.faulty.contains("federation.email_domains") {
        let fault = check.error(
            block
                .email_domains
                .as_ref()
                .map_or(&block.span, |domains| &domains.span),
            "everybody with a Google account could sign in",
            "expected `email_domains = [\"example.com\"]` in this block",
        );
        check.report(
            fault.help("Google is one issuer for the whole world; AWS compares the token's `email` with these domains"),
        );
    }
}

fn tags(
    check: &mut Check<'_>,
    block: &raw::Federation,
    provider: Option<OpenIdProvider>,
    issuer: Option<&str>,
    profiles: Option<&Profiles>,
) {
    let place = match block.identity_pool {
        Some(_) => "it is the key of a tag that the identity pool makes",
        None => "it is the key below `principal_tags` in the token's claim `https://aws.amazon.com/tags`",
    };
    if let Some(tag) = &block.session_tag {
        access::session_tag(check, tag, profiles, place);
    }
    if let Some(tag) = &block.group_tag {
        access::tag_key(check, tag, place);
    }
    groups(check, block);
    if let (Some(session), Some(group)) = (&block.session_tag, &block.group_tag)
        && session.value.eq_ignore_ascii_case(&group.value)
    {
        let fault = check
            .error(
                &group.span,
                format!("`{}` is two tags", group.value),
                "expected a key of its own: AWS does not tell upper and lower case apart",
            )
            .also(check.source, session.span.clone(), "the session tag");
        check.report(fault);
    }
    let tag = block.session_tag.as_ref().or(block.group_tag.as_ref());
    // Of whichever claim an identity pool makes it, the token need not carry AWS's own.
    let tag = tag.filter(|_| block.identity_pool.is_none() && !check.faulty.contains("federation.identity_pool"));
    if let Some(tag) = tag.filter(|_| provider == Some(OpenIdProvider::Google)) {
        let fault = check.error(
            &tag.span,
            "Google's tokens carry no tags",
            "expected no tag with this provider",
        );
        check.report(
            fault
                .help("Google lets nobody add the claim `https://aws.amazon.com/tags`, so every login would be refused")
                .help("`identity_pool {}` in this block has Amazon Cognito make the tag of the claim `email`")
                .help("or sign in through a provider that adds the claim, with Google behind it: Okta, Auth0, a Cognito user pool"),
        );
    }
    if let Some(tag) = tag.filter(|_| provider == Some(OpenIdProvider::Entra)) {
        let warning = check
            .warning(
                &tag.span,
                "Microsoft Entra ID puts this tag into no token by itself",
                "a custom authentication extension of your own has to",
            )
            .help("without the tag every login is refused")
            .help("`identity_pool {}` in this block has Amazon Cognito make the tag of the claim `email` instead");
        check.report(warning);
    }
    let is_own_server = issuer.is_some_and(|issuer| !issuer.contains("/oauth2/"));
    if let Some(tag) = tag.filter(|_| provider == Some(OpenIdProvider::Okta) && is_own_server) {
        let warning = check
            .warning(
                &tag.span,
                "the organization's own authorization server may not carry this tag",
                "Okta documents custom claims for custom authorization servers",
            )
            .help("use one, as \"https://acme.okta.com/oauth2/default\"; without the tag every login is refused");
        check.report(warning);
    }
}

fn groups(check: &mut Check<'_>, block: &raw::Federation) {
    let groups = check.distinct(items(&block.groups), "group");
    for group in &groups {
        let text = group.value.as_str();
        // The characters of a session tag's value that mean nothing else in a policy.
        let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@');
        if text.trim() != text || !(1..=LONGEST_TAG_VALUE).contains(&text.chars().count()) || !text.chars().all(plain) {
            let fault = check.error(
                &group.span,
                format!("\"{}\" cannot be the value of a session tag", text.escape_debug()),
                "expected 1 to 256 letters, digits, spaces and _ . : / = + - @, without spaces at its ends",
            );
            check.report(fault);
        }
    }
    match (&block.group_tag, &block.groups) {
        (None, Some(groups)) if !check.faulty.contains("federation.group_tag") => {
            let fault = check.error(
                &groups.span,
                "AWS does not look at the groups of a token",
                "expected `group_tag` beside it: the tag in which the provider sends one of these groups",
            );
            check.report(
                fault
                    .help(
                        "a trust policy can compare aud, sub, amr, email and tags; on a claim `groups` the condition \
                         would never be met, and everybody would be locked out",
                    )
                    .help("have the provider put the group into the claim `https://aws.amazon.com/tags`, below `principal_tags`")
                    .help("or leave `groups` out and assign the application to the group at the provider"),
            );
        }
        (Some(tag), None) if !check.faulty.contains("federation.groups") => {
            let fault = check.error(
                &tag.span,
                "no group is named",
                "expected `groups = [\"…\"]` beside it: the values that may sign in",
            );
            check.report(fault);
        }
        (Some(_), Some(list)) if groups.is_empty() => {
            let fault = check.error(
                &list.span,
                "no group is named",
                "expected at least one, or neither `groups` nor `group_tag`",
            );
            check.report(fault);
        }
        _ => {}
    }
}

fn thumbprints(check: &mut Check<'_>, block: &raw::Federation, provider: Option<OpenIdProvider>) {
    let Some(list) = &block.thumbprints else { return };
    for thumbprint in check.distinct(items(&block.thumbprints), "fingerprint") {
        let text = thumbprint.value.as_str();
        if text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            continue;
        }
        let mut fault = check.error(
            &thumbprint.span,
            format!("\"{text}\" is no SHA-1 fingerprint"),
            "expected 40 hexadecimal digits without colons",
        );
        if text.contains(':') {
            fault = fault.help(format!("\"{}\"", text.replace(':', "").to_lowercase()));
        }
        check.report(fault);
    }
    if list.len() > 5 {
        let fault = check.error(
            &list.span,
            format!("there are {} fingerprints", list.len()),
            "expected at most 5",
        );
        check.report(fault);
    }
    if let Some(provider) = provider.filter(|provider| *provider != OpenIdProvider::Oidc) {
        let fault = check.error(
            &list.span,
            format!("AWS trusts the certificates of {} by itself", provider.name()),
            "expected no fingerprints",
        );
        check.report(
            fault.help("a fingerprint counts only where the authority is not in AWS's own list, as one of your own"),
        );
    }
    if let Some(arn) = &block.oidc_provider_arn {
        let fault = check
            .error(
                &list.span,
                "the fingerprints would go nowhere",
                "expected none with a provider that somebody else manages",
            )
            .also(check.source, arn.span.clone(), "managed there");
        check.report(fault);
    }
}

/// Whether this is the account's provider for this issuer.
fn reused(check: &mut Check<'_>, arn: &Spanned<String>, federation: &Federation, basics: &Basics) -> bool {
    let refuse = |check: &mut Check<'_>, message: String, expected: String, help: &str| {
        let fault = check.error(&arn.span, message, expected).help(help);
        check.report(fault);
        false
    };
    if federation.is_built_in() {
        return refuse(
            check,
            format!("{} needs no IAM OIDC provider", federation.provider.name()),
            "expected no `oidc_provider_arn` here".to_owned(),
            match federation.provider {
                OpenIdProvider::Google => "AWS knows accounts.google.com itself",
                _ => "an identity pool knows user pools itself",
            },
        );
    }
    let Some(account) = basics.account() else { return true };
    let wanted = federation.principal("aws", account);
    if arn.value == wanted {
        return true;
    }
    let help = match Arn::parse(&arn.value) {
        Some(found) if found.service == "iam" && found.account != account => {
            "a trust policy names a provider of its own account"
        }
        Some(found) if found.service == "iam" && found.resource.starts_with("oidc-provider/") => {
            "the ARN has the issuer without `https://`, letter for letter, a slash at its end included"
        }
        _ => "`aws iam list-open-id-connect-providers` prints the account's",
    };
    refuse(
        check,
        format!("\"{}\" is not this account's provider for the issuer", arn.value),
        format!("expected \"{wanted}\""),
        help,
    )
}

/// Warns about developers whose address is in none of the domains.
pub fn report_outsiders(check: &mut Check<'_>, file: &raw::File, federation: &Federation, emails: &[&str]) {
    let Some(domains) = file
        .federation
        .as_ref()
        .and_then(|block| block.email_domains.as_ref())
        .filter(|_| !federation.email_domains.is_empty())
    else {
        return;
    };
    let is_inside = |email: &str| {
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        federation.email_domains.iter().any(|known| known == domain)
    };
    let outside: Vec<&str> = emails.iter().copied().filter(|email| !is_inside(email)).collect();
    if let [first, rest @ ..] = outside.as_slice() {
        let who = match rest.len() {
            0 => format!("{first} may not sign in"),
            more => format!("{first} and {more} more may not sign in"),
        };
        let warning = check
            .warning(&domains.span, who, "their addresses are in none of these domains")
            .help("AWS compares letter for letter, upper and lower case included");
        check.report(warning);
    }
}
