//! The IAM actions of each resource type: `(apply, destroy)`.
//!
//! Sources as in the parent module.

/// IAM actions.
pub type Actions = &'static [&'static str];

/// The resources that make up a bucket.
pub const BUCKET: [(&str, Actions, Actions); 7] = [
    (
        "aws_s3_bucket",
        &[
            "s3:CreateBucket",
            "s3:GetAccelerateConfiguration",
            "s3:GetBucketAcl",
            "s3:GetBucketCORS",
            "s3:GetBucketLocation",
            "s3:GetBucketLogging",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketPolicy",
            "s3:GetBucketRequestPayment",
            "s3:GetBucketTagging",
            "s3:GetBucketVersioning",
            "s3:GetBucketWebsite",
            "s3:GetEncryptionConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
            "s3:PutBucketTagging",
        ],
        &["s3:DeleteBucket"],
    ),
    (
        "aws_s3_bucket_versioning",
        &["s3:PutBucketVersioning", "s3:GetBucketVersioning"],
        &[],
    ),
    (
        "aws_s3_bucket_server_side_encryption_configuration",
        &["s3:PutEncryptionConfiguration", "s3:GetEncryptionConfiguration"],
        &[],
    ),
    (
        "aws_s3_bucket_public_access_block",
        &["s3:PutBucketPublicAccessBlock", "s3:GetBucketPublicAccessBlock"],
        &[],
    ),
    (
        "aws_s3_bucket_ownership_controls",
        &["s3:PutBucketOwnershipControls", "s3:GetBucketOwnershipControls"],
        &[],
    ),
    (
        "aws_s3_bucket_policy",
        &["s3:PutBucketPolicy", "s3:GetBucketPolicy"],
        &["s3:DeleteBucketPolicy"],
    ),
    (
        "aws_s3_bucket_lifecycle_configuration",
        &["s3:PutLifecycleConfiguration", "s3:GetLifecycleConfiguration"],
        &[],
    ),
];

/// Emptying a versioned bucket, which no module does: a person has to, before destroy.
pub const EMPTY_BUCKET: Actions = &["s3:DeleteObject", "s3:DeleteObjectVersion"];

pub const OBJECT: (Actions, Actions) = (
    &[
        "s3:PutObject",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:PutObjectTagging",
    ],
    &["s3:DeleteObject", "s3:DeleteObjectVersion"],
);

pub const LOG_GROUP: (Actions, Actions) = (
    &[
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:DescribeLogGroups",
        "logs:DisassociateKmsKey",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
    ],
    &["logs:DeleteLogGroup"],
);

pub const ROLE: (Actions, Actions) = (
    &[
        "iam:CreateRole",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
    ],
    &["iam:DeleteRole", "iam:ListInstanceProfilesForRole"],
);

pub const ROLE_POLICY: (Actions, Actions) = (&["iam:PutRolePolicy", "iam:GetRolePolicy"], &["iam:DeleteRolePolicy"]);

pub const INFERENCE_PROFILE: (Actions, Actions) = (
    &[
        "bedrock:CreateInferenceProfile",
        "bedrock:GetInferenceProfile",
        "bedrock:ListTagsForResource",
        "bedrock:TagResource",
        "bedrock:UntagResource",
    ],
    &["bedrock:DeleteInferenceProfile"],
);

pub const GLUE_DATABASE: (Actions, Actions) = (
    &[
        "glue:CreateDatabase",
        "glue:GetDatabase",
        "glue:GetTags",
        "glue:TagResource",
        "glue:UpdateDatabase",
    ],
    &["glue:DeleteDatabase"],
);

pub const GLUE_TABLE: (Actions, Actions) = (
    &[
        "glue:CreateTable",
        "glue:GetPartitionIndexes",
        "glue:GetTable",
        "glue:UpdateTable",
    ],
    &["glue:DeleteTable"],
);

pub const WORKGROUP: (Actions, Actions) = (
    &[
        "athena:CreateWorkGroup",
        "athena:GetWorkGroup",
        "athena:ListTagsForResource",
        "athena:TagResource",
        "athena:UntagResource",
        "athena:UpdateWorkGroup",
    ],
    &["athena:DeleteWorkGroup"],
);

pub const TOPIC: (Actions, Actions) = (
    &[
        "sns:CreateTopic",
        "sns:GetTopicAttributes",
        "sns:ListTagsForResource",
        "sns:SetTopicAttributes",
        "sns:TagResource",
        "sns:UntagResource",
    ],
    &["sns:DeleteTopic"],
);

pub const SUBSCRIPTION: (Actions, Actions) = (
    &[
        "sns:GetSubscriptionAttributes",
        "sns:SetSubscriptionAttributes",
        "sns:Subscribe",
    ],
    &["sns:Unsubscribe"],
);

