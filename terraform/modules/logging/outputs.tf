output "bucket_name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.logs.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.logs.arn
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.logs.name
}

output "log_group_arn" {
  description = "ARN of the log group, without the trailing \":*\" that IAM resources need."
  value       = aws_cloudwatch_log_group.logs.arn
}

output "delivery_role_arn" {
  description = "ARN of the role through which Bedrock writes to the log group."
  value       = aws_iam_role.delivery.arn
}
