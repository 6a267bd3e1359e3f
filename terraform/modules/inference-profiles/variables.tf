variable "profiles" {
  description = "Application inference profiles by a key that never changes (a changed key replaces the profile). `name`: 1 to 64 letters and digits with single spaces, hyphens or underscores in between. `description`: 1 to 200 letters, digits, colons and dots, separated likewise. `copy_from`: ARN of the system inference profile, in the region from which models are called. `tags`: cost attribution."
  type = map(object({
    name        = string
    description = string
    copy_from   = string
    tags        = map(string)
  }))
  nullable = false

  validation {
    condition = alltrue([
      for profile in var.profiles : can(regex("^([0-9A-Za-z][ _-]?)+$", profile.name)) && length(profile.name) <= 64
    ])
    error_message = "Each name must be 1 to 64 letters and digits with single spaces, hyphens or underscores in between."
  }

  validation {
    condition     = length(toset(values(var.profiles)[*].name)) == length(var.profiles)
    error_message = "Each name must be unique: a profile's id is random, so its name is all that people can tell it by."
  }

  validation {
    condition = alltrue([
      for profile in var.profiles : can(regex("^([0-9A-Za-z:.][ _-]?)+$", profile.description)) && length(profile.description) <= 200
    ])
    error_message = "Each description must be 1 to 200 letters, digits, colons and dots with single spaces, hyphens or underscores in between."
  }

  validation {
    condition = alltrue([
      for profile in var.profiles :
      can(regex("^arn:aws[a-z-]*:bedrock:[a-z0-9-]+:[0-9]{12}:inference-profile/[a-z-]+\\.[A-Za-z0-9.:-]+$", profile.copy_from))
    ])
    error_message = "Each copy_from must be the ARN of a system inference profile (arn:aws:bedrock:REGION:ACCOUNT:inference-profile/GEOGRAPHY.MODEL): an application inference profile cannot be copied, and models are not offered on demand without a profile."
  }

  validation {
    condition = alltrue(flatten([
      for profile in var.profiles : [
        for key, value in profile.tags :
        can(regex("^[A-Za-z0-9\\s._:/=+@-]{1,128}$", key)) && can(regex("^[A-Za-z0-9\\s._:/=+@-]{0,256}$", value))
      ]
    ]))
    error_message = "Tag keys must be 1 to 128 and tag values up to 256 letters, digits, white space and . _ : / = + @ -."
  }
}
