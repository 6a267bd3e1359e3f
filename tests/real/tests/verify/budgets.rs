//! Phase 5.

use serde_json::json;

use crate::stage::Stage;

const FINOPS: &str = "budgets-emails-finops-example-com";

#[test]
fn subscriptions_are_confirmed_pending_or_gone() {
    let stage = Stage::example();
    stage.verify("5", &[]).is(FINOPS, "pass", "arn:aws:sns");
    for (knob, status, text) in [
        ("pending", "pending", "not followed"),
        ("deleted", "fail", "deleted"),
        ("absent", "fail", "not subscribed"),
    ] {
        stage.knobs(json!({ "subscriptions": { "finops@example.com": knob } }));
        let run = stage.verify("5", &[]);
        run.is(FINOPS, status, text);
        run.is("budgets-emails-platform-example-com", "pass", "confirmed");
    }
    stage.denied(&["sns:ListSubscriptionsByTopic"], || {
        stage.verify("5", &[]).is(FINOPS, "unknown", "access denied");
    });
    let without = Stage::without(&["topic"]);
    let run = without.verify("5", &[]);
    run.is(FINOPS, "fail", "there is no topic");
    run.is("budgets-chat", "fail", "there is no topic");
}

#[test]
fn chat_is_optional_and_endpoints_are_counted() {
    let stage = Stage::example();
    stage
        .verify("5", &[])
        .is("budgets-chat", "manual", "no chat application");
    stage.boto3(
        "topic = client('sns').list_topics()['Topics'][0]['TopicArn']\n\
         client('sns').subscribe(TopicArn=topic, Protocol='https', Endpoint='https://global.sns-api.chatbot.amazonaws.com')\n\
         knobs({'subscriptions': {'https://global.sns-api.chatbot.amazonaws.com': 'confirmed'}})",
    );
    stage.verify("5", &[]).is("budgets-chat", "pass", "confirmed");

    let file = stage.path("tfgen.hcl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("  emails      =", "  https       = [\"pagerduty\"]\n  emails      ="),
    )
    .unwrap();
    stage.verify("5", &[]).is("budgets-https", "fail", "0 confirmed of 0");
    stage.boto3(
        "topic = client('sns').list_topics()['Topics'][0]['TopicArn']\n\
         client('sns').subscribe(TopicArn=topic, Protocol='https', Endpoint='https://events.pagerduty.com/integration/x/enqueue')",
    );
    let run = stage.verify("5", &[]);
    run.is("budgets-https", "pending", "0 confirmed of 1");
    assert!(!run.stdout.contains("integration/x"), "the address is a secret");
    stage.knobs(json!({ "subscriptions": { "https://events.pagerduty.com/integration/x/enqueue": "confirmed" } }));
    stage.verify("5", &[]).is("budgets-https", "pass", "1 confirmed of 1");
}

#[test]
fn budgets_have_their_limits_and_thresholds() {
    let stage = Stage::example();
    let run = stage.verify("5", &[]);
    run.is("budgets-thresholds-account", "pass", "5000 USD");
    run.is("budgets-thresholds-team-engineering", "pass", "3500 USD");
    stage.boto3(
        "b = client('budgets')\n\
         m = dict(AccountId='123456789012', BudgetName='claude-code-monthly')\n\
         for n in b.describe_notifications_for_budget(**m)['Notifications']:\n\
        \x20   if n['Threshold'] == 80: b.delete_notification(**m, Notification={k: n[k] for k in ('NotificationType', 'ComparisonOperator', 'Threshold', 'ThresholdType')})\n\
         b.delete_budget(AccountId='123456789012', BudgetName='claude-code-team-engineering')",
    );
    let run = stage.verify("5", &[]);
    run.is("budgets-thresholds-account", "fail", "80 % actual");
    run.is("budgets-count-account", "skipped", "budgets-thresholds-account");
    run.is(
        "budgets-thresholds-team-engineering",
        "fail",
        "there is no budget claude-code-team-engineering",
    );
    assert_eq!(run.status, 10);

    stage.knobs(json!({ "budgets": { "claude-code-team-data-science": { "health": "UNHEALTHY", "health_reason": "FILTER_INVALID" } } }));
    stage
        .verify("5", &[])
        .is("budgets-thresholds-team-data-science", "fail", "FILTER_INVALID");
    stage.denied(&["budgets:DescribeBudget"], || {
        let run = stage.verify("5", &[]);
        run.is("budgets-thresholds-account", "unknown", "access denied");
        assert!(
            run.result("budgets-thresholds-account")["next_step"]
                .as_str()
                .unwrap()
                .contains("budgets:ViewBudget")
        );
    });
}

