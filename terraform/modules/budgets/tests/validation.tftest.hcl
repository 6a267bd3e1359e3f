# What is refused because neither the plan nor the provider would.

mock_provider "aws" {}

variables {
  topic_name           = "claude-code-alerts"
  topic_policy_json    = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  budget_name          = "claude-code-monthly"
  monthly_usd          = 5000
  thresholds           = [50, 80, 100]
  forecast_thresholds  = [100]
  log_group_name       = "/aws/bedrock/claude-code"
  metric_namespace     = "claude-code/usage"
  alarm_name_prefix    = "claude-code"
  model_ids            = {}
  invocations_per_5m   = 1000
  output_tokens_per_5m = 500000
  throttles_per_5m     = 10
}

run "names_and_numbers" {
  command = plan

  variables {
    topic_name           = "claude code"
    topic_policy_json    = "policies/alerts-topic.json"
    emails               = ["platform.example.com"]
    https_endpoints      = { pagerduty = "http://events.example.com" }
    budget_name          = "claude-code:monthly"
    monthly_usd          = 0
    thresholds           = [0, 50]
    forecast_thresholds  = [100, 100]
    metric_namespace     = "AWS/Bedrock"
    alarm_name_prefix    = ""
    invocations_per_5m   = 0
    output_tokens_per_5m = 0
    throttles_per_5m     = -1
  }

  expect_failures = [
    var.topic_name,
    var.topic_policy_json,
    var.emails,
    var.https_endpoints,
    var.budget_name,
    var.monthly_usd,
    var.thresholds,
    var.forecast_thresholds,
    var.metric_namespace,
    var.alarm_name_prefix,
    var.invocations_per_5m,
    var.output_tokens_per_5m,
    var.throttles_per_5m,
  ]
}

run "ten_notifications_are_taken" {
  command = plan

  variables {
    thresholds          = [10, 20, 30, 40, 50, 60, 70, 80, 90]
    forecast_thresholds = [100]
  }

  assert {
    condition     = length(local.notifications) == 10
    error_message = "AWS takes ten notifications per budget."
  }
}

run "eleven_notifications_are_not" {
  command = plan

  variables {
    thresholds          = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    forecast_thresholds = [100]
  }

  expect_failures = [aws_budgets_budget.monthly]
}

run "no_notification" {
  command = plan

  variables {
    thresholds          = []
    forecast_thresholds = []
  }

  expect_failures = [aws_budgets_budget.monthly]
}

run "endpoint_without_url" {
  command = plan

  variables {
    https_endpoint_names = ["pagerduty"]
    https_endpoints      = { opsgenie = "https://events.example.com/integration/key" }
  }

  expect_failures = [aws_sns_topic_subscription.https]
}

run "team_with_the_name_of_the_account_budget" {
  command = plan

  variables {
    team_budgets = {
      engineering = { name = "claude-code-monthly", monthly_usd = 1, tag_key = "Team", tag_value = "engineering" }
    }
  }

  expect_failures = [aws_budgets_budget.monthly]
}

run "team_budgets_of_one_name" {
  command = plan

  variables {
    team_budgets = {
      engineering = { name = "claude-code-team", monthly_usd = 1, tag_key = "Team", tag_value = "engineering" }
      research    = { name = "claude-code-team", monthly_usd = 1, tag_key = "Team", tag_value = "research" }
    }
  }

  expect_failures = [var.team_budgets]
}

run "team_budget_with_a_colon" {
  command = plan

  variables {
    team_budgets = {
      engineering = { name = "team:engineering", monthly_usd = 1, tag_key = "Team", tag_value = "engineering" }
    }
  }

  expect_failures = [var.team_budgets]
}

run "team_budget_of_nothing" {
  command = plan

  variables {
    team_budgets = {
      engineering = { name = "claude-code-team-engineering", monthly_usd = 0, tag_key = "Team", tag_value = "engineering" }
    }
  }

  expect_failures = [var.team_budgets]
}

run "tag_key_with_its_prefix" {
  command = plan

  variables {
    team_budgets = {
      engineering = { name = "claude-code-team-engineering", monthly_usd = 1, tag_key = "user:Team", tag_value = "engineering" }
    }
  }

  expect_failures = [var.team_budgets]
}

run "tag_value_with_the_separator" {
  command = plan

  variables {
    team_budgets = {
      engineering = { name = "claude-code-team-engineering", monthly_usd = 1, tag_key = "Team", tag_value = "eng$ineering" }
    }
  }

  expect_failures = [var.team_budgets]
}
