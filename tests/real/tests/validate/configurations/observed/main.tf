variable "alarms" {
  type = map(object({
    metric    = string
    threshold = number
    unit      = optional(string)
    periods   = optional(number, 3)
  }))
  default = {
    errors = { metric = "Errors", threshold = 5 }
  }
}

variable "mail" {
  type      = string
  sensitive = true
  default   = null
}

locals {
  namespace = "AWS/Lambda"
  panels = flatten([
    for name, alarm in var.alarms : [
      { title = name, metrics = [[local.namespace, alarm.metric]] },
    ]
  ])
}

resource "aws_sns_topic" "alarms" {
  name = "alarms"
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.mail
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms

  alarm_name          = each.key
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = each.value.periods
  metric_name         = each.value.metric
  namespace           = local.namespace
  period              = 300
  statistic           = "Sum"
  threshold           = each.value.threshold
  unit                = each.value.unit
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "overview"
  dashboard_body = jsonencode({
    widgets = [
      for index, panel in local.panels : {
        type       = "metric"
        x          = (index % 2) * 12
        y          = floor(index / 2) * 6
        properties = panel
      }
    ]
  })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/overview"
  retention_in_days = 30
}

data "aws_cloudwatch_log_groups" "all" {
  log_group_name_prefix = "/aws/"
}

output "groups" {
  value = length(data.aws_cloudwatch_log_groups.all.log_group_names)
}

output "alarms" {
  value = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.arn]
}
