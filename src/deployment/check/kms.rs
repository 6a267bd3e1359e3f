//! ARNs of KMS keys.

use super::Check;
use super::arn::Arn;
use super::text::is_account_id;
use crate::deployment::read::Spanned;

/// Where a key has to be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Home<'a> {
    /// Region, with the name of the argument that it comes from.
    pub region: Option<(&'a str, &'a str)>,
    /// Account, where it must be a certain one.
    pub account: Option<&'a str>,
}

/// Whether it is the ARN of a key at home there.
pub fn check(check: &mut Check<'_>, key: &Spanned<String>, home: Home<'_>) -> bool {
    let text = key.value.as_str();
    let form = "expected arn:aws:kms:REGION:ACCOUNT:key/KEY-ID";
    let Some(arn) = Arn::parse(text).filter(|arn| arn.service == "kms") else {
        let fault = check.error(&key.span, format!("\"{text}\" is no ARN of a KMS key"), form);
        let fault = match text.starts_with("alias/") {
            true => fault.help("an alias can be moved to another key; name the key itself"),
            false => fault.help("`aws kms describe-key --key-id …` prints it"),
        };
        check.report(fault);
        return false;
    };
    let id = arn.resource.strip_prefix("key/").unwrap_or("");
    let (message, expected) = if arn.partition != "aws" {
        (
            format!("the key is in the partition `{}`", arn.partition),
            "expected a key in the partition `aws`".to_owned(),
        )
    } else if arn.resource.starts_with("alias/") {
        (
            "this is an alias, which can be moved to another key".to_owned(),
            form.to_owned(),
        )
    } else if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') || !is_account_id(arn.account)
    {
        (format!("\"{text}\" is no ARN of a KMS key"), form.to_owned())
    } else if let Some((region, argument)) = home.region.filter(|(region, _)| *region != arn.region) {
        (
            format!("the key is in region `{}`", arn.region),
            format!("expected a key in `{region}`, as `{argument}`: KMS keys work in their own region only"),
        )
    } else if let Some(account) = home.account.filter(|account| *account != arn.account) {
        (
            format!("the key belongs to account {}", arn.account),
            format!("expected a key of the deployment's account {account}"),
        )
    } else {
        return true;
    };
    let fault = check.error(&key.span, message, expected);
    check.report(fault);
    false
}
