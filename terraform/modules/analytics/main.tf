locals {
  results_prefix = "results"
}

resource "aws_glue_catalog_database" "logs" {
  name        = var.database_name
  description = "Model invocation logs of Amazon Bedrock, prices and application inference profiles"
}

resource "aws_athena_workgroup" "logs" {
  name        = var.workgroup_name
  description = "Cost and usage of Claude Code from the model invocation logs"

  configuration {
    # Otherwise a client may choose another place for results and lift the scan limit.
    enforce_workgroup_configuration    = true
    bytes_scanned_cutoff_per_query     = var.scan_limit_bytes
    publish_cloudwatch_metrics_enabled = true

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location       = "s3://${aws_s3_bucket.results.bucket}/${local.results_prefix}/"
      expected_bucket_owner = var.account_id

      encryption_configuration {
        encryption_option = var.kms_key_arn == null ? "SSE_S3" : "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}
