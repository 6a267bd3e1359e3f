variable "roles" {
  description = "Roles by key. `max_session_seconds`: 3,600 to 43,200. `trust_policy_json`: who may assume the role and under which session name. `policy_json`: inline policy, at most 10,240 characters. `managed_policy_arns`: managed policies by a key that is known before apply, at most 20."
  type = map(object({
    name                = string
    description         = string
    max_session_seconds = number
    trust_policy_json   = string
    policy_json         = string
    managed_policy_arns = map(string)
  }))
  nullable = false

  # IAM compares names without regard to case.
  validation {
    condition     = length(toset([for role in var.roles : lower(role.name)])) == length(var.roles)
    error_message = "Each name must be unique, upper and lower case being the same to IAM."
  }

  validation {
    condition     = alltrue([for role in var.roles : can(regex("^[\\x20-\\x7E\\x{A1}-\\x{FF}]{1,1000}$", role.description))])
    error_message = "Each description must be one line of 1 to 1,000 Latin-1 characters."
  }

  # The provider takes null for its default of one hour.
  validation {
    condition     = alltrue([for role in var.roles : try(role.max_session_seconds >= 3600 && role.max_session_seconds <= 43200, false)])
    error_message = "Each max_session_seconds must be 3600 to 43200, one to twelve hours."
  }

  validation {
    condition     = alltrue([for role in var.roles : can(jsondecode(role.trust_policy_json).Statement)])
    error_message = "Each trust_policy_json must be a JSON policy document with a Statement."
  }

  validation {
    condition = alltrue(flatten([
      for role in var.roles : [
        for statement in try(flatten([jsondecode(role.trust_policy_json).Statement]), []) :
        can(statement.Condition) || !contains(flatten([try(statement.Principal.AWS, statement.Principal, [])]), "*")
        if try(statement.Effect == "Allow", false)
      ]
    ]))
    error_message = "No trust_policy_json may allow the principal \"*\" without a condition: every AWS account could then assume the role."
  }

  validation {
    condition     = alltrue([for role in var.roles : can(jsondecode(role.policy_json).Statement)])
    error_message = "Each policy_json must be a JSON policy document with a Statement."
  }

  # Measured on the form that the provider sends: compact, with <, > and & as six characters each.
  validation {
    condition     = alltrue([for role in var.roles : try(length(jsonencode(jsondecode(role.policy_json))) <= 10240, true)])
    error_message = "Each policy_json must be at most 10,240 characters in compact form, the limit of a role's inline policies together."
  }

  validation {
    condition     = alltrue([for role in var.roles : length(role.managed_policy_arns) <= 20])
    error_message = "Each role can hold at most 20 managed policies, 10 without a raised quota."
  }

  # The keys are joined by a slash; a second meaning for one would drop a policy silently.
  validation {
    condition     = alltrue(flatten([for key, role in var.roles : [for name in concat([key], keys(role.managed_policy_arns)) : !strcontains(name, "/")]]))
    error_message = "Keys of roles and of managed_policy_arns must not contain a slash."
  }
}
