variable "name" {
  description = "Name of the network."
  type        = string

  validation {
    condition     = can(regex("^[a-z-]+$", var.name))
    error_message = "The name has lower case letters and hyphens, not ${var.name}."
  }
}

variable "range" {
  type    = string
  default = "10.0.0.0/16"
}

variable "zones" {
  type     = number
  default  = 3
  nullable = false

  validation {
    condition     = var.zones > 0 && var.zones < 7
    error_message = "Between one and six."
  }
}

variable "public" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}
