# Runs in the management account of an organization with all features and service control policies enabled, or in the
# account to which policy management is delegated. The policy restricts the member accounts below its targets; the
# management account itself is never restricted.

resource "aws_organizations_policy" "this" {
  name        = var.name
  description = var.description
  type        = "SERVICE_CONTROL_POLICY"
  content     = var.content
}

resource "aws_organizations_policy_attachment" "this" {
  for_each = var.target_ids

  policy_id = aws_organizations_policy.this.id
  target_id = each.value
}
