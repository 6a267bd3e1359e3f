locals {
  json_serde = "org.openx.data.jsonserde.JsonSerDe"

  # Bedrock writes <prefix>/AWSLogs/<account>/BedrockModelInvocationLogs/<region>/YYYY/MM/DD/HH/<name>.json.gz, hours in UTC.
  log_location = "s3://${var.log_bucket_name}/${var.log_prefix}/AWSLogs/${var.account_id}/BedrockModelInvocationLogs/${var.region}/"

  # Column types of the log table. Bodies are left out: they are an object for some operations and an array for others,
  # so no struct fits, and no query here reads them.
  log_columns = [
    { name = "schematype", type = "string" },
    { name = "schemaversion", type = "string" },
    { name = "timestamp", type = "string" },
    { name = "accountid", type = "string" },
    { name = "region", type = "string" },
    { name = "requestid", type = "string" },
    { name = "operation", type = "string" },
    { name = "modelid", type = "string" },
    { name = "inferenceregion", type = "string" },
    { name = "errorcode", type = "string" },
    { name = "identity", type = "struct<arn:string>" },
    { name = "requestmetadata", type = "map<string,string>" },
    { name = "input", type = "struct<inputcontenttype:string,inputbodys3path:string,inputtokencount:bigint,cachereadinputtokencount:bigint,cachewriteinputtokencount:bigint>" },
    { name = "output", type = "struct<outputcontenttype:string,outputbodys3path:string,outputtokencount:bigint>" },
  ]

  # Names of the literal bucket, not of the resource, for the same reason as in log_bucket_name.
  table_data = {
    prices = {
      table       = var.price_table_name
      description = "USD per million tokens, by model, geography, day and size of the prompt"
      content     = join("", [for row in local.price_rows : "${jsonencode(row)}\n"])
      columns = [
        { name = "model_id", type = "string", comment = "Base model id" },
        { name = "model_key", type = "string", comment = "Key of the model in the deployment" },
        { name = "model_name", type = "string", comment = "Name of the model" },
        { name = "geography", type = "string", comment = "Prefix of the inference profile" },
        { name = "valid_from", type = "string", comment = "First day, YYYY-MM-DD" },
        { name = "valid_until", type = "string", comment = "First day on which newer prices hold; null: still valid" },
        { name = "from_input_tokens", type = "bigint", comment = "Smallest prompt, cached tokens counted" },
        { name = "up_to_input_tokens", type = "bigint", comment = "Largest prompt; null: any" },
        { name = "input_price", type = "double", comment = "Neither read from nor written to the cache; null: unknown" },
        { name = "output_price", type = "double", comment = "Null: unknown" },
        { name = "cache_read_price", type = "double", comment = "Null: unknown" },
        { name = "cache_write_5m_price", type = "double", comment = "Written for five minutes; null: unknown" },
        { name = "cache_write_1h_price", type = "double", comment = "Written for one hour; null: unknown" },
      ]
    }

    profiles = {
      table       = var.profile_table_name
      description = "What the random id of an application inference profile stands for"
      content     = join("", [for row in local.profile_rows : "${jsonencode(row)}\n"])
      columns = [
        { name = "profile_id", type = "string", comment = "Last segment of the profile's ARN" },
        { name = "model_id", type = "string", comment = "Base model id" },
        { name = "geography", type = "string", comment = "Prefix of the system profile that it was copied from" },
        { name = "developer", type = "string", comment = "Null: shared by several" },
        { name = "email", type = "string", comment = "Null: shared by several" },
        { name = "team", type = "string", comment = "Null: unknown" },
        { name = "project", type = "string", comment = "Null: unknown" },
        { name = "cost_center", type = "string", comment = "Null: unknown" },
      ]
    }
  }

  # First days of the price periods of each model and geography, ascending; ISO dates sort as text.
  price_period_starts = {
    for key, starts in { for price in var.prices : "${price.model_id}/${price.geography}" => price.valid_from... } : key => sort(distinct(starts))
  }

  # The ends of periods and tiers are computed here, where they are tested, instead of in each query.
  price_rows = [
    for price in var.prices : {
      model_id   = price.model_id
      model_key  = price.model_key
      model_name = price.model_name
      geography  = price.geography
      valid_from = price.valid_from

      valid_until = try(
        local.price_period_starts["${price.model_id}/${price.geography}"][index(local.price_period_starts["${price.model_id}/${price.geography}"], price.valid_from) + 1],
        null,
      )

      from_input_tokens = max(0, [
        for other in var.prices : other.up_to_input_tokens + 1
        if other.model_id == price.model_id
        && other.geography == price.geography
        && other.valid_from == price.valid_from
        && other.up_to_input_tokens != null
        && (price.up_to_input_tokens == null || coalesce(other.up_to_input_tokens, 0) < coalesce(price.up_to_input_tokens, 0))
      ]...)

      up_to_input_tokens   = price.up_to_input_tokens
      input_price          = price.input
      output_price         = price.output
      cache_read_price     = price.cache_read
      cache_write_5m_price = price.cache_write_5m
      cache_write_1h_price = price.cache_write_1h
    }
  ]

  profile_rows = [
    for profile in var.profiles : {
      profile_id  = profile.profile_id
      model_id    = profile.model_id
      geography   = coalesce(profile.geography, var.geography)
      developer   = profile.developer
      email       = profile.email
      team        = profile.team
      project     = profile.project
      cost_center = profile.cost_center
    }
  ]
}

resource "aws_glue_catalog_table" "logs" {
  name          = var.log_table_name
  database_name = aws_glue_catalog_database.logs.name
  description   = "Model invocation logs, one row per call"
  table_type    = "EXTERNAL_TABLE"

  # Partitions are computed, never added: no crawler, and a query that names its hours reads only theirs.
  parameters = {
    "EXTERNAL"                          = "TRUE"
    "classification"                    = "json"
    "compressionType"                   = "gzip"
    "projection.enabled"                = "true"
    "projection.datehour.type"          = "date"
    "projection.datehour.format"        = "yyyy/MM/dd/HH"
    "projection.datehour.range"         = "NOW-${var.lookback_days}DAYS,NOW"
    "projection.datehour.interval"      = "1"
    "projection.datehour.interval.unit" = "HOURS"
    "storage.location.template"         = "${local.log_location}$${datehour}/"
  }

  partition_keys {
    name    = "datehour"
    type    = "string"
    comment = "Hour of delivery in UTC, yyyy/MM/dd/HH"
  }

  storage_descriptor {
    location      = local.log_location
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = local.json_serde
    }

    dynamic "columns" {
      for_each = local.log_columns

      content {
        name = columns.value.name
        type = columns.value.type
      }
    }
  }
}

resource "aws_glue_catalog_table" "data" {
  for_each = local.table_data

  name          = each.value.table
  database_name = aws_glue_catalog_database.logs.name
  description   = each.value.description
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    "EXTERNAL"       = "TRUE"
    "classification" = "json"
  }

  storage_descriptor {
    location      = "s3://${var.results_bucket_name}/tables/${each.value.table}/"
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = local.json_serde
    }

    dynamic "columns" {
      for_each = each.value.columns

      content {
        name    = columns.value.name
        type    = columns.value.type
        comment = columns.value.comment
      }
    }
  }
}

resource "aws_s3_object" "table_data" {
  for_each = local.table_data

  bucket       = aws_s3_bucket.results.bucket
  key          = "tables/${each.value.table}/rows.jsonl"
  content      = each.value.content
  content_type = "application/x-ndjson"

  # An object keeps the encryption that it was written with.
  depends_on = [aws_s3_bucket_server_side_encryption_configuration.results]
}
