# What the expressions beside this file refer to.

variable "any" {
  type    = any
  default = "x"
}

variable "untyped" {
  default = null
}

variable "string" {
  type    = string
  default = "x"
}

variable "number" {
  type    = number
  default = 1
}

variable "bool" {
  type    = bool
  default = true
}

variable "list" {
  type    = list(string)
  default = ["a"]
}

variable "numbers" {
  type    = list(number)
  default = [1]
}

variable "list_of_any" {
  type    = list(any)
  default = []
}

variable "set" {
  type    = set(string)
  default = ["a"]
}

variable "map" {
  type    = map(string)
  default = { a = "b" }
}

variable "map_of_any" {
  type    = map(any)
  default = {}
}

variable "map_of_lists" {
  type    = map(list(string))
  default = {}
}

variable "tuple" {
  type    = tuple([string, number])
  default = ["a", 1]
}

variable "object" {
  type = object({
    name   = string
    size   = optional(number, 3)
    tags   = optional(map(string))
    nested = optional(object({ deep = optional(list(string), []) }), {})
  })
  default = { name = "n" }
}

variable "objects" {
  type = list(object({
    name = string
    port = optional(number)
  }))
  default = []
}

variable "object_map" {
  type = map(object({
    name    = string
    enabled = bool
  }))
  default = {}
}

resource "terraform_data" "one" {
  input = { a = 1, b = "x" }
}

resource "terraform_data" "bare" {
}

locals {
  nothing     = null
  empty_list  = []
  empty_map   = {}
  words       = ["one", "two", "three"]
  mixed       = ["one", 2, true, null]
  person      = { name = "Ann", age = 41, "odd key" = 1 }
  people      = [{ name = "Ann", age = 41 }, { name = "Bob", age = 7 }]
  typed_list  = tolist(["a", "b"])
  typed_set   = toset(["b", "a", "b"])
  typed_map   = tomap({ x = 1, y = 2 })
  nested      = { a = { b = { c = [10, 20, { d = "deep" }] } } }
  text        = "The quick brown fox"
  lines       = "first\nsecond\n"
  unicode     = "Grüße, 世界"
  region_cidr = "10.0.0.0/16"
}
