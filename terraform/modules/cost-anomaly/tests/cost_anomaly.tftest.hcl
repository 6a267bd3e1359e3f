mock_provider "aws" {
  # The provider checks that the subscription's monitor is an ARN.
  mock_resource "aws_ce_anomaly_monitor" {
    defaults = {
      arn = "arn:aws:ce::123456789012:anomalymonitor/11111111-2222-3333-4444-555555555555"
    }
  }
}

variables {
  name          = "claude-code-anomalies"
  threshold_usd = 100
  topic_arn     = "arn:aws:sns:us-east-1:123456789012:claude-code-alerts"
}

run "monitor_and_subscription" {
  command = plan

  assert {
    condition = (
      aws_ce_anomaly_monitor.services.name == "claude-code-anomalies"
      && aws_ce_anomaly_monitor.services.monitor_type == "DIMENSIONAL"
      && aws_ce_anomaly_monitor.services.monitor_dimension == "SERVICE"
    )
    error_message = "The monitor must watch each service by itself: Claude is one of them."
  }

  assert {
    condition = (
      aws_ce_anomaly_subscription.alerts.frequency == "IMMEDIATE"
      && one(aws_ce_anomaly_subscription.alerts.subscriber).type == "SNS"
      && one(aws_ce_anomaly_subscription.alerts.subscriber).address == "arn:aws:sns:us-east-1:123456789012:claude-code-alerts"
    )
    error_message = "Anomalies must be published to the topic at once."
  }

  assert {
    condition = (
      aws_ce_anomaly_subscription.alerts.threshold_expression[0].dimension[0].key == "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
      && aws_ce_anomaly_subscription.alerts.threshold_expression[0].dimension[0].values == toset(["100"])
      && aws_ce_anomaly_subscription.alerts.threshold_expression[0].dimension[0].match_options == toset(["GREATER_THAN_OR_EQUAL"])
    )
    error_message = "Anomalies must be reported from threshold_usd on."
  }
}

run "subscription_follows_the_monitor" {
  command = apply

  assert {
    condition     = aws_ce_anomaly_subscription.alerts.monitor_arn_list == tolist([aws_ce_anomaly_monitor.services.arn])
    error_message = "The subscription must be to the monitor."
  }

  assert {
    condition     = output.monitor_arn == aws_ce_anomaly_monitor.services.arn
    error_message = "monitor_arn must be the monitor's."
  }
}

run "values_that_are_refused" {
  command = plan

  variables {
    name          = ""
    threshold_usd = -1
    topic_arn     = "claude-code-alerts"
  }

  expect_failures = [var.name, var.threshold_usd, var.topic_arn]
}
