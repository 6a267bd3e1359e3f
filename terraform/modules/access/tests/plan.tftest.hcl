mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/mocked"
    }
  }
}

variables {
  roles = {
    developer = {
      name                = "claude-code-developer"
      description         = "Calls Claude on Amazon Bedrock"
      max_session_seconds = 28800
      trust_policy_json   = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Users\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:aws:iam::123456789012:user/alice\"]},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:RoleSessionName\":\"$${aws:username}\"}}}]}"
      policy_json         = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Invoke\",\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}]}"
      managed_policy_arns = { guardrail = "arn:aws:iam::123456789012:policy/claude-code-guardrail" }
    }
    analyst = {
      name                = "claude-code-analyst"
      description         = "Reads invocation logs"
      max_session_seconds = 3600
      trust_policy_json   = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Analysts\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/bob\"},\"Action\":\"sts:AssumeRole\"}]}"
      policy_json         = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Query\",\"Effect\":\"Allow\",\"Action\":\"athena:StartQueryExecution\",\"Resource\":\"*\"}]}"
      managed_policy_arns = {}
    }
  }
}

run "roles" {
  command = plan

  assert {
    condition     = { for key, role in aws_iam_role.this : key => role.name } == { analyst = "claude-code-analyst", developer = "claude-code-developer" }
    error_message = "There is one role for each key, under its own name."
  }

  assert {
    condition     = { for key, role in aws_iam_role.this : key => role.max_session_duration } == { analyst = 3600, developer = 28800 }
    error_message = "No session is longer than stated."
  }

  assert {
    condition     = alltrue([for key, role in aws_iam_role.this : jsondecode(role.assume_role_policy) == jsondecode(var.roles[key].trust_policy_json)])
    error_message = "Each role trusts whom its own trust policy names, and nobody else."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this["developer"].assume_role_policy).Statement[0].Condition.StringEquals["sts:RoleSessionName"] == "$${aws:username}"
    error_message = "Policy variables of IAM arrive unexpanded."
  }

  assert {
    condition     = alltrue([for key, role in aws_iam_role.this : role.description == var.roles[key].description])
    error_message = "Each role has its description."
  }
}

run "policies" {
  command = plan

  assert {
    condition = alltrue([
      for key, policy in aws_iam_role_policy.this :
      policy.role == var.roles[key].name && jsondecode(policy.policy) == jsondecode(var.roles[key].policy_json)
    ]) && length(aws_iam_role_policy.this) == 2
    error_message = "Each role has its own inline policy."
  }

  assert {
    condition     = { for key, attachment in aws_iam_role_policy_attachment.this : key => [attachment.role, attachment.policy_arn] } == { "developer/guardrail" = ["claude-code-developer", "arn:aws:iam::123456789012:policy/claude-code-guardrail"] }
    error_message = "Managed policies are attached to the role that lists them and to no other."
  }
}

run "no_roles" {
  command = plan

  variables {
    roles = {}
  }

  assert {
    condition     = length(aws_iam_role.this) + length(aws_iam_role_policy.this) + length(aws_iam_role_policy_attachment.this) == 0 && output.role_arns == {}
    error_message = "An empty map makes nothing."
  }
}

run "outputs" {
  command = plan

  assert {
    condition     = output.role_arns == { analyst = "arn:aws:iam::123456789012:role/mocked", developer = "arn:aws:iam::123456789012:role/mocked" }
    error_message = "The ARNs are put out by key."
  }
}
