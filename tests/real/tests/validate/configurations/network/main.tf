terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

locals {
  zones   = slice(data.aws_availability_zones.here.names, 0, var.zones)
  private = [for index in range(var.zones) : cidrsubnet(var.range, 4, index)]
  public  = { for index, zone in local.zones : zone => cidrsubnet(var.range, 4, index + 8) }
  tags    = merge(var.tags, { Name = var.name, Managed = true })
}

data "aws_availability_zones" "here" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.range
  enable_dns_hostnames = true
  tags                 = local.tags

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags["Updated"]]
  }
}

resource "aws_subnet" "private" {
  count = var.zones

  vpc_id            = aws_vpc.this.id
  cidr_block        = local.private[count.index]
  availability_zone = local.zones[count.index]
  tags              = merge(local.tags, { Tier = "private-${count.index}" })
}

resource "aws_subnet" "public" {
  for_each = var.public ? local.public : {}

  vpc_id                  = aws_vpc.this.id
  cidr_block              = each.value
  availability_zone       = each.key
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "this" {
  count  = var.public ? 1 : 0
  vpc_id = aws_vpc.this.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  dynamic "route" {
    for_each = aws_internet_gateway.this
    content {
      cidr_block = "0.0.0.0/0"
      gateway_id = route.value.id
    }
  }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}
