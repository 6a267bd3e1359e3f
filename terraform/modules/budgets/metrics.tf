locals {
  # Counts are nested under input and output; at the top level of a record there are none.
  log_metrics = {
    Invocations           = { pattern = "{ $.schemaType = \"ModelInvocationLog\" }", value = "1" }
    Errors                = { pattern = "{ $.errorCode = \"*\" }", value = "1" }
    Throttles             = { pattern = "{ $.errorCode = \"ThrottlingException\" }", value = "1" }
    InputTokens           = { pattern = "{ $.input.inputTokenCount > 0 }", value = "$.input.inputTokenCount" }
    OutputTokens          = { pattern = "{ $.output.outputTokenCount > 0 }", value = "$.output.outputTokenCount" }
    CacheReadInputTokens  = { pattern = "{ $.input.cacheReadInputTokenCount > 0 }", value = "$.input.cacheReadInputTokenCount" }
    CacheWriteInputTokens = { pattern = "{ $.input.cacheWriteInputTokenCount > 0 }", value = "$.input.cacheWriteInputTokenCount" }
  }
}

resource "aws_cloudwatch_log_metric_filter" "usage" {
  for_each = local.log_metrics

  name           = each.key
  log_group_name = var.log_group_name
  pattern        = each.value.pattern

  metric_transformation {
    name      = each.key
    namespace = var.metric_namespace
    value     = each.value.value

    # CloudWatch takes a default value only without dimensions.
    default_value = "0"
  }
}
