# What the variables refuse because neither the plan nor the provider would.

mock_provider "aws" {}

variables {
  account_id                 = "123456789012"
  region                     = "us-east-1"
  geography                  = "us"
  session_roles              = ["AWSReservedSSO_claude-code-developer_[0-9a-f]{16}", "claude-code-admin"]
  database_name              = "claude_code_bedrock_logs"
  log_table_name             = "invocation_logs"
  price_table_name           = "model_prices"
  profile_table_name         = "inference_profiles"
  workgroup_name             = "claude_code_bedrock_logs"
  scan_limit_bytes           = 107374182400
  log_bucket_name            = "claude-code-logs-123456789012-us-east-1"
  log_prefix                 = "invocations"
  lookback_days              = 365
  results_bucket_name        = "claude-code-athena-123456789012-us-east-1"
  results_bucket_policy_json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  results_expiration_days    = 30
  prices                     = []
  profiles                   = {}
}

run "names_and_numbers" {
  command = plan

  variables {
    account_id                 = "1234"
    region                     = "us-east"
    geography                  = "usa"
    session_roles              = ["it's"]
    database_name              = "Logs"
    log_table_name             = "invocation-logs"
    price_table_name           = "prices!"
    profile_table_name         = ""
    workgroup_name             = "claude code"
    scan_limit_bytes           = 10485759
    log_bucket_name            = "Logs"
    log_prefix                 = "invocations/"
    lookback_days              = 0.5
    results_bucket_name        = "s3://results"
    results_bucket_policy_json = "policies/results-bucket.json"
    results_expiration_days    = 0
    kms_key_arn                = "arn:aws:kms:us-east-1:123456789012:alias/logs"
  }

  expect_failures = [
    var.account_id,
    var.region,
    var.geography,
    var.session_roles,
    var.database_name,
    var.log_table_name,
    var.price_table_name,
    var.profile_table_name,
    var.workgroup_name,
    var.scan_limit_bytes,
    var.log_bucket_name,
    var.log_prefix,
    var.lookback_days,
    var.results_bucket_name,
    var.results_bucket_policy_json,
    var.results_expiration_days,
    var.kms_key_arn,
  ]
}

run "price_of_a_profile_instead_of_a_model" {
  command = plan

  variables {
    prices = [{ model_id = "us.anthropic.claude-sonnet-4-6", model_key = "s", model_name = "S", geography = "us", valid_from = "2026-01-01" }]
  }

  expect_failures = [var.prices]
}

run "price_from_no_date" {
  command = plan

  variables {
    prices = [{ model_id = "anthropic.claude-sonnet-4-6", model_key = "s", model_name = "S", geography = "us", valid_from = "2026-02-30" }]
  }

  expect_failures = [var.prices]
}

run "price_of_no_geography" {
  command = plan

  variables {
    prices = [{ model_id = "anthropic.claude-sonnet-4-6", model_key = "s", model_name = "S", geography = "us-east-1", valid_from = "2026-01-01" }]
  }

  expect_failures = [var.prices]
}

run "price_below_zero" {
  command = plan

  variables {
    prices = [{ model_id = "anthropic.claude-sonnet-4-6", model_key = "s", model_name = "S", geography = "us", valid_from = "2026-01-01", cache_read = -0.3 }]
  }

  expect_failures = [var.prices]
}

run "tier_of_no_token" {
  command = plan

  variables {
    prices = [{ model_id = "anthropic.claude-sonnet-4-6", model_key = "s", model_name = "S", geography = "us", valid_from = "2026-01-01", up_to_input_tokens = 0 }]
  }

  expect_failures = [var.prices]
}

run "same_price_twice" {
  command = plan

  variables {
    prices = [
      { model_id = "anthropic.claude-sonnet-4-6", model_key = "s", model_name = "S", geography = "us", valid_from = "2026-01-01", input = 3 },
      { model_id = "anthropic.claude-sonnet-4-6", model_key = "s", model_name = "S", geography = "us", valid_from = "2026-01-01", input = 4 },
    ]
  }

  expect_failures = [var.prices]
}

run "profile_by_arn" {
  command = plan

  variables {
    profiles = {
      alice = { profile_id = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl", model_id = "anthropic.claude-sonnet-4-6" }
    }
  }

  expect_failures = [var.profiles]
}

run "profile_of_a_profile" {
  command = plan

  variables {
    profiles = {
      alice = { profile_id = "abcdefghijkl", model_id = "us.anthropic.claude-sonnet-4-6" }
    }
  }

  expect_failures = [var.profiles]
}

run "profile_of_no_geography" {
  command = plan

  variables {
    profiles = {
      alice = { profile_id = "abcdefghijkl", model_id = "anthropic.claude-sonnet-4-6", geography = "us-east-1" }
    }
  }

  expect_failures = [var.profiles]
}
