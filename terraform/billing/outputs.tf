# Rendered by tfgen 0.1.0 from the deployment claude-code.
# Edit the deployment file and run `tfgen render`; it will not overwrite changes made here.

output "active_cost_allocation_tags" {
  description = "Tag keys that are active in the payer account."
  value       = module.cost_tags.active_tag_keys
}
