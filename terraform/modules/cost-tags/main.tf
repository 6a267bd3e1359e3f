# Runs in the payer: the management account, or an account that stands alone. AWS knows a key only some time after its
# first tagged cost (within 24 hours), and until then activating it fails, so apply this only once the keys are listed
# by `aws ce list-cost-allocation-tags`.

resource "aws_ce_cost_allocation_tag" "this" {
  for_each = var.tag_keys

  tag_key = each.value
  status  = "Active"

  # Destroying sets the key inactive for the whole organization, and the gap in cost data is not filled later.
  lifecycle {
    prevent_destroy = true
  }
}
