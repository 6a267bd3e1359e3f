//! Forms of texts.

/// Whether a text has the form of a region: `eu-west-1`, `us-gov-west-1`, `eusc-de-east-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.len() >= 2
        && text.len() <= 63
        && words.iter().all(is_word)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the form of an identity pool's id: its region, and hexadecimal digits in groups.
pub fn is_pool(text: &str) -> bool {
    text.split_once(':').is_some_and(|(region, id)| {
        is_region(region) && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    })
}

/// Whether a text has the form of a role's ARN.
pub(crate) fn is_role(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (arn, partition, service, region, account, resource) = (next(), next(), next(), next(), next(), next());
    let is_digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let name = resource.strip_prefix("role/").unwrap_or_default();
    arn == "arn"
        && !partition.is_empty()
        && service == "iam"
        && region.is_empty()
        && is_digits
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

/// A text that says something.
pub(crate) fn given(value: &Option<String>) -> Option<String> {
    value
        .as_deref()
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

/// A domain without its scheme and the slash at its end.
pub(crate) fn bare(domain: &str) -> &str {
    let domain = domain
        .strip_prefix("https://")
        .or_else(|| domain.strip_prefix("http://"))
        .unwrap_or(domain);
    domain.trim_end_matches('/')
}
