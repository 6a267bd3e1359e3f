# Each run breaks one validation of each variable that it lists, and nothing else.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_bedrock_guardrail" {
    defaults = {
      guardrail_arn = "arn:aws:bedrock:us-east-1:123456789012:guardrail/abcdefghijkl"
    }
  }
}

variables {
  name                        = "claude-code"
  description                 = "What Claude Code may not be used for"
  blocked_message             = "Blocked by company policy."
  enforcement_policy_name     = "claude-code-guardrail"
  enforcement_policy_template = "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\",\"Condition\":{\"StringNotLike\":{\"bedrock:GuardrailIdentifier\":\"$${guardrail_arn}*\"}}}}"
  blocked_words               = ["project-x"]
}

run "accepts_the_limits" {
  command = plan

  variables {
    description                 = format("%200s", "a")
    topics                      = [for i in range(30) : { name = "topic ${i}", definition = "All of it." }]
    blocked_words               = concat([for i in range(999) : "word ${i}"], [join("", [for i in range(100) : "w"]), "x"])
    blocked_pii                 = ["AWS_ACCESS_KEY", "VEHICLE_IDENTIFICATION_NUMBER"]
    content_filter_strength     = "LOW"
    enforcement_policy_template = format("%-9000s", jsonencode({ Statement = [{ Effect = "Deny", Resource = "$${guardrail_arn}", Sid = format("%06022d", 0) }] }))
  }
}

run "rejects_excess" {
  command = plan

  variables {
    description                 = format("%201s", "a")
    topics                      = [for i in range(31) : { name = "topic ${i}", definition = "All of it." }]
    blocked_words               = [join("", [for i in range(101) : "w"])]
    enforcement_policy_template = jsonencode({ Statement = [{ Effect = "Deny", Resource = "$${guardrail_arn}", Sid = format("%06023d", 0) }] })
  }

  expect_failures = [
    var.description,
    var.topics,
    var.blocked_words,
    var.enforcement_policy_template,
  ]
}

run "rejects_ten_thousand_and_one_words" {
  command = plan

  variables {
    blocked_words = flatten([for i in range(73) : [for j in range(137) : "word ${i} ${j}"]])
  }

  expect_failures = [
    var.blocked_words,
  ]
}

run "rejects_doubles" {
  command = plan

  variables {
    topics        = [{ name = "Law", definition = "Contracts." }, { name = "Law", definition = "Lawsuits." }]
    blocked_words = ["project-x", "project-y", "project-x"]
    blocked_pii   = ["PASSWORD", "PASSWORD"]
  }

  expect_failures = [
    var.topics,
    var.blocked_words,
    var.blocked_pii,
  ]
}

run "rejects_emptiness" {
  command = plan

  variables {
    description                 = ""
    blocked_words               = [""]
    enforcement_policy_template = "{}"
  }

  expect_failures = [
    var.description,
    var.blocked_words,
    var.enforcement_policy_template,
  ]
}

run "rejects_a_strength_that_filters_nothing" {
  command = plan

  variables {
    content_filter_strength = "NONE"
    blocked_words           = ["project-x "]
  }

  expect_failures = [
    var.content_filter_strength,
    var.blocked_words,
  ]
}

run "rejects_a_strength_in_lower_case_and_a_policy_without_placeholder" {
  command = plan

  variables {
    content_filter_strength     = "high"
    enforcement_policy_template = "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\"}}"
  }

  expect_failures = [
    var.content_filter_strength,
    var.enforcement_policy_template,
  ]
}

run "rejects_a_policy_that_denies_nothing" {
  command = plan

  variables {
    enforcement_policy_template = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\",\"Condition\":{\"StringNotLike\":{\"bedrock:GuardrailIdentifier\":\"$${guardrail_arn}*\"}}}}"
  }

  expect_failures = [
    var.enforcement_policy_template,
  ]
}
