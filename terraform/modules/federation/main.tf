# The developers' role for tokens of an OpenID provider. What a session may be is decided by the trust policy alone: it must
# compare the token's audience, or every application of the issuer could sign in.

locals {
  # Without a pool there is no placeholder, and nothing takes its place.
  pool_id = try(aws_cognito_identity_pool.this["pool"].id, "")
}

resource "aws_iam_openid_connect_provider" "this" {
  for_each = { for provider in var.oidc_provider[*] : "issuer" => provider }

  url             = each.value.url
  client_id_list  = each.value.client_ids
  thumbprint_list = each.value.thumbprints
}

resource "aws_iam_role" "developer" {
  name                 = var.role_name
  description          = var.role_description
  max_session_duration = var.max_session_seconds
  assume_role_policy   = replace(var.trust_policy_json, "$${identity_pool_id}", local.pool_id)

  # The trust policy names the provider by its ARN.
  depends_on = [aws_iam_openid_connect_provider.this]
}

resource "aws_iam_role_policy" "developer" {
  name   = var.role_name
  role   = aws_iam_role.developer.name
  policy = var.policy_json
}

resource "aws_iam_role_policy_attachment" "developer" {
  for_each = var.managed_policy_arns

  role       = aws_iam_role.developer.name
  policy_arn = each.value
}
