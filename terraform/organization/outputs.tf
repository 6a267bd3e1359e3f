# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

output "scp_id" {
  description = "Id of the service control policy."
  value       = module.scp.policy_id
}
