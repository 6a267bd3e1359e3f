# An empty block of a kind of policy passes validate and plan and fails on apply: each run gives one kind alone.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_bedrock_guardrail" {
    defaults = {
      guardrail_arn = "arn:aws:bedrock:us-east-1:123456789012:guardrail/abcdefghijkl"
    }
  }
}

variables {
  name                        = "claude-code"
  description                 = "What Claude Code may not be used for"
  blocked_message             = "Blocked by company policy."
  enforcement_policy_name     = "claude-code-guardrail"
  enforcement_policy_template = "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\",\"Condition\":{\"StringNotLike\":{\"bedrock:GuardrailIdentifier\":\"$${guardrail_arn}*\"}}}}"
}

run "only_topic_policy" {
  command = plan

  variables {
    topics = [{ name = "Legal advice", definition = "Asking for advice on contracts." }]
  }

  assert {
    condition = [
      length(aws_bedrock_guardrail.this.topic_policy_config),
      length(aws_bedrock_guardrail.this.word_policy_config),
      length(aws_bedrock_guardrail.this.sensitive_information_policy_config),
      length(aws_bedrock_guardrail.this.content_policy_config),
    ] == [1, 0, 0, 0]
    error_message = "Only the topic policy is emitted."
  }
}

run "only_word_policy" {
  command = plan

  variables {
    blocked_words = ["project-x"]
  }

  assert {
    condition = [
      length(aws_bedrock_guardrail.this.topic_policy_config),
      length(aws_bedrock_guardrail.this.word_policy_config),
      length(aws_bedrock_guardrail.this.sensitive_information_policy_config),
      length(aws_bedrock_guardrail.this.content_policy_config),
    ] == [0, 1, 0, 0]
    error_message = "Only the word policy is emitted."
  }
}

run "only_sensitive_information_policy" {
  command = plan

  variables {
    blocked_pii = ["PASSWORD"]
  }

  assert {
    condition = [
      length(aws_bedrock_guardrail.this.topic_policy_config),
      length(aws_bedrock_guardrail.this.word_policy_config),
      length(aws_bedrock_guardrail.this.sensitive_information_policy_config),
      length(aws_bedrock_guardrail.this.content_policy_config),
    ] == [0, 0, 1, 0]
    error_message = "Only the sensitive information policy is emitted."
  }
}

run "only_content_policy" {
  command = plan

  variables {
    content_filter_strength = "HIGH"
  }

  assert {
    condition = [
      length(aws_bedrock_guardrail.this.topic_policy_config),
      length(aws_bedrock_guardrail.this.word_policy_config),
      length(aws_bedrock_guardrail.this.sensitive_information_policy_config),
      length(aws_bedrock_guardrail.this.content_policy_config),
    ] == [0, 0, 0, 1]
    error_message = "Only the content policy is emitted."
  }
}

run "no_policy" {
  command = plan

  expect_failures = [aws_bedrock_guardrail.this]
}
