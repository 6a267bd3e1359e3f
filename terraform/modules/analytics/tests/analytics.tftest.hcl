mock_provider "aws" {}

variables {
  account_id                 = "123456789012"
  region                     = "us-east-1"
  geography                  = "us"
  session_roles              = ["AWSReservedSSO_claude-code-developer_[0-9a-f]{16}", "claude-code-admin"]
  database_name              = "claude_code_bedrock_logs"
  log_table_name             = "invocation_logs"
  price_table_name           = "model_prices"
  profile_table_name         = "inference_profiles"
  workgroup_name             = "claude_code_bedrock_logs"
  scan_limit_bytes           = 107374182400
  log_bucket_name            = "claude-code-logs-123456789012-us-east-1"
  log_prefix                 = "invocations"
  lookback_days              = 365
  results_bucket_name        = "claude-code-athena-123456789012-us-east-1"
  results_bucket_policy_json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  results_expiration_days    = 30

  prices = [
    {
      model_id           = "anthropic.claude-haiku-5-5"
      model_key          = "haiku-5-5"
      model_name         = "Claude Haiku 5.5"
      geography          = "us"
      valid_from         = "2026-09-22"
      up_to_input_tokens = null
      input              = null
      output             = null
      cache_read         = null
      cache_write_5m     = null
      cache_write_1h     = null
    },
    {
      model_id           = "anthropic.claude-haiku-5-5"
      model_key          = "haiku-5-5"
      model_name         = "Claude Haiku 5.5"
      geography          = "us"
      valid_from         = "2026-09-22"
      up_to_input_tokens = 100000
      input              = 0.11
      output             = 0.55
      cache_read         = 0.011
      cache_write_5m     = 0.1375
      cache_write_1h     = null
    },
    {
      model_id           = "anthropic.claude-haiku-5-5"
      model_key          = "haiku-5-5"
      model_name         = "Claude Haiku 5.5"
      geography          = "us"
      valid_from         = "2026-12-01"
      up_to_input_tokens = null
      input              = 0.1
      output             = 0.5
      cache_read         = 0.01
      cache_write_5m     = 0.125
      cache_write_1h     = 0.2
    },
    {
      model_id           = "anthropic.claude-haiku-5-5"
      model_key          = "haiku-5-5"
      model_name         = "Claude Haiku 5.5"
      geography          = "global"
      valid_from         = "2026-10-15"
      up_to_input_tokens = 8000
      input              = 0.1
      output             = 0.5
      cache_read         = 0.01
      cache_write_5m     = 0.125
      cache_write_1h     = 0.2
    },
  ]

  profiles = {
    "alice/haiku-5-5" = {
      profile_id  = "abcdefghijkl"
      model_id    = "anthropic.claude-haiku-5-5"
      developer   = "alice"
      email       = "alice@example.com"
      team        = "platform"
      project     = null
      cost_center = "CC-1001"
    }
  }
}

run "log_table" {
  command = plan

  assert {
    condition     = aws_glue_catalog_table.logs.storage_descriptor[0].location == "s3://claude-code-logs-123456789012-us-east-1/invocations/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/"
    error_message = "The location must be where Bedrock delivers the logs of the account and region."
  }

  assert {
    condition     = aws_glue_catalog_table.logs.parameters["storage.location.template"] == "s3://claude-code-logs-123456789012-us-east-1/invocations/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/$${datehour}/"
    error_message = "The template must end in the literal placeholder of the partition key and a slash."
  }

  assert {
    condition = {
      for key, value in aws_glue_catalog_table.logs.parameters : key => value if startswith(key, "projection.")
      } == {
      "projection.enabled"                = "true"
      "projection.datehour.type"          = "date"
      "projection.datehour.format"        = "yyyy/MM/dd/HH"
      "projection.datehour.range"         = "NOW-365DAYS,NOW"
      "projection.datehour.interval"      = "1"
      "projection.datehour.interval.unit" = "HOURS"
    }
    error_message = "The only partition key must be projected by hours over lookback_days."
  }

  assert {
    condition     = [for key in aws_glue_catalog_table.logs.partition_keys : "${key.name} ${key.type}"] == ["datehour string"]
    error_message = "A partition key without projection makes every query fail."
  }

  # The counts are nested: at the top level they would always be NULL.
  assert {
    condition = {
      for column in aws_glue_catalog_table.logs.storage_descriptor[0].columns : column.name => column.type
      } == {
      schematype      = "string"
      schemaversion   = "string"
      timestamp       = "string"
      accountid       = "string"
      region          = "string"
      requestid       = "string"
      operation       = "string"
      modelid         = "string"
      inferenceregion = "string"
      errorcode       = "string"
      identity        = "struct<arn:string>"
      requestmetadata = "map<string,string>"
      input           = "struct<inputcontenttype:string,inputbodys3path:string,inputtokencount:bigint,cachereadinputtokencount:bigint,cachewriteinputtokencount:bigint>"
      output          = "struct<outputcontenttype:string,outputbodys3path:string,outputtokencount:bigint>"
    }
    error_message = "The columns must be those of the invocation log, with the counts inside input and output."
  }

  assert {
    condition     = aws_glue_catalog_table.logs.storage_descriptor[0].ser_de_info[0].serialization_library == "org.openx.data.jsonserde.JsonSerDe"
    error_message = "The log is read by the OpenX serde."
  }
}

