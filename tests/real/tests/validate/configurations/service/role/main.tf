variable "name" {
  type = string
}

variable "actions" {
  type = list(string)
}

variable "services" {
  type    = set(string)
  default = []
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = var.services
    }
  }
}

data "aws_iam_policy_document" "rights" {
  dynamic "statement" {
    for_each = toset(var.actions)
    content {
      sid       = replace(title(statement.value), "/[^A-Za-z]/", "")
      actions   = [statement.key]
      resources = ["*"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.rights.json
}

output "arn" {
  value = aws_iam_role.this.arn
}
