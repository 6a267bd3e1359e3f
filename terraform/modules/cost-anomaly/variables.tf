variable "name" {
  description = "Name of the monitor and of its subscription."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.name) >= 1 && length(var.name) <= 1024
    error_message = "name must have 1 to 1024 characters."
  }
}

variable "threshold_usd" {
  description = "Total impact of an anomaly in USD from which it is reported."
  type        = number
  nullable    = false

  validation {
    condition     = var.threshold_usd >= 0
    error_message = "threshold_usd must not be negative."
  }
}

variable "topic_arn" {
  description = "SNS topic that anomalies are published to. Its policy must let costalerts.amazonaws.com publish."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.topic_arn))
    error_message = "topic_arn must be the ARN of an SNS topic."
  }
}
