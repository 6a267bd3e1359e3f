//! Phase 5: budgets, alarms and who hears of them.

use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Budgets, Deployment};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let Some(budgets) = &deployment.budgets else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    if budgets.anomaly.is_some() {
        steps.push(anomaly(deployment));
    }
    if !budgets.https.is_empty() {
        steps.push(https(deployment, budgets));
    }
    if !budgets.emails.is_empty() {
        steps.push(emails(deployment, budgets));
    }
    steps.push(chat(deployment));
    steps.push(count(deployment, budgets));
    steps
}

fn step(deployment: &Deployment, id: &'static str, title: impl Into<String>, owner: Owner) -> Step {
    let account = Account::Workload(deployment.account_id.clone());
    Step::new(id, Phase::Budgets, title, account, owner)
}

/// ARN of the topic.
fn topic(deployment: &Deployment) -> String {
    let (partition, region, account) = (&deployment.partition, &deployment.region, &deployment.account_id);
    format!("arn:{partition}:sns:{region}:{account}:{}", deployment.names.topic)
}

fn subscriptions(deployment: &Deployment) -> String {
    format!(
        "aws sns list-subscriptions-by-topic --region {} --topic-arn {}",
        word(&deployment.region),
        word(&topic(deployment))
    )
}

fn anomaly(deployment: &Deployment) -> Step {
    step(
        deployment,
        "budgets-anomaly-monitor",
        "Look for an existing anomaly monitor",
        Owner::Human,
    )
    .action(
        "Before the first apply: an account has one anomaly monitor by service, and AWS may have made it. If the \
         command lists one with MonitorType DIMENSIONAL, delete it or leave `anomaly` out of the deployment file.",
    )
    .console("Billing and Cost Management › Cost Anomaly Detection › Cost monitors")
    .run(&["aws ce get-anomaly-monitors --region us-east-1"])
    .note("Anomaly detection needs ten days of history.")
}

fn https(deployment: &Deployment, budgets: &Budgets) -> Step {
    let urls: serde_json::Map<String, serde_json::Value> = budgets
        .https
        .iter()
        .map(|name| {
            let url = "https://events.pagerduty.com/integration/INTEGRATION_KEY/enqueue";
            (name.clone(), url.into())
        })
        .collect();
    let value = serde_json::Value::Object(urls).to_string();
    step(
        deployment,
        "budgets-https",
        format!("Give Terraform the URL of {}", budgets.https.join(", ")),
        Owner::Human,
    )
    .action(
        "The URLs are secrets, so render writes them into no file: set the sensitive variable `https_endpoints` of \
         terraform/workload, then apply.",
    )
    .action(
        "For PagerDuty, add the integration \"Amazon CloudWatch\" to a service and take its integration URL. It \
         confirms the subscription by itself and understands SNS; the URL of the Events API v2 does neither.",
    )
    .console("PagerDuty › Services › the service › Integrations › Add an integration")
    .run(&[
        format!("export TF_VAR_https_endpoints={}", word(&value)),
        "terraform -chdir=terraform/workload apply".to_owned(),
        subscriptions(deployment),
    ])
    .note(
        "Terraform keeps the URLs in its state, in clear: whoever may read the state of terraform/workload, or a saved \
         plan, may read them.",
    )
    .note("An incoming webhook of Slack can neither confirm a subscription nor read SNS messages.")
}

fn emails(deployment: &Deployment, budgets: &Budgets) -> Step {
    step(
        deployment,
        "budgets-emails",
        "Confirm the e-mail subscriptions within 48 hours",
        Owner::Human,
    )
    .action(format!(
        "AWS writes to {}; each recipient follows the link \"Confirm subscription\".",
        budgets.emails.join(", ")
    ))
    .console("Amazon SNS › Topics › the topic › Subscriptions")
    .run(&[subscriptions(deployment)])
    .note("`PendingConfirmation` means that the link was not followed yet.")
    .note(
        "After 48 hours an unconfirmed subscription is deleted, and so is one whose recipient unsubscribes. Applying \
         terraform/workload again subscribes anew.",
    )
}

fn chat(deployment: &Deployment) -> Step {
    step(
        deployment,
        "budgets-chat",
        "Send alerts to Slack or Teams (optional)",
        Owner::Human,
    )
    .action(
        "Use Amazon Q Developer in chat applications: add its app to the workspace, authorise it, invite it into the \
         channel (`/invite @Amazon Q`).",
    )
    .action(format!(
        "Configure the channel with a role for notifications only, and with the SNS topic `{}` of {}.",
        deployment.names.topic, deployment.region
    ))
    .console("Amazon Q Developer in chat applications › Configure new client")
    .run(&[subscriptions(deployment)])
    .note("\"Send test message\" in the console shows whether it arrives.")
}

fn count(deployment: &Deployment, budgets: &Budgets) -> Step {
    let account = &deployment.account_id;
    let names = std::iter::once(deployment.names.budget.clone()).chain(
        budgets
            .teams
            .keys()
            .map(|team| crate::deployment::names::Names::team_budget(&deployment.name, team)),
    );
    let mut lines: Vec<String> = names
        .map(|name| {
            format!(
                "aws budgets describe-budget --account-id {account} --budget-name {} \
                 --query Budget.CalculatedSpend.ActualSpend",
                word(&name)
            )
        })
        .collect();
    lines.push(
        "aws ce get-cost-and-usage --region us-east-1 --time-period Start=YYYY-MM-01,End=YYYY-MM-DD \
         --granularity MONTHLY --metrics UnblendedCost --group-by Type=DIMENSION,Key=SERVICE \
         --filter '{\"Dimensions\":{\"Key\":\"BILLING_ENTITY\",\"Values\":[\"AWS Marketplace\"]}}'"
            .to_owned(),
    );
    step(
        deployment,
        "budgets-count",
        "See that the budgets count Claude",
        Owner::Terraform(Root::Workload),
    )
    .action(
        "A day after the first use, the budget of the account must count what Cost Explorer shows for AWS \
         Marketplace.",
    )
    .console("Billing and Cost Management › Budgets")
    .run(&lines)
    .note(
        "Claude appears under AWS Marketplace, as services like \"Claude … (Amazon Bedrock Edition)\", not under \
         Amazon Bedrock.",
    )
    .note_if(
        !budgets.teams.is_empty(),
        "A team's budget counts by tag: it stays at 0 until the cost allocation tags are active (phase 3), and never \
         counts what was used before.",
    )
    .note("Figures are up to 24 hours old: a budget warns, it does not stop anybody.")
}
