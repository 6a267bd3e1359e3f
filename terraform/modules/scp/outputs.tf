output "policy_id" {
  description = "Id of the policy, as p-1234567890."
  value       = aws_organizations_policy.this.id
}

output "policy_arn" {
  description = "ARN of the policy."
  value       = aws_organizations_policy.this.arn
}
