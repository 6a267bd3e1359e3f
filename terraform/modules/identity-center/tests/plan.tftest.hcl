mock_provider "aws" {
  override_during = plan

  # Two instances, the second being ours: the identity store must be the one beside the instance.
  mock_data "aws_ssoadmin_instances" {
    defaults = {
      arns               = ["arn:aws:sso:::instance/ssoins-fedcba0987654321", "arn:aws:sso:::instance/ssoins-1234567890abcdef"]
      identity_store_ids = ["d-0987654321", "d-1234567890"]
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

  permission_sets = {
    developer = {
      name                      = "claude-code-developer"
      description               = "Calls Claude on Amazon Bedrock"
      session_duration          = "PT8H"
      policy_json               = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Invoke\",\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:ResourceTag/User\":\"$${aws:PrincipalTag/User}\"}}}]}"
      customer_managed_policies = ["claude-code-guardrail"]
    }
    analyst = {
      name                      = "claude-code-analyst"
      description               = "Reads invocation logs"
      session_duration          = "PT1H30M"
      policy_json               = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Query\",\"Effect\":\"Allow\",\"Action\":\"athena:StartQueryExecution\",\"Resource\":\"*\"}]}"
      customer_managed_policies = []
    }
  }

  assignments = {
    developer = { permission_set = "developer", group_name = "Claude Code Developers" }
  }
}

run "permission_sets" {
  command = plan

  assert {
    condition = { for key, permission_set in aws_ssoadmin_permission_set.this : key => [permission_set.name, permission_set.session_duration] } == {
      analyst   = ["claude-code-analyst", "PT1H30M"]
      developer = ["claude-code-developer", "PT8H"]
    }
    error_message = "There is one permission set for each key, with its name and the length of its sessions."
  }

  assert {
    condition     = alltrue([for key, permission_set in aws_ssoadmin_permission_set.this : permission_set.instance_arn == var.instance_arn && permission_set.description == var.permission_sets[key].description])
    error_message = "They are in the given instance and have their descriptions."
  }

  assert {
    condition = length(aws_ssoadmin_permission_set_inline_policy.this) == 2 && alltrue([
      for key, policy in aws_ssoadmin_permission_set_inline_policy.this :
      policy.instance_arn == var.instance_arn && jsondecode(policy.inline_policy) == jsondecode(var.permission_sets[key].policy_json)
    ])
    error_message = "Each has its own inline policy."
  }

  assert {
    condition     = jsondecode(aws_ssoadmin_permission_set_inline_policy.this["developer"].inline_policy).Statement[0].Condition.StringEquals["aws:ResourceTag/User"] == "$${aws:PrincipalTag/User}"
    error_message = "Policy variables of IAM arrive unexpanded."
  }

  assert {
    condition     = output.permission_set_arns["developer"] == "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef" && length(output.permission_set_arns) == 2
    error_message = "The ARNs are put out by key."
  }
}

run "customer_managed_policies" {
  command = plan

  assert {
    condition     = keys(aws_ssoadmin_customer_managed_policy_attachment.this) == ["developer/claude-code-guardrail"]
    error_message = "A policy is referred to by the permission sets that list it and by no other."
  }

  assert {
    condition     = one(aws_ssoadmin_customer_managed_policy_attachment.this["developer/claude-code-guardrail"].customer_managed_policy_reference) == { name = "claude-code-guardrail", path = "/" }
    error_message = "The reference is the policy's name, at the root path."
  }

  assert {
    condition     = aws_ssoadmin_customer_managed_policy_attachment.this["developer/claude-code-guardrail"].instance_arn == var.instance_arn && aws_ssoadmin_customer_managed_policy_attachment.this["developer/claude-code-guardrail"].permission_set_arn == aws_ssoadmin_permission_set.this["developer"].arn
    error_message = "The reference belongs to the permission set."
  }
}

run "assignments" {
  command = plan

  assert {
    condition     = keys(aws_ssoadmin_account_assignment.this) == ["developer"]
    error_message = "Only what is listed is assigned."
  }

  assert {
    condition     = aws_ssoadmin_account_assignment.this["developer"].principal_type == "GROUP" && aws_ssoadmin_account_assignment.this["developer"].principal_id == "90671234ab-01234567-89ab-cdef-0123-456789abcdef"
    error_message = "The permission set is assigned to the group that was looked up."
  }

  assert {
    condition     = aws_ssoadmin_account_assignment.this["developer"].target_type == "AWS_ACCOUNT" && aws_ssoadmin_account_assignment.this["developer"].target_id == "123456789012"
    error_message = "The assignment is for the given account."
  }

  assert {
    condition     = aws_ssoadmin_account_assignment.this["developer"].instance_arn == var.instance_arn && aws_ssoadmin_account_assignment.this["developer"].permission_set_arn == aws_ssoadmin_permission_set.this["developer"].arn
    error_message = "The assignment is of the permission set that it names."
  }
}

run "group" {
  command = plan

  assert {
    condition     = data.aws_identitystore_group.this["Claude Code Developers"].identity_store_id == "d-1234567890"
    error_message = "The group is looked up in the identity store of the given instance."
  }

  assert {
    condition     = data.aws_identitystore_group.this["Claude Code Developers"].alternate_identifier[0].unique_attribute[0] == { attribute_path = "DisplayName", attribute_value = "Claude Code Developers" }
    error_message = "The group is looked up by its display name."
  }

  assert {
    condition     = output.group_ids == { "Claude Code Developers" = "90671234ab-01234567-89ab-cdef-0123-456789abcdef" }
    error_message = "The group's id is put out by its name."
  }
}

run "one_group_with_two_permission_sets" {
  command = plan

  variables {
    assignments = {
      analyst   = { permission_set = "analyst", group_name = "Claude Code Developers" }
      developer = { permission_set = "developer", group_name = "Claude Code Developers" }
    }
  }

  assert {
    condition     = length(aws_ssoadmin_account_assignment.this) == 2 && length(data.aws_identitystore_group.this) == 1
    error_message = "A group can hold several permission sets and is looked up once."
  }
}

run "nothing" {
  command = plan

  variables {
    permission_sets = {}
    assignments     = {}
  }

  assert {
    condition     = length(aws_ssoadmin_permission_set.this) + length(aws_ssoadmin_account_assignment.this) + length(data.aws_identitystore_group.this) == 0 && output.permission_set_arns == {} && output.group_ids == {}
    error_message = "Empty maps make nothing."
  }
}
