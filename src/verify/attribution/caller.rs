//! Who an ARN of AWS STS is, as `identity.arn` of the log and `GetCallerIdentity` give it.

use crate::deployment::model::{Access, Deployment};

/// Who made a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// A session of the developers' role, under this name.
    Developer(&'a str),
    /// A session of the administrators' role, under this name.
    Admin(&'a str),
    /// Anything else, by what it is.
    Other(Kind<'a>),
}

/// What a caller is who is nobody of the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An IAM user, long-term Bedrock API keys included.
    User,
    /// The root user.
    Root,
    /// A session of another role.
    Role(&'a str),
    /// The caller of another account or partition, or a kind that is not known here.
    Unknown,
}

impl Kind<'_> {
    /// What it is, in a few words.
    pub fn words(self) -> String {
        match self {
            Self::User => "an IAM user".to_owned(),
            Self::Root => "the root user".to_owned(),
            Self::Role(role) => format!("a session of the role {role}"),
            Self::Unknown => "nobody of this account that is known".to_owned(),
        }
    }
}

/// Who `arn` is in a deployment.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
pub fn who<'a>(arn: &'a str, deployment: &Deployment) -> Who<'a> {
    let other = Who::Other;
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, service, "", account, rest] = parts.as_slice() else {
        return other(Kind::Unknown);
    };
    if *partition != deployment.partition || *account != deployment.account_id {
        return other(Kind::Unknown);
    }
    match (*service, *rest) {
        ("iam", "root") => return other(Kind::Root),
        ("iam", rest) if rest.starts_with("user/") => return other(Kind::User),
        _ => {}
    }
    let session = rest.strip_prefix("assumed-role/").and_then(|rest| rest.split_once('/'));
    let (role, name) = match session {
        Some((role, name)) if *service == "sts" && !name.is_empty() => (role, name),
        _ => return other(Kind::Unknown),
    };
    let part = match &deployment.access {
        Access::IdentityCenter(_) => reserved_set(role),
        Access::Roles(_) | Access::Federation(_) => Some(role),
    };
    match part {
        Some(part) if part == deployment.names.developer => Who::Developer(name),
        Some(part) if part == deployment.names.admin => Who::Admin(name),
        _ => other(Kind::Role(role)),
    }
}

/// The permission set that a role of Identity Center is of: `AWSReservedSSO_<permission set>_<16 hexadecimal digits>`.
pub fn reserved_set(role: &str) -> Option<&str> {
    let (set, suffix) = role.strip_prefix("AWSReservedSSO_")?.rsplit_once('_')?;
    let is_hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    (suffix.len() == 16 && suffix.chars().all(is_hexadecimal) && !set.is_empty()).then_some(set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onboard::fixtures;

    #[test]
    fn sessions_of_identity_center() {
        let deployment = fixtures::identity_center();
        let who = |rest: &str| format!("arn:aws:sts::123456789012:assumed-role/{rest}");
        let developer = who("AWSReservedSSO_claude-code-developer_0123456789abcdef/a@x.com");
        assert_eq!(super::who(&developer, &deployment), Who::Developer("a@x.com"));
        let admin = who("AWSReservedSSO_claude-code-admin_0123456789abcdef/a@x.com");
        assert_eq!(super::who(&admin, &deployment), Who::Admin("a@x.com"));
        for role in [
            "AWSReservedSSO_claude-code-developer_0123456789abcde",
            "AWSReservedSSO_claude-code-developer_0123456789ABCDEF",
            "AWSReservedSSO_other_0123456789abcdef",
            "claude-code-developer",
        ] {
            let arn = who(&format!("{role}/a"));
            assert_eq!(super::who(&arn, &deployment), Who::Other(Kind::Role(role)));
        }
    }

    #[test]
    fn roles_are_told_by_their_names() {
        let deployment = fixtures::roles();
        let developer = "arn:aws:sts::123456789012:assumed-role/claude-code-developer/alice";
        assert_eq!(who(developer, &deployment), Who::Developer("alice"));
        let center =
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/alice";
        assert!(matches!(who(center, &deployment), Who::Other(Kind::Role(_))));
    }

    #[test]
    fn everybody_else_is_named() {
        let deployment = fixtures::identity_center();
        for (arn, kind) in [
            ("arn:aws:iam::123456789012:user/team/dave", Kind::User),
            ("arn:aws:iam::123456789012:root", Kind::Root),
            ("arn:aws:sts::123456789012:federated-user/x", Kind::Unknown),
            // Another account, another partition, no name, no ARN.
            (
                "arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/a",
                Kind::Unknown,
            ),
            (
                "arn:aws-us-gov:sts::123456789012:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/a",
                Kind::Unknown,
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_claude-code-developer_0123456789abcdef/",
                Kind::Unknown,
            ),
            ("", Kind::Unknown),
        ] {
            assert_eq!(who(arn, &deployment), Who::Other(kind), "{arn}");
        }
    }
}
