# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

locals {
  profiles = jsondecode(file("${path.module}/profiles.json"))
  prices   = jsondecode(file("${path.module}/prices.json"))
}

# One configuration per account and region. Who, which model and how many tokens are logged; prompts and answers are not.
module "logging" {
  source                     = "../modules/logging"
  bucket_name                = "claude-code-logs-123456789012-us-east-1"
  key_prefix                 = "invocations"
  log_group_name             = "/aws/bedrock/claude-code"
  retention_days             = 30
  expiration_days            = 365
  prompts                    = false
  delivery_role_name         = "claude-code-log-delivery"
  bucket_policy_json         = file("${path.module}/../../policies/log-bucket.json")
  delivery_trust_policy_json = file("${path.module}/../../policies/log-delivery-trust.json")
  delivery_policy_json       = file("${path.module}/../../policies/log-delivery.json")
}

# One profile per model and owner, from the generated data file. Profiles of people who left stay: the log knows a
# profile by its random id alone.
module "inference_profiles" {
  source = "../modules/inference-profiles"
  profiles = {
    for key, profile in local.profiles : key => {
      name        = profile.name
      description = "Claude Code deployment claude-code"
      copy_from   = profile.copy_from
      tags = {
        for tag, value in {
          User       = try(profile.email, null)
          Team       = try(profile.team, null)
          Project    = try(profile.project, null)
          CostCenter = try(profile.cost_center, null)
        } : tag => value
        if value != null
      }
    }
  }
}

# The bucket's name is given literally: a reference would make the table's parameters unknown in every plan.
module "analytics" {
  source             = "../modules/analytics"
  database_name      = "claude_code_bedrock_logs"
  log_table_name     = "invocation_logs"
  price_table_name   = "model_prices"
  profile_table_name = "inference_profiles"
  workgroup_name     = "claude_code_bedrock_logs"
  log_bucket_name    = "claude-code-logs-123456789012-us-east-1"
  log_prefix         = "invocations"
  account_id         = "123456789012"
  region             = "us-east-1"
  geography          = "us"
  session_roles = [
    "AWSReservedSSO_claude-code-developer_[0-9a-f]{16}",
    "AWSReservedSSO_claude-code-admin_[0-9a-f]{16}",
  ]
  results_bucket_name        = "claude-code-athena-123456789012-us-east-1"
  results_bucket_policy_json = file("${path.module}/../../policies/results-bucket.json")
  results_expiration_days    = 30
  scan_limit_bytes           = 100000000000
  lookback_days              = 365
  prices                     = local.prices
  profiles = {
    for key, profile in local.profiles : key => {
      profile_id  = module.inference_profiles.ids[key]
      model_id    = profile.model_id
      geography   = profile.geography
      developer   = try(profile.developer, null)
      email       = try(profile.email, null)
      team        = try(profile.team, null)
      project     = try(profile.project, null)
      cost_center = try(profile.cost_center, null)
    }
  }
}

# Claude is billed through AWS Marketplace, not as Amazon Bedrock: the account's budget has no service filter, so
# that it counts.
module "budgets" {
  source               = "../modules/budgets"
  topic_name           = "claude-code-alerts"
  topic_policy_json    = file("${path.module}/../../policies/alerts-topic.json")
  emails               = ["platform@example.com", "finops@example.com"]
  https_endpoint_names = []
  https_endpoints      = {}
  budget_name          = "claude-code-monthly"
  monthly_usd          = 5000
  thresholds           = [50, 80, 100]
  forecast_thresholds  = [100]
  team_budgets = {
    data-science = {
      name        = "claude-code-team-data-science"
      monthly_usd = 1500
      tag_key     = "CostCenter"
      tag_value   = "CC-1002"
    }
    engineering = {
      name        = "claude-code-team-engineering"
      monthly_usd = 3500
      tag_key     = "CostCenter"
      tag_value   = "CC-1001"
    }
  }
  log_group_name    = module.logging.log_group_name
  metric_namespace  = "claude-code/usage"
  alarm_name_prefix = "claude-code"
  model_ids = {
    opus-4-6 = {
      base_id    = "anthropic.claude-opus-4-6-v1"
      profile_id = "us.anthropic.claude-opus-4-6-v1"
    }
    sonnet-4-6 = {
      base_id    = "anthropic.claude-sonnet-4-6"
      profile_id = "us.anthropic.claude-sonnet-4-6"
    }
    haiku-4-5 = {
      base_id    = "anthropic.claude-haiku-4-5-20251001-v1:0"
      profile_id = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    }
  }
  invocations_per_5m   = 2000
  output_tokens_per_5m = 1000000
  throttles_per_5m     = 50
}
