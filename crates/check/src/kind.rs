//! The kind of a policy document in a file of its own, by the file's name.

use policy::Kind;

/// The kind that a file's name tells: `scp.json`, `developer-trust.json`, `log-bucket.json`. A name that tells nothing
/// leaves it to the document.
pub(crate) fn of_name(name: &str) -> Option<Kind> {
    let stem = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let stem = stem.strip_suffix(".json").unwrap_or(&stem);
    let words: Vec<&str> = stem.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    if has(&["identity"]) {
        Some(Kind::Identity)
    } else if has(&["trust"]) || words.windows(3).any(|words| words == ["assume", "role", "policy"]) {
        Some(Kind::Trust)
    } else if has(&["scp"]) {
        Some(Kind::ServiceControl)
    } else if has(&["boundary"]) {
        Some(Kind::Boundary)
    } else if has(&["session"]) {
        Some(Kind::Session)
    } else if has(&["bucket", "resource", "topic", "queue"]) {
        Some(Kind::Resource)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind() {
        for (name, kind) in [
            ("policies/scp.json", Some(Kind::ServiceControl)),
            ("developer-trust.json", Some(Kind::Trust)),
            ("assume_role_policy.json", Some(Kind::Trust)),
            ("log-bucket.json", Some(Kind::Resource)),
            ("permissions-boundary.json", Some(Kind::Boundary)),
            ("developer.json", None),
            ("identity-assume-roles.json", Some(Kind::Identity)),
            ("assume-roles.json", None),
            ("trusty.json", None),
        ] {
            assert_eq!(of_name(name), kind, "{name}");
        }
    }
}
