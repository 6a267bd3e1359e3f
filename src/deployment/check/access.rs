//! How developers get credentials.

use std::ops::Range;

use super::basics::Basics;
use super::profiles::Profiles;
use super::text::{LONGEST_TAG_KEY, duration_seconds};
use super::{Check, federation, roles};
use crate::deployment::model::{Access, IdentityCenter, IdentitySource, ProfileScope};
use crate::deployment::read::Spanned;
use crate::deployment::read::raw::{self, defaults};

/// Checks that there is one access mode, and that one.
pub fn check(check: &mut Check<'_>, file: &raw::File, basics: &Basics, profiles: Option<&Profiles>) -> Option<Access> {
    let stated = [
        file.identity_center.as_ref().map(|block| &block.span),
        file.roles.as_ref().map(|block| &block.span),
        file.federation.as_ref().map(|block| &block.span),
    ];
    let mut modes = stated.into_iter().flatten();
    let first = modes.next();
    let mut is_one = true;
    for further in modes {
        let mut fault = check.error(
            further,
            "there are two access modes",
            "expected one of `identity_center`, `roles` and `federation`",
        );
        if let Some(first) = first {
            fault = fault.also(check.source, first.clone(), "the other one");
        }
        check.report(fault);
        is_one = false;
    }
    if first.is_none() {
        report_missing(check);
    }
    // All are checked all the same: whichever stays should be right.
    let center = file
        .identity_center
        .as_ref()
        .and_then(|block| identity_center(check, block, basics, profiles));
    let roles = file.roles.as_ref().and_then(|block| roles::check(check, block, basics));
    let federation = file
        .federation
        .as_ref()
        .and_then(|block| federation::check(check, block, basics, profiles));
    let found = center
        .map(Access::IdentityCenter)
        .or_else(|| roles.map(Access::Roles))
        .or_else(|| federation.map(Access::Federation));
    found.filter(|_| is_one)
}

fn report_missing(check: &mut Check<'_>) {
    if ["identity_center", "roles", "federation"]
        .iter()
        .any(|mode| check.faulty.contains(mode))
    {
        return;
    }
    let fault = check.error(
        &(0..0),
        "the deployment file has no access mode",
        "expected a block `identity_center { … }`, `roles { … }` or `federation { … }` in it",
    );
    check.report(
        fault
            .help("`identity_center`: developers sign in through IAM Identity Center")
            .help("`roles`: they assume a role with credentials that they have already")
            .help("`federation`: they sign in at an OpenID provider, as Okta or Microsoft Entra ID"),
    );
}

fn identity_center(
    check: &mut Check<'_>,
    block: &Spanned<raw::IdentityCenter>,
    basics: &Basics,
    profiles: Option<&Profiles>,
) -> Option<IdentityCenter> {
    let account = block
        .account_id
        .as_ref()
        .filter(|account| check.account_id(account, "identity_center.account_id"));
    if let (Some(account), Some(own)) = (account, &basics.account_id)
        && account.value == own.value
    {
        let warning = check
            .warning(
                &account.span,
                "Identity Center is managed from the deployment's own account",
                "usually another account",
            )
            .also(check.source, own.span.clone(), "the deployment's account")
            .help(
                "right only where this account is the management account or Identity Center's delegated administrator",
            );
        check.report(warning);
    }
    let instance = block.instance_arn.as_ref().filter(|arn| instance_arn(check, arn));
    let url = block.start_url.as_ref().filter(|url| start_url(check, url));
    let region = block.region.as_ref().filter(|region| check.region(region));
    let group_sound = groups(check, block);
    let duration_sound = block
        .session_duration
        .as_ref()
        .is_none_or(|duration| session_duration(check, duration));
    let tag_sound = block
        .session_tag
        .as_ref()
        .is_none_or(|tag| session_tag(check, tag, profiles, CENTER_TAG));
    let text = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.value.clone());
    let found = IdentityCenter {
        account_id: account?.value.clone(),
        source: match block.source.as_ref()?.value {
            raw::Source::Entra => IdentitySource::Entra,
            raw::Source::Okta => IdentitySource::Okta,
            raw::Source::Google => IdentitySource::Google,
            raw::Source::Directory => IdentitySource::Directory,
            raw::Source::Other => IdentitySource::Other,
        },
        instance_arn: instance?.value.clone(),
        start_url: url?.value.clone(),
        region: region?.value.clone(),
        group: text(&block.group).unwrap_or_else(|| defaults::GROUP.to_owned()),
        admin_group: text(&block.admin_group),
        analyst_group: text(&block.analyst_group),
        session_duration: text(&block.session_duration).unwrap_or_else(|| defaults::SESSION_DURATION.to_owned()),
        session_tag: text(&block.session_tag),
    };
    (group_sound && duration_sound && tag_sound).then_some(found)
}

/// Source: shape `InstanceArn` in botocore's model of IAM Identity Center.
fn instance_arn(check: &mut Check<'_>, arn: &Spanned<String>) -> bool {
    let text = arn.value.as_str();
    let id = text
        .strip_prefix("arn:aws:sso:::instance/")
        .and_then(|id| id.strip_prefix("ssoins-").or_else(|| id.strip_prefix("ins-")));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    if id.is_some_and(|id| id.len() == 16 && id.chars().all(plain)) {
        return true;
    }
    let form = "expected arn:aws:sso:::instance/ssoins- and 16 characters";
    let mut fault = check.error(
        &arn.span,
        format!("\"{text}\" is no ARN of an Identity Center instance"),
        form,
    );
    if text.starts_with("d-") {
        fault = fault.help("this is the identity store's id; the instance has an ARN of its own");
    }
    check.report(fault.help("`aws sso-admin list-instances` prints it"));
    false
}

