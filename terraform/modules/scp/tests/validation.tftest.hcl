# Each run breaks one validation of each variable that it lists, and nothing else.

mock_provider "aws" {}

variables {
  name        = "claude-code-guardrails"
  description = "Keeps Claude Code in its account to logged, approved use"
  content     = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"organizations:LeaveOrganization\",\"Resource\":\"*\"}}"
  target_ids  = ["r-abcd"]
}

run "accepts_a_root_a_lone_statement_and_the_longest_document" {
  command = plan

  variables {
    content = format("%-10240s", "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"organizations:LeaveOrganization\",\"Resource\":\"*\"}}")
  }

  assert {
    condition     = length(aws_organizations_policy.this.content) == 10240
    error_message = "The longest document is as long as AWS allows."
  }
}

run "rejects_emptiness" {
  command = plan

  variables {
    name        = ""
    description = ""
    content     = "{}"
    target_ids  = [""]
  }

  expect_failures = [
    var.name,
    var.description,
    var.content,
    var.target_ids,
  ]
}

run "rejects_excess" {
  command = plan

  variables {
    name        = format("%129s", "a")
    description = format("%513s", "a")
    content     = format("%-10241s", "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"organizations:LeaveOrganization\",\"Resource\":\"*\"}}")
    target_ids  = ["1234567890123"]
  }

  expect_failures = [
    var.name,
    var.description,
    var.content,
    var.target_ids,
  ]
}

run "rejects_an_allow_beside_a_deny" {
  command = plan

  variables {
    content    = "{\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"organizations:LeaveOrganization\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"
    target_ids = ["123456789012", "ou-abcd-1234567"]
  }

  expect_failures = [
    var.content,
    var.target_ids,
  ]
}

run "rejects_text_that_is_no_json" {
  command = plan

  variables {
    content    = "Statement"
    target_ids = ["arn:aws:organizations::999999999999:ou/o-abcdefghij/ou-abcd-12345678"]
  }

  expect_failures = [
    var.content,
    var.target_ids,
  ]
}
