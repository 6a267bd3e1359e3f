//! Tags, logs and analytics.

use super::Check;
use super::basics::Basics;
use super::kms::{self, Home};
use super::profiles::Profiles;
use super::text::{LONGEST_TAG_KEY, RETENTION, bad_tag_character, shown};
use crate::deployment::model::{Analytics, CostTags, Logging, Organization, ProfileScope, TagKeys};
use crate::deployment::names::DEFAULT_TAG_KEYS;
use crate::deployment::read::raw::defaults;
use crate::deployment::read::{Spanned, raw};

/// The keys of tags: those of the block `cost_tags`, or the defaults.
pub fn tag_keys(check: &mut Check<'_>, file: &raw::File) -> Option<TagKeys> {
    let none = raw::CostTags::default();
    let block = file.cost_tags.as_ref().map_or(&none, |block| &block.value);
    let stated = [
        ("team", &block.team),
        ("project", &block.project),
        ("cost_center", &block.cost_center),
        ("user", &block.user),
    ];
    let mut sound = true;
    let mut seen: Vec<(&str, &str, Option<&Spanned<String>>)> = Vec::new();
    let fallback = [
        defaults::TAG_TEAM,
        defaults::TAG_PROJECT,
        defaults::TAG_COST_CENTER,
        defaults::TAG_USER,
    ];
    for ((argument, value), fallback) in stated.into_iter().zip(fallback) {
        let value = value.as_ref();
        if let Some(key) = value {
            sound &= tag_key(check, key, argument);
        }
        let text = value.map_or(fallback, |key| key.value.as_str());
        // AWS tells keys apart by case, the columns of cost and usage reports do not.
        let same = seen.iter().find(|(_, other, _)| other.eq_ignore_ascii_case(text));
        if let Some((other, _, first)) = same
            && let Some(key) = value.or(*first)
        {
            let message = format!("`{argument}` and `{other}` have the same tag key \"{text}\"");
            let fault = check.error(&key.span, message, "expected a key of its own for each");
            check.report(fault);
            sound = false;
        }
        seen.push((argument, text, value));
    }
    let key = |index: usize| seen.get(index).map(|(_, text, _)| (*text).to_owned());
    sound.then_some(TagKeys {
        team: key(0)?,
        project: key(1)?,
        cost_center: key(2)?,
        user: key(3)?,
    })
}

fn tag_key(check: &mut Check<'_>, key: &Spanned<String>, argument: &str) -> bool {
    let text = key.value.as_str();
    let reason = if text.is_empty() {
        "it is empty".to_owned()
    } else if let Some(c) = bad_tag_character(text) {
        format!("AWS does not take the character `{}` in it", shown(c))
    } else if text.len() > LONGEST_TAG_KEY {
        format!("it has {} characters, AWS allows {LONGEST_TAG_KEY}", text.len())
    } else if text.to_ascii_lowercase().starts_with("aws:") {
        "AWS reserves the prefix `aws:`".to_owned()
    } else if text.starts_with("user:") {
        "`user:` is how budgets write the key; the tag itself has no such prefix".to_owned()
    } else if DEFAULT_TAG_KEYS.iter().any(|key| key.eq_ignore_ascii_case(text)) {
        "every resource of the deployment has that tag, with a value of its own".to_owned()
    } else if text.trim() != text {
        "it begins or ends with a space".to_owned()
    } else {
        return true;
    };
    let message = format!("\"{text}\" cannot be the tag key of `{argument}`: {reason}");
    let fault = check.error(&key.span, message, "expected a tag key as \"CostCenter\"");
    check.report(fault);
    false
}

/// Checks that there is something to activate.
pub fn cost_tags(
    check: &mut Check<'_>,
    file: &raw::File,
    basics: &Basics,
    organization: Option<&Organization>,
    profiles: Option<&Profiles>,
) -> Option<CostTags> {
    let block = file.cost_tags.as_ref()?;
    if let Some(profiles) = profiles.filter(|profiles| profiles.scope == ProfileScope::None) {
        let mut fault = check.error(
            &block.span,
            "there are no application inference profiles, so nothing carries these tags",
            "a tag can be activated only after AWS has seen it in use",
        );
        if let Some(span) = &profiles.span {
            fault = fault.also(check.source, span.clone(), "because of this");
        }
        if let Some(reason) = &profiles.reason {
            fault = fault.help(format!("profiles are per \"none\" by default: {reason}"));
        }
        check.report(fault.help("leave the block out, or choose profiles per \"developer\" or \"team\""));
        return None;
    }
    Some(CostTags {
        payer_account_id: payer(check, file, block, basics, organization)?,
    })
}

