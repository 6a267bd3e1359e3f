//! An account whose credentials are at hand: its clients, and calls with them.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::rc::Rc;

use aws_config::{Region, SdkConfig};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use jiff::Timestamp;

use super::evidence::{Evidence, Journal};
use super::operation::Operation;
use super::pace::Paces;
use super::trouble::{Kind, Trouble};

/// An account whose credentials are at hand.
#[derive(Debug)]
pub struct Account {
    /// Its number, as AWS says it.
    pub id: String,
    /// Who the credentials are.
    pub caller: String,
    config: SdkConfig,
    is_path_style: bool,
    paces: Paces,
    /// One client per service and region.
    clients: RefCell<HashMap<(TypeId, String), Rc<dyn Any>>>,
}

/// Region of the endpoints that a partition has once.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/rande.html#global-endpoints>
fn global_region(region: &str) -> &'static str {
    if region.starts_with("us-gov-") {
        "us-gov-west-1"
    } else if region.starts_with("cn-") {
        "cn-northwest-1"
    } else {
        "us-east-1"
    }
}

/// The client of a service in a region: one accessor a service.
macro_rules! clients {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident;)*) => {
        $($(#[$doc])*
        pub fn $name(&self, region: &str) -> $sdk::Client {
            self.client(region, |config| $sdk::Client::new(config))
        })*
    };
}

/// The client of a service that a partition has once.
macro_rules! global_clients {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident;)*) => {
        $($(#[$doc])*
        pub fn $name(&self) -> $sdk::Client {
            self.client(self.global_region(), |config| $sdk::Client::new(config))
        })*
    };
}

impl Account {
    /// The account that credentials belong to.
    pub fn new(id: String, caller: String, config: SdkConfig, is_path_style: bool, is_limited: bool) -> Self {
        Self {
            id,
            caller,
            config,
            is_path_style,
            paces: Paces::new(is_limited),
            clients: RefCell::default(),
        }
    }

    fn global_region(&self) -> &'static str {
        global_region(self.config.region().map_or("", |region| region.as_ref()))
    }

    fn client<C: Clone + 'static>(&self, region: &str, make: impl FnOnce(&SdkConfig) -> C) -> C {
        let key = (TypeId::of::<C>(), region.to_owned());
        if let Some(client) = self
            .clients
            .borrow()
            .get(&key)
            .and_then(|client| client.downcast_ref::<C>())
        {
            return client.clone();
        }
        let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
        let client = make(&config);
        self.clients.borrow_mut().insert(key, Rc::new(client.clone()));
        client
    }

    global_clients! {
        /// AWS Account Management.
        account: aws_sdk_account;
        /// AWS Budgets.
        budgets: aws_sdk_budgets;
        /// Cost Explorer and cost allocation tags.
        cost_explorer: aws_sdk_costexplorer;
        /// IAM.
        iam: aws_sdk_iam;
        /// AWS Organizations.
        organizations: aws_sdk_organizations;
    }

    clients! {
        /// Amazon Athena.
        athena: aws_sdk_athena;
        /// Amazon Bedrock's control plane.
        bedrock: aws_sdk_bedrock;
        /// Calls of models.
        bedrock_runtime: aws_sdk_bedrockruntime;
        /// Metrics of CloudWatch.
        cloudwatch: aws_sdk_cloudwatch;
        /// Identity pools of Amazon Cognito.
        cognito_identity: aws_sdk_cognitoidentity;
        /// CloudWatch Logs.
        logs: aws_sdk_cloudwatchlogs;
        /// The Glue catalogue.
        glue: aws_sdk_glue;
        /// Users and groups of Identity Center.
        identity_store: aws_sdk_identitystore;
        /// Service Quotas.
        quotas: aws_sdk_servicequotas;
        /// Amazon SNS.
        sns: aws_sdk_sns;
        /// Instances, permission sets and assignments of Identity Center.
        sso_admin: aws_sdk_ssoadmin;
        /// AWS STS.
        sts: aws_sdk_sts;
    }

    /// Amazon S3.
    pub fn s3(&self, region: &str) -> aws_sdk_s3::Client {
        self.client(region, |config| {
            let config = aws_sdk_s3::config::Builder::from(config)
                .force_path_style(self.is_path_style)
                .build();
            aws_sdk_s3::Client::from_conf(config)
        })
    }

    /// Makes a call when its turn comes, and writes it down.
    ///
    /// # Errors
    /// Whatever is not an answer of the API.
    pub async fn call<T, E>(
        &self,
        journal: &Journal,
        operation: &'static Operation,
        send: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Trouble>
    where
        T: RequestId,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        self.paces.turn(operation.pace).await;
        let answer = send.await;
        let request_id = match &answer {
            Ok(output) => output.request_id(),
            Err(error) => error.request_id(),
        };
        let request_id = request_id.map(str::to_owned);
        let answer = answer.map_err(|error| Trouble::new(operation, &error));
        journal.add(Evidence {
            operation: operation.name,
            account_id: self.id.clone(),
            request_id,
            time: Timestamp::now(),
            answer: match &answer {
                Ok(_) => "ok".to_owned(),
                Err(trouble) => trouble.code.clone().unwrap_or_else(|| trouble.kind.word().to_owned()),
            },
        });
        answer
    }

    /// Makes a call for each page, until a page names no further one. A page without entries but with a token is not
    /// the last.
    ///
    /// # Errors
    /// As [`Account::call`]; and when AWS names the same page twice, which would never end.
    pub async fn pages<T, E, F>(
        &self,
        journal: &Journal,
        operation: &'static Operation,
        mut send: impl FnMut(Option<String>) -> F,
        next: impl Fn(&T) -> Option<&str>,
    ) -> Result<Vec<T>, Trouble>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        T: RequestId,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let mut pages = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let page = self.call(journal, operation, send(token.clone())).await?;
            let following = next(&page).filter(|token| !token.is_empty()).map(str::to_owned);
            pages.push(page);
            if following.is_none() {
                return Ok(pages);
            }
            if following == token {
                return Err(Trouble {
                    operation: operation.name,
                    kind: Kind::Garbled,
                    code: None,
                    message: "the answer names the page that it is on as the next one".to_owned(),
                });
            }
            token = following;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_services_are_reached_in_their_partition() {
        assert_eq!(global_region("eu-central-1"), "us-east-1");
        assert_eq!(global_region("us-gov-east-1"), "us-gov-west-1");
        assert_eq!(global_region("cn-north-1"), "cn-northwest-1");
    }
}