#[test]
fn a_budget_that_counts_nothing_of_what_was_billed_fails() {
    let stage = Stage::example();
    // AWS bills each request: one for the account, one for both teams, whose budgets count the same key.
    stage.moto.forget().unwrap();
    stage.verify("5", &[]);
    let asked = stage.moto.recorded().unwrap();
    let asked = asked.iter().filter(|call| call.operation == "GetCostAndUsage").count();
    assert_eq!(asked, 2);
    stage
        .verify("5", &[])
        .is("budgets-count-account", "pass", "Cost Explorer: 37.50 USD");
    stage.knobs(json!({ "budgets": { "*": { "actual": "0" } } }));
    let run = stage.verify("5", &[]);
    run.is("budgets-count-account", "fail", "counts nothing");
    assert_eq!(run.status, 10);
    stage.knobs(json!({ "budgets": { "*": { "actual": "3" } } }));
    stage.verify("5", &[]).is("budgets-count-account", "pending", "behind");

    // The tag of a team is on the bill, and its budget filters by another one.
    stage.knobs(json!({ "budgets": { "*": { "actual": "37.6" }, "claude-code-team-engineering": { "actual": "0" } } }));
    stage.knobs(json!({ "costs": [{
        "service": "Claude Opus 4.6 (Amazon Bedrock Edition)", "amount": "30", "billing_entity": "AWS Marketplace",
        "account": "123456789012", "day": 0, "tags": { "CostCenter": "CC-1001" }
    }] }));
    let run = stage.verify("5", &[]);
    run.is("budgets-count-team-engineering", "fail", "counts nothing");
    run.is("budgets-count-team-data-science", "pending", "no figures");

    stage.knobs(json!({ "costs": [] }));
    stage.verify("5", &[]).is("budgets-count-account", "pending", "");
    stage.denied(&["ce:GetCostAndUsage"], || {
        stage
            .verify("5", &[])
            .is("budgets-count-account", "unknown", "access denied");
    });
}

#[test]
fn an_account_has_one_anomaly_monitor_by_service() {
    let stage = Stage::example();
    let file = stage.path("tfgen.hcl");
    let text = std::fs::read_to_string(&file).unwrap();
    let more = text.replace(
        "  team \"engineering\" {",
        "  anomaly {\n    threshold_usd = 50\n  }\n\n  team \"engineering\" {",
    );
    std::fs::write(&file, more).unwrap();
    stage
        .verify("5", &[])
        .is("budgets-anomaly-monitor", "pending", "no monitor");
    stage.boto3(
        "r = client('ce').create_anomaly_monitor(AnomalyMonitor={'MonitorName': 'Default-Services-Monitor', \
         'MonitorType': 'DIMENSIONAL', 'MonitorDimension': 'SERVICE'})\n\
         result = r['MonitorArn']",
    );
    stage
        .verify("5", &[])
        .is("budgets-anomaly-monitor", "fail", "Default-Services-Monitor");
    stage.boto3(
        "ce = client('ce')\n\
         for m in ce.get_anomaly_monitors()['AnomalyMonitors']: ce.delete_anomaly_monitor(MonitorArn=m['MonitorArn'])\n\
         ce.create_anomaly_monitor(AnomalyMonitor={'MonitorName': 'claude-code-anomalies', \
         'MonitorType': 'DIMENSIONAL', 'MonitorDimension': 'SERVICE'})",
    );
    stage
        .verify("5", &[])
        .is("budgets-anomaly-monitor", "pass", "claude-code-anomalies");
    stage.denied(&["ce:GetAnomalyMonitors"], || {
        stage
            .verify("5", &[])
            .is("budgets-anomaly-monitor", "unknown", "access denied");
    });
}