/// The account in which tags are activated.
///
/// Source: <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html> (the management account of
/// an organization, or an account that stands alone)
fn payer(
    check: &mut Check<'_>,
    file: &raw::File,
    block: &Spanned<raw::CostTags>,
    basics: &Basics,
    organization: Option<&Organization>,
) -> Option<String> {
    if let Some(stated) = &block.payer_account_id {
        if !check.account_id(stated, "cost_tags.payer_account_id") {
            return None;
        }
        let management = file
            .organization
            .as_ref()
            .and_then(|block| block.management_account_id.as_ref());
        if let Some(management) = management.filter(|management| management.value != stated.value) {
            let warning = check
                .warning(
                    &stated.span,
                    "the payer is not the management account",
                    "usually the management account pays",
                )
                .also(check.source, management.span.clone(), "the management account")
                .help("right only where another organization's account pays this organization's bill");
            check.report(warning);
        }
        return Some(stated.value.clone());
    }
    if check.faulty.contains("cost_tags.payer_account_id") {
        return None;
    }
    if file.organization.is_some() || check.faulty.contains("organization") {
        return organization.map(|organization| organization.management_account_id.clone());
    }
    let own = basics.account()?;
    let center = file
        .identity_center
        .as_ref()
        .and_then(|center| center.account_id.as_ref());
    if let Some(center) = center.filter(|center| center.value != own) {
        let fault = check
            .error(
                &block.span,
                "it is not known which account pays the bill",
                "expected `payer_account_id = \"…\"` in this block",
            )
            .also(
                check.source,
                center.span.clone(),
                "Identity Center is managed from another account, so both are in an organization, which has one payer",
            )
            .help("the payer is the organization's management account: `aws organizations describe-organization` prints it")
            .help("with a block `organization` its management account is the payer");
        check.report(fault);
        return None;
    }
    Some(own.to_owned())
}

/// Checks the block `logging`.
pub fn logging(check: &mut Check<'_>, file: &raw::File, basics: &Basics) -> Option<Logging> {
    let block = file.logging.as_ref()?;
    let retention = block.retention_days.as_ref();
    if let Some(days) = retention.filter(|days| !RETENTION.contains(&days.value)) {
        let listed: Vec<String> = RETENTION.iter().map(u32::to_string).collect();
        let above = RETENTION.iter().find(|allowed| **allowed > days.value);
        let fault = check.error(
            &days.span,
            format!("CloudWatch cannot keep log events for {} days", days.value),
            format!("expected one of {}", listed.join(", ")),
        );
        let fault = match above {
            Some(above) => fault.help(format!("the next longer one is {above}")),
            None => fault,
        };
        check.report(fault);
    }
    let key = block.kms_key_arn.as_ref().filter(|key| {
        let home = Home {
            region: basics.region.as_ref().map(|region| (region.value.as_str(), "region")),
            account: basics.account(),
        };
        kms::check(check, key, home)
    });
    Some(Logging {
        retention_days: retention.map_or(defaults::RETENTION_DAYS, |days| days.value),
        expiration_days: block
            .expiration_days
            .as_ref()
            .map_or(defaults::EXPIRATION_DAYS, |days| days.value),
        prompts: block.prompts.as_ref().is_some_and(|prompts| prompts.value),
        kms_key_arn: key.map(|key| key.value.clone()),
    })
}

/// Checks the block `analytics`.
pub fn analytics(check: &mut Check<'_>, file: &raw::File) -> Option<Analytics> {
    let block = file.analytics.as_ref()?;
    if check.absent(&file.logging, "logging") {
        let fault = check.error(&block.span, "`analytics` needs `logging`", "there is no log to query");
        check.report(fault.help("add a block `logging {}`, or leave this one out"));
    }
    let gigabytes = block
        .scan_limit_gb
        .as_ref()
        .map_or(defaults::SCAN_LIMIT_GB, |limit| limit.value);
    Some(Analytics {
        scan_limit_bytes: u64::from(gigabytes) * 1_000_000_000,
        results_expiration_days: block
            .results_expiration_days
            .as_ref()
            .map_or(defaults::RESULTS_EXPIRATION_DAYS, |days| days.value),
    })
}
