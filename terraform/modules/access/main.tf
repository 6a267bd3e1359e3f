# Roles that people assume themselves, for accounts without IAM Identity Center. What a log entry proves about its
# caller follows from the trust policy alone: it must pin sts:RoleSessionName, or the session name is the caller's word.

locals {
  managed_policies = merge([
    for key, role in var.roles : {
      for name, arn in role.managed_policy_arns : "${key}/${name}" => { role = key, arn = arn }
    }
  ]...)
}

resource "aws_iam_role" "this" {
  for_each = var.roles

  name                 = each.value.name
  description          = each.value.description
  max_session_duration = each.value.max_session_seconds
  assume_role_policy   = each.value.trust_policy_json
}

resource "aws_iam_role_policy" "this" {
  for_each = var.roles

  name   = each.value.name
  role   = aws_iam_role.this[each.key].name
  policy = each.value.policy_json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.managed_policies

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = each.value.arn
}
