# The identity pool: what it lets in, and what its validations refuse.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = {
      arn = "arn:aws:iam::123456789012:oidc-provider/id.example.com"
    }
  }

  mock_resource "aws_cognito_identity_pool" {
    defaults = {
      id = "us-east-1:01234567-89ab-cdef-0123-456789abcdef"
    }
  }
}

variables {
  role_name           = "claude-code-developer"
  role_description    = "Calls the allowed Claude models"
  max_session_seconds = 3600
  trust_policy_json   = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"cognito-identity.amazonaws.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"cognito-identity.amazonaws.com:aud\":\"$${identity_pool_id}\"}}}]}"
  policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
  oidc_provider = {
    url        = "https://id.example.com"
    client_ids = ["a"]
  }
  identity_pool = { name = "claude-code-developer" }
}

run "identity_pool" {
  command = plan

  variables {
    identity_pool = {
      name           = "claude-code-developer"
      principal_tags = { Email = "email" }
    }
  }

  assert {
    condition = (
      aws_cognito_identity_pool.this["pool"].identity_pool_name == var.identity_pool.name
      && !aws_cognito_identity_pool.this["pool"].allow_unauthenticated_identities
      && !aws_cognito_identity_pool.this["pool"].allow_classic_flow
    )
    error_message = "A pool has its name, lets in nobody who has not signed in, and lets nobody choose a role."
  }

  assert {
    condition     = aws_cognito_identity_pool.this["pool"].openid_connect_provider_arns == toset([aws_iam_openid_connect_provider.this["issuer"].arn])
    error_message = "The pool takes the tokens of the provider that is made, and of no other."
  }

  assert {
    condition     = length(aws_cognito_identity_pool.this["pool"].cognito_identity_providers) == 0 && try(length(aws_cognito_identity_pool.this["pool"].supported_login_providers), 0) == 0
    error_message = "The pool takes no other tokens."
  }

  assert {
    condition     = aws_cognito_identity_pool_roles_attachment.this["pool"].roles == tomap({ authenticated = aws_iam_role.developer.arn })
    error_message = "The pool gives sessions of the developers' role alone."
  }

  assert {
    condition = (
      aws_cognito_identity_pool_provider_principal_tag.this["pool"].identity_provider_name == aws_iam_openid_connect_provider.this["issuer"].arn
      && aws_cognito_identity_pool_provider_principal_tag.this["pool"].principal_tags == tomap({ Email = "email" })
      && !aws_cognito_identity_pool_provider_principal_tag.this["pool"].use_defaults
    )
    error_message = "The tags are those that are named, of the provider's claims."
  }

  assert {
    condition     = jsondecode(aws_iam_role.developer.assume_role_policy).Statement[0].Condition.StringEquals["cognito-identity.amazonaws.com:aud"] == aws_cognito_identity_pool.this["pool"].id
    error_message = "The role trusts this pool."
  }

  assert {
    condition     = output.identity_pool_id == aws_cognito_identity_pool.this["pool"].id
    error_message = "The pool's id is for config.json."
  }
}

run "identity_pool_of_a_user_pool" {
  command = plan

  variables {
    oidc_provider = null
    identity_pool = {
      name = "claude-code-developer"
      user_pool = {
        name       = "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"
        client_ids = ["a1", "b2"]
      }
      principal_tags = { Email = "email" }
    }
  }

  assert {
    condition = (
      toset([for p in aws_cognito_identity_pool.this["pool"].cognito_identity_providers : p.client_id]) == toset(["a1", "b2"])
      && alltrue([for p in aws_cognito_identity_pool.this["pool"].cognito_identity_providers : p.server_side_token_check && p.provider_name == "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"])
    )
    error_message = "The pool takes the tokens of these app clients, and asks whether the user is still signed in."
  }

  assert {
    condition     = try(length(aws_cognito_identity_pool.this["pool"].openid_connect_provider_arns), 0) == 0
    error_message = "The pool takes no other tokens."
  }

  assert {
    condition     = aws_cognito_identity_pool_provider_principal_tag.this["pool"].identity_provider_name == "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI"
    error_message = "The tags are made of the user pool's claims."
  }
}

run "identity_pool_of_google" {
  command = plan

  variables {
    oidc_provider = null
    identity_pool = {
      name             = "claude-code-developer"
      google_client_id = "1-a.apps.googleusercontent.com"
    }
  }

  assert {
    condition     = aws_cognito_identity_pool.this["pool"].supported_login_providers == tomap({ "accounts.google.com" = "1-a.apps.googleusercontent.com" })
    error_message = "The pool takes Google's tokens for this application."
  }

  assert {
    condition     = length(aws_cognito_identity_pool_provider_principal_tag.this) == 0
    error_message = "No tags are made where none are named."
  }
}

run "identity_pool_of_a_provider_of_somebody_elses" {
  command = plan

  variables {
    oidc_provider = null
    identity_pool = {
      name              = "claude-code-developer"
      oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/id.example.com"
      principal_tags    = { Email = "email" }
    }
  }

  assert {
    condition = (
      aws_cognito_identity_pool.this["pool"].openid_connect_provider_arns == toset(["arn:aws:iam::123456789012:oidc-provider/id.example.com"])
      && aws_cognito_identity_pool_provider_principal_tag.this["pool"].identity_provider_name == "arn:aws:iam::123456789012:oidc-provider/id.example.com"
    )
    error_message = "The pool takes the tokens of the provider that is named."
  }
}

run "accepts_the_limits" {
  command = plan

  variables {
    identity_pool = {
      name           = format("%0128d", 1)
      principal_tags = { (format("%0128d", 1)) = format("%0256d", 1) }
    }
  }
}

run "rejects_a_name_with_a_slash" {
  command = plan

  variables {
    identity_pool = { name = "a/b" }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_a_long_name" {
  command = plan

  variables {
    identity_pool = { name = format("%0129d", 1) }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_two_providers" {
  command = plan

  variables {
    identity_pool = { name = "a", google_client_id = "1-a.apps.googleusercontent.com" }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_no_provider" {
  command = plan

  variables {
    oidc_provider = null
    identity_pool = { name = "a" }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_a_user_pool_by_its_url" {
  command = plan

  variables {
    oidc_provider = null
    identity_pool = { name = "a", user_pool = { name = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a", client_ids = ["a"] } }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_a_user_pool_without_clients" {
  command = plan

  variables {
    oidc_provider = null
    identity_pool = { name = "a", user_pool = { name = "cognito-idp.us-east-1.amazonaws.com/us-east-1_a", client_ids = [] } }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_a_tag_of_no_claim" {
  command = plan

  variables {
    identity_pool = { name = "a", principal_tags = { Email = "" } }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_a_trust_policy_for_every_pool" {
  command = plan

  variables {
    trust_policy_json = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"cognito-identity.amazonaws.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"cognito-identity.amazonaws.com:aud\":\"us-east-1:0\"}}}}"
    identity_pool     = { name = "a" }
  }

  expect_failures = [var.identity_pool]
}

run "rejects_a_placeholder_without_a_pool" {
  command = plan

  variables {
    identity_pool = null
  }

  expect_failures = [var.identity_pool]
}
