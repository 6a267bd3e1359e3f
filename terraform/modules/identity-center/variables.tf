variable "instance_arn" {
  description = "ARN of the IAM Identity Center instance."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sso:::instance/(sso)?ins-[A-Za-z0-9.-]{16}$", var.instance_arn))
    error_message = "instance_arn must look like arn:aws:sso:::instance/ssoins-1234567890abcdef."
  }
}

variable "account_id" {
  description = "Account into which the permission sets are assigned: the dedicated account, not the one that owns the instance."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be twelve digits."
  }
}

variable "permission_sets" {
  description = "Permission sets by key. `session_duration`: ISO 8601, one to twelve hours. `policy_json`: inline policy, at most 10,240 characters. `customer_managed_policies`: names of policies with path `/` that exist in the target account before this is applied."
  type = map(object({
    name                      = string
    description               = string
    session_duration          = string
    policy_json               = string
    customer_managed_policies = list(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for permission_set in var.permission_sets : can(regex("^[\\w+=,.@-]{1,32}$", permission_set.name))])
    error_message = "Each name must be 1 to 32 letters, digits and + = , . @ _ -."
  }

  validation {
    condition     = length(toset(values(var.permission_sets)[*].name)) == length(var.permission_sets)
    error_message = "Each name must be unique: Identity Center refuses a second permission set of the same name."
  }

  validation {
    condition     = alltrue([for permission_set in var.permission_sets : can(regex("^[\\x20-\\x7E\\x{A1}-\\x{FF}]{1,700}$", permission_set.description))])
    error_message = "Each description must be one line of 1 to 700 Latin-1 characters."
  }

  # The provider takes any text. Hours, minutes and seconds are added up, the ones left out counting nothing.
  validation {
    condition = alltrue([
      for seconds in [
        for permission_set in var.permission_sets : try(sum([
          for index, number in regex("^PT(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?$", permission_set.session_duration) :
          tonumber(coalesce(number, "0")) * [3600, 60, 1][index]
        ]), 0)
      ] : seconds >= 3600 && seconds <= 43200
    ])
    error_message = "Each session_duration must be an ISO 8601 duration of one to twelve hours, as PT8H or PT1H30M."
  }

  validation {
    condition     = alltrue([for permission_set in var.permission_sets : can(jsondecode(permission_set.policy_json).Statement)])
    error_message = "Each policy_json must be a JSON policy document with a Statement."
  }

  # Measured on the form that the provider sends: compact, with <, > and & as six characters each.
  validation {
    condition     = alltrue([for permission_set in var.permission_sets : try(length(jsonencode(jsondecode(permission_set.policy_json))) <= 10240, true)])
    error_message = "Each policy_json must be at most 10,240 characters in compact form, the limit of a permission set's inline policy."
  }

  validation {
    condition = alltrue(flatten([
      for permission_set in var.permission_sets : [
        for name in permission_set.customer_managed_policies : can(regex("^[\\w+=,.@-]{1,128}$", name))
      ]
    ]))
    error_message = "customer_managed_policies takes names of 1 to 128 letters, digits and + = , . @ _ -, not ARNs: Identity Center resolves them in the target account."
  }
}

variable "assignments" {
  description = "Who gets which permission set in the account, by key. `permission_set`: a key of permission_sets. `group_name`: display name of a group in the identity store, spelled exactly."
  type = map(object({
    permission_set = string
    group_name     = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for assignment in var.assignments : contains(keys(var.permission_sets), assignment.permission_set)])
    error_message = "Each permission_set must be a key of permission_sets."
  }

  validation {
    condition     = alltrue([for assignment in var.assignments : can(regex("\\S", assignment.group_name))])
    error_message = "Each group_name must be the display name of a group."
  }
}
