# Each run breaks one validation, and nothing else.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_bedrock_inference_profile" {
    defaults = {
      arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"
    }
  }
}

run "accepts_the_longest" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 a"
        description = "a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:.a"
        copy_from   = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/global.anthropic.claude-haiku-4-5-20251001-v1:0"
        tags        = { (join("", [for i in range(128) : "k"])) = join("", [for i in range(256) : "v"]), "a b._:/=+@-" = "", Empty = "" }
      }
    }
  }
}

run "rejects_a_long_name" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 a1-b2_c3 ab"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_double_separator_in_a_name" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude--code"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_an_address_as_name" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "alice@example.com"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_an_empty_name" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = ""
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_name_twice" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
      b = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_comma_in_a_description" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude, for alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_long_description" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = join("", [for i in range(201) : "a"])
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_an_application_profile_as_source" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_model_as_source" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_profile_id_as_source" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "us.anthropic.claude-opus-4-6-v1"
        tags        = {}
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_tag_value_with_parentheses" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = { Team = "Platform (EU)" }
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_tag_key_with_parentheses" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = { "Team (EU)" = "Platform" }
      }
    }
  }

  expect_failures = [var.profiles]
}

run "rejects_a_long_tag_value" {
  command = plan

  variables {
    profiles = {
      a = {
        name        = "claude-code-alice"
        description = "Claude Opus 4.6: alice"
        copy_from   = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1"
        tags        = { Team = join("", [for i in range(257) : "v"]) }
      }
    }
  }

  expect_failures = [var.profiles]
}
