# Not encrypted with a KMS key: the key that AWS manages for SNS cannot be used by budgets and alarms, and what is
# published are names and amounts.
resource "aws_sns_topic" "alerts" {
  name = var.topic_name
}

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = var.topic_policy_json
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.emails

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_sns_topic_subscription" "https" {
  for_each = var.https_endpoint_names

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "https"
  endpoint  = var.https_endpoints[each.key]

  # Otherwise the provider refuses the subscription, since a person cannot confirm it.
  endpoint_auto_confirms = true

  lifecycle {
    precondition {
      condition     = contains(nonsensitive(keys(var.https_endpoints)), each.key)
      error_message = "https_endpoints has no URL for ${each.key}."
    }
  }
}
