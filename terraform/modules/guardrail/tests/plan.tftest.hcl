mock_provider "aws" {
  override_during = plan

  mock_resource "aws_bedrock_guardrail" {
    defaults = {
      guardrail_id  = "abcdefghijkl"
      guardrail_arn = "arn:aws:bedrock:us-east-1:123456789012:guardrail/abcdefghijkl"
    }
  }

  mock_resource "aws_bedrock_guardrail_version" {
    defaults = {
      version = "3"
    }
  }

  mock_resource "aws_iam_policy" {
    defaults = {
      arn = "arn:aws:iam::123456789012:policy/claude-code-guardrail"
    }
  }
}

variables {
  name                        = "claude-code"
  description                 = "What Claude Code may not be used for"
  blocked_message             = "Blocked by company policy."
  topics                      = [{ name = "Legal advice", definition = "Asking for advice on contracts or lawsuits." }]
  blocked_words               = ["project-x", "do not disclose"]
  blocked_pii                 = ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"]
  content_filter_strength     = "MEDIUM"
  enforcement_policy_name     = "claude-code-guardrail"
  enforcement_policy_template = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"RequireGuardrail\",\"Effect\":\"Deny\",\"Action\":[\"bedrock:InvokeModel\",\"bedrock:InvokeModelWithResponseStream\"],\"Resource\":\"*\",\"Condition\":{\"StringNotLikeIfExists\":{\"bedrock:GuardrailIdentifier\":[\"$${guardrail_arn}\",\"$${guardrail_arn}:*\"]},\"StringNotEquals\":{\"aws:PrincipalTag/Exempt\":\"$${aws:username}\"}}}]}"
}

run "guardrail" {
  command = plan

  assert {
    condition     = aws_bedrock_guardrail.this.name == var.name && aws_bedrock_guardrail.this.description == var.description
    error_message = "Name and description arrive as given."
  }

  assert {
    condition     = aws_bedrock_guardrail.this.blocked_input_messaging == var.blocked_message && aws_bedrock_guardrail.this.blocked_outputs_messaging == var.blocked_message
    error_message = "A blocked prompt and a blocked answer give the same message."
  }

  assert {
    condition     = length(aws_bedrock_guardrail.this.topic_policy_config) == 1 && length(aws_bedrock_guardrail.this.topic_policy_config[0].topics_config) == 1
    error_message = "There is one block of topics, with one topic."
  }

  assert {
    condition = alltrue([
      for topic in aws_bedrock_guardrail.this.topic_policy_config[0].topics_config :
      topic.name == "Legal advice" && topic.definition == "Asking for advice on contracts or lawsuits." && topic.type == "DENY"
    ])
    error_message = "The topic is denied under its name and definition."
  }

  # Left out, provider 5.100 fails on apply.
  assert {
    condition     = alltrue([for topic in aws_bedrock_guardrail.this.topic_policy_config[0].topics_config : topic.examples != null && length(topic.examples) == 0])
    error_message = "Topics state an empty list of examples."
  }

  assert {
    condition     = aws_bedrock_guardrail.this.word_policy_config[0].words_config[*].text == tolist(["project-x", "do not disclose"])
    error_message = "The words are blocked."
  }

  assert {
    condition     = { for entity in aws_bedrock_guardrail.this.sensitive_information_policy_config[0].pii_entities_config : entity.type => entity.action } == { AWS_ACCESS_KEY = "BLOCK", AWS_SECRET_KEY = "BLOCK" }
    error_message = "Personal data and secrets are blocked, not masked."
  }

  assert {
    condition = { for filter in aws_bedrock_guardrail.this.content_policy_config[0].filters_config : filter.type => [filter.input_strength, filter.output_strength] } == {
      HATE       = ["MEDIUM", "MEDIUM"]
      INSULTS    = ["MEDIUM", "MEDIUM"]
      MISCONDUCT = ["MEDIUM", "MEDIUM"]
      SEXUAL     = ["MEDIUM", "MEDIUM"]
      VIOLENCE   = ["MEDIUM", "MEDIUM"]
    }
    error_message = "Each content filter works on prompts and answers, with the given strength."
  }
}

run "enforcement" {
  command = plan

  assert {
    condition     = aws_iam_policy.enforcement.name == "claude-code-guardrail" && coalesce(aws_iam_policy.enforcement.path, "/") == "/"
    error_message = "The policy has the name by which permission sets find it, at the root path."
  }

  assert {
    condition = jsondecode(aws_iam_policy.enforcement.policy).Statement[0].Condition.StringNotLikeIfExists["bedrock:GuardrailIdentifier"] == [
      "arn:aws:bedrock:us-east-1:123456789012:guardrail/abcdefghijkl",
      "arn:aws:bedrock:us-east-1:123456789012:guardrail/abcdefghijkl:*",
    ]
    error_message = "Every placeholder is replaced by the ARN of this guardrail."
  }

  assert {
    condition     = jsondecode(aws_iam_policy.enforcement.policy).Statement[0].Condition.StringNotEquals["aws:PrincipalTag/Exempt"] == "$${aws:username}"
    error_message = "Policy variables of IAM stay as they are."
  }

  assert {
    condition     = jsondecode(aws_iam_policy.enforcement.policy).Statement[0].Effect == "Deny" && length(jsondecode(aws_iam_policy.enforcement.policy).Statement) == 1
    error_message = "Nothing else of the document changes."
  }
}

run "version" {
  command = plan

  assert {
    condition     = aws_bedrock_guardrail_version.this.guardrail_arn == "arn:aws:bedrock:us-east-1:123456789012:guardrail/abcdefghijkl"
    error_message = "The version is one of this guardrail."
  }

  assert {
    condition     = aws_bedrock_guardrail_version.this.skip_destroy
    error_message = "Old versions stay for clients that still name them."
  }

  assert {
    condition     = can(regex("^configuration [0-9a-f]{16}$", aws_bedrock_guardrail_version.this.description))
    error_message = "The description carries a digest of the configuration."
  }
}

run "outputs" {
  command = plan

  assert {
    condition     = output.guardrail_id == "abcdefghijkl" && output.guardrail_arn == "arn:aws:bedrock:us-east-1:123456789012:guardrail/abcdefghijkl" && output.guardrail_version == "3"
    error_message = "Id, ARN and version are put out."
  }

  assert {
    condition     = output.enforcement_policy_arn == "arn:aws:iam::123456789012:policy/claude-code-guardrail" && output.enforcement_policy_name == "claude-code-guardrail"
    error_message = "ARN and name of the policy are put out."
  }
}
