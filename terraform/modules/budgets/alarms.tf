locals {
  # Alarms on the metrics taken from the log: they hold for every model and every way to call it.
  log_alarms = {
    invocations = {
      metric      = "Invocations"
      threshold   = var.invocations_per_5m
      description = "More than ${var.invocations_per_5m} model invocations in five minutes."
    }
    output-tokens = {
      metric      = "OutputTokens"
      threshold   = var.output_tokens_per_5m
      description = "More than ${var.output_tokens_per_5m} output tokens in five minutes."
    }
    throttles = {
      metric      = "Throttles"
      threshold   = var.throttles_per_5m
      description = "More than ${var.throttles_per_5m} throttled model invocations in five minutes, by the invocation log."
    }
  }

  # Bedrock publishes these without dimensions. Undelivered logs are usage that nobody sees.
  delivery_alarms = {
    delivery-s3         = "ModelInvocationLogsS3DeliveryFailure"
    delivery-cloudwatch = "ModelInvocationLogsCloudWatchDeliveryFailure"
    delivery-large-data = "ModelInvocationLargeDataS3DeliveryFailure"
  }
}

resource "aws_cloudwatch_metric_alarm" "usage" {
  for_each = local.log_alarms

  alarm_name          = "${var.alarm_name_prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = var.metric_namespace
  metric_name         = aws_cloudwatch_log_metric_filter.usage[each.value.metric].name
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Without invocations there is no data, as on every night.
  treat_missing_data = "notBreaching"

  depends_on = [aws_sns_topic_policy.alerts]
}

# Bedrock's own count has one dimension, ModelId. AWS does not say whether a call through a profile is counted under the
# profile's id or the model's, so the larger of both counts: their sum could count a call twice.
resource "aws_cloudwatch_metric_alarm" "throttles" {
  for_each = var.model_ids

  alarm_name          = "${var.alarm_name_prefix}-throttles-${each.key}"
  alarm_description   = "More than ${var.throttles_per_5m} throttled invocations of ${each.value.base_id} in five minutes, by Bedrock's metrics."
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.throttles_per_5m
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # Bedrock publishes the metric only when something was throttled.
  treat_missing_data = "notBreaching"

  metric_query {
    id          = "throttles"
    label       = "Throttled invocations"
    expression  = "MAX([FILL(model, 0), FILL(profile, 0)])"
    return_data = true
  }

  metric_query {
    id = "model"

    metric {
      namespace   = "AWS/Bedrock"
      metric_name = "InvocationThrottles"
      dimensions  = { ModelId = each.value.base_id }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "profile"

    metric {
      namespace   = "AWS/Bedrock"
      metric_name = "InvocationThrottles"
      dimensions  = { ModelId = each.value.profile_id }
      stat        = "Sum"
      period      = 300
    }
  }

  depends_on = [aws_sns_topic_policy.alerts]
}

resource "aws_cloudwatch_metric_alarm" "delivery" {
  for_each = local.delivery_alarms

  alarm_name          = "${var.alarm_name_prefix}-${each.key}"
  alarm_description   = "Bedrock could not deliver invocation logs (${each.value}): usage is missing from every report."
  namespace           = "AWS/Bedrock"
  metric_name         = each.value
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  alarm_actions       = [aws_sns_topic.alerts.arn]

  # The metric exists only while something is delivered.
  treat_missing_data = "notBreaching"

  depends_on = [aws_sns_topic_policy.alerts]
}
