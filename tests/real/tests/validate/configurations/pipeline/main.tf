variable "stages" {
  type    = list(string)
  default = ["build", "test"]
}

data "aws_partition" "here" {}

data "aws_iam_policy_document" "trust" {
  for_each = toset(var.stages)

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["codebuild.${data.aws_partition.here.dns_suffix}"]
    }
  }
}

resource "aws_iam_role" "stage" {
  for_each = data.aws_iam_policy_document.trust

  name               = "stage-${each.key}"
  assume_role_policy = each.value.json
}

resource "aws_codebuild_project" "stage" {
  for_each = aws_iam_role.stage

  name         = each.key
  service_role = each.value.arn

  artifacts {
    type = "NO_ARTIFACTS"
  }

  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"

    dynamic "environment_variable" {
      for_each = { STAGE = each.key, COUNT = length(var.stages) }
      content {
        name  = environment_variable.key
        value = environment_variable.value
      }
    }
  }

  source {
    type      = "NO_SOURCE"
    buildspec = yamlencode({ version = 0.2, phases = { build = { commands = ["make ${each.key}"] } } })
  }
}

resource "terraform_data" "marker" {
  input            = { stages = var.stages, joined = join("-", reverse(var.stages)) }
  triggers_replace = [for project in aws_codebuild_project.stage : project.arn]
}

resource "aws_ssm_parameter" "marker" {
  name  = "/pipeline/marker"
  type  = "String"
  value = terraform_data.marker.output.joined

  lifecycle {
    postcondition {
      condition     = self.version > 0
      error_message = "No version."
    }
  }
}

output "stages" {
  value = { for name, role in aws_iam_role.stage : name => { role = role.arn, project = aws_codebuild_project.stage[name].arn } }
}
