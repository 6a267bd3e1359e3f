output "permission_set_arns" {
  description = "ARN of each permission set by its key."
  value       = { for key, permission_set in aws_ssoadmin_permission_set.this : key => permission_set.arn }
}

output "group_ids" {
  description = "Id in the identity store of each assigned group by its display name."
  value       = { for name, group in data.aws_identitystore_group.this : name => group.group_id }
}
