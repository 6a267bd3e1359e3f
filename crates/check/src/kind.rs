//! The kind of a policy document in a file of its own: what its name tells, as far as the document does not contradict.

use policy::Kind;

use crate::policy::Shape;

/// What is taken a document for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guess {
    /// `None` leaves it to the document.
    pub kind: Option<Kind>,
    /// Whether the document would be as good as one of another kind, and the name has but a word that means other
    /// things as well (`session-tags`, `kms-boundary`): then the kind alone makes nothing an error.
    pub is_weak: bool,
}

/// The kind that a file's name tells: `scp.json`, `developer-trust.json`, `log-bucket.json`. A name that tells nothing,
/// or what the document is not, leaves it to the document.
pub(crate) fn of(name: &str, shape: Shape) -> Guess {
    let stem = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let stem = stem.strip_suffix(".json").unwrap_or(&stem);
    let words: Vec<&str> = stem.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    let trust = has(&["trust"]) || words.windows(3).any(|words| words == ["assume", "role", "policy"]);
    let resource = has(&["bucket", "resource", "topic", "queue"]);
    // The kinds in the order in which they are believed.
    let told = [
        (trust, Kind::Trust),
        (has(&["scp"]), Kind::ServiceControl),
        (has(&["identity"]), Kind::Identity),
        (has(&["boundary"]), Kind::Boundary),
        (has(&["session"]), Kind::Session),
        (resource, Kind::Resource),
    ];
    let kind = told
        .into_iter()
        .find_map(|(told, kind)| (told && shape.can_be(kind)).then_some(kind));
    Guess {
        kind,
        is_weak: matches!(kind, Some(Kind::Identity | Kind::Boundary | Kind::Session)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: &str = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
    const TRUST: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole"}}"#;
    const RESOURCE: &str = r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"},
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}}"#;
    const RCP: &str = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#;
    /// Wrong as any kind: one statement has principals, the other has none.
    const MIXED: &str = r#"{"Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    /// Wrong as any kind: neither principals nor resources.
    const BARE: &str = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}"#;

    fn kind(name: &str, text: &str) -> Option<Kind> {
        of(name, Shape::of(text)).kind
    }

    #[test]
    fn names_tell_the_kind() {
        for (name, text, told) in [
            ("policies/scp.json", IDENTITY, Some(Kind::ServiceControl)),
            ("scp/policies.json", IDENTITY, None),
            ("developer-trust.json", TRUST, Some(Kind::Trust)),
            ("assume_role_policy.json", TRUST, Some(Kind::Trust)),
            ("log-bucket.json", RESOURCE, Some(Kind::Resource)),
            ("permissions-boundary.json", IDENTITY, Some(Kind::Boundary)),
            ("session.json", IDENTITY, Some(Kind::Session)),
            ("developer.json", IDENTITY, None),
            ("identity-assume-roles.json", IDENTITY, Some(Kind::Identity)),
            ("assume-roles.json", TRUST, None),
            ("trusty.json", TRUST, None),
            ("trust-eks-pod-identity.json", TRUST, Some(Kind::Trust)),
        ] {
            assert_eq!(kind(name, text), told, "{name}");
        }
    }

    #[test]
    fn a_name_decides_nothing_that_the_document_contradicts() {
        for (text, names) in [
            (IDENTITY, ["trust", "bucket", "queue", "topic", "resource"]),
            (TRUST, ["identity", "scp", "session", "boundary", "bucket"]),
            (RESOURCE, ["identity", "scp", "session", "boundary", "trust"]),
            (RCP, ["identity", "scp", "session", "bucket", "trust"]),
        ] {
            for name in names {
                assert_eq!(kind(&format!("{name}.json"), text), None, "{name} {text}");
            }
        }
    }

    #[test]
    fn of_a_document_that_is_wrong_as_any_kind_the_name_says_what_is_wrong() {
        assert_eq!(kind("scp.json", MIXED), Some(Kind::ServiceControl));
        assert_eq!(kind("bucket.json", MIXED), Some(Kind::Resource));
        assert_eq!(kind("developer-trust.json", BARE), Some(Kind::Trust));
        let with_resource = RESOURCE.replace("s3:GetObject", "sts:AssumeRole");
        assert_eq!(kind("developer-trust.json", &with_resource), Some(Kind::Trust));
        let other_action = TRUST.replace("sts:AssumeRole", "s3:GetObject");
        assert_eq!(kind("developer-trust.json", &other_action), Some(Kind::Trust));
    }
}
