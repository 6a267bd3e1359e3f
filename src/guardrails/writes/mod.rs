//! What Terraform does in each root: the IAM actions of every resource type of the module library.
//!
//! Names of actions and what they act on: service authorization reference
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>).
//! Which of them the provider calls was compiled from what is known of provider 5.100, not traced against AWS; the table
//! errs on the side of more. `docs/policies.md` shows it for people.

mod actions;

use self::actions::{
    ALARM, ANOMALY_SUBSCRIPTION, ASSIGNMENT, BUCKET, BUDGET, EMPTY_BUCKET, GLUE_DATABASE, GLUE_TABLE, GUARDRAIL,
    IDENTITY_POOL, INFERENCE_PROFILE, LOG_GROUP, MONITOR, OBJECT, OPEN_ID_PROVIDER, ORGANIZATION_POLICY,
    PERMISSION_SET, POLICY, POOL_TAGS, REFERENCE, ROLE, ROLE_POLICY, SUBSCRIPTION, TOPIC, WORKGROUP,
};
use super::arns::Arns;
use crate::deployment::model::{Access, Deployment, ProfileScope};

/// One of the roots that render writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// Logs, profiles, roles, analytics, budgets, guardrail: the dedicated account.
    Workload,
    /// Permission sets and assignments: Identity Center's account.
    Identity,
    /// The SCP: the management account.
    Organization,
    /// Cost allocation tags: the payer.
    Billing,
}

impl Root {
    /// Name of the folder.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Workload => "workload",
            Self::Identity => "identity",
            Self::Organization => "organization",
            Self::Billing => "billing",
        }
    }
}

/// A Terraform resource type, as a module uses it.
#[derive(Debug, Clone)]
pub struct Managed {
    /// Where it is applied.
    pub root: Root,
    /// Terraform's name of the resource type, or what else makes the calls.
    pub terraform: &'static str,
    /// What the actions act on.
    pub resource: String,
    /// IAM actions of create, read and update.
    pub apply: &'static [&'static str],
    /// Further IAM actions of destroy.
    pub destroy: &'static [&'static str],
}

