# Each run breaks one validation, and nothing else.

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
}

variables {
  role_name           = "claude-code-developer"
  role_description    = "Calls Claude"
  max_session_seconds = 3600
  trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"accounts.google.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringEquals\":{\"accounts.google.com:aud\":\"a\"}}}}"
  policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
  oidc_provider = {
    url        = "https://id.example.com"
    client_ids = ["a"]
  }
}

run "accepts_the_limits" {
  command = plan

  variables {
    role_name           = format("%064d", 1)
    role_description    = format("%-1000s", "a")
    max_session_seconds = 43200
    policy_json         = format("%-20000s", jsonencode({ Statement = [for i in range(786) : "0123456789"] }))
    managed_policy_arns = { for i in range(20) : "p${i}" => "arn:aws:iam::123456789012:policy/p${i}" }
    oidc_provider = {
      url         = format("https://id.example.com/%0232d", 1)
      client_ids  = [for i in range(100) : format("%0255d", i)]
      thumbprints = [for i in range(5) : format("%040x", i)]
    }
  }
}

run "accepts_denials_and_case" {
  command = plan

  variables {
    trust_policy_json = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \"accounts.google.com\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringEqualsIgnoreCase\": {\"Accounts.Google.com:OAUD\": [\"a\"]}}}, {\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"sts:*\"}]}"
  }
}

run "rejects_a_long_role_name" {
  command = plan

  variables {
    role_name = format("%065d", 1)
  }

  expect_failures = [var.role_name]
}

run "rejects_a_role_name_with_a_slash" {
  command = plan

  variables {
    role_name = "people/developer"
  }

  expect_failures = [var.role_name]
}

run "rejects_a_description_of_two_lines" {
  command = plan

  variables {
    role_description = "Calls\nClaude"
  }

  expect_failures = [var.role_description]
}

run "rejects_a_long_description" {
  command = plan

  variables {
    role_description = format("%-1001s", "a")
  }

  expect_failures = [var.role_description]
}

run "rejects_a_short_session" {
  command = plan

  variables {
    max_session_seconds = 3599
  }

  expect_failures = [var.max_session_seconds]
}

run "rejects_a_long_session" {
  command = plan

  variables {
    max_session_seconds = 43201
  }

  expect_failures = [var.max_session_seconds]
}

run "rejects_a_trust_policy_that_is_no_policy" {
  command = plan

  variables {
    trust_policy_json = "developer"
  }

  expect_failures = [var.trust_policy_json]
}

run "rejects_trust_without_audience" {
  command = plan

  variables {
    trust_policy_json = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \"accounts.google.com\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringEquals\": {\"accounts.google.com:aud\": \"a\"}}}, {\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \"accounts.google.com\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\"}]}"
  }

  expect_failures = [var.trust_policy_json]
}

run "rejects_trust_with_another_claim_alone" {
  command = plan

  variables {
    trust_policy_json = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \"accounts.google.com\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringEquals\": {\"accounts.google.com:sub\": \"a\"}}}]}"
  }

  expect_failures = [var.trust_policy_json]
}

run "rejects_an_audience_that_is_only_excluded" {
  command = plan

  variables {
    trust_policy_json = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \"accounts.google.com\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringNotEquals\": {\"accounts.google.com:aud\": \"a\"}}}]}"
  }

  expect_failures = [var.trust_policy_json]
}

run "rejects_trust_of_an_account" {
  command = plan

  variables {
    trust_policy_json = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Federated\": \"accounts.google.com\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringEquals\": {\"accounts.google.com:aud\": \"a\"}}}, {\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"123456789012\"}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringEquals\": {\"accounts.google.com:aud\": \"a\"}}}]}"
  }

  expect_failures = [var.trust_policy_json]
}

run "rejects_trust_of_everybody" {
  command = plan

  variables {
    trust_policy_json = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {\"StringEquals\": {\"accounts.google.com:aud\": \"a\"}}}]}"
  }

  expect_failures = [var.trust_policy_json]
}

run "rejects_a_policy_that_is_no_policy" {
  command = plan

  variables {
    policy_json = "{}"
  }

  expect_failures = [var.policy_json]
}

run "rejects_a_long_policy" {
  command = plan

  variables {
    policy_json = jsonencode({ Statement = [for i in range(787) : "0123456789"] })
  }

  expect_failures = [var.policy_json]
}

run "rejects_many_managed_policies" {
  command = plan

  variables {
    managed_policy_arns = { for i in range(21) : "p${i}" => "arn:aws:iam::123456789012:policy/p${i}" }
  }

  expect_failures = [var.managed_policy_arns]
}

run "rejects_plain_http" {
  command = plan

  variables {
    oidc_provider = {
      url        = "http://id.example.com"
      client_ids = ["a"]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_a_port" {
  command = plan

  variables {
    oidc_provider = {
      url        = "https://id.example.com:8443"
      client_ids = ["a"]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_a_query" {
  command = plan

  variables {
    oidc_provider = {
      url        = "https://id.example.com/a?b"
      client_ids = ["a"]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_upper_case" {
  command = plan

  variables {
    oidc_provider = {
      url        = "https://ID.example.com"
      client_ids = ["a"]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_a_long_url" {
  command = plan

  variables {
    oidc_provider = {
      url        = format("https://id.example.com/%0233d", 1)
      client_ids = ["a"]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_a_provider_for_nobody" {
  command = plan

  variables {
    oidc_provider = {
      url        = "https://id.example.com"
      client_ids = []
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_many_applications" {
  command = plan

  variables {
    oidc_provider = {
      url        = "https://id.example.com"
      client_ids = [for i in range(101) : "a${i}"]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_an_empty_application" {
  command = plan

  variables {
    oidc_provider = {
      url        = "https://id.example.com"
      client_ids = ["a", ""]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_a_fingerprint_with_colons" {
  command = plan

  variables {
    oidc_provider = {
      url         = "https://id.example.com"
      client_ids  = ["a"]
      thumbprints = ["99:0f:41:93:97:2f:2b:ec:f1:2d:de:da:52:37:f9:c9:52:f2:0d:9e"]
    }
  }

  expect_failures = [var.oidc_provider]
}

run "rejects_many_fingerprints" {
  command = plan

  variables {
    oidc_provider = {
      url         = "https://id.example.com"
      client_ids  = ["a"]
      thumbprints = [for i in range(6) : format("%040x", i)]
    }
  }

  expect_failures = [var.oidc_provider]
}
