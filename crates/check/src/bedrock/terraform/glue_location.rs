//! `bedrock-log-location`

use super::glue_columns::{columns, is_json};
use crate::look::Look;
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-log-location",
    family: Family::Bedrock,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "A table over all invocation logs at once, without partitions.",
    page: r##"## What it finds

A Glue table over JSON with columns of invocation logs, that has neither `partition_keys` nor partition projection.

## Why it matters

Each query then reads every object below the location, of all times, and is paid by the amount. Among them are the large
bodies under `data/` and the object `amazon-bedrock-logs-permission-check`, which are no records.

## Bad

```hcl main.tf
resource "aws_glue_catalog_table" "logs" { # <- here
  name          = "invocations"
  database_name = "claude"

  storage_descriptor {
    location = "s3://logs/AWSLogs/"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
    columns {
      name = "schematype"
      type = "string"
    }
    columns {
      name = "modelid"
      type = "string"
    }
  }
}
```

## Good

```hcl main.tf
resource "aws_glue_catalog_table" "logs" {
  name          = "invocations"
  database_name = "claude"

  parameters = {
    "projection.enabled"                = "true"
    "projection.datehour.type"          = "date"
    "projection.datehour.format"        = "yyyy/MM/dd/HH"
    "projection.datehour.range"         = "2026/01/01/00,NOW"
    "projection.datehour.interval"      = "1"
    "projection.datehour.interval.unit" = "HOURS"
    "storage.location.template"         = "s3://logs/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/$${datehour}/"
  }
  partition_keys {
    name = "datehour"
    type = "string"
  }

  storage_descriptor {
    location = "s3://logs/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
    columns {
      name = "schematype"
      type = "string"
    }
    columns {
      name = "modelid"
      type = "string"
    }
  }
}
```

## How to fix it

Add a partition key for the hour with partition projection, bound it in every query, and leave out what is no record:
`WHERE "$path" NOT LIKE '%/data/%'`.

## Source

[Partition projection](https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html)
"##,
};

/// Where Bedrock puts its records.
const FOLDER: &str = "BedrockModelInvocationLogs";

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for table in look.resources("aws_glue_catalog_table") {
        if table.has("partition_keys") {
            continue;
        }
        let of_logs = table
            .view
            .blocks_of("storage_descriptor")
            .into_iter()
            .any(|(file, storage)| {
                let location = storage
                    .body
                    .attribute("location")
                    .and_then(|location| look.text(&location.value))
                    .is_some_and(|location| location.contains(FOLDER));
                let columns = columns(look, file, storage);
                let has = |wanted: &str| columns.iter().any(|(name, _)| name == wanted);
                is_json(look, storage) && (location || has("schematype") || (has("modelid") && has("requestid")))
            });
        if of_logs {
            let (file, span) = table.header();
            let message =
                "the table has no partitions: every query reads all invocation logs, and objects that are no records";
            found.push(
                look.finding(&RULE, file, &span, message)
                    .help("add a partition key for the hour with partition projection"),
            );
        }
    }
}
