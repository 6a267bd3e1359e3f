variable "identity_pool" {
  description = <<-EOT
    Identity pool of Amazon Cognito to make between the token and the role. `oidc_provider_arn`: IAM OIDC provider that somebody
    else manages; `user_pool`: user pool, by its name `cognito-idp.REGION.amazonaws.com/ID`, and the app clients whose tokens are
    believed; `google_client_id`: application at Google. One of them, or `oidc_provider`, says whose tokens are taken.
    `principal_tags`: session tags, and the claims that they are made of.
  EOT
  type = object({
    name              = string
    oidc_provider_arn = optional(string)
    user_pool = optional(object({
      name       = string
      client_ids = list(string)
    }))
    google_client_id = optional(string)
    principal_tags   = optional(map(string), {})
  })
  default = null

  validation {
    condition     = var.identity_pool == null || can(regex("^[\\w\\s+=,.@-]{1,128}$", var.identity_pool.name))
    error_message = "The pool's name must have 1 to 128 letters, digits, spaces and characters of _+=,.@-."
  }

  validation {
    condition = var.identity_pool == null || length(compact([
      var.oidc_provider == null ? "" : "made here",
      try(coalesce(var.identity_pool.oidc_provider_arn), ""),
      try(coalesce(var.identity_pool.user_pool.name), ""),
      try(coalesce(var.identity_pool.google_client_id), ""),
    ])) == 1
    error_message = "A pool takes the tokens of one provider: oidc_provider, or one of identity_pool.oidc_provider_arn, user_pool and google_client_id."
  }

  validation {
    condition     = try(can(regex("^cognito-idp\\.[a-z0-9-]+\\.amazonaws\\.com/[A-Za-z0-9_-]+$", var.identity_pool.user_pool.name)), true) || try(var.identity_pool.user_pool == null, true)
    error_message = "The user pool's name must read cognito-idp.REGION.amazonaws.com/ID."
  }

  validation {
    condition     = try(length(var.identity_pool.user_pool.client_ids), 1) >= 1
    error_message = "user_pool must name at least one app client."
  }

  validation {
    condition = alltrue([
      for tag, claim in try(var.identity_pool.principal_tags, {}) : try(length(tag) <= 128 && length(claim) >= 1 && length(claim) <= 256, false)
    ])
    error_message = "A tag may have 128 characters, and the claim that it is made of 1 to 256."
  }

  validation {
    condition     = (var.identity_pool == null) != strcontains(var.trust_policy_json, "$${identity_pool_id}")
    error_message = "trust_policy_json must contain the placeholder $${identity_pool_id} where there is an identity pool, and only there: without it every pool of whatever account would do."
  }
}

variable "managed_policy_arns" {
  description = "Managed policies of the role by a key that is known before apply, at most 20."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.managed_policy_arns) <= 20
    error_message = "A role can hold at most 20 managed policies, 10 without a raised quota."
  }
}

variable "max_session_seconds" {
  description = "Longest session, 3,600 to 43,200 seconds."
  type        = number
  nullable    = false

  validation {
    condition     = var.max_session_seconds >= 3600 && var.max_session_seconds <= 43200
    error_message = "max_session_seconds must be 3600 to 43200, one to twelve hours."
  }
}

variable "oidc_provider" {
  description = "IAM OIDC provider to make. `url`: the issuer, letter for letter. `client_ids`: the applications whose tokens are believed, 1 to 100. `thumbprints`: only for an issuer whose certificate authority AWS does not know. Null where the account has the provider, or AWS knows it itself."
  type = object({
    url         = string
    client_ids  = list(string)
    thumbprints = optional(list(string))
  })
  default = null

  validation {
    condition     = var.oidc_provider == null || can(regex("^https://[a-z0-9.-]+(/[^?#]*)?$", var.oidc_provider.url))
    error_message = "The url must begin with https:// and a host in lower case, without port, query and fragment."
  }

  validation {
    condition     = try(length(var.oidc_provider.url), 0) <= 255
    error_message = "The url must have at most 255 characters."
  }

  # An empty list would believe tokens for nobody.
  validation {
    condition     = var.oidc_provider == null || try(length(var.oidc_provider.client_ids) >= 1 && length(var.oidc_provider.client_ids) <= 100, false)
    error_message = "There must be 1 to 100 client_ids."
  }

  validation {
    condition     = alltrue([for id in try(var.oidc_provider.client_ids, []) : try(length(id) >= 1 && length(id) <= 255, false)])
    error_message = "Each client id must have 1 to 255 characters."
  }

  validation {
    condition     = alltrue([for print in try(coalesce(var.oidc_provider.thumbprints, []), []) : can(regex("^[0-9a-fA-F]{40}$", print))])
    error_message = "Each thumbprint must have 40 hexadecimal digits."
  }

  validation {
    condition     = try(length(var.oidc_provider.thumbprints), 0) <= 5
    error_message = "There can be at most 5 thumbprints."
  }
}

variable "policy_json" {
  description = "Inline policy of the role, at most 10,240 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.policy_json).Statement)
    error_message = "policy_json must be a JSON policy document with a Statement."
  }

  # Measured on the form that the provider sends: compact, with <, > and & as six characters each.
  validation {
    condition     = try(length(jsonencode(jsondecode(var.policy_json))) <= 10240, true)
    error_message = "policy_json must be at most 10,240 characters in compact form, the limit of a role's inline policies together."
  }
}

variable "role_description" {
  description = "Description of the role."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[\\x20-\\x7E\\x{A1}-\\x{FF}]{1,1000}$", var.role_description))
    error_message = "The description must be one line of 1 to 1,000 Latin-1 characters."
  }
}

variable "role_name" {
  description = "Name of the role."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[\\w+=,.@-]{1,64}$", var.role_name))
    error_message = "The name must have 1 to 64 letters, digits and characters of _+=,.@-."
  }
}

variable "trust_policy_json" {
  description = "Whose tokens the role takes: `sts:AssumeRoleWithWebIdentity` for one provider, with a condition on the audience. With an identity pool the audience is the placeholder `$${identity_pool_id}`, in whose place its id is put."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.trust_policy_json).Statement)
    error_message = "trust_policy_json must be a JSON policy document with a Statement."
  }

  # Of an audience the keys are PROVIDER:aud and PROVIDER:oaud.
  validation {
    condition = alltrue([
      for statement in try(flatten([jsondecode(var.trust_policy_json).Statement]), []) :
      anytrue(flatten([
        for operator, keys in try(statement.Condition, {}) : [
          for key, value in keys : can(regex(":o?aud$", lower(key))) if startswith(operator, "StringEquals")
        ]
      ]))
      if try(statement.Effect == "Allow", false)
    ])
    error_message = "Each statement of trust_policy_json that allows must compare the token's audience (PROVIDER:aud) with StringEquals: without it tokens for every application of the issuer are taken."
  }

  validation {
    condition = alltrue([
      for statement in try(flatten([jsondecode(var.trust_policy_json).Statement]), []) :
      can(statement.Principal.Federated) && !can(statement.Principal.AWS) && !can(statement.Principal.Service)
      if try(statement.Effect == "Allow", false)
    ])
    error_message = "trust_policy_json may allow the tokens of providers alone ({\"Federated\": …})."
  }
}
