output "arns" {
  description = "ARN of each profile by its key: what goes into `ANTHROPIC_MODEL`, `ANTHROPIC_DEFAULT_*_MODEL` and `modelOverrides`."
  value       = { for key, profile in aws_bedrock_inference_profile.this : key => profile.arn }
}

output "ids" {
  description = "Last segment of each profile's ARN by its key: the only thing by which an invocation log names the profile."
  value       = { for key, profile in aws_bedrock_inference_profile.this : key => regex("[^/]+$", profile.arn) }
}
