//! What only the deploy principals may do: logs, reports, guardrail, alerts, and whatever these rest on.

use super::invocation::OWN_PROFILE;
use super::people;
use super::tampering::Denied;
use crate::deployment::model::{Access, Deployment, ProfileScope};
use crate::guardrails::arns::Arns;

/// What only the deploy principals may do.
pub fn requests(d: &Deployment) -> Vec<Denied> {
    let mut list = List(Vec::new());
    settings(d, &mut list);
    logs(d, &mut list);
    reports(d, &mut list);
    guardrail(d, &mut list);
    spending(d, &mut list);
    credentials(d, &mut list);
    provider(d, &mut list);
    list.0
}

/// Denied requests that are being collected.
struct List(Vec<Denied>);

impl List {
    fn add(&mut self, reason: &'static str, resource: &str, actions: &[&'static str]) {
        self.0
            .extend(actions.iter().map(|action| (*action, resource.to_owned(), reason)));
    }
}

fn settings(d: &Deployment, list: &mut List) {
    let arns = Arns::new(d);
    list.add(
        "the account's own settings of Bedrock",
        "*",
        &[
            "bedrock:DeleteEnforcedGuardrailConfiguration",
            "bedrock:PutAccountDataRetention",
            "bedrock:PutEnforcedGuardrailConfiguration",
        ],
    );
    // Without application profiles as well: one that somebody makes is billed under tags of his choice.
    let profile = arns.application_profile(OWN_PROFILE);
    let reason = "profiles carry the cost tags";
    let make = ["bedrock:CreateInferenceProfile", "bedrock:DeleteInferenceProfile"];
    list.add(reason, &profile, &make);
    if d.profiles != ProfileScope::None {
        list.add(reason, &profile, &["bedrock:TagResource", "bedrock:UntagResource"]);
    }
    if let Some(state) = &d.state {
        let object = arns.objects(&state.bucket, &format!("{}/workload.tfstate", state.key_prefix));
        let reason = "who writes the state decides what Terraform destroys";
        list.add(reason, &object, OBJECT);
    }
}

fn logs(d: &Deployment, list: &mut List) {
    let Some(logging) = &d.logging else {
        return;
    };
    let arns = Arns::new(d);
    let switch = [
        "bedrock:DeleteModelInvocationLoggingConfiguration",
        "bedrock:PutModelInvocationLoggingConfiguration",
    ];
    list.add("nobody switches logging off", "*", &switch);
    list.add(
        "a policy or pipeline of the account could mask or divert the log",
        "*",
        &[
            "logs:DeleteAccountPolicy",
            "logs:DeletePipelineRule",
            "logs:PutAccountPolicy",
            "logs:PutPipelineRule",
        ],
    );
    list.add("the log group stays as it is", &arns.log_group(), LOG_GROUP);
    list.add(
        "the log group stays as it is",
        &format!("{}:*", arns.log_group()),
        &["logs:DeleteLogGroup"],
    );
    let record = "nobody forges or removes a record";
    let stream = arns.log_stream("aws/bedrock/modelinvocations");
    list.add(record, &stream, &["logs:DeleteLogStream", "logs:PutLogEvents"]);
    list.add(
        "the log bucket stays as it is",
        &arns.bucket(&d.names.log_bucket),
        BUCKET,
    );
    let object = arns.log_objects("us-east-1/2026/11/21/00/log.json.gz");
    list.add(record, &object, OBJECT);
    // Through an access point the same object has another ARN, which does not tell the bucket.
    let way = "an access point hides the bucket";
    for (action, arn) in [
        ("s3:CreateAccessPoint", arns.here("s3", "accesspoint/way-in")),
        (
            "s3:CreateAccessPointForObjectLambda",
            arns.here("s3-object-lambda", "accesspoint/way-in"),
        ),
        (
            "s3:CreateMultiRegionAccessPoint",
            arns.at("s3", "", &d.account_id, "accesspoint/way-in.mrap"),
        ),
    ] {
        list.add(way, &arn, &[action]);
    }
    let key = object.split_once('/').map_or("", |(_, key)| key);
    for arn in [
        arns.here("s3", &format!("accesspoint/way-in/object/{key}")),
        arns.at(
            "s3",
            "",
            &d.account_id,
            &format!("accesspoint/way-in.mrap/object/{key}"),
        ),
    ] {
        list.add(
            record,
            &arn,
            &["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"],
        );
    }
    if let Some(key) = &logging.kms_key_arn {
        list.add("without its key no record can be read", key, KEY);
    }
}

/// What the cost of each developer is computed with.
fn reports(d: &Deployment, list: &mut List) {
    if d.analytics.is_none() {
        return;
    }
    let arns = Arns::new(d);
    let reason = "costs are computed as they are written down";
    let prices = arns.objects(&d.names.results_bucket, "tables/model_prices/rows.jsonl");
    list.add(reason, &prices, OBJECT);
    list.add(reason, &arns.bucket(&d.names.results_bucket), BUCKET);
    list.add(
        reason,
        &arns.workgroup(),
        &[
            "athena:DeleteNamedQuery",
            "athena:DeleteWorkGroup",
            "athena:UpdateNamedQuery",
            "athena:UpdateWorkGroup",
        ],
    );
    list.add(
        reason,
        &arns.table(&d.names.price_table),
        &[
            "glue:BatchDeleteTable",
            "glue:DeleteDatabase",
            "glue:DeleteTable",
            "glue:RenameTable",
            "glue:UpdateTable",
        ],
    );
}

