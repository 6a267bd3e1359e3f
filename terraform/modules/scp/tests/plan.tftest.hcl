mock_provider "aws" {
  override_during = plan

  mock_resource "aws_organizations_policy" {
    defaults = {
      id  = "p-1234567890"
      arn = "arn:aws:organizations::999999999999:policy/o-abcdefghij/service_control_policy/p-1234567890"
    }
  }
}

variables {
  name        = "claude-code-guardrails"
  description = "Keeps Claude Code in its account to logged, approved use"
  content     = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"StayInOrganization\",\"Effect\":\"Deny\",\"Action\":\"organizations:LeaveOrganization\",\"Resource\":\"*\"}]}"
  target_ids  = ["123456789012", "ou-abcd-12345678"]
}

run "policy" {
  command = plan

  assert {
    condition     = aws_organizations_policy.this.name == var.name && aws_organizations_policy.this.description == var.description
    error_message = "Name and description arrive as given."
  }

  assert {
    condition     = aws_organizations_policy.this.type == "SERVICE_CONTROL_POLICY"
    error_message = "The policy is a service control policy."
  }

  assert {
    condition     = aws_organizations_policy.this.content == var.content
    error_message = "The document arrives byte for byte."
  }

  assert {
    condition     = aws_organizations_policy.this.skip_destroy != true
    error_message = "A policy that is taken out of the configuration does not stay in the organization."
  }
}

run "attachments" {
  command = plan

  assert {
    condition     = { for key, attachment in aws_organizations_policy_attachment.this : key => attachment.target_id } == { "123456789012" = "123456789012", "ou-abcd-12345678" = "ou-abcd-12345678" }
    error_message = "The policy is attached to each target and to nothing else."
  }

  assert {
    condition     = alltrue([for attachment in aws_organizations_policy_attachment.this : attachment.policy_id == "p-1234567890" && attachment.skip_destroy != true])
    error_message = "It is this policy that is attached."
  }
}

run "no_targets" {
  command = plan

  variables {
    target_ids = []
  }

  assert {
    condition     = length(aws_organizations_policy_attachment.this) == 0
    error_message = "Without targets the policy exists and restricts nobody."
  }
}

run "outputs" {
  command = plan

  assert {
    condition     = output.policy_id == "p-1234567890" && output.policy_arn == "arn:aws:organizations::999999999999:policy/o-abcdefghij/service_control_policy/p-1234567890"
    error_message = "Id and ARN are put out."
  }
}
