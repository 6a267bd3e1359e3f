variable "account_id" {
  description = "Account that owns the logs and the results bucket. Athena refuses to write results into a bucket of any other account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must have twelve digits."
  }
}

variable "region" {
  description = "Source region whose invocations are logged; part of every log object's key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "region must be the code of an AWS region, such as us-east-1."
  }
}

variable "geography" {
  description = "Geography of the deployment's inference profiles: the prefix of their ids (us, eu, apac, jp, au, in, us-gov or global)."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["us", "eu", "apac", "jp", "au", "in", "us-gov", "global"], var.geography)
    error_message = "geography must be one of us, eu, apac, jp, au, in, us-gov, global."
  }
}

variable "session_roles" {
  description = <<-EOT
    Names of the roles, as regular expressions, whose session name is a person's: those of the deployment. A caller of
    any other role is shown by the whole ARN, since whoever makes a role can choose its session names.
  EOT
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.session_roles) > 0 && alltrue([for name in var.session_roles : can(regex("^[A-Za-z0-9_+=,.@{}\\[\\]-]+$", name))])
    error_message = "session_roles must hold at least one name, of the characters of role names and of [ ] { }."
  }
}

variable "bound_roles" {
  description = <<-EOT
    Names of those of `session_roles`, as regular expressions, whose sessions can call nobody's profile but their own, while
    their names are the caller's choice or the same for all: there the profile says who called, not the name.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.bound_roles : contains(var.session_roles, name)])
    error_message = "bound_roles must be some of session_roles, letter for letter."
  }
}

variable "database_name" {
  description = "Glue database of the three tables."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9_]{1,255}$", var.database_name))
    error_message = "database_name must consist of 1 to 255 lower-case letters, digits and underscores."
  }
}

variable "log_table_name" {
  description = "Glue table over the model invocation logs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9_]{1,255}$", var.log_table_name))
    error_message = "log_table_name must consist of 1 to 255 lower-case letters, digits and underscores."
  }
}

variable "price_table_name" {
  description = "Glue table over `prices`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9_]{1,255}$", var.price_table_name))
    error_message = "price_table_name must consist of 1 to 255 lower-case letters, digits and underscores."
  }
}

variable "profile_table_name" {
  description = "Glue table over `profiles`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9_]{1,255}$", var.profile_table_name))
    error_message = "profile_table_name must consist of 1 to 255 lower-case letters, digits and underscores."
  }
}

variable "workgroup_name" {
  description = "Athena workgroup in which the logs are queried."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,128}$", var.workgroup_name))
    error_message = "workgroup_name must consist of 1 to 128 letters, digits, dots, underscores and hyphens."
  }
}

variable "scan_limit_bytes" {
  description = "Bytes after which Athena cancels a query; Athena's least value is 10,485,760."
  type        = number
  nullable    = false

  validation {
    condition     = var.scan_limit_bytes >= 10485760 && floor(var.scan_limit_bytes) == var.scan_limit_bytes
    error_message = "scan_limit_bytes must be a whole number from 10485760 (10 MiB), the least that Athena takes."
  }
}

variable "log_bucket_name" {
  description = "Bucket of the model invocation logs. Pass the literal name: a reference to a bucket that does not exist yet makes all parameters of the table unknown in the plan."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.log_bucket_name))
    error_message = "log_bucket_name must be the name of an S3 bucket."
  }
}

variable "log_prefix" {
  description = "Key prefix of the logging configuration, without slashes at its ends."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^/]+(/[^/]+)*$", var.log_prefix))
    error_message = "log_prefix must not be empty and must neither begin nor end with a slash."
  }
}

variable "lookback_days" {
  description = "Days of logs that queries can reach: the range of the partition projection. At least as long as log objects are kept."
  type        = number
  nullable    = false

  validation {
    condition     = var.lookback_days >= 1 && floor(var.lookback_days) == var.lookback_days
    error_message = "lookback_days must be a whole number from 1."
  }
}

variable "results_bucket_name" {
  description = "Bucket of query results and of the data of the price and profile tables; created by this module."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.results_bucket_name))
    error_message = "results_bucket_name must have 3 to 63 lower-case letters, digits, dots and hyphens, and begin and end with a letter or digit."
  }
}

variable "results_bucket_policy_json" {
  description = "Policy of the results bucket, as JSON."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.results_bucket_policy_json).Statement)
    error_message = "results_bucket_policy_json must be a policy document in JSON, with a Statement."
  }
}

