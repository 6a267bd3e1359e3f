output "topic_arn" {
  description = "SNS topic of budgets and alarms, once its policy is attached."
  value       = aws_sns_topic.alerts.arn

  # Who publishes to the topic may check at once that it is allowed to.
  depends_on = [aws_sns_topic_policy.alerts]
}

output "budget_names" {
  description = "Names of the budgets: the account's under `account`, a team's under `team/<team>`."
  value       = { for key, budget in aws_budgets_budget.monthly : key => budget.name }
}
