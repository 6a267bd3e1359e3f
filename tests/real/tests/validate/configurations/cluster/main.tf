variable "services" {
  type = map(object({
    image  = string
    port   = optional(number)
    cpu    = optional(number, 256)
    memory = optional(number, 512)
    env    = optional(map(string), {})
  }))
}

variable "vpc" {
  type = object({ id = string, subnets = set(string) })
}

locals {
  exposed = { for name, service in var.services : name => service if service.port != null }
}

resource "aws_ecs_cluster" "this" {
  name = "main"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  for_each = var.services

  family                   = each.key
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory

  container_definitions = jsonencode([{
    name         = each.key
    image        = each.value.image
    environment  = [for name, value in each.value.env : { name = name, value = value }]
    portMappings = each.value.port == null ? [] : [{ containerPort = each.value.port }]
  }])
}

resource "aws_lb" "this" {
  count = length(local.exposed) > 0 ? 1 : 0

  name     = "main"
  subnets  = var.vpc.subnets
  internal = true
}

resource "aws_lb_target_group" "this" {
  for_each = local.exposed

  name        = each.key
  port        = each.value.port
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = var.vpc.id

  health_check {
    path    = "/"
    matcher = "200-299"
  }
}

resource "aws_ecs_service" "this" {
  for_each = aws_ecs_task_definition.this

  name            = each.key
  cluster         = aws_ecs_cluster.this.id
  task_definition = each.value.arn
  desired_count   = 1

  network_configuration {
    subnets = var.vpc.subnets
  }

  dynamic "load_balancer" {
    for_each = contains(keys(local.exposed), each.key) ? [aws_lb_target_group.this[each.key]] : []
    content {
      target_group_arn = load_balancer.value.arn
      container_name   = each.key
      container_port   = local.exposed[each.key].port
    }
  }
}

output "names" {
  value = { for name, service in aws_ecs_service.this : name => service.name }
}

output "balancer" {
  value = try(aws_lb.this[0].dns_name, null)
}
