variable "size" {
  type    = string
  default = "t3.micro"
}

variable "disks" {
  type    = list(object({ name = string, size = number }))
  default = []
}

variable "ports" {
  type    = set(number)
  default = [80, 443]
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["al2023-*"]
  }
}

data "aws_vpc" "default" {
  default = true
}

resource "aws_security_group" "web" {
  name_prefix = "web-"
  vpc_id      = data.aws_vpc.default.id

  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  count = 2

  ami                    = data.aws_ami.linux.id
  instance_type          = var.size
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data = templatefile("${path.module}/start.sh.tftpl", {
    index = count.index
    disks = var.disks
  })

  root_block_device {
    volume_size = 20
    encrypted   = true
  }

  dynamic "ebs_block_device" {
    for_each = { for disk in var.disks : disk.name => disk }
    content {
      device_name = "/dev/${ebs_block_device.key}"
      volume_size = ebs_block_device.value.size
    }
  }

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [aws_security_group.web.id]
  }
}

resource "aws_eip" "web" {
  count    = length(aws_instance.web)
  instance = aws_instance.web[count.index].id
}

output "addresses" {
  value = zipmap(aws_instance.web[*].id, aws_eip.web[*].public_ip)
}

output "first" {
  value = aws_instance.web[0].private_ip
}
