//! Sizes of documents as AWS counts them, and AWS's limits.

use crate::{Document, print};

/// Date of the limits below.
pub const LIMITS_AS_OF: &str = "2026-11-21";

/// What a document is attached to or stored as; decides how its size is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attachment {
    /// A customer-managed policy; also what a permission boundary is.
    Managed,
    /// All inline policies of a role together.
    RoleInline,
    /// All inline policies of a user together.
    UserInline,
    /// All inline policies of a group together.
    GroupInline,
    /// A role's trust policy. The limit is the default quota, which AWS raises up to 8,192 on request.
    RoleTrust,
    /// The inline policy of an Identity Center permission set.
    PermissionSetInline,
    /// A service control policy.
    ServiceControl,
    /// A session policy, together with the ARNs of the managed ones.
    Session,
    /// An S3 bucket's policy.
    Bucket,
}

/// AWS's limit for an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What it is for.
    pub attachment: Attachment,
    /// Most characters.
    pub characters: usize,
    /// Whether white space counts.
    pub counts_white_space: bool,
    /// Most bytes as stored, white space included, where AWS has such a limit as well.
    pub bytes: Option<usize>,
    /// Whether the documents of one owner share it.
    pub shared: bool,
    /// AWS's page.
    pub source: &'static str,
}

const IAM_QUOTAS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";
const ORGANIZATIONS_LIMITS: &str =
    "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html";
const IDENTITY_CENTER_LIMITS: &str = "https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html";
const BUCKET_POLICIES: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html";

const fn non_white(attachment: Attachment, characters: usize, shared: bool) -> Limit {
    Limit {
        attachment,
        characters,
        counts_white_space: false,
        bytes: None,
        shared,
        source: IAM_QUOTAS,
    }
}

const fn raw(attachment: Attachment, characters: usize, source: &'static str) -> Limit {
    Limit {
        attachment,
        characters,
        counts_white_space: true,
        bytes: None,
        shared: false,
        source,
    }
}

/// The limits, one for each attachment, as of [`LIMITS_AS_OF`].
pub const LIMITS: [Limit; 9] = [
    non_white(Attachment::Managed, 6_144, false),
    non_white(Attachment::RoleInline, 10_240, true),
    non_white(Attachment::UserInline, 2_048, true),
    non_white(Attachment::GroupInline, 5_120, true),
    non_white(Attachment::RoleTrust, 2_048, false),
    Limit {
        attachment: Attachment::PermissionSetInline,
        characters: 10_240,
        counts_white_space: false,
        bytes: Some(32_768),
        shared: false,
        source: IDENTITY_CENTER_LIMITS,
    },
    raw(Attachment::ServiceControl, 10_240, ORGANIZATIONS_LIMITS),
    raw(Attachment::Session, 2_048, IAM_QUOTAS),
    Limit {
        bytes: Some(20 * 1_024),
        ..raw(Attachment::Bucket, 20 * 1_024, BUCKET_POLICIES)
    },
];

impl Attachment {
    /// AWS's limit.
    pub fn limit(self) -> Limit {
        // The table has a row for each; the test below keeps it so.
        LIMITS
            .into_iter()
            .find(|limit| limit.attachment == self)
            .unwrap_or(LIMITS[0])
    }
}

/// A document's size against a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Characters that count.
    pub characters: usize,
    /// Bytes as stored.
    pub bytes: usize,
    /// The limit.
    pub limit: Limit,
}

impl Size {
    /// Whether it is within the limit. Where [`Limit::shared`], add up the sizes of all documents first.
    pub fn fits(&self) -> bool {
        self.characters <= self.limit.characters && self.limit.bytes.is_none_or(|most| self.bytes <= most)
    }
}

/// Size of a text as it is stored.
pub fn of_text(text: &str, attachment: Attachment) -> Size {
    let limit = attachment.limit();
    let counts = |c: &char| limit.counts_white_space || !c.is_whitespace();
    Size {
        characters: text.chars().filter(counts).count(),
        bytes: text.len(),
        limit,
    }
}

/// Size of a document that Terraform stores: counted on the form of `jsonencode`, which is never shorter than the
/// minified one.
pub fn of_document(document: &Document, attachment: Attachment) -> Size {
    of_text(&print::as_terraform_encodes(document), attachment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Statement;

    #[test]
    fn each_attachment_has_its_own_row() {
        for limit in LIMITS {
            assert_eq!(limit.attachment.limit(), limit);
        }
    }

    #[test]
    fn white_space_counts_only_where_aws_counts_it() {
        let text = "{ \"a\":\t\"b c\"\n}";
        assert_eq!(of_text(text, Attachment::Managed).characters, 10);
        assert_eq!(of_text(text, Attachment::ServiceControl).characters, 14);
        assert_eq!(of_text("\"ü\"", Attachment::PermissionSetInline).bytes, 4);
    }

    #[test]
    fn escapes_of_jsonencode_count() {
        let document = Document::new(vec![Statement::allow("A", ["s3:GetObject"], ["arn:aws:s3:::a<b>&"])]);
        let plain = print::minified(&document).chars().count();
        assert_eq!(
            of_document(&document, Attachment::ServiceControl).characters,
            plain + 15
        );
    }

    #[test]
    fn limits_are_inclusive() {
        let text = "x".repeat(6_144);
        assert!(of_text(&text, Attachment::Managed).fits());
        assert!(!of_text(&format!("{text}x"), Attachment::Managed).fits());
        let spread = format!("{}{}", "x".repeat(100), " ".repeat(32_669));
        assert!(!of_text(&spread, Attachment::PermissionSetInline).fits());
    }
}
