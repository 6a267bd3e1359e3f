//! Forms of texts that AWS prescribes.

/// Twelve digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first character that the value of an application inference profile's tag must not have.
///
/// Source: pattern `[a-zA-Z0-9\s._:/=+@-]*` of `TagValue` in botocore's model of Amazon Bedrock.
pub fn bad_tag_character(text: &str) -> Option<char> {
    text.chars()
        .find(|c| !(c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | ':' | '/' | '=' | '+' | '@' | '-')))
}

/// A character for a message: control characters are escaped.
pub fn shown(c: char) -> String {
    if c.is_control() {
        c.escape_debug().to_string()
    } else {
        c.to_string()
    }
}

/// Whether a number is dollars and whole cents of a size that a bill can have.
pub fn is_usd(amount: f64) -> bool {
    let cents = amount * 100.0;
    amount > 0.0 && amount < 1e12 && (cents - cents.round()).abs() < 1e-4
}

/// Whether Amazon Bedrock takes a text as the name of a topic.
///
/// Source: shape `GuardrailTopicName` in botocore's model of Amazon Bedrock.
pub fn is_topic_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ' | '!' | '?' | '.');
    (1..=LONGEST_TOPIC).contains(&text.len()) && text.chars().all(plain)
}

/// Values that CloudWatch takes for the retention of a log group, in days.
///
/// Source: `PutRetentionPolicy` in the CloudWatch Logs API reference.
pub const RETENTION: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// Longest name of a topic.
pub const LONGEST_TOPIC: usize = 100;
/// Longest tag value.
pub const LONGEST_TAG_VALUE: usize = 256;
/// Longest tag key.
pub const LONGEST_TAG_KEY: usize = 128;

/// Whether a text looks like an e-mail address that a mail server would take.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |c: char| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '@' | ',' | ';' | '<' | '>' | '"' | '(' | ')' | '\\')
    };
    let dots = |part: &str| !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && dots(local)
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// Seconds of an ISO 8601 duration of hours, minutes and seconds, as `PT8H` or `PT1H30M`.
pub fn duration_seconds(text: &str) -> Option<u64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0_u64;
    let mut any = false;
    for (unit, factor) in [('H', 3600), ('M', 60), ('S', 1)] {
        let Some(at) = rest.find(unit) else { continue };
        let number: u64 = rest[..at].parse().ok()?;
        seconds = seconds.checked_add(number.checked_mul(factor)?)?;
        rest = &rest[at + 1..];
        any = true;
    }
    (any && rest.is_empty()).then_some(seconds)
}

/// Why a text cannot be the id of a developer; ids are keys in Terraform, parts of names and names of files.
pub fn developer_id_fault(id: &str) -> Option<&'static str> {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if id.is_empty() {
        Some("it is empty")
    } else if id.len() > 64 {
        Some("it is longer than 64 characters")
    } else if !id.chars().all(inner) {
        Some("it has other characters than letters, digits, `.`, `_` and `-`")
    } else if !outer(id.chars().next()) || !outer(id.chars().next_back()) {
        Some("it does not begin and end with a letter or digit")
    } else {
        None
    }
}

/// The id that a developer has who was given none: the part of the address before the `@`, in lower case, with a
/// hyphen for each run of characters that ids cannot have.
pub fn developer_id(email: &str) -> String {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    let mut id = String::with_capacity(local.len());
    for c in local.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
            id.push(c);
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_mail_addresses() {
        for good in [
            "a@b.co",
            "jane.doe+x@sub.example.com",
            "o'neil@example.com",
            "j@münchen.de",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a b@c.de",
            "a@b..co",
            ".a@b.co",
            "a@-b.co",
            "a@b.co,c@d.ef",
            "<a@b.co>",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(duration_seconds("PT8H"), Some(28_800));
        assert_eq!(duration_seconds("PT1H30M"), Some(5_400));
        for bad in ["8h", "PT", "P1D", "PT1M1H", "PT-1H", "PT99999999999999999999H", "PT1H "] {
            assert_eq!(duration_seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn ids_from_addresses() {
        assert_eq!(developer_id("Jane.O'Neil+aws@example.com"), "jane.o-neil-aws");
        assert_eq!(developer_id("_x_@example.com"), "x");
    }
}
