mock_provider "aws" {
  # Alarms and budgets take nothing but ARNs here.
  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:us-east-1:123456789012:claude-code-alerts"
    }
    override_during = plan
  }
}

variables {
  topic_name           = "claude-code-alerts"
  topic_policy_json    = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  emails               = ["platform@example.com", "finance@example.com"]
  https_endpoint_names = ["pagerduty"]
  https_endpoints      = { pagerduty = "https://events.example.com/integration/key" }
  budget_name          = "claude-code-monthly"
  monthly_usd          = 5000
  thresholds           = [50, 80, 100]
  forecast_thresholds  = [100]
  log_group_name       = "/aws/bedrock/claude-code"
  metric_namespace     = "claude-code/usage"
  alarm_name_prefix    = "claude-code"
  invocations_per_5m   = 1000
  output_tokens_per_5m = 500000
  throttles_per_5m     = 10

  team_budgets = {
    engineering = {
      name        = "claude-code-team-engineering"
      monthly_usd = 2000.5
      tag_key     = "CostCenter"
      tag_value   = "CC-1001"
    }
  }

  model_ids = {
    opus-4-6 = {
      base_id    = "anthropic.claude-opus-4-6-v1"
      profile_id = "us.anthropic.claude-opus-4-6-v1"
    }
  }
}

run "topic" {
  command = plan

  assert {
    condition     = jsondecode(aws_sns_topic_policy.alerts.policy) == { Version = "2012-10-17", Statement = [] }
    error_message = "The policy must be the one passed in."
  }

  assert {
    condition     = { for key, subscription in aws_sns_topic_subscription.email : key => "${subscription.protocol} ${subscription.endpoint}" } == { "finance@example.com" = "email finance@example.com", "platform@example.com" = "email platform@example.com" }
    error_message = "Every address must subscribe, under its own key."
  }

  assert {
    condition = (
      aws_sns_topic_subscription.https["pagerduty"].protocol == "https"
      && nonsensitive(aws_sns_topic_subscription.https["pagerduty"].endpoint) == "https://events.example.com/integration/key"
      && aws_sns_topic_subscription.https["pagerduty"].endpoint_auto_confirms
    )
    error_message = "An HTTPS endpoint must confirm by itself: nobody reads its mail."
  }

  assert {
    condition     = issensitive(aws_sns_topic_subscription.https["pagerduty"].endpoint)
    error_message = "The URL is a secret and must not be shown in plans."
  }
}

run "account_budget" {
  command = plan

  assert {
    condition = (
      aws_budgets_budget.monthly["account"].name == "claude-code-monthly"
      && aws_budgets_budget.monthly["account"].budget_type == "COST"
      && aws_budgets_budget.monthly["account"].time_unit == "MONTHLY"
      && aws_budgets_budget.monthly["account"].limit_amount == "5000"
      && aws_budgets_budget.monthly["account"].limit_unit == "USD"
    )
    error_message = "The budget must be 5,000 USD a month."
  }

  # Claude is no part of the service Amazon Bedrock on the bill.
  assert {
    condition     = length(aws_budgets_budget.monthly["account"].cost_filter) == 0
    error_message = "The account's budget must count everything."
  }

  assert {
    condition     = alltrue([for budget in aws_budgets_budget.monthly : !budget.cost_types[0].include_credit && !budget.cost_types[0].include_refund])
    error_message = "Credits and refunds must not hide spend."
  }

  assert {
    condition = toset([
      for notification in aws_budgets_budget.monthly["account"].notification :
      "${notification.notification_type} ${notification.comparison_operator} ${notification.threshold} ${notification.threshold_type}"
      ]) == toset([
      "ACTUAL GREATER_THAN 50 PERCENTAGE",
      "ACTUAL GREATER_THAN 80 PERCENTAGE",
      "ACTUAL GREATER_THAN 100 PERCENTAGE",
      "FORECASTED GREATER_THAN 100 PERCENTAGE",
    ])
    error_message = "There must be one notification per threshold."
  }

  # A notification without subscriber passes the plan and fails at apply.
  assert {
    condition = alltrue(flatten([
      for budget in aws_budgets_budget.monthly : [
        for notification in budget.notification : notification.subscriber_sns_topic_arns == toset(["arn:aws:sns:us-east-1:123456789012:claude-code-alerts"])
      ]
    ]))
    error_message = "Every notification must go to the topic."
  }
}

run "team_budget" {
  command = plan

  assert {
    condition     = toset(keys(aws_budgets_budget.monthly)) == toset(["account", "team/engineering"])
    error_message = "There must be one budget for the account and one per team."
  }

  assert {
    condition     = one(aws_budgets_budget.monthly["team/engineering"].cost_filter).name == "TagKeyValue"
    error_message = "A team's spend is told by its tag."
  }

  # Not "user:CostCenter$${each.value…}", which is the text of a template and matches nothing.
  assert {
    condition     = one(aws_budgets_budget.monthly["team/engineering"].cost_filter).values == tolist(["user:CostCenter$CC-1001"])
    error_message = "The filter must be user:, the key, a dollar sign and the value."
  }

  assert {
    condition     = aws_budgets_budget.monthly["team/engineering"].limit_amount == "2000.5"
    error_message = "The limit must be the team's."
  }
}

run "no_teams_and_no_subscribers" {
  command = plan

  variables {
    emails               = []
    https_endpoint_names = []
    https_endpoints      = {}
    team_budgets         = {}
    forecast_thresholds  = []
    model_ids            = {}
  }

  assert {
    condition     = keys(aws_budgets_budget.monthly) == ["account"] && length(aws_budgets_budget.monthly["account"].notification) == 3
    error_message = "The account's budget must not depend on teams."
  }
}

