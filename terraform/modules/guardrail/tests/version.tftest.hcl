# A version must follow whatever the guardrail says or does: each run changes one argument against the first.

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
  topics                      = [{ name = "Legal advice", definition = "Asking for advice on contracts." }]
  blocked_words               = ["project-x"]
  blocked_pii                 = ["PASSWORD"]
  content_filter_strength     = "LOW"
  enforcement_policy_name     = "claude-code-guardrail"
  enforcement_policy_template = "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"bedrock:InvokeModel\",\"Resource\":\"*\",\"Condition\":{\"StringNotLike\":{\"bedrock:GuardrailIdentifier\":\"$${guardrail_arn}*\"}}}}"
}

run "first" {
  command = plan

  assert {
    condition     = aws_bedrock_guardrail_version.this.description == "configuration 8e6323e9e98730ca"
    error_message = "The same configuration keeps its version, on every machine."
  }
}

run "another_name" {
  command = plan

  variables {
    name = "claude-code-2"
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.description != "configuration 8e6323e9e98730ca"
    error_message = "Changing name makes a new version."
  }
}

run "another_description" {
  command = plan

  variables {
    description = "What Claude is not for"
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.description != "configuration 8e6323e9e98730ca"
    error_message = "Changing description makes a new version."
  }
}

run "another_blocked_message" {
  command = plan

  variables {
    blocked_message = "Blocked."
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.description != "configuration 8e6323e9e98730ca"
    error_message = "Changing blocked_message makes a new version."
  }
}

run "another_topics" {
  command = plan

  variables {
    topics = [{ name = "Legal advice", definition = "Asking for advice on contracts or lawsuits." }]
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.description != "configuration 8e6323e9e98730ca"
    error_message = "Changing topics makes a new version."
  }
}

run "another_blocked_words" {
  command = plan

  variables {
    blocked_words = ["project-x", "project-y"]
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.description != "configuration 8e6323e9e98730ca"
    error_message = "Changing blocked_words makes a new version."
  }
}

run "another_blocked_pii" {
  command = plan

  variables {
    blocked_pii = ["PASSWORD", "PIN"]
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.description != "configuration 8e6323e9e98730ca"
    error_message = "Changing blocked_pii makes a new version."
  }
}

run "another_content_filter_strength" {
  command = plan

  variables {
    content_filter_strength = "HIGH"
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.description != "configuration 8e6323e9e98730ca"
    error_message = "Changing content_filter_strength makes a new version."
  }
}
