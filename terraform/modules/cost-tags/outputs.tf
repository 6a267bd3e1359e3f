output "active_tag_keys" {
  description = "Keys that are active cost allocation tags, sorted."
  value       = sort([for tag in aws_ce_cost_allocation_tag.this : tag.tag_key])
}
