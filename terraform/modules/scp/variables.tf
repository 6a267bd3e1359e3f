variable "name" {
  description = "Name of the policy, unique in the organization."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) >= 1 && length(var.name) <= 128
    error_message = "name must be 1 to 128 characters."
  }
}

variable "description" {
  description = "What the policy is for; never empty."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 512
    error_message = "description must be 1 to 512 characters."
  }
}

variable "content" {
  description = "The policy document: JSON with Deny statements only, at most 10,240 characters as it stands, white space included."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.content).Statement)
    error_message = "content must be a JSON policy document with a Statement."
  }

  # Only the console strips white space before it counts.
  validation {
    condition     = length(var.content) <= 10240
    error_message = "content must be at most 10,240 characters, white space included, the limit of a service control policy."
  }

  validation {
    condition     = alltrue([for statement in try(flatten([jsondecode(var.content).Statement]), []) : try(statement.Effect == "Deny", false)])
    error_message = "content must hold Deny statements only: beside FullAWSAccess an Allow has no effect, and without it the policy would have to allow everything that the account needs."
  }
}

variable "target_ids" {
  description = "Accounts, organizational units or roots to which the policy is attached. Everything below a target is restricted too."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in var.target_ids : can(regex("^([0-9]{12}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$", id))])
    error_message = "Each of target_ids must be an account (twelve digits), an organizational unit (ou-abcd-12345678) or a root (r-abcd)."
  }
}
