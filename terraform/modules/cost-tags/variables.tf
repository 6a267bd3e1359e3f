variable "tag_keys" {
  description = "Keys to activate as cost allocation tags, spelled exactly as on the resources. Tags of IAM principals are written `iamPrincipal/KEY` and activated apart from resource tags of the same key."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for key in var.tag_keys : can(regex("^(iamPrincipal/)?[\\p{L}\\p{N}\\p{Z}_.:/=+@-]{1,128}$", key))])
    error_message = "Each of tag_keys must be a tag key of 1 to 128 letters, digits, spaces and _ . : / = + @ -, with iamPrincipal/ in front for tags of IAM principals."
  }

  validation {
    condition     = !anytrue([for key in var.tag_keys : startswith(lower(key), "aws:") || startswith(key, "user:")])
    error_message = "tag_keys takes the bare keys of user-defined tags: neither AWS's own (aws:) nor the spelling of billing reports (user:)."
  }
}
