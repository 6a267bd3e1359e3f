//! Name, account and region.

use super::Check;
use super::text::is_account_id;
use crate::deployment::read::{Spanned, raw};
use crate::diagnostic::nearest;

/// Name, account and region; what is faulty is absent.
#[derive(Debug, Default)]
pub struct Basics {
    /// Name.
    pub name: Option<Spanned<String>>,
    /// Account.
    pub account_id: Option<Spanned<String>>,
    /// Region.
    pub region: Option<Spanned<String>>,
}

impl Basics {
    /// The account, where it is known.
    pub fn account(&self) -> Option<&str> {
        self.account_id.as_ref().map(|account| account.value.as_str())
    }
}

/// Checks name, account and region.
pub fn check(check: &mut Check<'_>, file: &raw::File) -> Basics {
    Basics {
        name: file.name.clone().filter(|name| self::name(check, name)),
        account_id: file
            .account_id
            .clone()
            .filter(|account| check.account_id(account, "account_id")),
        region: file.region.clone().filter(|region| check.region(region)),
    }
}

fn name(check: &mut Check<'_>, name: &Spanned<String>) -> bool {
    let text = name.value.as_str();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fault = if text.is_empty() {
        "it is empty"
    } else if !text.chars().all(plain) {
        "it has other characters than lower-case letters, digits and hyphens"
    } else if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        "it does not begin with a letter"
    } else if text.ends_with('-') || text.contains("--") {
        "a hyphen must stand between two letters or digits"
    } else if ["xn-", "sthree-", "amzn-s3-demo-"]
        .iter()
        .any(|prefix| text.starts_with(prefix))
    {
        "S3 reserves bucket names that begin like this"
    } else {
        return true;
    };
    let wanted = proposal(text);
    let mut fault = check
        .error(
            &name.span,
            format!("\"{text}\" cannot be the name: {fault}"),
            "expected a name like \"claude-code\"",
        )
        .help("every resource name begins with it, so it has to suit S3, IAM, Athena and Glue alike");
    if let Some(wanted) = wanted.filter(|wanted| wanted != text) {
        fault = fault.help(format!("for example \"{wanted}\""));
    }
    check.report(fault);
    false
}

/// The text in a form that a name may have.
fn proposal(text: &str) -> Option<String> {
    let mut name = String::new();
    for c in text.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name
        .trim_start_matches(|c: char| !c.is_ascii_lowercase())
        .trim_end_matches('-');
    (name.len() >= 3 && !name.starts_with("xn-")).then(|| name.to_owned())
}

impl Check<'_> {
    /// Whether it is the id of an account.
    pub fn account_id(&mut self, account: &Spanned<String>, argument: &str) -> bool {
        let text = account.value.as_str();
        if is_account_id(text) {
            return true;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let grouped = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' '));
        let mut fault = self.error(
            &account.span,
            format!("\"{text}\" is no account id (`{argument}`)"),
            "expected twelve digits, as \"123456789012\"",
        );
        if grouped && digits.len() == 12 {
            fault = fault.help(format!("without separators: \"{digits}\""));
        } else if grouped {
            fault = fault.help(format!("this one has {}", digits.len()));
        }
        self.report(fault);
        false
    }

    /// Whether it is a commercial region.
    pub fn region(&mut self, region: &Spanned<String>) -> bool {
        let text = region.value.as_str();
        let catalog = self.catalog;
        if catalog.region(text).is_some() {
            return true;
        }
        let reason = if text.starts_with("us-gov-") {
            Some("AWS GovCloud (US)")
        } else if text.starts_with("cn-") {
            Some("AWS in China")
        } else if text.contains("-iso") || text.starts_with("eusc-") {
            Some("a partition of AWS that is closed off")
        } else {
            None
        };
        let fault = match reason {
            Some(partition) => self
                .error(&region.span, format!("region `{text}` belongs to {partition}"), "expected a commercial region")
                .help("it is another partition, with other ARNs, model ids and services; tfgen covers the partition `aws` alone"),
            None => {
                let codes: Vec<&str> = catalog.regions().map(|region| region.code.as_str()).collect();
                let zone = text.strip_suffix(|c: char| c.is_ascii_lowercase()).filter(|code| codes.contains(code));
                let fault = self.error(
                    &region.span,
                    format!("`{text}` is no region of AWS"),
                    "expected the code of a commercial region, as \"us-east-1\"",
                );
                match zone.or_else(|| nearest(text, codes.iter().copied())).or_else(|| catalog.nearest_region(text)) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => fault,
                }
            }
        };
        self.report(fault);
        false
    }
}