/// One action stands for creating, changing and deleting a budget and its notifications.
pub const BUDGET: (Actions, Actions) = (
    &[
        "budgets:ListTagsForResource",
        "budgets:ModifyBudget",
        "budgets:TagResource",
        "budgets:UntagResource",
        "budgets:ViewBudget",
    ],
    &[],
);

pub const ALARM: (Actions, Actions) = (
    &[
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
    ],
    &["cloudwatch:DeleteAlarms"],
);

pub const MONITOR: (Actions, Actions) = (
    &[
        "ce:CreateAnomalyMonitor",
        "ce:GetAnomalyMonitors",
        "ce:ListTagsForResource",
        "ce:TagResource",
        "ce:UntagResource",
        "ce:UpdateAnomalyMonitor",
    ],
    &["ce:DeleteAnomalyMonitor"],
);

pub const ANOMALY_SUBSCRIPTION: (Actions, Actions) = (
    &[
        "ce:CreateAnomalySubscription",
        "ce:GetAnomalySubscriptions",
        "ce:ListTagsForResource",
        "ce:TagResource",
        "ce:UntagResource",
        "ce:UpdateAnomalySubscription",
    ],
    &["ce:DeleteAnomalySubscription"],
);

pub const GUARDRAIL: (Actions, Actions) = (
    &[
        "bedrock:CreateGuardrail",
        "bedrock:GetGuardrail",
        "bedrock:ListTagsForResource",
        "bedrock:TagResource",
        "bedrock:UntagResource",
        "bedrock:UpdateGuardrail",
    ],
    &["bedrock:DeleteGuardrail"],
);

pub const POLICY: (Actions, Actions) = (
    &[
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicyVersion",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:ListPolicyVersions",
        "iam:TagPolicy",
        "iam:UntagPolicy",
    ],
    &["iam:DeletePolicy"],
);

pub const PERMISSION_SET: (Actions, Actions) = (
    &[
        "sso:CreatePermissionSet",
        "sso:DescribePermissionSet",
        "sso:DescribePermissionSetProvisioningStatus",
        "sso:ListTagsForResource",
        "sso:ProvisionPermissionSet",
        "sso:TagResource",
        "sso:UntagResource",
        "sso:UpdatePermissionSet",
    ],
    &["sso:DeletePermissionSet"],
);

pub const REFERENCE: (Actions, Actions) = (
    &[
        "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    ],
    &["sso:DetachCustomerManagedPolicyReferenceFromPermissionSet"],
);

pub const ASSIGNMENT: (Actions, Actions) = (
    &[
        "sso:CreateAccountAssignment",
        "sso:DescribeAccountAssignmentCreationStatus",
        "sso:ListAccountAssignments",
    ],
    &[
        "sso:DeleteAccountAssignment",
        "sso:DescribeAccountAssignmentDeletionStatus",
    ],
);

pub const ORGANIZATION_POLICY: (Actions, Actions) = (
    &[
        "organizations:CreatePolicy",
        "organizations:DescribePolicy",
        "organizations:ListTagsForResource",
        "organizations:TagResource",
        "organizations:UntagResource",
        "organizations:UpdatePolicy",
    ],
    &["organizations:DeletePolicy"],
);

/// An IAM OIDC provider.
pub const OPEN_ID_PROVIDER: (Actions, Actions) = (
    &[
        "iam:AddClientIDToOpenIDConnectProvider",
        "iam:CreateOpenIDConnectProvider",
        "iam:GetOpenIDConnectProvider",
        "iam:ListOpenIDConnectProviderTags",
        "iam:RemoveClientIDFromOpenIDConnectProvider",
        "iam:TagOpenIDConnectProvider",
        "iam:UntagOpenIDConnectProvider",
        "iam:UpdateOpenIDConnectProviderThumbprint",
    ],
    &["iam:DeleteOpenIDConnectProvider"],
);

/// Terraform's name of a pool's map of tags.
pub const POOL_TAGS: &str = "aws_cognito_identity_pool_provider_principal_tag";
/// An identity pool, its role and its map of tags. Destroying the map sets an empty one, destroying the attachment sets no role.
pub const IDENTITY_POOL: [(&str, Actions, Actions); 3] = [
    (
        "aws_cognito_identity_pool",
        &[
            "cognito-identity:CreateIdentityPool",
            "cognito-identity:DescribeIdentityPool",
            "cognito-identity:ListTagsForResource",
            "cognito-identity:TagResource",
            "cognito-identity:UntagResource",
            "cognito-identity:UpdateIdentityPool",
        ],
        &["cognito-identity:DeleteIdentityPool"],
    ),
    (
        "aws_cognito_identity_pool_roles_attachment",
        &[
            "cognito-identity:GetIdentityPoolRoles",
            "cognito-identity:SetIdentityPoolRoles",
        ],
        &[],
    ),
    (
        POOL_TAGS,
        &[
            "cognito-identity:GetPrincipalTagAttributeMap",
            "cognito-identity:SetPrincipalTagAttributeMap",
        ],
        &[],
    ),
];
