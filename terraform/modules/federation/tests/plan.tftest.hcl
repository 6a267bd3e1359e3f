mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = {
      arn = "arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default"
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
  max_session_seconds = 28800
  trust_policy_json   = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Tokens\",\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default\"},\"Action\":[\"sts:AssumeRoleWithWebIdentity\",\"sts:TagSession\"],\"Condition\":{\"StringEquals\":{\"acme.okta.com/oauth2/default:aud\":\"0oa1b2c3d4e5f6g7h8i9\"},\"Null\":{\"aws:RequestTag/Email\":\"false\"}}}]}"
  policy_json         = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Invoke\",\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/User\":\"$${aws:PrincipalTag/Email}\"}}}]}"
  managed_policy_arns = { guardrail = "arn:aws:iam::123456789012:policy/claude-code-guardrail" }
  oidc_provider = {
    url        = "https://acme.okta.com/oauth2/default"
    client_ids = ["0oa1b2c3d4e5f6g7h8i9", "0oa9i8h7g6f5e4d3c2b1"]
  }
}

run "provider" {
  command = plan

  assert {
    condition     = aws_iam_openid_connect_provider.this["issuer"].url == "https://acme.okta.com/oauth2/default" && aws_iam_openid_connect_provider.this["issuer"].client_id_list == toset(["0oa1b2c3d4e5f6g7h8i9", "0oa9i8h7g6f5e4d3c2b1"])
    error_message = "The provider is for the issuer and the applications that are named, and for no other."
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.this) == 1
    error_message = "One provider is made."
  }
}

run "fingerprints" {
  command = plan

  variables {
    oidc_provider = {
      url         = "https://id.example.com/"
      client_ids  = ["claude-code"]
      thumbprints = ["990f4193972f2becf12ddeda5237f9c952f20d9e"]
    }
  }

  assert {
    condition     = aws_iam_openid_connect_provider.this["issuer"].thumbprint_list == tolist(["990f4193972f2becf12ddeda5237f9c952f20d9e"])
    error_message = "Fingerprints that are stated are used."
  }

  assert {
    condition     = aws_iam_openid_connect_provider.this["issuer"].url == "https://id.example.com/"
    error_message = "A slash at the end of the issuer stays."
  }
}

run "role" {
  command = plan

  assert {
    condition     = aws_iam_role.developer.name == "claude-code-developer" && aws_iam_role.developer.max_session_duration == 28800 && aws_iam_role.developer.description == "Calls the allowed Claude models"
    error_message = "The role has its name and description, and no session is longer than stated."
  }

  assert {
    condition     = jsondecode(aws_iam_role.developer.assume_role_policy) == jsondecode(var.trust_policy_json)
    error_message = "The role takes the tokens that its trust policy names, and no others."
  }

  assert {
    condition     = aws_iam_role_policy.developer.role == "claude-code-developer" && jsondecode(aws_iam_role_policy.developer.policy) == jsondecode(var.policy_json)
    error_message = "The role has its own inline policy."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.developer.policy).Statement[0].Condition.StringEquals["aws:ResourceTag/User"] == "$${aws:PrincipalTag/Email}"
    error_message = "Policy variables of IAM arrive unexpanded."
  }

  assert {
    condition     = { for key, attachment in aws_iam_role_policy_attachment.developer : key => [attachment.role, attachment.policy_arn] } == { guardrail = ["claude-code-developer", "arn:aws:iam::123456789012:policy/claude-code-guardrail"] }
    error_message = "Managed policies are attached to the role."
  }
}

run "outputs" {
  command = plan

  assert {
    condition     = output.role_arn == "arn:aws:iam::123456789012:role/mocked" && output.provider_arn == "arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default"
    error_message = "The ARNs of role and provider are put out."
  }
}

run "a_provider_of_somebody_else" {
  command = plan

  variables {
    oidc_provider       = null
    managed_policy_arns = {}
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.this) == 0 && output.provider_arn == null && length(aws_iam_role_policy_attachment.developer) == 0
    error_message = "Without oidc_provider none is made."
  }
}

run "no_identity_pool" {
  command = plan

  assert {
    condition     = length(aws_cognito_identity_pool.this) == 0 && output.identity_pool_id == null
    error_message = "Without identity_pool there is none."
  }
}
