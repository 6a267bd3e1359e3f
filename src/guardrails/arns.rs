//! ARNs of a deployment's resources.

use crate::deployment::model::{AllowedModel, Deployment};

/// Builds ARNs from a deployment.
#[derive(Debug, Clone, Copy)]
pub struct Arns<'a> {
    d: &'a Deployment,
}

impl<'a> Arns<'a> {
    /// The ARNs of this deployment.
    pub fn new(d: &'a Deployment) -> Self {
        Self { d }
    }

    /// `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST` in the deployment's region and account.
    pub fn here(self, service: &str, rest: &str) -> String {
        self.at(service, &self.d.region, &self.d.account_id, rest)
    }

    /// `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST`
    pub fn at(self, service: &str, region: &str, account: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{region}:{account}:{rest}", self.d.partition)
    }

    /// The system inference profile of an allowed model, in the only source region.
    pub fn system_profile(self, model: &AllowedModel) -> String {
        self.here("bedrock", &format!("inference-profile/{}", model.profile_id))
    }

    /// Every system inference profile of the only source region.
    pub fn system_profiles(self) -> String {
        self.here("bedrock", "inference-profile/*")
    }

    /// An application inference profile, or `*` for all, of the only source region.
    pub fn application_profile(self, id: &str) -> String {
        self.here("bedrock", &format!("application-inference-profile/{id}"))
    }

    /// A foundation model as IAM sees it in a region; `""` is the region-less form of global routing.
    pub fn foundation_model(self, region: &str, base_id: &str) -> String {
        self.at("bedrock", region, "", &format!("foundation-model/{base_id}"))
    }

    /// A guardrail, or `*` for all.
    pub fn guardrail(self, id: &str) -> String {
        self.here("bedrock", &format!("guardrail/{id}"))
    }

    /// A role of the dedicated account.
    pub fn role(self, name: &str) -> String {
        self.at("iam", "", &self.d.account_id, &format!("role/{name}"))
    }

    /// A customer-managed policy of the dedicated account.
    pub fn managed_policy(self, name: &str) -> String {
        self.at("iam", "", &self.d.account_id, &format!("policy/{name}"))
    }

    /// A bucket.
    pub fn bucket(self, name: &str) -> String {
        self.at("s3", "", "", name)
    }

    /// The objects of a bucket whose keys match a pattern.
    pub fn objects(self, bucket: &str, keys: &str) -> String {
        self.at("s3", "", "", &format!("{bucket}/{keys}"))
    }

    /// Results of queries, under their prefix in the bucket as the module `analytics` sets it. The tables of prices and
    /// profiles lie under another one, `tables`.
    pub fn query_results(self) -> String {
        self.objects(&self.d.names.results_bucket, "results/*")
    }

    /// Every access point of the account, those of several regions included, with the objects that are reached through it.
    pub fn access_points(self) -> String {
        self.at("s3", "*", &self.d.account_id, "accesspoint/*")
    }

    /// A table of the Glue database, or `*` for all.
    pub fn table(self, name: &str) -> String {
        self.here("glue", &format!("table/{}/{name}", self.d.names.database))
    }

    /// The log group of invocation logs.
    pub fn log_group(self) -> String {
        self.here("logs", &format!("log-group:{}", self.d.names.log_group))
    }

    /// A stream of the log group, or `*` for all.
    pub fn log_stream(self, stream: &str) -> String {
        format!("{}:log-stream:{stream}", self.log_group())
    }

    /// The topic of budgets and alarms.
    pub fn topic(self) -> String {
        self.here("sns", &self.d.names.topic)
    }

    /// A budget of the account; budgets have no region.
    pub fn budget(self, name: &str) -> String {
        self.at("budgets", "", &self.d.account_id, &format!("budget/{name}"))
    }

    /// The Athena workgroup.
    pub fn workgroup(self) -> String {
        self.here("athena", &format!("workgroup/{}", self.d.names.workgroup))
    }

    /// The data catalogue of Athena that stands for Glue's; every account has it
    /// (<https://docs.aws.amazon.com/athena/latest/ug/datacatalogs-iam-policy.html>).
    pub fn data_catalog(self) -> String {
        self.here("athena", "datacatalog/AwsDataCatalog")
    }

    /// Where Bedrock puts log objects: `PREFIX/AWSLogs/ACCOUNT/BedrockModelInvocationLogs/REST`
    /// (<https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html>).
    pub fn log_objects(self, rest: &str) -> String {
        let keys = format!(
            "{}/AWSLogs/{}/BedrockModelInvocationLogs/{rest}",
            self.d.names.log_prefix, self.d.account_id
        );
        self.objects(&self.d.names.log_bucket, &keys)
    }

    /// An identity pool of Amazon Cognito in the deployment's region, or `*` for all.
    pub fn identity_pool(self, id: &str) -> String {
        self.here("cognito-identity", &format!("identitypool/{id}"))
    }

    /// What `aws:SourceArn` shows when Bedrock acts for this account in the deployment's region.
    pub fn bedrock_source(self) -> String {
        self.here("bedrock", "*")
    }
}