variable "results_expiration_days" {
  description = "Days after which query results are deleted. The tables' data are kept."
  type        = number
  nullable    = false

  validation {
    condition     = var.results_expiration_days >= 1 && floor(var.results_expiration_days) == var.results_expiration_days
    error_message = "results_expiration_days must be a whole number from 1."
  }
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the results bucket and query results; null means keys that S3 manages."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key: an alias does not name the key that a policy can grant."
  }
}

variable "prices" {
  description = <<-EOT
    What a model costs, in USD per million tokens, the factor of the geography included. One row per base model id, geography,
    first day and prompt size. A row holds from `valid_from` until the next row of the same model and geography, for prompts of
    up to `up_to_input_tokens` tokens (null: of any size), cached tokens counted. A null price is unknown, not zero.
  EOT
  type = list(object({
    model_id           = string
    model_key          = string
    model_name         = string
    geography          = string
    valid_from         = string
    up_to_input_tokens = optional(number)
    input              = optional(number)
    output             = optional(number)
    cache_read         = optional(number)
    cache_write_5m     = optional(number)
    cache_write_1h     = optional(number)
  }))
  nullable = false

  validation {
    condition     = alltrue([for price in var.prices : can(formatdate("YYYY", "${price.valid_from}T00:00:00Z"))])
    error_message = "valid_from of every price must be a date, such as 2026-02-05."
  }

  validation {
    condition     = alltrue([for price in var.prices : can(regex("^[a-z0-9-]+\\.[A-Za-z0-9.:_-]+$", price.model_id)) && !can(regex("^(us|eu|apac|jp|au|in|us-gov|global)\\.", price.model_id))])
    error_message = "model_id of every price must be a base model id, such as anthropic.claude-sonnet-4-6: no ARN, no geography in front."
  }

  validation {
    condition     = alltrue([for price in var.prices : contains(["us", "eu", "apac", "jp", "au", "in", "us-gov", "global"], price.geography)])
    error_message = "geography of every price must be one of us, eu, apac, jp, au, in, us-gov, global."
  }

  validation {
    condition = alltrue(flatten([
      for price in var.prices : [
        for usd in [price.input, price.output, price.cache_read, price.cache_write_5m, price.cache_write_1h] : coalesce(usd, 0) >= 0
      ]
    ]))
    error_message = "A price must not be negative; where it is unknown, leave it null."
  }

  validation {
    condition     = alltrue([for price in var.prices : coalesce(price.up_to_input_tokens, 1) >= 1 && floor(coalesce(price.up_to_input_tokens, 1)) == coalesce(price.up_to_input_tokens, 1)])
    error_message = "up_to_input_tokens of every price must be a whole number from 1, or null."
  }

  validation {
    condition     = length(var.prices) == length(distinct([for price in var.prices : jsonencode([price.model_id, price.geography, price.valid_from, price.up_to_input_tokens])]))
    error_message = "Two prices for the same model, geography, valid_from and up_to_input_tokens would count every matching invocation twice."
  }
}

variable "profiles" {
  description = <<-EOT
    Application inference profiles, by any stable key: what the random id in the log stands for. `profile_id` is the last
    segment of the profile's ARN; `model_id` the base id of its model; `geography` the prefix of the system profile that it was
    copied from, null for the deployment's. What is not known, or does not hold for all who use the profile, is null.
  EOT
  type = map(object({
    profile_id  = string
    model_id    = string
    geography   = optional(string)
    developer   = optional(string)
    email       = optional(string)
    team        = optional(string)
    project     = optional(string)
    cost_center = optional(string)
  }))
  nullable = false

  validation {
    condition     = alltrue([for profile in var.profiles : !strcontains(profile.profile_id, "/")])
    error_message = "profile_id of every profile must be the last segment of its ARN, not the ARN."
  }

  validation {
    condition     = alltrue([for profile in var.profiles : can(regex("^[a-z0-9-]+\\.[A-Za-z0-9.:_-]+$", profile.model_id)) && !can(regex("^(us|eu|apac|jp|au|in|us-gov|global)\\.", profile.model_id))])
    error_message = "model_id of every profile must be a base model id, such as anthropic.claude-sonnet-4-6: no ARN, no geography in front."
  }

  validation {
    condition     = alltrue([for profile in var.profiles : contains(["us", "eu", "apac", "jp", "au", "in", "us-gov", "global"], coalesce(profile.geography, "global"))])
    error_message = "geography of every profile must be one of us, eu, apac, jp, au, in, us-gov, global, or null."
  }
}