/// Every resource type that this deployment's roots manage.
pub fn managed(d: &Deployment) -> Vec<Managed> {
    let mut table = state(d);
    let mut add = |root, terraform, resource: String, apply, destroy| {
        table.push(Managed {
            root,
            terraform,
            resource,
            apply,
            destroy,
        });
    };
    let arns = Arns::new(d);
    let names = &d.names;
    add(
        Root::Workload,
        "provider aws",
        "*".to_owned(),
        &["sts:GetCallerIdentity"],
        &[],
    );
    if d.logging.is_some() {
        for (terraform, apply, destroy) in BUCKET {
            add(
                Root::Workload,
                terraform,
                arns.bucket(&names.log_bucket),
                apply,
                destroy,
            );
        }
        add(
            Root::Workload,
            "aws_s3_bucket (emptied by hand)",
            arns.objects(&names.log_bucket, "*"),
            &[],
            EMPTY_BUCKET,
        );
        add(
            Root::Workload,
            "aws_cloudwatch_log_group",
            arns.log_group(),
            LOG_GROUP.0,
            LOG_GROUP.1,
        );
        add(
            Root::Workload,
            "aws_bedrock_model_invocation_logging_configuration",
            "*".to_owned(),
            &[
                "bedrock:PutModelInvocationLoggingConfiguration",
                "bedrock:GetModelInvocationLoggingConfiguration",
            ],
            &["bedrock:DeleteModelInvocationLoggingConfiguration"],
        );
        let role = arns.role(&names.log_delivery_role);
        add(
            Root::Workload,
            "aws_bedrock_model_invocation_logging_configuration",
            role.clone(),
            &["iam:PassRole"],
            &[],
        );
        add(Root::Workload, "aws_iam_role", role.clone(), ROLE.0, ROLE.1);
        add(
            Root::Workload,
            "aws_iam_role_policy",
            role,
            ROLE_POLICY.0,
            ROLE_POLICY.1,
        );
    }
    if d.profiles != ProfileScope::None {
        let profile = arns.application_profile("a1b2c3d4e5f6");
        add(
            Root::Workload,
            "aws_bedrock_inference_profile",
            profile,
            INFERENCE_PROFILE.0,
            INFERENCE_PROFILE.1,
        );
        for model in &d.models {
            let source = arns.system_profile(model);
            add(
                Root::Workload,
                "aws_bedrock_inference_profile",
                source,
                &["bedrock:CreateInferenceProfile", "bedrock:GetInferenceProfile"],
                &[],
            );
        }
    }
    for name in d.people_roles() {
        let role = arns.role(name);
        add(Root::Workload, "aws_iam_role", role.clone(), ROLE.0, ROLE.1);
        add(
            Root::Workload,
            "aws_iam_role_policy",
            role.clone(),
            ROLE_POLICY.0,
            ROLE_POLICY.1,
        );
        if d.guardrail.is_some() {
            add(
                Root::Workload,
                "aws_iam_role_policy_attachment",
                role,
                &["iam:AttachRolePolicy", "iam:ListAttachedRolePolicies"],
                &["iam:DetachRolePolicy"],
            );
        }
    }
    if let Access::Federation(federation) = &d.access {
        if federation.makes_provider() {
            add(
                Root::Workload,
                "aws_iam_openid_connect_provider",
                federation.principal(&d.partition, &d.account_id),
                OPEN_ID_PROVIDER.0,
                OPEN_ID_PROVIDER.1,
            );
        }
        if federation.identity_pool.is_some() {
            for (terraform, apply, destroy) in IDENTITY_POOL {
                let is_needed = terraform != POOL_TAGS || !federation.mapped_tags().is_empty();
                if is_needed {
                    add(Root::Workload, terraform, arns.identity_pool("*"), apply, destroy);
                }
            }
            add(
                Root::Workload,
                "aws_cognito_identity_pool_roles_attachment",
                arns.role(&names.developer),
                &["iam:PassRole"],
                &[],
            );
        }
    }
    if d.analytics.is_some() {
        for (terraform, apply, destroy) in BUCKET {
            add(
                Root::Workload,
                terraform,
                arns.bucket(&names.results_bucket),
                apply,
                destroy,
            );
        }
        let objects = arns.objects(&names.results_bucket, "tables/model_prices/rows.jsonl");
        add(Root::Workload, "aws_s3_object", objects, OBJECT.0, OBJECT.1);
        add(
            Root::Workload,
            "aws_glue_catalog_database",
            arns.here("glue", "catalog"),
            GLUE_DATABASE.0,
            GLUE_DATABASE.1,
        );
        let database = arns.here("glue", &format!("database/{}", names.database));
        add(
            Root::Workload,
            "aws_glue_catalog_database",
            database,
            GLUE_DATABASE.0,
            GLUE_DATABASE.1,
        );
        for table in [&names.log_table, &names.price_table, &names.profile_table] {
            let table = arns.here("glue", &format!("table/{}/{table}", names.database));
            add(
                Root::Workload,
                "aws_glue_catalog_table",
                table,
                GLUE_TABLE.0,
                GLUE_TABLE.1,
            );
        }
        add(
            Root::Workload,
            "aws_athena_workgroup",
            arns.workgroup(),
            WORKGROUP.0,
            WORKGROUP.1,
        );
        add(
            Root::Workload,
            "aws_athena_named_query",
            arns.workgroup(),
            &["athena:CreateNamedQuery", "athena:GetNamedQuery"],
            &["athena:DeleteNamedQuery"],
        );
    }
    if let Some(budgets) = &d.budgets {
        add(Root::Workload, "aws_sns_topic", arns.topic(), TOPIC.0, TOPIC.1);
        add(
            Root::Workload,
            "aws_sns_topic_policy",
            arns.topic(),
            &["sns:SetTopicAttributes", "sns:GetTopicAttributes"],
            &[],
        );
        add(
            Root::Workload,
            "aws_sns_topic_subscription",
            arns.topic(),
            SUBSCRIPTION.0,
            SUBSCRIPTION.1,
        );
        add(
            Root::Workload,
            "aws_budgets_budget",
            arns.budget(&names.budget),
            BUDGET.0,
            BUDGET.1,
        );
        add(
            Root::Workload,
            "aws_cloudwatch_metric_alarm",
            arns.here("cloudwatch", &format!("alarm:{}-invocations", d.name)),
            ALARM.0,
            ALARM.1,
        );
        if d.logging.is_some() {
            add(
                Root::Workload,
                "aws_cloudwatch_log_metric_filter",
                arns.log_group(),
                &["logs:PutMetricFilter", "logs:DescribeMetricFilters"],
                &["logs:DeleteMetricFilter"],
            );
        }
        if budgets.anomaly.is_some() {
            let id = "12345678-90ab-cdef-1234-567890abcdef";
            let at = |kind: &str| arns.at("ce", "", &d.account_id, &format!("{kind}/{id}"));
            add(
                Root::Workload,
                "aws_ce_anomaly_monitor",
                at("anomalymonitor"),
                MONITOR.0,
                MONITOR.1,
            );
            add(
                Root::Workload,
                "aws_ce_anomaly_subscription",
                at("anomalysubscription"),
                ANOMALY_SUBSCRIPTION.0,
                ANOMALY_SUBSCRIPTION.1,
            );
        }
    }
    if d.guardrail.is_some() {
        add(
            Root::Workload,
            "aws_bedrock_guardrail",
            arns.guardrail("gr1234567890"),
            GUARDRAIL.0,
            GUARDRAIL.1,
        );
        add(
            Root::Workload,
            "aws_bedrock_guardrail_version",
            arns.guardrail("gr1234567890"),
            &["bedrock:CreateGuardrailVersion", "bedrock:GetGuardrail"],
            &["bedrock:DeleteGuardrail"],
        );
        add(
            Root::Workload,
            "aws_iam_policy",
            arns.managed_policy(&names.guardrail_policy),
            POLICY.0,
            POLICY.1,
        );
    }
    table.extend(elsewhere(d));
    table
}

