# An application inference profile is a tagged door to one model: whoever calls through it is billed under its tags.
# A profile cannot be edited (only its tags can): a new name, description or source replaces it, and with it the ARN
# that stands in developers' settings.

resource "aws_bedrock_inference_profile" "this" {
  for_each = var.profiles

  name        = each.value.name
  description = each.value.description
  tags        = each.value.tags

  # The provider accepts a profile without source and fails on apply.
  model_source {
    copy_from = each.value.copy_from
  }
}
