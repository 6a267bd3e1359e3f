locals {
  notifications = concat(
    [for threshold in var.thresholds : { type = "ACTUAL", threshold = threshold }],
    [for threshold in var.forecast_thresholds : { type = "FORECASTED", threshold = threshold }],
  )

  # Claude is billed by its provider through AWS Marketplace, so a filter on the service Amazon Bedrock would count next
  # to nothing. The account is dedicated: its budget has no filter. A team's counts the tag of its inference profiles.
  budgets = merge(
    {
      account = {
        name        = var.budget_name
        monthly_usd = var.monthly_usd
        tags        = []
      }
    },
    {
      for team, budget in var.team_budgets : "team/${team}" => {
        name        = budget.name
        monthly_usd = budget.monthly_usd
        # Written with format: a dollar sign before a template sequence would escape it.
        tags = [format("user:%s$%s", budget.tag_key, budget.tag_value)]
      }
    },
  )
}

resource "aws_budgets_budget" "monthly" {
  for_each = local.budgets

  name         = each.value.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(each.value.monthly_usd)
  limit_unit   = "USD"

  dynamic "cost_filter" {
    for_each = each.value.tags

    content {
      name   = "TagKeyValue"
      values = [cost_filter.value]
    }
  }

  # With them, an account that has credits would stay near zero and never alarm.
  cost_types {
    include_credit = false
    include_refund = false
  }

  dynamic "notification" {
    for_each = local.notifications

    content {
      comparison_operator       = "GREATER_THAN"
      threshold                 = notification.value.threshold
      threshold_type            = "PERCENTAGE"
      notification_type         = notification.value.type
      subscriber_sns_topic_arns = [aws_sns_topic.alerts.arn]
    }
  }

  # Budgets checks that it may publish when the notification is created.
  depends_on = [aws_sns_topic_policy.alerts]

  lifecycle {
    precondition {
      condition     = length(local.notifications) >= 1 && length(local.notifications) <= 10
      error_message = "thresholds and forecast_thresholds must have 1 to 10 elements together: AWS takes 10 notifications per budget, and without one nobody hears of it."
    }

    precondition {
      condition     = length(distinct([for budget in local.budgets : budget.name])) == length(local.budgets)
      error_message = "A team budget must not have the name of the account's budget."
    }
  }
}
