variable "name" {
  description = "Name of the guardrail: 1 to 50 letters, digits, hyphens and underscores."
  type        = string
  nullable    = false
}

variable "description" {
  description = "What the guardrail is for, 1 to 200 characters."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 200
    error_message = "description must be 1 to 200 characters."
  }
}

variable "blocked_message" {
  description = "What the caller reads instead of a blocked prompt or answer, 1 to 500 characters."
  type        = string
  nullable    = false
}

variable "topics" {
  description = "Topics that are denied, at most 30. `name`: 1 to 100 letters, digits, spaces and - _ ! ? . `definition`: what belongs to the topic, 1 to 200 characters."
  type = list(object({
    name       = string
    definition = string
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.topics) <= 30
    error_message = "A guardrail takes at most 30 topics."
  }

  validation {
    condition     = length(toset(var.topics[*].name)) == length(var.topics)
    error_message = "Each topic's name must be unique."
  }
}

variable "blocked_words" {
  description = "Words and phrases that are blocked, at most 10,000 of 1 to 100 characters."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.blocked_words) <= 10000
    error_message = "A guardrail takes at most 10,000 words and phrases."
  }

  validation {
    condition     = alltrue([for word in var.blocked_words : can(regex("^\\S(.{0,98}\\S)?$", word))])
    error_message = "Each of blocked_words must be 1 to 100 characters, with no white space at its ends."
  }

  validation {
    condition     = length(toset(var.blocked_words)) == length(var.blocked_words)
    error_message = "blocked_words must not name a word twice."
  }
}

variable "blocked_pii" {
  description = "Kinds of personal data and secrets that are blocked, as `AWS_SECRET_KEY`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(toset(var.blocked_pii)) == length(var.blocked_pii)
    error_message = "blocked_pii must not name a kind twice."
  }
}

variable "content_filter_strength" {
  description = "Strength of the filters against hate, insults, misconduct, sexual content and violence: `LOW`, `MEDIUM` or `HIGH`; null means no content filters."
  type        = string
  default     = null

  # The provider also takes NONE: five filters that let everything pass.
  validation {
    condition     = var.content_filter_strength == null || contains(["LOW", "MEDIUM", "HIGH"], coalesce(var.content_filter_strength, "null"))
    error_message = "content_filter_strength must be LOW, MEDIUM, HIGH or null."
  }
}

variable "enforcement_policy_name" {
  description = "Name of the managed policy that enforces the guardrail; permission sets refer to it by this name."
  type        = string
  nullable    = false
}

variable "enforcement_policy_template" {
  description = "Document of that policy, JSON, in which the placeholder `$${guardrail_arn}` stands for the guardrail's ARN; at most 6,144 characters once filled in."
  type        = string
  nullable    = false

  validation {
    condition     = strcontains(var.enforcement_policy_template, "$${guardrail_arn}")
    error_message = "enforcement_policy_template must contain the placeholder $${guardrail_arn}: a policy that names no guardrail enforces none."
  }

  validation {
    condition     = anytrue([for statement in try(flatten([jsondecode(var.enforcement_policy_template).Statement]), []) : try(statement.Effect == "Deny", false)])
    error_message = "enforcement_policy_template must be a JSON policy document with a Deny statement: an Allow takes nothing away from what another policy allows."
  }

  # Measured with an ARN of usual length on the form that the provider sends: compact, with <, > and & as six
  # characters each.
  validation {
    condition = try(length(jsonencode(jsondecode(replace(
      var.enforcement_policy_template,
      "$${guardrail_arn}",
      "arn:aws:bedrock:ap-southeast-2:123456789012:guardrail/abcdefghijkl",
    )))) <= 6144, true)
    error_message = "enforcement_policy_template must be at most 6,144 characters once filled in, the limit of a managed policy."
  }
}
