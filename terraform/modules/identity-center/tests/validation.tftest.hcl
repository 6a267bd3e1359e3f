# Each run breaks one validation, and nothing else.

mock_provider "aws" {
  override_during = plan

  mock_data "aws_ssoadmin_instances" {
    defaults = {
      arns               = ["arn:aws:sso:::instance/ssoins-1234567890abcdef"]
      identity_store_ids = ["d-1234567890"]
    }
  }

  mock_data "aws_identitystore_group" {
    defaults = {
      group_id = "90671234ab-01234567-89ab-cdef-0123-456789abcdef"
    }
  }

  mock_resource "aws_ssoadmin_permission_set" {
    defaults = {
      arn = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
    }
  }
}

variables {
  instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  account_id   = "123456789012"
  assignments  = {}
}

run "accepts_the_limits" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude+code=developer,a.b@c_d-32"
        description               = format("%-700s", "a")
        session_duration          = "PT12H"
        policy_json               = format("%-20000s", jsonencode({ Statement = [for i in range(786) : "0123456789"] }))
        customer_managed_policies = ["claude-code-guardrail", "a+=,.@_-"]
      }
      b = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT60M"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
      b1 = {
        name                      = "other"
        description               = "Für Größe"
        session_duration          = "PT11H59M60S"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }
}

run "rejects_a_space_in_a_name" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "Claude Code"
        description               = "Calls Claude"
        session_duration          = "PT8H"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_a_name_twice" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT8H"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
      b = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT8H"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_a_description_outside_latin_1" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "開発者"
        session_duration          = "PT8H"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_an_empty_description" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = ""
        session_duration          = "PT8H"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_a_duration_without_pt" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "8h"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_an_empty_duration" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_a_duration_under_an_hour" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT59M59S"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_a_duration_over_twelve_hours" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT12H1M"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_a_policy_without_statement" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT8H"
        policy_json               = "{}"
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_a_long_policy" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT8H"
        policy_json               = jsonencode({ Statement = [for i in range(787) : "0123456789"] })
        customer_managed_policies = []
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_the_arn_of_a_managed_policy" {
  command = plan

  variables {
    permission_sets = {
      a = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT8H"
        policy_json               = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
        customer_managed_policies = ["arn:aws:iam::123456789012:policy/claude-code-guardrail"]
      }
    }
  }

  expect_failures = [var.permission_sets]
}

run "rejects_other_identifiers" {
  command = plan

  variables {
    instance_arn    = "ssoins-1234567890abcdef"
    account_id      = "1234-5678-9012"
    permission_sets = {}
    assignments     = { a = { permission_set = "developer", group_name = "Claude Code Developers" } }
  }

  expect_failures = [
    var.instance_arn,
    var.account_id,
    var.assignments,
  ]
}

run "rejects_a_group_without_name" {
  command = plan

  variables {
    permission_sets = {
      developer = {
        name                      = "claude-code-developer"
        description               = "Calls Claude"
        session_duration          = "PT8H"
        policy_json               = "{\"Statement\":[]}"
        customer_managed_policies = []
      }
    }
    assignments = { a = { permission_set = "developer", group_name = " " } }
  }

  expect_failures = [var.assignments]
}

run "rejects_an_instance_that_the_account_does_not_see" {
  command = plan

  variables {
    instance_arn    = "arn:aws:sso:::instance/ssoins-fedcba0987654321"
    permission_sets = {}
  }

  expect_failures = [data.aws_ssoadmin_instances.this]
}
