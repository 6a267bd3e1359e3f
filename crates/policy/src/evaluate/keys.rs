//! The condition keys of a request: stated ones, and those that follow from caller and resource.

use super::context::Known;
use super::{Caller, Request};
use crate::arn;

/// What follows of a key without being stated.
#[derive(Debug)]
enum Derived {
    Value([String; 1]),
    Absent,
}

/// Looks keys up in a request.
#[derive(Debug)]
pub(super) struct Keys<'a> {
    request: &'a Request,
    derived: Vec<(&'static str, Derived)>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(request: &'a Request) -> Self {
        Self {
            request,
            derived: derive(request),
        }
    }

    /// What is known of a key, by any spelling of its case.
    pub(super) fn get(&self, key: &str) -> Known<'_> {
        if let Some(stated) = self.request.context.stated(key) {
            return stated;
        }
        for (name, derived) in &self.derived {
            if name.eq_ignore_ascii_case(key) {
                return match derived {
                    Derived::Value(values) => Known::Values(values),
                    Derived::Absent => Known::Absent,
                };
            }
        }
        self.request.context.unmentioned()
    }
}

/// Keys that follow from the caller and the resource
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>). What AWS
/// documents for none of them, such as `aws:PrincipalArn` of a service, is left unknown.
fn derive(request: &Request) -> Vec<(&'static str, Derived)> {
    let mut keys = Vec::with_capacity(10);
    let mut value = |key, value: &str| keys.push((key, Derived::Value([value.to_owned()])));
    let caller = &request.principal;
    if let Some(account) = caller.account() {
        value("aws:PrincipalAccount", account);
    }
    match caller {
        Caller::User { arn } => {
            value("aws:PrincipalArn", arn);
            value("aws:PrincipalType", "User");
            value("aws:username", arn.rsplit('/').next().unwrap_or_default());
        }
        Caller::RoleSession { role_arn, .. } => {
            value("aws:PrincipalArn", role_arn);
            value("aws:PrincipalType", "AssumedRole");
        }
        Caller::FederatedUser { arn } => {
            value("aws:PrincipalArn", arn);
            value("aws:PrincipalType", "FederatedUser");
            let name = arn.rsplit('/').next().unwrap_or_default();
            value(
                "aws:userid",
                &format!("{}:{name}", caller.account().unwrap_or_default()),
            );
        }
        Caller::Root { account_id } => {
            let partition = arn::partition(&request.resource).unwrap_or("aws");
            value("aws:PrincipalArn", &format!("arn:{partition}:iam::{account_id}:root"));
            value("aws:PrincipalType", "Account");
            value("aws:userid", account_id);
        }
        Caller::Federated { provider } => value("aws:FederatedProvider", provider),
        Caller::Service { name } => value("aws:PrincipalServiceName", name),
        Caller::Anonymous => {
            value("aws:PrincipalAccount", "anonymous");
            value("aws:PrincipalType", "Anonymous");
            value("aws:userid", "anonymous");
        }
    }
    if let Some(owner) = request.owner() {
        value("aws:ResourceAccount", owner);
    }
    match caller {
        Caller::Anonymous | Caller::Federated { .. } => {}
        Caller::Service { .. } => value("aws:PrincipalIsAWSService", "true"),
        _ => value("aws:PrincipalIsAWSService", "false"),
    }
    let mut absent = |key| keys.push((key, Derived::Absent));
    if !matches!(caller, Caller::User { .. }) {
        absent("aws:username");
    }
    if matches!(caller, Caller::Anonymous) {
        absent("aws:PrincipalArn");
        absent("aws:PrincipalIsAWSService");
        absent("aws:PrincipalOrgID");
        absent("aws:PrincipalOrgPaths");
    }
    if !matches!(caller, Caller::Service { .. }) {
        absent("aws:PrincipalServiceName");
        absent("aws:PrincipalServiceNamesList");
        absent("aws:SourceArn");
        absent("aws:SourceAccount");
    }
    keys
}
