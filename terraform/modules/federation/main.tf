# The developers' role for tokens of an OpenID provider. What a session may be is decided by the trust policy alone: it must
# compare the token's audience, or every application of the issuer could sign in.

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
  assume_role_policy   = var.trust_policy_json

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
