//! ARNs, as far as policies look into them.

/// The partition: `aws`.
pub(crate) fn partition(arn: &str) -> Option<&str> {
    part(arn, 1)
}

/// The account, where the ARN has one.
pub(crate) fn account(arn: &str) -> Option<&str> {
    part(arn, 4)
}

fn part(arn: &str, index: usize) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    if parts.next() != Some("arn") {
        return None;
    }
    parts.nth(index - 1).filter(|part| !part.is_empty())
}

/// The account that a principal names as a whole: `111122223333` or `arn:aws:iam::111122223333:root`.
pub(crate) fn account_principal(text: &str) -> Option<&str> {
    if is_account_id(text) {
        return Some(text);
    }
    let (before, account) = text.strip_suffix(":root")?.rsplit_once("::")?;
    (before.starts_with("arn:") && before.ends_with(":iam") && is_account_id(account)).then_some(account)
}

/// What of IAM an ARN names that is no principal: `an IAM group` and the like.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
pub(crate) fn never_calls(arn: &str) -> Option<&'static str> {
    let resource = part(arn, 5).filter(|_| part(arn, 2) == Some("iam"))?;
    match resource.split_once('/')?.0 {
        "group" => Some("an IAM group"),
        "instance-profile" => Some("an instance profile"),
        "policy" => Some("a policy"),
        _ => None,
    }
}

/// Twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A unique id of a user or role, as AWS shows it where the entity is gone: `AIDA…`, `AROA…`.
pub(crate) fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && (text.starts_with("AIDA") || text.starts_with("AROA"))
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// How many of the five colons that a whole ARN has are missing; policy variables' colons do not count.
pub(crate) fn missing_parts(pattern: &str) -> usize {
    5_usize.saturating_sub(colons(pattern).count())
}

/// Where the resource begins: behind the fifth colon.
pub(crate) fn resource_start(pattern: &str) -> Option<usize> {
    colons(pattern).nth(4).map(|at| at + 1)
}

/// Positions of the colons outside policy variables.
fn colons(pattern: &str) -> impl Iterator<Item = usize> {
    let mut inside = false;
    let mut previous = 0;
    pattern.bytes().enumerate().filter_map(move |(at, byte)| {
        match byte {
            b'{' if previous == b'$' => inside = true,
            b'}' => inside = false,
            _ => {}
        }
        previous = byte;
        (byte == b':' && !inside).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_arn() {
        let arn = "arn:aws-us-gov:iam::111122223333:role/a:b";
        assert_eq!(partition(arn), Some("aws-us-gov"));
        assert_eq!(account(arn), Some("111122223333"));
        assert_eq!(account("arn:aws:s3:::bucket"), None);
        assert_eq!(account("*"), None);
        assert_eq!(never_calls("arn:aws:iam::111122223333:group/a/b"), Some("an IAM group"));
        assert_eq!(never_calls("arn:aws:iam::111122223333:role/group/b"), None);
        assert_eq!(never_calls("arn:aws:sts::111122223333:group/a"), None);
        assert_eq!(account("urn:a:b:c:d:e"), None);
    }

    #[test]
    fn an_account_is_named_by_id_or_root() {
        assert_eq!(account_principal("111122223333"), Some("111122223333"));
        assert_eq!(
            account_principal("arn:aws-cn:iam::111122223333:root"),
            Some("111122223333")
        );
        assert_eq!(account_principal("arn:aws:iam::111122223333:user/root"), None);
        assert_eq!(account_principal("arn:aws:iam::11112222333:root"), None);
        assert_eq!(account_principal("*"), None);
    }

    #[test]
    fn missing_parts_are_counted_outside_variables() {
        assert_eq!(missing_parts("arn:aws:sqs"), 3);
        assert_eq!(missing_parts("arn:aws:s3:::${aws:username}/*"), 0);
        assert_eq!(missing_parts("arn:aws:s3:${aws:a}"), 2);
        assert_eq!(missing_parts("arn:aws:logs:r:a:log-group:g:*"), 0);
        assert_eq!(resource_start("arn:aws:iam::${aws:a}:role/x"), Some(22));
        assert_eq!(resource_start("arn:aws:s3"), None);
    }
}
