mock_provider "aws" {
  override_during = plan

  mock_resource "aws_bedrock_inference_profile" {
    defaults = {
      arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"
    }
  }
}

variables {
  profiles = {
    "alice/opus-4-6" = {
      name        = "claude-code-alice-opus-4-6"
      description = "Claude Opus 4.6 for alice"
      copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
      tags        = { Team = "engineering", User = "alice@example.com" }
    }
    "alice/haiku-4-5" = {
      name        = "claude-code-alice-haiku-4-5"
      description = "Claude Haiku 4.5 for alice"
      copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0"
      tags        = {}
    }
  }
}

run "profiles" {
  command = plan

  assert {
    condition     = toset(keys(aws_bedrock_inference_profile.this)) == toset(["alice/haiku-4-5", "alice/opus-4-6"])
    error_message = "There is one profile for each key, under that key."
  }

  assert {
    condition     = aws_bedrock_inference_profile.this["alice/opus-4-6"].name == "claude-code-alice-opus-4-6" && aws_bedrock_inference_profile.this["alice/opus-4-6"].description == "Claude Opus 4.6 for alice"
    error_message = "Name and description arrive as given."
  }

  assert {
    condition = alltrue([
      for key, profile in aws_bedrock_inference_profile.this :
      length(profile.model_source) == 1 && profile.model_source[0].copy_from == var.profiles[key].copy_from
    ])
    error_message = "Each profile is copied from the system profile of its own model."
  }

  assert {
    condition     = aws_bedrock_inference_profile.this["alice/opus-4-6"].tags == tomap({ Team = "engineering", User = "alice@example.com" })
    error_message = "The tags that attribute cost are on the profile."
  }
}

run "outputs" {
  command = plan

  assert {
    condition     = output.arns["alice/opus-4-6"] == "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"
    error_message = "The ARN is put out under the key of its profile."
  }

  assert {
    condition     = output.ids == { "alice/haiku-4-5" = "abcdefghijkl", "alice/opus-4-6" = "abcdefghijkl" }
    error_message = "The id is the last segment of the ARN, as the invocation log has it."
  }
}

run "no_profiles" {
  command = plan

  variables {
    profiles = {}
  }

  assert {
    condition     = length(aws_bedrock_inference_profile.this) == 0 && output.arns == {} && output.ids == {}
    error_message = "An empty map makes nothing."
  }
}
