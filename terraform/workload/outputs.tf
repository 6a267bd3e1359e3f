# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

output "alerts_topic_arn" {
  description = "Topic of budgets and alarms."
  value       = module.budgets.topic_arn
}

output "athena_workgroup" {
  description = "Workgroup of the cost queries."
  value       = module.analytics.workgroup_name
}

output "deployment" {
  description = "Name of the deployment, by which `tfgen onboard` tells these outputs from another one's."
  value       = "claude-code"
}

output "developer_env_config" {
  description = "Environment variables that every developer's Claude Code needs; `tfgen onboard` prints each developer's own."
  value = {
    ANTHROPIC_DEFAULT_FABLE_MODEL  = "us.anthropic.claude-opus-4-6-v1"
    ANTHROPIC_DEFAULT_HAIKU_MODEL  = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
    ANTHROPIC_DEFAULT_OPUS_MODEL   = "us.anthropic.claude-opus-4-6-v1"
    ANTHROPIC_DEFAULT_SONNET_MODEL = "us.anthropic.claude-sonnet-4-6"
    ANTHROPIC_MODEL                = "us.anthropic.claude-opus-4-6-v1"
    AWS_PROFILE                    = "claude-code"
    AWS_REGION                     = "us-east-1"
    CLAUDE_CODE_USE_BEDROCK        = "1"
  }
}

output "inference_profile_arns" {
  description = "ARN of each application inference profile, by owner and model."
  value       = module.inference_profiles.arns
}

output "log_bucket" {
  description = "Bucket of the model invocation logs."
  value       = module.logging.bucket_name
}

output "log_group" {
  description = "Log group of the model invocation logs."
  value       = module.logging.log_group_name
}

output "scp_policy_json" {
  description = "Service control policy of the deployment, as proven."
  value       = jsonencode(jsondecode(file("${path.module}/../../policies/scp.json")))
}