fn guardrail(d: &Deployment, list: &mut List) {
    if d.guardrail.is_none() {
        return;
    }
    list.add(
        "the guardrail stays as it is",
        &people::guardrail_arn(d),
        &[
            "bedrock:CreateGuardrailVersion",
            "bedrock:DeleteGuardrail",
            "bedrock:TagResource",
            "bedrock:UntagResource",
            "bedrock:UpdateGuardrail",
        ],
    );
    list.add(
        "the guardrail stays an obligation",
        &Arns::new(d).managed_policy(&d.names.guardrail_policy),
        &[
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy",
            "iam:DeletePolicyVersion",
            "iam:SetDefaultPolicyVersion",
        ],
    );
}

fn spending(d: &Deployment, list: &mut List) {
    let Some(budgets) = &d.budgets else {
        return;
    };
    let arns = Arns::new(d);
    list.add(
        "budgets stay as they are",
        &arns.budget(&d.names.budget),
        &["budgets:ModifyBudget"],
    );
    let alarm = arns.here("cloudwatch", &format!("alarm:{}-throttles", d.name));
    list.add(
        "alarms stay as they are",
        &alarm,
        &[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "cloudwatch:PutAlarmMuteRule",
            "cloudwatch:PutCompositeAlarm",
            "cloudwatch:PutLogAlarm",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:SetAlarmState",
        ],
    );
    list.add(
        "alerts reach their readers",
        &arns.topic(),
        &[
            "sns:AddPermission",
            "sns:DeleteTopic",
            "sns:PutDataProtectionPolicy",
            "sns:RemovePermission",
            "sns:SetSubscriptionAttributes",
            "sns:SetTopicAttributes",
            "sns:Unsubscribe",
        ],
    );
    if budgets.anomaly.is_some() {
        let at = |kind: &str| arns.at("ce", "", &d.account_id, &format!("{kind}/12345678"));
        list.add(
            "anomalies are reported",
            &at("anomalymonitor"),
            &["ce:DeleteAnomalyMonitor", "ce:UpdateAnomalyMonitor"],
        );
        list.add(
            "anomalies are reported",
            &at("anomalysubscription"),
            &["ce:DeleteAnomalySubscription", "ce:UpdateAnomalySubscription"],
        );
    }
}

/// Who has a trusted user's key is that user in the log.
fn credentials(d: &Deployment, list: &mut List) {
    let Access::Roles(roles) = &d.access else {
        return;
    };
    for user in roles.users_of(&d.account_id) {
        list.add(
            "whoever has a user's key has the user's name",
            user,
            &[
                "iam:CreateAccessKey",
                "iam:CreateLoginProfile",
                "iam:DeactivateMFADevice",
                "iam:UpdateAccessKey",
                "iam:UpdateLoginProfile",
                "iam:UpdateUser",
                "iam:UploadSigningCertificate",
            ],
        );
    }
}

/// Who decides whose tokens are believed decides who is a developer.
fn provider(d: &Deployment, list: &mut List) {
    let Access::Federation(federation) = &d.access else {
        return;
    };
    if federation.makes_provider() {
        list.add(
            "the provider says whose tokens are believed",
            &federation.principal(&d.partition, &d.account_id),
            &[
                "iam:AddClientIDToOpenIDConnectProvider",
                "iam:CreateOpenIDConnectProvider",
                "iam:DeleteOpenIDConnectProvider",
                "iam:RemoveClientIDFromOpenIDConnectProvider",
                "iam:TagOpenIDConnectProvider",
                "iam:UntagOpenIDConnectProvider",
                "iam:UpdateOpenIDConnectProviderThumbprint",
            ],
        );
    }
    if federation.identity_pool.is_some() {
        list.add(
            "the pool says who somebody is",
            &Arns::new(d).identity_pool(people::POOL),
            &[
                "cognito-identity:DeleteIdentityPool",
                "cognito-identity:UpdateIdentityPool",
            ],
        );
        // Neither knows a resource.
        list.add(
            "the pool's map of tags and its role say who somebody is",
            "*",
            &[
                "cognito-identity:SetIdentityPoolRoles",
                "cognito-identity:SetPrincipalTagAttributeMap",
            ],
        );
    }
}

const LOG_GROUP: &[&str] = &[
    "logs:AssociateKmsKey",
    "logs:DeleteDataProtectionPolicy",
    "logs:DeleteLogGroup",
    "logs:DeleteMetricFilter",
    "logs:DeleteRetentionPolicy",
    "logs:DeleteSubscriptionFilter",
    "logs:DeleteTransformer",
    "logs:DisassociateKmsKey",
    "logs:ProcessWithPipeline",
    "logs:PutDataProtectionPolicy",
    "logs:PutLogGroupDeletionProtection",
    "logs:PutMetricFilter",
    "logs:PutRetentionPolicy",
    "logs:PutSubscriptionFilter",
    "logs:PutTransformer",
];

const BUCKET: &[&str] = &[
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketLogging",
    "s3:PutBucketNotification",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
];

const KEY: &[&str] = &[
    "kms:CreateGrant",
    "kms:DeleteImportedKeyMaterial",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
];

const OBJECT: &[&str] = &[
    "s3:AbortMultipartUpload",
    "s3:BypassGovernanceRetention",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:ReplicateDelete",
    "s3:ReplicateObject",
    "s3:UpdateObjectEncryption",
];
