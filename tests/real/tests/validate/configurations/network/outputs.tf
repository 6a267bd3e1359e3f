output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "private_subnets" {
  value = aws_subnet.private[*].id
}

output "public_subnets" {
  value      = { for zone, subnet in aws_subnet.public : zone => subnet.id }
  depends_on = [aws_route_table_association.public]
}

output "gateway" {
  value = one(aws_internet_gateway.this[*].id)
}
