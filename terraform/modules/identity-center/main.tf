# Runs in the account that owns the permission sets (management account or delegated administrator) and in the region of
# the Identity Center instance, which need not be the region of Bedrock.

data "aws_ssoadmin_instances" "this" {
  lifecycle {
    postcondition {
      condition     = contains(self.arns, var.instance_arn)
      error_message = "${var.instance_arn} is not among the Identity Center instances that this account sees in this region. Use credentials of the management account or the delegated administrator and the region of the instance."
    }
  }
}

locals {
  identity_store_id = zipmap(
    data.aws_ssoadmin_instances.this.arns,
    data.aws_ssoadmin_instances.this.identity_store_ids,
  )[var.instance_arn]

  customer_managed_policies = merge([
    for key, permission_set in var.permission_sets : {
      for name in permission_set.customer_managed_policies : "${key}/${name}" => { permission_set = key, name = name }
    }
  ]...)
}

# Groups are looked up, never created: they belong to the identity provider, and SCIM brings them.
data "aws_identitystore_group" "this" {
  for_each = toset(values(var.assignments)[*].group_name)

  identity_store_id = local.identity_store_id

  alternate_identifier {
    unique_attribute {
      attribute_path  = "DisplayName"
      attribute_value = each.value
    }
  }
}

resource "aws_ssoadmin_permission_set" "this" {
  for_each = var.permission_sets

  instance_arn     = var.instance_arn
  name             = each.value.name
  description      = each.value.description
  session_duration = each.value.session_duration
}

resource "aws_ssoadmin_permission_set_inline_policy" "this" {
  for_each = var.permission_sets

  instance_arn       = var.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.this[each.key].arn
  inline_policy      = each.value.policy_json
}

# By name: Identity Center looks the policy up in the target account each time it provisions the permission set there.
resource "aws_ssoadmin_customer_managed_policy_attachment" "this" {
  for_each = local.customer_managed_policies

  instance_arn       = var.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.this[each.value.permission_set].arn

  customer_managed_policy_reference {
    name = each.value.name
    path = "/"
  }
}

resource "aws_ssoadmin_account_assignment" "this" {
  for_each = var.assignments

  instance_arn       = var.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.this[each.value.permission_set].arn
  principal_type     = "GROUP"
  principal_id       = data.aws_identitystore_group.this[each.value.group_name].group_id
  target_type        = "AWS_ACCOUNT"
  target_id          = var.account_id

  # The assignment provisions the permission set into the account. Without its policies it would be there for a moment
  # with no permission, or without the policy that denies.
  depends_on = [
    aws_ssoadmin_customer_managed_policy_attachment.this,
    aws_ssoadmin_permission_set_inline_policy.this,
  ]
}
