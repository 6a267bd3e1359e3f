module "roles" {
  source   = "./role"
  for_each = var.roles

  name     = "${var.prefix}-${each.key}"
  actions  = each.value.actions
  services = coalesce(each.value.services, ["lambda.amazonaws.com"])
}

module "queue" {
  source = "./queue"

  name      = "${var.prefix}-jobs"
  retention = 345600
  readers   = [for role in module.roles : role.arn]
}

resource "aws_lambda_function" "worker" {
  function_name = "${var.prefix}-worker"
  role          = module.roles["worker"].arn
  handler       = "index.handler"
  runtime       = "nodejs20.x"
  filename      = "${path.module}/worker.zip"
  timeout       = 30
  memory_size   = var.memory

  environment {
    variables = {
      QUEUE = module.queue.url
      LEVEL = upper(var.level)
      MODE  = terraform.workspace == "default" ? "test" : "live"
    }
  }

  dynamic "vpc_config" {
    for_each = var.subnets == null ? [] : [var.subnets]
    iterator = net
    content {
      subnet_ids         = net.value
      security_group_ids = []
    }
  }
}

resource "aws_lambda_event_source_mapping" "worker" {
  event_source_arn = module.queue.arn
  function_name    = aws_lambda_function.worker.arn
  batch_size       = 10
}

output "function" {
  value = aws_lambda_function.worker.function_name
}

output "roles" {
  value = { for name, role in module.roles : name => role.arn }
}

variable "prefix" {
  type = string
}

variable "memory" {
  type    = number
  default = 256
}

variable "level" {
  type    = string
  default = "info"
}

variable "subnets" {
  type    = list(string)
  default = null
}

variable "roles" {
  type = map(object({
    actions  = list(string)
    services = optional(list(string))
  }))
  default = { worker = { actions = ["sqs:ReceiveMessage"] } }
}
