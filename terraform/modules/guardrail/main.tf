# A guardrail does nothing until a request names it. So this module makes three things that belong together: the
# guardrail, an immutable version of it for clients to name, and a policy that denies invocations which name no version
# of this guardrail. The policy takes effect where it is attached: to the developers' role or permission set.

resource "aws_bedrock_guardrail" "this" {
  name                      = var.name
  description               = var.description
  blocked_input_messaging   = var.blocked_message
  blocked_outputs_messaging = var.blocked_message

  # Every kind of policy is emitted only with content: an empty block passes validate and plan and fails on apply.
  dynamic "topic_policy_config" {
    for_each = length(var.topics) > 0 ? [var.topics] : []

    content {
      dynamic "topics_config" {
        for_each = topic_policy_config.value

        content {
          name       = topics_config.value.name
          definition = topics_config.value.definition
          type       = "DENY"

          # Left out, provider 5.100 ends its apply with "invalid result object".
          examples = []
        }
      }
    }
  }

  dynamic "word_policy_config" {
    for_each = length(var.blocked_words) > 0 ? [var.blocked_words] : []

    content {
      dynamic "words_config" {
        for_each = word_policy_config.value

        content {
          text = words_config.value
        }
      }
    }
  }

  dynamic "sensitive_information_policy_config" {
    for_each = length(var.blocked_pii) > 0 ? [var.blocked_pii] : []

    content {
      dynamic "pii_entities_config" {
        for_each = sensitive_information_policy_config.value

        content {
          type   = pii_entities_config.value
          action = "BLOCK"
        }
      }
    }
  }

  dynamic "content_policy_config" {
    for_each = var.content_filter_strength[*]

    content {
      # PROMPT_ATTACK is left out: Bedrock applies it only to input that the caller marks with guardrail tags, which
      # Claude Code does not, so it would look like a protection and be none.
      dynamic "filters_config" {
        for_each = ["HATE", "INSULTS", "MISCONDUCT", "SEXUAL", "VIOLENCE"]

        content {
          type            = filters_config.value
          input_strength  = content_policy_config.value
          output_strength = content_policy_config.value
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = length(var.topics) + length(var.blocked_words) + length(var.blocked_pii) > 0 || var.content_filter_strength != null
      error_message = "A guardrail needs at least one policy: topics, blocked_words, blocked_pii or content_filter_strength."
    }
  }
}

locals {
  # Changes with anything that the guardrail says or does.
  configuration = sha256(jsonencode([
    var.name,
    var.description,
    var.blocked_message,
    var.topics,
    var.blocked_words,
    var.blocked_pii,
    var.content_filter_strength,
  ]))
}

# A version is a snapshot: changing the guardrail changes its draft alone. The description carries a digest of the
# configuration, and a new description is a new version. It stands in the state, so a version that could not be made in
# one apply is made in the next, which replace_triggered_by would forget.
resource "aws_bedrock_guardrail_version" "this" {
  guardrail_arn = aws_bedrock_guardrail.this.guardrail_arn
  description   = "configuration ${substr(local.configuration, 0, 16)}"

  # Developers' settings name the old version until they are onboarded again.
  skip_destroy = true
}

resource "aws_iam_policy" "enforcement" {
  name        = var.enforcement_policy_name
  description = "Denies model invocations that do not apply the guardrail ${var.name}"
  policy      = replace(var.enforcement_policy_template, "$${guardrail_arn}", aws_bedrock_guardrail.this.guardrail_arn)
}
