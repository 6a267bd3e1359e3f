output "guardrail_id" {
  description = "Id of the guardrail, for the header X-Amzn-Bedrock-GuardrailIdentifier."
  value       = aws_bedrock_guardrail.this.guardrail_id
}

output "guardrail_arn" {
  description = "ARN of the guardrail, without version."
  value       = aws_bedrock_guardrail.this.guardrail_arn
}

output "guardrail_version" {
  description = "Number of the version with the present configuration, for the header X-Amzn-Bedrock-GuardrailVersion."
  value       = aws_bedrock_guardrail_version.this.version
}

output "enforcement_policy_arn" {
  description = "ARN of the policy that denies invocations without the guardrail."
  value       = aws_iam_policy.enforcement.arn
}

output "enforcement_policy_name" {
  description = "Name of that policy."
  value       = aws_iam_policy.enforcement.name
}
