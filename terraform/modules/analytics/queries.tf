locals {
  # Prefixes of inference profile ids; us-gov before us is not needed, since the dot must follow.
  geography_pattern = "^(us|eu|apac|jp|au|in|us-gov|global)\\."

  # Session of a role whose session names are people's; the first group is that name.
  person_pattern = "^arn:aws[a-z-]*:sts::${var.account_id}:assumed-role/(?:${join("|", var.session_roles)})/(.+)$"

  # Whether the profile says who called, as SQL.
  bound_pattern = "^arn:aws[a-z-]*:sts::${var.account_id}:assumed-role/(?:${join("|", var.bound_roles)})/.+$"
  is_bound      = length(var.bound_roles) == 0 ? "false" : "regexp_like(identity.arn, '${local.bound_pattern}')"

  sql_tables = {
    log_table     = "\"${var.database_name}\".\"${var.log_table_name}\""
    price_table   = "\"${var.database_name}\".\"${var.price_table_name}\""
    profile_table = "\"${var.database_name}\".\"${var.profile_table_name}\""
  }

  # A call of the bare model stays in its region and is priced like a geographic profile, never like a global one.
  in_region_geography = var.geography == "global" ? "CAST(NULL AS varchar)" : "'${var.geography}'"

  # First day of each query, as SQL; days are UTC, as in the log.
  queries = {
    daily-cost-per-developer = {
      description = "Cost and tokens per developer and day, last 30 days"
      since       = "date_add('day', -29, current_date)"
    }
    weekly-cost-per-developer = {
      description = "Cost and tokens per developer and week (from Monday), last 12 weeks"
      since       = "date_add('week', -11, date_trunc('week', current_date))"
    }
    monthly-cost-per-developer = {
      description = "Cost and tokens per developer and month, last 12 months"
      since       = "date_add('month', -11, date_trunc('month', current_date))"
    }
    monthly-cost-per-team = {
      description = "Cost and tokens per team, cost centre and month, last 12 months; only calls through application inference profiles have a team"
      since       = "date_add('month', -11, date_trunc('month', current_date))"
    }
    unpriced-or-unattributed = {
      description = "Calls of the last 30 days whose cost is unknown, that went past the application inference profiles or through somebody else's"
      since       = "date_add('day', -29, current_date)"
    }
    recent-invocations = {
      description = "The newest 100 calls of the last 7 days as logged: who, which model, token counts, error"
      since       = "date_add('day', -7, current_date)"
    }
  }

  query_texts = {
    for key, query in local.queries : key => templatefile("${path.module}/queries/${key}.sql.tftpl", merge(local.sql_tables, {
      since    = query.since
      measures = chomp(templatefile("${path.module}/queries/common/measures.sql.tftpl", {}))
      priced_calls = chomp(templatefile("${path.module}/queries/common/priced_calls.sql.tftpl", merge(local.sql_tables, {
        since               = query.since
        geography_pattern   = local.geography_pattern
        person_pattern      = local.person_pattern
        is_bound            = local.is_bound
        in_region_geography = local.in_region_geography
      })))
    }))
  }
}

resource "aws_athena_named_query" "logs" {
  for_each = local.queries

  name        = each.key
  description = each.value.description
  database    = aws_glue_catalog_database.logs.name
  workgroup   = aws_athena_workgroup.logs.id
  query       = local.query_texts[each.key]
}
