variable "topic_name" {
  description = "SNS topic that budgets, alarms and cost anomalies publish to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,256}$", var.topic_name))
    error_message = "topic_name must consist of 1 to 256 letters, digits, hyphens and underscores."
  }
}

variable "topic_policy_json" {
  description = "Policy of the topic, as JSON. It must let budgets.amazonaws.com and cloudwatch.amazonaws.com publish for this account, and costalerts.amazonaws.com where the module cost-anomaly is used."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.topic_policy_json).Statement)
    error_message = "topic_policy_json must be a policy document in JSON, with a Statement."
  }
}

variable "emails" {
  description = "Addresses that subscribe to the topic. Each gets a confirmation link that dies after two days; a subscription that is not confirmed is deleted by AWS."
  type        = set(string)
  nullable    = false
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@[:space:]]+@[^@[:space:]]+$", email))])
    error_message = "Every element of emails must be an e-mail address."
  }
}

variable "https_endpoint_names" {
  description = "Names of the HTTPS endpoints that subscribe to the topic; their URLs come in `https_endpoints`. Kept apart because a sensitive value cannot name a resource."
  type        = set(string)
  nullable    = false
  default     = []
}

variable "https_endpoints" {
  description = "URLs of the HTTPS endpoints, by name. An endpoint must confirm SNS subscriptions by itself, as PagerDuty's integration for AWS does; Slack's incoming webhooks do not."
  type        = map(string)
  nullable    = false
  default     = {}
  sensitive   = true

  validation {
    condition     = alltrue([for url in var.https_endpoints : startswith(url, "https://")])
    error_message = "Every URL in https_endpoints must begin with https://."
  }
}

variable "budget_name" {
  description = "Monthly budget of the account."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^:\\\\]{1,100}$", var.budget_name))
    error_message = "budget_name must have 1 to 100 characters, neither colon nor backslash among them."
  }
}

variable "monthly_usd" {
  description = "Limit of the account's budget in USD a month."
  type        = number
  nullable    = false

  validation {
    condition     = var.monthly_usd > 0
    error_message = "monthly_usd must be greater than 0."
  }
}

variable "thresholds" {
  description = "Percentages of a budget at which actual spend is reported. With forecast_thresholds at least one and at most ten, AWS's limit per budget."
  type        = list(number)
  nullable    = false

  validation {
    condition     = alltrue([for threshold in var.thresholds : threshold > 0]) && length(distinct(var.thresholds)) == length(var.thresholds)
    error_message = "thresholds must be greater than 0 and all different."
  }
}

variable "forecast_thresholds" {
  description = "Percentages of a budget at which the spend that AWS forecasts for the month is reported."
  type        = list(number)
  nullable    = false

  validation {
    condition     = alltrue([for threshold in var.forecast_thresholds : threshold > 0]) && length(distinct(var.forecast_thresholds)) == length(var.forecast_thresholds)
    error_message = "forecast_thresholds must be greater than 0 and all different."
  }
}

variable "team_budgets" {
  description = "Monthly budgets of teams, by team. A budget counts what is tagged with `tag_key` = `tag_value`; the payer must have activated the key as a cost allocation tag."
  type = map(object({
    name        = string
    monthly_usd = number
    tag_key     = string
    tag_value   = string
  }))
  nullable = false
  default  = {}

  validation {
    condition     = alltrue([for team in var.team_budgets : can(regex("^[^:\\\\]{1,100}$", team.name))])
    error_message = "The name of every team budget must have 1 to 100 characters, neither colon nor backslash among them."
  }

  validation {
    condition     = length(distinct([for team in var.team_budgets : team.name])) == length(var.team_budgets)
    error_message = "Two team budgets must not have the same name."
  }

  validation {
    condition     = alltrue([for team in var.team_budgets : team.monthly_usd > 0])
    error_message = "monthly_usd of every team budget must be greater than 0."
  }

  # The filter joins key and value with a dollar sign: another one would move the border between them.
  validation {
    condition     = alltrue([for team in var.team_budgets : can(regex("^[^$:]+$", team.tag_key)) && can(regex("^[^$]+$", team.tag_value))])
    error_message = "tag_key and tag_value of every team budget must not be empty and must not contain a dollar sign; tag_key comes without its prefix user:."
  }
}

variable "log_group_name" {
  description = "Log group of the model invocation logs, which the metrics are taken from."
  type        = string
  nullable    = false
}

variable "metric_namespace" {
  description = "Namespace of the metrics that are taken from the log."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/#-]{1,255}$", var.metric_namespace)) && !startswith(var.metric_namespace, "AWS/")
    error_message = "metric_namespace must have 1 to 255 letters, digits and . - _ / #, and must not begin with AWS/, which is reserved."
  }
}

variable "alarm_name_prefix" {
  description = "What the name of every alarm begins with, without a hyphen at its end."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^.{1,150}$", var.alarm_name_prefix))
    error_message = "alarm_name_prefix must have 1 to 150 characters."
  }
}

variable "model_ids" {
  description = "Models whose throttling is watched, by key: base id and id of the system inference profile."
  type = map(object({
    base_id    = string
    profile_id = string
  }))
  nullable = false
}

variable "invocations_per_5m" {
  description = "Invocations in five minutes above which an alarm is raised."
  type        = number
  nullable    = false

  validation {
    condition     = var.invocations_per_5m > 0
    error_message = "invocations_per_5m must be greater than 0."
  }
}

variable "output_tokens_per_5m" {
  description = "Output tokens in five minutes above which an alarm is raised."
  type        = number
  nullable    = false

  validation {
    condition     = var.output_tokens_per_5m > 0
    error_message = "output_tokens_per_5m must be greater than 0."
  }
}

variable "throttles_per_5m" {
  description = "Throttled invocations in five minutes above which an alarm is raised."
  type        = number
  nullable    = false

  validation {
    condition     = var.throttles_per_5m >= 0
    error_message = "throttles_per_5m must not be negative."
  }
}
