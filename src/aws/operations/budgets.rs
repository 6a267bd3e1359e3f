//! AWS Budgets and the topic of alerts.

use crate::aws::operation::{On, Operation, on};

/// A budget with what it has counted. Every read of a budget is one action in IAM.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html>
pub static DESCRIBE_BUDGET: Operation =
    Operation::new("budgets:DescribeBudget", &[on("budgets:ViewBudget", On::Budgets)]);

/// Thresholds of a budget.
pub static DESCRIBE_NOTIFICATIONS_FOR_BUDGET: Operation = Operation::new(
    "budgets:DescribeNotificationsForBudget",
    &[on("budgets:ViewBudget", On::Budgets)],
);

/// Who hears of a threshold.
pub static DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION: Operation = Operation::new(
    "budgets:DescribeSubscribersForNotification",
    &[on("budgets:ViewBudget", On::Budgets)],
);

/// Who hears of alerts.
pub static LIST_SUBSCRIPTIONS_BY_TOPIC: Operation = Operation::new(
    "sns:ListSubscriptionsByTopic",
    &[on("sns:ListSubscriptionsByTopic", On::Topic)],
);
