variable "engine" {
  type = object({
    name    = optional(string, "postgres")
    version = optional(string, "16.3")
  })
  default = {}
}

variable "network" {
  type = object({
    subnets = list(string)
    groups  = optional(set(string), [])
  })
}

variable "replicas" {
  type    = number
  default = 0
}

resource "aws_db_subnet_group" "this" {
  name       = "main"
  subnet_ids = var.network.subnets
}

resource "aws_db_parameter_group" "this" {
  family = "${var.engine.name}${split(".", var.engine.version)[0]}"

  dynamic "parameter" {
    for_each = tomap({
      log_statement = "all"
      timezone      = "UTC"
    })
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_db_instance" "main" {
  identifier                  = "main"
  engine                      = var.engine.name
  engine_version              = var.engine.version
  instance_class              = "db.t4g.medium"
  allocated_storage           = 100
  db_subnet_group_name        = aws_db_subnet_group.this.name
  parameter_group_name        = aws_db_parameter_group.this.name
  vpc_security_group_ids      = var.network.groups
  username                    = "root"
  manage_master_user_password = true
  skip_final_snapshot         = true
}

resource "aws_db_instance" "replica" {
  count = var.replicas

  identifier          = format("replica-%02d", count.index + 1)
  instance_class      = aws_db_instance.main.instance_class
  replicate_source_db = aws_db_instance.main.identifier
  skip_final_snapshot = true
}

data "aws_secretsmanager_secret" "root" {
  arn = aws_db_instance.main.master_user_secret[0].secret_arn
}

output "endpoint" {
  value = aws_db_instance.main.endpoint
}

output "secret" {
  value = data.aws_secretsmanager_secret.root.name
}

output "replicas" {
  value = [for replica in aws_db_instance.replica : replica.address]
}
