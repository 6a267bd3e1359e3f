variable "bucket_name" {
  description = "Name of the bucket that receives the invocation logs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "bucket_name must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends (dots break TLS to the bucket's own host name)."
  }
}

variable "key_prefix" {
  description = "Prefix of the log objects' keys, without a slash at either end; bucket_policy_json must grant the same prefix."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$", var.key_prefix))
    error_message = "key_prefix must be letters, digits, dots, underscores and hyphens, with single slashes only in between: S3 keeps a leading or doubled slash as part of the key, and the grant no longer matches."
  }
}

variable "log_group_name" {
  description = "Name of the log group that receives the invocation logs."
  type        = string
  nullable    = false
}

variable "retention_days" {
  description = "Days that the log group keeps records: one of the values that CloudWatch Logs knows."
  type        = number
  nullable    = false

  validation {
    condition     = var.retention_days != 0
    error_message = "retention_days must not be 0: CloudWatch Logs reads it as \"never expire\"."
  }
}

variable "expiration_days" {
  description = "Days after which log objects in S3 expire; their versions are deleted a week later."
  type        = number
  nullable    = false

  validation {
    condition     = var.expiration_days >= 1 && floor(var.expiration_days) == var.expiration_days
    error_message = "expiration_days must be a whole number of days, at least 1."
  }
}

variable "prompts" {
  description = "Whether prompts and answers (text, images, embeddings, video) are stored, not only identities and token counts."
  type        = bool

  # null would fall back to the provider's default, which stores everything.
  nullable = false
}

variable "kms_key_arn" {
  description = "ARN of the customer-managed key for bucket and log group; null means keys of S3 and CloudWatch. The key's policy must admit bedrock.amazonaws.com and logs.REGION.amazonaws.com before the first apply."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (arn:aws:kms:REGION:ACCOUNT:key/ID): a log group takes neither an alias nor a bare key id."
  }
}

variable "delivery_role_name" {
  description = "Name of the role through which Bedrock writes to the log group."
  type        = string
  nullable    = false
}

variable "bucket_policy_json" {
  description = "Policy of the bucket: admits bedrock.amazonaws.com below the prefix for this account and region only, and denies requests without TLS."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.bucket_policy_json).Statement)
    error_message = "bucket_policy_json must be a JSON policy document with a Statement."
  }
}

variable "delivery_trust_policy_json" {
  description = "Trust policy of the delivery role: bedrock.amazonaws.com, for this account and region only."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.delivery_trust_policy_json).Statement)
    error_message = "delivery_trust_policy_json must be a JSON policy document with a Statement."
  }
}

variable "delivery_policy_json" {
  description = "Inline policy of the delivery role: creating and writing the log stream aws/bedrock/modelinvocations of the log group."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.delivery_policy_json).Statement)
    error_message = "delivery_policy_json must be a JSON policy document with a Statement."
  }
}
