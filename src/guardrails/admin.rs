//! What an administrator may do: operate the rollout, not re-configure it. Configuration is Terraform's.

use std::collections::BTreeSet;

use policy::{Document, Statement};

use super::arns::Arns;
use super::invocation::{self, ModelForm};
use super::reading;
use crate::deployment::model::Deployment;

/// The administrators' policy.
pub fn document(d: &Deployment, form: ModelForm) -> Document {
    let arns = Arns::new(d);
    let mut statements = invocation::statements(d, form);
    statements.push(Statement::allow(
        "ReadBedrock",
        [
            "bedrock:GetFoundationModel",
            "bedrock:GetFoundationModelAvailability",
            "bedrock:GetModelInvocationLoggingConfiguration",
            "bedrock:GetUseCaseForModelAccess",
            "bedrock:ListFoundationModelAgreementOffers",
            "bedrock:ListFoundationModels",
            "bedrock:ListGuardrails",
            "bedrock:ListTagsForResource",
        ],
        ["*"],
    ));
    if d.guardrail.is_some() {
        statements.push(Statement::allow(
            "ReadGuardrail",
            ["bedrock:GetGuardrail"],
            [arns.guardrail("*")],
        ));
    }
    statements.extend(model_access(d));
    statements.extend(reading::analytics(d));
    statements.extend(reading::log_objects(d));
    if d.logging.is_some() {
        statements.push(Statement::allow(
            "ReadLogGroup",
            [
                "logs:DescribeLogStreams",
                "logs:DescribeMetricFilters",
                "logs:FilterLogEvents",
                "logs:GetLogEvents",
                "logs:StartQuery",
            ],
            [arns.log_group(), format!("{}:*", arns.log_group())],
        ));
        // These know no resource type: a query is bound to its groups when it starts.
        statements.push(Statement::allow(
            "FollowQueries",
            [
                "logs:DescribeLogGroups",
                "logs:DescribeQueries",
                "logs:GetQueryResults",
                "logs:StopQuery",
            ],
            ["*"],
        ));
    }
    statements.push(reading::metrics());
    statements.push(Statement::allow(
        "ReadCosts",
        [
            "budgets:ViewBudget",
            "ce:GetAnomalies",
            "ce:GetAnomalyMonitors",
            "ce:GetAnomalySubscriptions",
            "ce:GetCostAndUsage",
            "ce:GetCostForecast",
            "ce:GetDimensionValues",
            "ce:GetTags",
            "ce:ListCostAllocationTags",
        ],
        ["*"],
    ));
    if d.budgets.is_some() {
        statements.push(Statement::allow(
            "SubscribeToAlerts",
            [
                "sns:GetTopicAttributes",
                "sns:ListSubscriptionsByTopic",
                "sns:Subscribe",
            ],
            [arns.topic()],
        ));
    }
    Document::new(statements)
}

/// Opening a model for the account, once: the use-case form, the agreement, the Marketplace subscription
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html>). Ending a subscription would stop
/// everybody and is left to the deploy principals.
fn model_access(d: &Deployment) -> Vec<Statement> {
    let subscribe = Statement::allow("SubscribeModels", ["aws-marketplace:Subscribe"], ["*"]).when(
        "StringEquals",
        "aws:CalledViaLast",
        ["bedrock.amazonaws.com"],
    );
    // The key exists for Subscribe alone, and one unknown product would make the list block that model.
    let products: Option<BTreeSet<&str>> = d
        .models
        .iter()
        .map(|model| model.marketplace_product.as_deref())
        .collect();
    vec![
        Statement::allow(
            "OpenModels",
            [
                "aws-marketplace:ViewSubscriptions",
                "bedrock:CreateFoundationModelAgreement",
                "bedrock:PutUseCaseForModelAccess",
            ],
            ["*"],
        ),
        match products {
            Some(products) => subscribe.when("ForAnyValue:StringEquals", "aws-marketplace:ProductId", products),
            None => subscribe,
        },
    ]
}
