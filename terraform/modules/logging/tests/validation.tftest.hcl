# Each run breaks one validation of each variable that it lists, and nothing else.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/claude-code-log-delivery"
    }
  }
}

variables {
  bucket_name                = "claude-code-logs-123456789012-us-east-1"
  key_prefix                 = "invocations"
  log_group_name             = "/aws/bedrock/claude-code"
  retention_days             = 30
  expiration_days            = 365
  prompts                    = false
  delivery_role_name         = "claude-code-log-delivery"
  bucket_policy_json         = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  delivery_trust_policy_json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  delivery_policy_json       = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
}

run "accepts_the_shortest_and_the_nested" {
  command = plan

  variables {
    bucket_name     = "a1b"
    key_prefix      = "logs/bedrock_v1.0"
    expiration_days = 1
    retention_days  = 1
  }
}

run "rejects_what_aws_would_reject" {
  command = plan

  variables {
    bucket_name                = "Claude_Logs"
    key_prefix                 = "/invocations"
    retention_days             = 0
    expiration_days            = 0
    kms_key_arn                = "arn:aws:kms:us-east-1:123456789012:alias/logs"
    bucket_policy_json         = "{}"
    delivery_trust_policy_json = "{}"
    delivery_policy_json       = "{}"
  }

  expect_failures = [
    var.bucket_name,
    var.key_prefix,
    var.retention_days,
    var.expiration_days,
    var.kms_key_arn,
    var.bucket_policy_json,
    var.delivery_trust_policy_json,
    var.delivery_policy_json,
  ]
}

run "rejects_the_other_forms" {
  command = plan

  variables {
    bucket_name                = "claude.logs"
    key_prefix                 = "logs//bedrock"
    expiration_days            = 1.5
    kms_key_arn                = "1234abcd-12ab-34cd-56ef-1234567890ab"
    bucket_policy_json         = "not json"
    delivery_trust_policy_json = "not json"
    delivery_policy_json       = "not json"
  }

  expect_failures = [
    var.bucket_name,
    var.key_prefix,
    var.expiration_days,
    var.kms_key_arn,
    var.bucket_policy_json,
    var.delivery_trust_policy_json,
    var.delivery_policy_json,
  ]
}

run "rejects_a_slash_at_the_end" {
  command = plan

  variables {
    bucket_name = "claude-logs-"
    key_prefix  = "invocations/"
  }

  expect_failures = [
    var.bucket_name,
    var.key_prefix,
  ]
}

run "rejects_a_long_name_and_an_empty_prefix" {
  command = plan

  variables {
    bucket_name = "a123456789b123456789c123456789d123456789e123456789f123456789abcd"
    key_prefix  = ""
  }

  expect_failures = [
    var.bucket_name,
    var.key_prefix,
  ]
}
