# Planned only: bucket and log group carry prevent_destroy, which would fail the teardown of an apply.
# The assertions read logging_config as an object, as provider 5 has it; the module itself never does.

mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/claude-code-log-delivery"
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::claude-code-logs-123456789012-us-east-1"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/bedrock/claude-code"
    }
  }
}

variables {
  bucket_name        = "claude-code-logs-123456789012-us-east-1"
  key_prefix         = "invocations"
  log_group_name     = "/aws/bedrock/claude-code"
  retention_days     = 30
  expiration_days    = 365
  prompts            = false
  delivery_role_name = "claude-code-log-delivery"

  bucket_policy_json = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Delivery",
          "Effect": "Allow",
          "Principal": { "Service": "bedrock.amazonaws.com" },
          "Action": "s3:PutObject",
          "Resource": "arn:aws:s3:::claude-code-logs-123456789012-us-east-1/invocations/AWSLogs/123456789012/BedrockModelInvocationLogs/*"
        }
      ]
    }
  EOT

  delivery_trust_policy_json = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Trust",
          "Effect": "Allow",
          "Principal": { "Service": "bedrock.amazonaws.com" },
          "Action": "sts:AssumeRole"
        }
      ]
    }
  EOT

  delivery_policy_json = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Write",
          "Effect": "Allow",
          "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
          "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/bedrock/claude-code:log-stream:aws/bedrock/modelinvocations"
        }
      ]
    }
  EOT
}

run "bucket" {
  command = plan

  assert {
    condition     = aws_s3_bucket.logs.bucket == var.bucket_name && aws_s3_bucket.logs.force_destroy != true
    error_message = "The bucket has the given name, and a destroy never empties it."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.logs.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs are disabled, which Bedrock demands."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.logs.block_public_acls,
      aws_s3_bucket_public_access_block.logs.block_public_policy,
      aws_s3_bucket_public_access_block.logs.ignore_public_acls,
      aws_s3_bucket_public_access_block.logs.restrict_public_buckets,
    ])
    error_message = "All four kinds of public access are blocked."
  }

  assert {
    condition     = aws_s3_bucket_versioning.logs.versioning_configuration[0].status == "Enabled"
    error_message = "The bucket is versioned."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.logs.policy) == jsondecode(var.bucket_policy_json)
    error_message = "The bucket policy is attached as given."
  }

  assert {
    condition = alltrue([
      for bucket in [
        aws_s3_bucket_lifecycle_configuration.logs.bucket,
        aws_s3_bucket_ownership_controls.logs.bucket,
        aws_s3_bucket_policy.logs.bucket,
        aws_s3_bucket_public_access_block.logs.bucket,
        aws_s3_bucket_server_side_encryption_configuration.logs.bucket,
        aws_s3_bucket_versioning.logs.bucket,
      ] : bucket == var.bucket_name
    ])
    error_message = "Every setting is on this bucket."
  }
}

run "lifecycle" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.logs.rule) == 1 && aws_s3_bucket_lifecycle_configuration.logs.rule[0].status == "Enabled"
    error_message = "One rule is in force."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.logs.rule[0].filter) == 1
    error_message = "The rule has a filter: without one the provider warns, and later refuses."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == 365
    error_message = "Objects expire after expiration_days."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].noncurrent_version_expiration[0].noncurrent_days == 7
    error_message = "Expired versions are deleted, not kept for ever."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 7
    error_message = "Aborted uploads are cleaned up."
  }
}

run "keys_of_aws" {
  command = plan

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.logs.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256" && !rule.bucket_key_enabled
    ])
    error_message = "Without a key of the customer, S3's own key encrypts."
  }

  assert {
    condition     = aws_cloudwatch_log_group.logs.kms_key_id == null
    error_message = "Without a key of the customer, CloudWatch's own key encrypts."
  }
}

run "key_of_the_customer" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.logs.rule :
      rule.bucket_key_enabled && rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    ])
    error_message = "The bucket uses the key, through a bucket key."
  }

  assert {
    condition     = aws_cloudwatch_log_group.logs.kms_key_id == var.kms_key_arn
    error_message = "The log group uses the key."
  }
}

run "log_group_and_role" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.logs.name == var.log_group_name && aws_cloudwatch_log_group.logs.retention_in_days == 30
    error_message = "The log group has the given name and retention."
  }

  assert {
    condition     = aws_iam_role.delivery.name == var.delivery_role_name && jsondecode(aws_iam_role.delivery.assume_role_policy) == jsondecode(var.delivery_trust_policy_json)
    error_message = "The role trusts whom the trust policy names."
  }

  assert {
    condition     = aws_iam_role_policy.delivery.role == var.delivery_role_name && jsondecode(aws_iam_role_policy.delivery.policy) == jsondecode(var.delivery_policy_json)
    error_message = "The role may do what the policy says."
  }
}

run "counts_only" {
  command = plan

  assert {
    condition = !anytrue([
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.text_data_delivery_enabled,
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.image_data_delivery_enabled,
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.embedding_data_delivery_enabled,
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.video_data_delivery_enabled,
    ])
    error_message = "No prompt and no answer is stored, whatever the provider's defaults."
  }
}

run "prompts" {
  command = plan

  variables {
    prompts = true
  }

  assert {
    condition = alltrue([
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.text_data_delivery_enabled,
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.image_data_delivery_enabled,
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.embedding_data_delivery_enabled,
      aws_bedrock_model_invocation_logging_configuration.this.logging_config.video_data_delivery_enabled,
    ])
    error_message = "Prompts and answers are stored on request."
  }
}

run "destinations" {
  command = plan

  assert {
    condition     = aws_bedrock_model_invocation_logging_configuration.this.logging_config.s3_config == { bucket_name = var.bucket_name, key_prefix = "invocations" }
    error_message = "Records go to the bucket, below the prefix."
  }

  assert {
    condition     = aws_bedrock_model_invocation_logging_configuration.this.logging_config.cloudwatch_config.log_group_name == var.log_group_name
    error_message = "Records go to the log group."
  }

  assert {
    condition     = aws_bedrock_model_invocation_logging_configuration.this.logging_config.cloudwatch_config.role_arn == aws_iam_role.delivery.arn
    error_message = "The log group is written through the delivery role."
  }

  assert {
    condition     = aws_bedrock_model_invocation_logging_configuration.this.logging_config.cloudwatch_config.large_data_delivery_s3_config == { bucket_name = var.bucket_name, key_prefix = "invocations" }
    error_message = "Bodies above 100 KB go to the bucket, below the prefix that its policy grants."
  }
}

run "outputs" {
  command = plan

  assert {
    condition     = output.bucket_name == var.bucket_name && output.bucket_arn == "arn:aws:s3:::claude-code-logs-123456789012-us-east-1"
    error_message = "The bucket is put out."
  }

  assert {
    condition     = output.log_group_name == var.log_group_name && output.log_group_arn == "arn:aws:logs:us-east-1:123456789012:log-group:/aws/bedrock/claude-code"
    error_message = "The log group is put out."
  }

  assert {
    condition     = output.delivery_role_arn == "arn:aws:iam::123456789012:role/claude-code-log-delivery"
    error_message = "The delivery role is put out."
  }
}