run "price_rows" {
  command = plan

  # Periods end where the next one of the same model and geography begins, whatever the order of the list.
  assert {
    condition = [for line in compact(split("\n", aws_s3_object.table_data["prices"].content)) : jsondecode(line).valid_until] == [
      "2026-12-01", "2026-12-01", null, null,
    ]
    error_message = "A price must end on the first day of the next one for the same model and geography."
  }

  # Tiers touch, and concern only rows of the same model, geography and day.
  assert {
    condition     = [for line in compact(split("\n", aws_s3_object.table_data["prices"].content)) : jsondecode(line).from_input_tokens] == [100001, 0, 0, 0]
    error_message = "A tier must begin one token above the next smaller one."
  }

  assert {
    condition = jsondecode(split("\n", aws_s3_object.table_data["prices"].content)[1]) == {
      model_id             = "anthropic.claude-haiku-5-5"
      model_key            = "haiku-5-5"
      model_name           = "Claude Haiku 5.5"
      geography            = "us"
      valid_from           = "2026-09-22"
      valid_until          = "2026-12-01"
      from_input_tokens    = 0
      up_to_input_tokens   = 100000
      input_price          = 0.11
      output_price         = 0.55
      cache_read_price     = 0.011
      cache_write_5m_price = 0.1375
      cache_write_1h_price = null
    }
    error_message = "A row must carry the five prices, unknown ones as null."
  }

  assert {
    condition = alltrue([
      for line in compact(split("\n", aws_s3_object.table_data["prices"].content)) :
      toset(keys(jsondecode(line))) == toset(aws_glue_catalog_table.data["prices"].storage_descriptor[0].columns[*].name)
    ])
    error_message = "The keys of the rows must be the columns of the table."
  }
}

run "profile_rows" {
  command = plan

  assert {
    condition = aws_s3_object.table_data["profiles"].content == "${jsonencode({
      cost_center = "CC-1001"
      developer   = "alice"
      email       = "alice@example.com"
      geography   = "us"
      model_id    = "anthropic.claude-haiku-5-5"
      profile_id  = "abcdefghijkl"
      project     = null
      team        = "platform"
    })}\n"
    error_message = "A profile must be one line, with the geography that it was copied from."
  }

  assert {
    condition     = toset(keys(jsondecode(aws_s3_object.table_data["profiles"].content))) == toset(aws_glue_catalog_table.data["profiles"].storage_descriptor[0].columns[*].name)
    error_message = "The keys of the rows must be the columns of the table."
  }

  assert {
    condition = alltrue([
      for key, table in aws_glue_catalog_table.data :
      "${table.storage_descriptor[0].location}rows.jsonl" == "s3://${aws_s3_object.table_data[key].bucket}/${aws_s3_object.table_data[key].key}"
    ])
    error_message = "Each table must lie over its own object."
  }

  assert {
    condition     = length(distinct([for table in aws_glue_catalog_table.data : table.storage_descriptor[0].location])) == 2
    error_message = "Athena reads everything below a location: two tables must not share one."
  }
}

run "no_profiles" {
  command = plan

  variables {
    profiles = {}
  }

  assert {
    condition     = aws_s3_object.table_data["profiles"].content == ""
    error_message = "Without profiles the table must exist and be empty."
  }
}