run "log_metrics" {
  command = plan

  # Top-level paths exist in no record: such a metric would stay at zero for ever.
  assert {
    condition = {
      for key, filter in aws_cloudwatch_log_metric_filter.usage : key => "${filter.pattern} -> ${filter.metric_transformation[0].value}"
      } == {
      Invocations           = "{ $.schemaType = \"ModelInvocationLog\" } -> 1"
      Errors                = "{ $.errorCode = \"*\" } -> 1"
      Throttles             = "{ $.errorCode = \"ThrottlingException\" } -> 1"
      InputTokens           = "{ $.input.inputTokenCount > 0 } -> $.input.inputTokenCount"
      OutputTokens          = "{ $.output.outputTokenCount > 0 } -> $.output.outputTokenCount"
      CacheReadInputTokens  = "{ $.input.cacheReadInputTokenCount > 0 } -> $.input.cacheReadInputTokenCount"
      CacheWriteInputTokens = "{ $.input.cacheWriteInputTokenCount > 0 } -> $.input.cacheWriteInputTokenCount"
    }
    error_message = "The metrics must read the nested counts."
  }

  assert {
    condition = alltrue([
      for key, filter in aws_cloudwatch_log_metric_filter.usage :
      filter.log_group_name == "/aws/bedrock/claude-code"
      && filter.metric_transformation[0].name == key
      && filter.metric_transformation[0].namespace == "claude-code/usage"
    ])
    error_message = "Every filter must read the log group and write a metric of its own name."
  }

  # The provider accepts both together, CloudWatch does not.
  assert {
    condition = alltrue([
      for filter in aws_cloudwatch_log_metric_filter.usage :
      filter.metric_transformation[0].default_value == "0" && length(coalesce(filter.metric_transformation[0].dimensions, {})) == 0
    ])
    error_message = "A default value allows no dimensions."
  }
}

run "usage_alarms" {
  command = plan

  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.usage : alarm.alarm_name => "${alarm.statistic} of ${alarm.namespace} ${alarm.metric_name} ${alarm.comparison_operator} ${alarm.threshold} in ${alarm.evaluation_periods} x ${alarm.period}"
      } == {
      claude-code-invocations   = "Sum of claude-code/usage Invocations GreaterThanThreshold 1000 in 1 x 300"
      claude-code-output-tokens = "Sum of claude-code/usage OutputTokens GreaterThanThreshold 500000 in 1 x 300"
      claude-code-throttles     = "Sum of claude-code/usage Throttles GreaterThanThreshold 10 in 1 x 300"
    }
    error_message = "There must be an alarm on invocations, output tokens and throttling."
  }

  # An alarm on a metric that no filter writes would never be raised.
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.usage : contains(keys(aws_cloudwatch_log_metric_filter.usage), alarm.metric_name)])
    error_message = "Every alarm must be on a metric that a filter writes."
  }
}

run "throttling_of_models" {
  command = plan

  # Without the dimension ModelId the metric does not exist.
  assert {
    condition = toset([
      for query in aws_cloudwatch_metric_alarm.throttles["opus-4-6"].metric_query :
      "${query.id} ${query.metric[0].namespace} ${query.metric[0].metric_name} ${query.metric[0].dimensions["ModelId"]} ${query.metric[0].stat} ${query.metric[0].period}"
      if length(query.metric) > 0
      ]) == toset([
      "model AWS/Bedrock InvocationThrottles anthropic.claude-opus-4-6-v1 Sum 300",
      "profile AWS/Bedrock InvocationThrottles us.anthropic.claude-opus-4-6-v1 Sum 300",
    ])
    error_message = "Both the model and its profile must be watched."
  }

  # An alarm needs exactly one query that returns data.
  assert {
    condition     = [for query in aws_cloudwatch_metric_alarm.throttles["opus-4-6"].metric_query : query.expression if query.return_data == true] == ["MAX([FILL(model, 0), FILL(profile, 0)])"]
    error_message = "The alarm must be on the larger of both."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.throttles["opus-4-6"].threshold == 10 && aws_cloudwatch_metric_alarm.throttles["opus-4-6"].alarm_name == "claude-code-throttles-opus-4-6"
    error_message = "The alarm must have the limit and a name of its own."
  }
}

run "delivery_alarms" {
  command = plan

  assert {
    condition = toset([
      for alarm in aws_cloudwatch_metric_alarm.delivery : "${alarm.namespace} ${alarm.metric_name} ${alarm.comparison_operator} ${alarm.threshold}"
      ]) == toset([
      "AWS/Bedrock ModelInvocationLogsS3DeliveryFailure GreaterThanThreshold 0",
      "AWS/Bedrock ModelInvocationLogsCloudWatchDeliveryFailure GreaterThanThreshold 0",
      "AWS/Bedrock ModelInvocationLargeDataS3DeliveryFailure GreaterThanThreshold 0",
    ])
    error_message = "A single failed delivery must be reported, to S3 and to CloudWatch."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.delivery : length(coalesce(alarm.dimensions, {})) == 0])
    error_message = "Bedrock publishes delivery metrics without dimensions."
  }
}

run "every_alarm_reaches_the_topic" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in concat(
        values(aws_cloudwatch_metric_alarm.usage),
        values(aws_cloudwatch_metric_alarm.throttles),
        values(aws_cloudwatch_metric_alarm.delivery),
      ) : alarm.alarm_actions == toset(["arn:aws:sns:us-east-1:123456789012:claude-code-alerts"]) && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "Every alarm must publish to the topic, and silence is no alarm: nobody codes at night."
  }
}
