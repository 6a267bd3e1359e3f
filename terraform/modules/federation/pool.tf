# The identity pool between the token and the role, where there is one. It gives sessions of the role and of no other, in the
# enhanced flow alone and to nobody who has not signed in.

locals {
  # What the pool calls the provider: an IAM OIDC provider by its ARN, one that AWS knows itself by its name.
  pool_provider = one([for pool in var.identity_pool[*] : coalesce(
    pool.oidc_provider_arn,
    one(values(aws_iam_openid_connect_provider.this)[*].arn),
    try(pool.user_pool.name, null),
    pool.google_client_id == null ? null : "accounts.google.com",
  )])
}

resource "aws_cognito_identity_pool" "this" {
  for_each = { for pool in var.identity_pool[*] : "pool" => pool }

  identity_pool_name               = each.value.name
  allow_classic_flow               = false
  allow_unauthenticated_identities = false

  openid_connect_provider_arns = compact(concat(
    [each.value.oidc_provider_arn],
    values(aws_iam_openid_connect_provider.this)[*].arn,
  ))
  supported_login_providers = each.value.google_client_id == null ? null : {
    "accounts.google.com" = each.value.google_client_id
  }

  dynamic "cognito_identity_providers" {
    for_each = try(toset(each.value.user_pool.client_ids), [])

    content {
      provider_name = each.value.user_pool.name
      client_id     = cognito_identity_providers.value
      # A user who was signed out everywhere, or deleted, gets no session with a token from before.
      server_side_token_check = true
    }
  }
}

resource "aws_cognito_identity_pool_roles_attachment" "this" {
  for_each = aws_cognito_identity_pool.this

  identity_pool_id = each.value.id
  roles            = { authenticated = aws_iam_role.developer.arn }
}

resource "aws_cognito_identity_pool_provider_principal_tag" "this" {
  for_each = { for pool in var.identity_pool[*] : "pool" => pool if length(pool.principal_tags) > 0 }

  identity_pool_id       = aws_cognito_identity_pool.this["pool"].id
  identity_provider_name = local.pool_provider
  principal_tags         = each.value.principal_tags
  use_defaults           = false
}
