locals {
  buckets = {
    logs = { days = 30, class = "GLACIER", versioned = false }
    data = { days = 365, class = "DEEP_ARCHIVE", versioned = true }
  }
  versioned = { for name, bucket in local.buckets : name => bucket if bucket.versioned }
  names     = sort(keys(local.buckets))
  longest   = max([for bucket in local.buckets : bucket.days]...)
  summary   = <<-EOT
    Buckets: ${join(", ", local.names)}
    %{for name in local.names~}
    ${name}: ${local.buckets[name].days} days
    %{endfor~}
  EOT
}

data "aws_caller_identity" "me" {}

data "aws_region" "here" {}

data "aws_kms_alias" "s3" {
  name = "alias/aws/s3"
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets

  bucket        = "${data.aws_caller_identity.me.account_id}-${data.aws_region.here.name}-${each.key}"
  force_destroy = false
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.versioned

  bucket = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    id     = "archive"
    status = "Enabled"

    filter {
      prefix = ""
    }

    transition {
      days          = local.buckets[each.key].days
      storage_class = local.buckets[each.key].class
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = data.aws_kms_alias.s3.target_key_arn
    }
  }
}

output "arns" {
  value = values(aws_s3_bucket.this)[*].arn
}

output "summary" {
  value = local.summary
}

output "longest" {
  value = local.longest
}
