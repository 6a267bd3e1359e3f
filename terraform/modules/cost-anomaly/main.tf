# An account has at most one monitor over its services, and AWS may have made it already: then creating this one fails.
resource "aws_ce_anomaly_monitor" "services" {
  name              = var.name
  monitor_type      = "DIMENSIONAL"
  monitor_dimension = "SERVICE"
}

resource "aws_ce_anomaly_subscription" "alerts" {
  name             = var.name
  monitor_arn_list = [aws_ce_anomaly_monitor.services.arn]

  # Only SNS topics may be told at once; e-mail addresses get summaries.
  frequency = "IMMEDIATE"

  subscriber {
    type    = "SNS"
    address = var.topic_arn
  }

  threshold_expression {
    dimension {
      key           = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
      values        = [tostring(var.threshold_usd)]
      match_options = ["GREATER_THAN_OR_EQUAL"]
    }
  }
}