run "results_bucket" {
  command = plan

  assert {
    condition     = aws_s3_bucket_ownership_controls.results.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs must be off."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.results.block_public_acls,
      aws_s3_bucket_public_access_block.results.block_public_policy,
      aws_s3_bucket_public_access_block.results.ignore_public_acls,
      aws_s3_bucket_public_access_block.results.restrict_public_buckets,
    ])
    error_message = "Public access must be blocked in all four ways."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.results.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"
    error_message = "Without a key, S3 encrypts with its own."
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.results.rule) == 1 && aws_s3_bucket_lifecycle_configuration.results.rule[0].filter[0].prefix == "results/"
    error_message = "Nothing but query results may expire: the tables' data have no other copy."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.results.rule[0].expiration[0].days == 30
    error_message = "Results must expire after results_expiration_days."
  }

  assert {
    condition = (
      aws_s3_bucket_lifecycle_configuration.results.rule[0].noncurrent_version_expiration[0].noncurrent_days == 1
      && aws_s3_bucket_lifecycle_configuration.results.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 1
    )
    error_message = "Old versions and abandoned uploads must go as well."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.results.policy) == { Version = "2012-10-17", Statement = [] }
    error_message = "The policy must be the one passed in."
  }
}

run "workgroup" {
  command = plan

  assert {
    condition = (
      aws_athena_workgroup.logs.configuration[0].enforce_workgroup_configuration
      && aws_athena_workgroup.logs.configuration[0].bytes_scanned_cutoff_per_query == 107374182400
    )
    error_message = "Clients must not be able to lift the scan limit."
  }

  assert {
    condition     = aws_athena_workgroup.logs.configuration[0].result_configuration[0].output_location == "s3://claude-code-athena-123456789012-us-east-1/results/"
    error_message = "Results must lie under the prefix that expires."
  }

  assert {
    condition     = aws_athena_workgroup.logs.configuration[0].result_configuration[0].expected_bucket_owner == "123456789012"
    error_message = "Results must not go to a bucket of another account."
  }

  assert {
    condition     = aws_athena_workgroup.logs.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_S3"
    error_message = "Results must be encrypted."
  }

  assert {
    condition     = aws_athena_workgroup.logs.configuration[0].engine_version[0].selected_engine_version == "Athena engine version 3"
    error_message = "The queries are written for Athena engine version 3."
  }
}

run "kms_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.results.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
      && one(aws_s3_bucket_server_side_encryption_configuration.results.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
      && one(aws_s3_bucket_server_side_encryption_configuration.results.rule).bucket_key_enabled
    )
    error_message = "The bucket must use the key, with bucket keys to keep KMS calls few."
  }

  assert {
    condition = (
      aws_athena_workgroup.logs.configuration[0].result_configuration[0].encryption_configuration[0].encryption_option == "SSE_KMS"
      && aws_athena_workgroup.logs.configuration[0].result_configuration[0].encryption_configuration[0].kms_key_arn == var.kms_key_arn
    )
    error_message = "Results must use the key."
  }
}

run "named_queries" {
  command = plan

  assert {
    condition = toset(keys(aws_athena_named_query.logs)) == toset([
      "daily-cost-per-developer",
      "weekly-cost-per-developer",
      "monthly-cost-per-developer",
      "monthly-cost-per-team",
      "unpriced-or-unattributed",
      "recent-invocations",
    ])
    error_message = "The names of the queries are part of the module's interface."
  }

  assert {
    condition     = alltrue([for query in aws_athena_named_query.logs : strcontains(query.query, "FROM \"claude_code_bedrock_logs\".\"invocation_logs\"")])
    error_message = "Every query must name the database and table of the logs."
  }

  # A query without the bound reads every log there is; one without the others counts prompts as calls.
  assert {
    condition = alltrue(flatten([
      for query in aws_athena_named_query.logs : [
        for filter in ["datehour >= date_format(", "schematype = 'ModelInvocationLog'", "\"$path\" NOT LIKE '%/BedrockModelInvocationLogs/%/data/%'"] :
        strcontains(query.query, filter)
      ]
    ]))
    error_message = "Every query must bound the partitions, and exclude what is no record."
  }

  assert {
    condition     = alltrue([for query in aws_athena_named_query.logs : !strcontains(query.query, "$${") && length(query.query) < 20000])
    error_message = "No query may contain an unfilled placeholder, or grow with the number of models or profiles."
  }
}

run "global_geography" {
  command = plan

  variables {
    geography = "global"
  }

  assert {
    condition     = strcontains(aws_athena_named_query.logs["daily-cost-per-developer"].query, "CAST(NULL AS varchar)")
    error_message = "A call of the bare model must not be priced as a global one."
  }
}

run "people_and_other_callers" {
  command = plan

  assert {
    condition     = strcontains(aws_athena_named_query.logs["daily-cost-per-developer"].query, "'^arn:aws[a-z-]*:sts::123456789012:assumed-role/(?:AWSReservedSSO_claude-code-developer_[0-9a-f]{16}|claude-code-admin)/(.+)$'")
    error_message = "Only sessions of the deployment's own roles may be shown by their session name."
  }
}
