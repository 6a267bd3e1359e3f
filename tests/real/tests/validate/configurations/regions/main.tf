terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  alias  = "second"
  region = "eu-central-1"
}

module "first" {
  source = "./topic"
  name   = "first"
}

module "second" {
  source = "./topic"
  name   = "second-${module.first.short}"

  providers = {
    aws = aws.second
  }
}

resource "aws_dynamodb_table" "state" {
  provider = aws.second

  name         = "state"
  hash_key     = "Id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "Id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  timeouts {
    create = "10m"
  }
}

moved {
  from = aws_dynamodb_table.locks
  to   = aws_dynamodb_table.state
}

removed {
  from = aws_sqs_queue.old

  lifecycle {
    destroy = false
  }
}

check "table" {
  assert {
    condition     = aws_dynamodb_table.state.name != ""
    error_message = "The table ${aws_dynamodb_table.state.name} has no name."
  }
}

output "topics" {
  value = [module.first.arn, module.second.arn]
}