/// Terraform's own state, where it is kept in S3; the lock is an object beside it.
fn state(d: &Deployment) -> Vec<Managed> {
    let Some(state) = &d.state else {
        return Vec::new();
    };
    let arns = Arns::new(d);
    let backend = |resource: String, apply| Managed {
        root: Root::Workload,
        terraform: "backend s3",
        resource,
        apply,
        destroy: &[],
    };
    let mut table = vec![
        backend(arns.bucket(&state.bucket), &["s3:ListBucket"]),
        backend(
            arns.objects(&state.bucket, &format!("{}/workload.tfstate", state.key_prefix)),
            &["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        ),
    ];
    if let Some(key) = &state.kms_key_arn {
        table.push(backend(
            key.clone(),
            &["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        ));
    }
    table
}

/// The roots outside the dedicated account.
fn elsewhere(d: &Deployment) -> Vec<Managed> {
    let mut table = Vec::new();
    let mut add = |root, terraform, resource: &str, apply, destroy| {
        table.push(Managed {
            root,
            terraform,
            resource: resource.to_owned(),
            apply,
            destroy,
        });
    };
    if let Access::IdentityCenter(center) = &d.access {
        let instance = center.instance_arn.as_str();
        add(
            Root::Identity,
            "aws_ssoadmin_permission_set",
            instance,
            PERMISSION_SET.0,
            PERMISSION_SET.1,
        );
        add(
            Root::Identity,
            "aws_ssoadmin_permission_set_inline_policy",
            instance,
            &[
                "sso:PutInlinePolicyToPermissionSet",
                "sso:GetInlinePolicyForPermissionSet",
            ],
            &["sso:DeleteInlinePolicyFromPermissionSet"],
        );
        if d.guardrail.is_some() {
            add(
                Root::Identity,
                "aws_ssoadmin_customer_managed_policy_attachment",
                instance,
                REFERENCE.0,
                REFERENCE.1,
            );
        }
        add(
            Root::Identity,
            "aws_ssoadmin_account_assignment",
            instance,
            ASSIGNMENT.0,
            ASSIGNMENT.1,
        );
        add(
            Root::Identity,
            "data.aws_ssoadmin_instances",
            "*",
            &["sso:ListInstances"],
            &[],
        );
        add(
            Root::Identity,
            "data.aws_identitystore_group",
            "*",
            &["identitystore:GetGroupId", "identitystore:DescribeGroup"],
            &[],
        );
    }
    if d.organization.is_some() {
        add(
            Root::Organization,
            "aws_organizations_policy",
            "*",
            ORGANIZATION_POLICY.0,
            ORGANIZATION_POLICY.1,
        );
        add(
            Root::Organization,
            "aws_organizations_policy_attachment",
            "*",
            &["organizations:AttachPolicy", "organizations:ListTargetsForPolicy"],
            &["organizations:DetachPolicy"],
        );
    }
    if d.cost_tags.is_some() {
        add(
            Root::Billing,
            "aws_ce_cost_allocation_tag",
            "*",
            &["ce:UpdateCostAllocationTagsStatus", "ce:ListCostAllocationTags"],
            &[],
        );
    }
    table
}
