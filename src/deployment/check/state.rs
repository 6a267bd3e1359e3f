//! Terraform's state.

use super::Check;
use super::basics::Basics;
use super::kms::{self, Home};
use crate::deployment::model::State;
use crate::deployment::names::Names;
use crate::deployment::read::{Spanned, raw};

/// Checks the block `state`.
pub fn check(check: &mut Check<'_>, file: &raw::File, basics: &Basics) -> Option<State> {
    let block = file.state.as_ref()?;
    // There is one kind so far; a second one will not compile without being handled here.
    let raw::Backend::S3 = block.backend.as_ref().map_or(raw::Backend::S3, |backend| backend.value);
    let bucket = block
        .bucket
        .as_ref()
        .filter(|bucket| self::bucket(check, bucket, basics));
    let stated_region = block.region.as_ref();
    let region_sound = stated_region.is_none_or(|region| check.region(region));
    let region = match stated_region {
        Some(region) => Some(region.value.clone()).filter(|_| region_sound),
        None => basics.region.as_ref().map(|region| region.value.clone()),
    };
    let prefix = match &block.key_prefix {
        Some(prefix) => Some(prefix.value.clone()).filter(|_| key_prefix(check, prefix)),
        None => basics.name.as_ref().map(|name| name.value.clone()),
    };
    let key_sound = block.kms_key_arn.as_ref().is_none_or(|key| {
        let argument = if stated_region.is_some() {
            "state.region"
        } else {
            "region"
        };
        let home = Home {
            region: region.as_deref().map(|region| (region, argument)),
            account: None,
        };
        kms::check(check, key, home)
    });
    Some(State {
        bucket: bucket?.value.clone(),
        region: region?,
        key_prefix: prefix?,
        kms_key_arn: block
            .kms_key_arn
            .as_ref()
            .filter(|_| key_sound)
            .map(|key| key.value.clone()),
    })
}

/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn bucket(check: &mut Check<'_>, bucket: &Spanned<String>, basics: &Basics) -> bool {
    let text = bucket.value.as_str();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let reason = if text.starts_with("arn:") || text.starts_with("s3://") {
        Some("it is an ARN or URL, not a name")
    } else if !(3..=63).contains(&text.len()) {
        Some("it has not 3 to 63 characters")
    } else if !text.chars().all(plain) {
        Some("it has other characters than lower-case letters, digits, hyphens and dots")
    } else if !outer(text.chars().next()) || !outer(text.chars().next_back()) {
        Some("it does not begin and end with a letter or digit")
    } else if text.contains("..")
        || text.split('.').count() == 4 && text.split('.').all(|part| part.parse::<u8>().is_ok())
    {
        Some("it has two dots in a row or looks like an IP address")
    } else if ["xn--", "sthree-", "amzn-s3-demo-"]
        .iter()
        .any(|prefix| text.starts_with(prefix))
        || ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
            .iter()
            .any(|suffix| text.ends_with(suffix))
    {
        Some("S3 reserves names of this form")
    } else {
        None
    };
    if let Some(reason) = reason {
        let message = format!("\"{text}\" is no name of a bucket: {reason}");
        let fault = check.error(
            &bucket.span,
            message,
            "expected the name of an S3 bucket, as \"acme-terraform-state\"",
        );
        check.report(fault);
        return false;
    }
    let (Some(name), Some(account), Some(region)) = (&basics.name, basics.account(), &basics.region) else {
        return true;
    };
    let names = Names::new(&name.value, account, &region.value);
    if text == names.log_bucket || text == names.results_bucket {
        let fault = check.error(
            &bucket.span,
            format!("\"{text}\" is a bucket that this deployment creates"),
            "expected a bucket that is there before the first apply",
        );
        check.report(fault);
        return false;
    }
    true
}

fn key_prefix(check: &mut Check<'_>, prefix: &Spanned<String>) -> bool {
    let text = prefix.value.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '=');
    let reason = if text.is_empty() {
        "it is empty"
    } else if text.starts_with('/') || text.ends_with('/') || text.contains("//") {
        "slashes stand between names only"
    } else if !text.chars().all(plain) || text.split('/').any(|part| part == "." || part == "..") {
        "it has other characters than letters, digits, / - _ . and ="
    } else if text.len() > 900 {
        "it is longer than 900 characters"
    } else {
        return true;
    };
    let message = format!("\"{text}\" cannot be the prefix of keys: {reason}");
    let fault = check.error(&prefix.span, message, "expected a path as \"platform/claude-code\"");
    check.report(fault);
    false
}
