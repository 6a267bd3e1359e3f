variable "name" {
  type = string
}

resource "aws_sns_topic" "this" {
  name = var.name

  provisioner "local-exec" {
    command = "echo ${self.arn}"
  }

  lifecycle {
    precondition {
      condition     = length(var.name) < 200
      error_message = "Too long."
    }
  }
}

output "arn" {
  value = aws_sns_topic.this.arn
}

output "short" {
  value = substr(var.name, 0, 3)
}
