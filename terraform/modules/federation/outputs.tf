output "identity_pool_id" {
  description = "Id of the identity pool; null where there is none."
  value       = one(values(aws_cognito_identity_pool.this)[*].id)
}

output "provider_arn" {
  description = "ARN of the IAM OIDC provider that this module made; null where it made none."
  value       = one(values(aws_iam_openid_connect_provider.this)[*].arn)
}

output "role_arn" {
  description = "ARN of the developers' role."
  value       = aws_iam_role.developer.arn
}
