# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

output "permission_set_arns" {
  description = "ARN of each permission set, by its role in the deployment."
  value       = module.identity_center.permission_set_arns
}
