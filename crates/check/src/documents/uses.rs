//! Which arguments hold policy documents, and of which kind.

use ::policy::Kind;
use ::policy::size::Attachment;
use terraform::module::View;

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    /// Its kind; `None` where the service decides.
    pub kind: Option<Kind>,
    /// What it is attached to.
    pub attachment: Option<Attachment>,
}

const fn of_kind(kind: Kind, attachment: Option<Attachment>) -> Use {
    Use {
        kind: Some(kind),
        attachment,
    }
}

const RESOURCE: Use = of_kind(Kind::Resource, None);

/// Arguments that hold documents; a VPC endpoint's policy, which grants nothing, is of a kind of its own: resource type, argument, what it is for.
const TABLE: [(&str, &str, Use); 32] = [
    (
        "aws_iam_role",
        "assume_role_policy",
        of_kind(Kind::Trust, Some(Attachment::RoleTrust)),
    ),
    (
        "aws_iam_role",
        "inline_policy.policy",
        of_kind(Kind::Identity, Some(Attachment::RoleInline)),
    ),
    (
        "aws_iam_role_policy",
        "policy",
        of_kind(Kind::Identity, Some(Attachment::RoleInline)),
    ),
    (
        "aws_iam_user_policy",
        "policy",
        of_kind(Kind::Identity, Some(Attachment::UserInline)),
    ),
    (
        "aws_iam_group_policy",
        "policy",
        of_kind(Kind::Identity, Some(Attachment::GroupInline)),
    ),
    (
        "aws_iam_policy",
        "policy",
        of_kind(Kind::Identity, Some(Attachment::Managed)),
    ),
    (
        "aws_ssoadmin_permission_set_inline_policy",
        "inline_policy",
        of_kind(Kind::Identity, Some(Attachment::PermissionSetInline)),
    ),
    (
        "aws_s3_bucket_policy",
        "policy",
        of_kind(Kind::Resource, Some(Attachment::Bucket)),
    ),
    (
        "aws_s3_bucket",
        "policy",
        of_kind(Kind::Resource, Some(Attachment::Bucket)),
    ),
    ("aws_s3_access_point", "policy", RESOURCE),
    ("aws_s3control_access_point_policy", "policy", RESOURCE),
    ("aws_sns_topic", "policy", RESOURCE),
    ("aws_sns_topic_policy", "policy", RESOURCE),
    ("aws_sqs_queue", "policy", RESOURCE),
    ("aws_sqs_queue_policy", "policy", RESOURCE),
    ("aws_kms_key", "policy", RESOURCE),
    ("aws_kms_key_policy", "policy", RESOURCE),
    ("aws_kms_external_key", "policy", RESOURCE),
    ("aws_kms_replica_key", "policy", RESOURCE),
    ("aws_secretsmanager_secret", "policy", RESOURCE),
    ("aws_secretsmanager_secret_policy", "policy", RESOURCE),
    ("aws_ecr_repository_policy", "policy", RESOURCE),
    ("aws_ecr_registry_policy", "policy", RESOURCE),
    ("aws_efs_file_system_policy", "policy", RESOURCE),
    ("aws_backup_vault_policy", "policy", RESOURCE),
    ("aws_glue_resource_policy", "policy", RESOURCE),
    ("aws_dynamodb_resource_policy", "policy", RESOURCE),
    ("aws_cloudwatch_log_resource_policy", "policy_document", RESOURCE),
    ("aws_cloudwatch_event_bus_policy", "policy", RESOURCE),
    ("aws_opensearch_domain_policy", "access_policies", RESOURCE),
    ("aws_api_gateway_rest_api_policy", "policy", RESOURCE),
    (
        "aws_organizations_policy",
        "content",
        of_kind(Kind::ServiceControl, Some(Attachment::ServiceControl)),
    ),
];

/// The arguments of a resource that hold documents.
pub(crate) fn of(resource_type: &str, view: &View<'_>) -> Vec<(&'static str, Use)> {
    // Organizations has kinds of policies that are no IAM policies: tag policies, backup policies and others.
    if resource_type == "aws_organizations_policy"
        && let Some((_, kind)) = view.attribute("type")
        && kind.value.as_string() != Some("SERVICE_CONTROL_POLICY")
    {
        return Vec::new();
    }
    TABLE
        .iter()
        .filter(|(known, _, _)| *known == resource_type)
        .map(|(_, argument, kind)| (*argument, *kind))
        .collect()
}
