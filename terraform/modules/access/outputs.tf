output "role_arns" {
  description = "ARN of each role by its key."
  value       = { for key, role in aws_iam_role.this : key => role.arn }
}
