# Each run breaks one validation, and nothing else.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }
}

run "accepts_the_limits" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = format("%-1000s", "a")
        max_session_seconds = 43200
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = format("%-20000s", jsonencode({ Statement = [for i in range(786) : "0123456789"] }))
        managed_policy_arns = { for i in range(20) : "p${i}" => "arn:aws:iam::123456789012:policy/p${i}" }
      }
    }
  }
}

run "accepts_any_principal_under_a_condition" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Für Größe"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::123456789012:role/dev-*\"}}},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"},{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }
}

run "rejects_names_that_differ_only_in_case" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
      b = {
        name                = "Claude-Code-Developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_an_empty_description" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = ""
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_a_description_outside_latin_1" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "開発者"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_a_long_description" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = format("%1001s", "a")
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_a_session_without_length" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = null
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_a_trust_policy_without_statement" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_any_principal" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:aws:iam::123456789012:user/alice\",\"*\"]},\"Action\":\"sts:AssumeRole\"}]}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_anonymous_principals" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_a_policy_without_statement" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{}"
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_a_long_policy" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = jsonencode({ Statement = [for i in range(787) : "0123456789"] })
        managed_policy_arns = {}
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_too_many_managed_policies" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = { for i in range(21) : "p${i}" => "arn:aws:iam::123456789012:policy/p${i}" }
      }
    }
  }

  expect_failures = [var.roles]
}

run "rejects_a_slash_in_a_key" {
  command = plan

  variables {
    roles = {
      a = {
        name                = "claude-code-developer"
        description         = "Calls Claude"
        max_session_seconds = 3600
        trust_policy_json   = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"
        policy_json         = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        managed_policy_arns = { "team/guardrail" = "arn:aws:iam::123456789012:policy/guardrail" }
      }
    }
  }

  expect_failures = [var.roles]
}