fn start_url(check: &mut Check<'_>, url: &Spanned<String>) -> bool {
    let text = url.value.as_str();
    let host = text
        .strip_prefix("https://")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or("");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let printable = text.chars().all(|c| c.is_ascii_graphic());
    if host.contains('.') && host.chars().all(plain) && printable {
        return true;
    }
    let mut fault = check.error(
        &url.span,
        format!("\"{text}\" is no URL of an access portal"),
        "expected a URL as \"https://d-1234567890.awsapps.com/start\"",
    );
    if text.starts_with("http://") {
        fault = fault.help("it begins with https");
    }
    check.report(fault);
    false
}

fn groups(check: &mut Check<'_>, block: &raw::IdentityCenter) -> bool {
    let mut sound = true;
    let named = [
        ("group", &block.group),
        ("admin_group", &block.admin_group),
        ("analyst_group", &block.analyst_group),
    ];
    for (argument, group) in named {
        let Some(group) = group else { continue };
        let length = group.value.chars().count();
        if group.value.trim().is_empty() || length > 1024 || group.value.chars().any(char::is_control) {
            let fault = check.error(
                &group.span,
                format!(
                    "\"{}\" is no name of a group (`{argument}`)",
                    group.value.escape_debug()
                ),
                "expected the group's display name, 1 to 1024 characters",
            );
            check.report(fault);
            sound = false;
        } else if group.value.trim() != group.value {
            let fault = check.error(
                &group.span,
                format!("the name of the group begins or ends with a space (`{argument}`)"),
                format!("expected \"{}\"", group.value.trim()),
            );
            check.report(fault);
            sound = false;
        }
    }
    let developers = block
        .group
        .as_ref()
        .map_or(defaults::GROUP, |group| group.value.as_str());
    for (argument, group) in [
        ("admin_group", &block.admin_group),
        ("analyst_group", &block.analyst_group),
    ] {
        let Some(group) = group.as_ref().filter(|group| group.value == developers) else {
            continue;
        };
        if argument == "admin_group" {
            let fault = check.error(
                &group.span,
                "administrators and developers are the same group",
                "expected another group: every developer would be an administrator",
            );
            check.report(fault);
            sound = false;
        }
    }
    sound
}

fn session_duration(check: &mut Check<'_>, duration: &Spanned<String>) -> bool {
    let text = duration.value.as_str();
    if duration_seconds(text).is_some_and(|seconds| (3600..=43_200).contains(&seconds)) {
        return true;
    }
    let mut fault = check.error(
        &duration.span,
        format!("\"{text}\" cannot be the duration of a session"),
        "expected an ISO 8601 duration of 1 to 12 hours, as \"PT8H\"",
    );
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    if let Ok(hours @ 1..=12) = digits.parse::<u32>()
        && text[digits.len()..]
            .trim()
            .to_lowercase()
            .trim_end_matches("ours")
            .trim_end_matches("our")
            == "h"
    {
        fault = fault.help(format!("{hours} hours are written \"PT{hours}H\""));
    }
    check.report(fault);
    false
}

/// Where Identity Center has the key of a session tag.
const CENTER_TAG: &str = "it is the key under which Identity Center's “attributes for access control” send the value, without `PrincipalTag:`";

/// Whether a text can be the key of a session tag; `place` says where the key stands.
///
/// Source: shape `AccessControlAttributeKey` in botocore's model of IAM Identity Center, `tagKeyType` in that of AWS STS.
pub fn tag_key(check: &mut Check<'_>, tag: &Spanned<String>, place: &str) -> bool {
    let text = tag.value.as_str();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@');
    if !text.is_empty()
        && text.len() <= LONGEST_TAG_KEY
        && text.chars().all(plain)
        && !text.to_lowercase().starts_with("aws:")
    {
        return true;
    }
    let fault = check.error(
        &tag.span,
        format!("\"{text}\" cannot be the key of a session tag"),
        "expected 1 to 128 letters, digits, spaces and _ . : / = + - @, without the prefix `aws:`",
    );
    check.report(fault.help(place));
    false
}

/// Whether a session tag can bind profiles; `place` says where its key stands.
pub fn session_tag(check: &mut Check<'_>, tag: &Spanned<String>, profiles: Option<&Profiles>, place: &str) -> bool {
    if !tag_key(check, tag, place) {
        return false;
    }
    let span: Range<usize> = tag.span.clone();
    if let Some(profiles) = profiles.filter(|profiles| profiles.scope == ProfileScope::None) {
        let mut fault = check.error(
            &span,
            "`session_tag` needs application inference profiles",
            "there are none that it could bind",
        );
        if let Some(stated) = &profiles.span {
            fault = fault.also(check.source, stated.clone(), "because of this");
        }
        if let Some(reason) = &profiles.reason {
            fault = fault.help(format!("profiles are per \"none\" by default: {reason}"));
        }
        check.report(fault);
        return false;
    }
    true
}
