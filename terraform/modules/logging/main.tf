# Bedrock writes every record twice: to S3, where Athena reads it and where it is kept longest, and to CloudWatch Logs,
# whose metric filters raise an alarm within minutes. Both must be in the region that is logged.

resource "aws_s3_bucket" "logs" {
  bucket = var.bucket_name

  # The bucket is the only record of who used what, and cost data never names a person.
  lifecycle {
    prevent_destroy = true
  }
}

# Bedrock refuses a bucket that still has ACLs.
resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  rule {
    # One data key for many objects: without it each of the small log objects is a request to KMS, on writing and on
    # every query. It means nothing for keys of S3's own.
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.bucket

  rule {
    id     = "expire"
    status = "Enabled"

    # All objects: the bucket holds nothing but logs.
    filter {}

    expiration {
      days = var.expiration_days
    }

    # In a versioned bucket expiration only hides an object; this is what deletes it. The week is for undoing a mistake.
    noncurrent_version_expiration {
      noncurrent_days = 7
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # Noncurrent versions exist only once versioning is on.
  depends_on = [aws_s3_bucket_versioning.logs]
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.bucket
  policy = var.bucket_policy_json

  # S3 rejects a policy and a public access block that are written at the same moment.
  depends_on = [aws_s3_bucket_public_access_block.logs]
}

resource "aws_cloudwatch_log_group" "logs" {
  name              = var.log_group_name
  retention_in_days = var.retention_days
  kms_key_id        = var.kms_key_arn

  # Metric filters and subscriptions hang on it, and its records cannot be restored.
  lifecycle {
    prevent_destroy = true
  }
}

# For CloudWatch Logs alone; S3 is granted by the bucket's policy.
resource "aws_iam_role" "delivery" {
  name               = var.delivery_role_name
  description        = "Lets Amazon Bedrock write model invocation logs to ${var.log_group_name}"
  assume_role_policy = var.delivery_trust_policy_json
}

resource "aws_iam_role_policy" "delivery" {
  name   = "deliver-invocation-logs"
  role   = aws_iam_role.delivery.name
  policy = var.delivery_policy_json
}

# One per account and region: whoever writes it last owns it. Nothing may refer into logging_config, which is an object
# under provider 5 and a list under provider 6.
resource "aws_bedrock_model_invocation_logging_configuration" "this" {
  logging_config {
    # All four default to true in the provider, which would store prompts and code in clear.
    text_data_delivery_enabled      = var.prompts
    image_data_delivery_enabled     = var.prompts
    embedding_data_delivery_enabled = var.prompts
    video_data_delivery_enabled     = var.prompts

    s3_config {
      bucket_name = aws_s3_bucket.logs.bucket
      key_prefix  = var.key_prefix
    }

    cloudwatch_config {
      log_group_name = aws_cloudwatch_log_group.logs.name
      role_arn       = aws_iam_role.delivery.arn

      # CloudWatch takes no body above 100 KB, which prompts of Claude Code exceed as a rule. The prefix is the same
      # because the bucket policy grants no other.
      large_data_delivery_s3_config {
        bucket_name = aws_s3_bucket.logs.bucket
        key_prefix  = var.key_prefix
      }
    }
  }

  # Bedrock tries both destinations when it takes the configuration, so every grant must stand before.
  depends_on = [
    aws_iam_role_policy.delivery,
    aws_s3_bucket_ownership_controls.logs,
    aws_s3_bucket_policy.logs,
    aws_s3_bucket_server_side_encryption_configuration.logs,
  ]
}
