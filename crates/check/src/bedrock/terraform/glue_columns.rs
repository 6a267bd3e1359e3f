//! `bedrock-log-columns`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::ast::{Block, Span};
use terraform::module::FileId;
use terraform::value::Value;

use crate::look::{Look, stands_for};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-log-columns",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "Token counts of invocation logs as columns at the top level.",
    page: r##"## What it finds

A Glue table over JSON with the columns of invocation logs, and token counts among them: `inputtokencount`,
`outputtokencount`, `cachereadinputtokencount`, `cachewriteinputtokencount`.

## Why it matters

In a record the counts stand below `input` and `output`. A column at the top level is always NULL, and every sum over it is
empty, which looks as if there had been no usage.

## Bad

```hcl main.tf
resource "aws_glue_catalog_table" "logs" {
  name          = "invocations"
  database_name = "claude"

  storage_descriptor {
    location = "s3://logs/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
    columns {
      name = "modelid"
      type = "string"
    }
    columns {
      name = "inputtokencount" # <- here
      type = "bigint"
    }
  }
}
```

## Good

```hcl main.tf
resource "aws_glue_catalog_table" "logs" {
  name          = "invocations"
  database_name = "claude"

  storage_descriptor {
    location = "s3://logs/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
    columns {
      name = "modelid"
      type = "string"
    }
    columns {
      name = "input"
      type = "struct<inputtokencount:bigint,cachereadinputtokencount:bigint,cachewriteinputtokencount:bigint>"
    }
    columns {
      name = "output"
      type = "struct<outputtokencount:bigint>"
    }
  }
}
```

## How to fix it

Declare the columns `input` and `output` as structs that hold the counts, and read `input.inputtokencount`.

## Source

[Monitor model invocation](https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html)
"##,
};

/// Columns of a record that nothing else has.
const OF_RECORDS: [&str; 5] = ["schematype", "schemaversion", "modelid", "requestid", "inferenceregion"];

const COUNTS: [(&str, &str); 4] = [
    ("inputtokencount", "input"),
    ("cachereadinputtokencount", "input"),
    ("cachewriteinputtokencount", "input"),
    ("outputtokencount", "output"),
];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for table in look.resources("aws_glue_catalog_table") {
        for (file, storage) in table.view.blocks_of("storage_descriptor") {
            if !is_json(look, storage) {
                continue;
            }
            let columns = columns(look, file, storage);
            if !columns.iter().any(|(name, _)| OF_RECORDS.contains(&name.as_str())) {
                continue;
            }
            for (name, span) in &columns {
                let Some((_, parent)) = COUNTS.iter().find(|(count, _)| count == name) else {
                    continue;
                };
                let message = format!("the column `{name}` is always NULL: in a record it stands below `{parent}`");
                found.push(look.finding(&RULE, file, span, message).help(format!(
                    "declare `{parent}` as `struct<…,{name}:bigint>` and read `{parent}.{name}`"
                )));
            }
        }
    }
}

/// Whether a table's rows are JSON.
pub(super) fn is_json(look: &Look<'_, '_>, storage: &Block) -> bool {
    storage
        .body
        .blocks_of("ser_de_info")
        .filter_map(|block| block.body.attribute("serialization_library"))
        .filter_map(|library| look.text(&library.value))
        .any(|library| library.to_ascii_lowercase().contains("json"))
}

/// Names of the columns in lower case, as Glue keeps them, with their places.
pub(super) fn columns(look: &Look<'_, '_>, _file: FileId, storage: &Block) -> Vec<(String, Span)> {
    let mut columns = Vec::new();
    for block in storage.body.blocks().filter(|block| stands_for(block) == "columns") {
        if block.kind.text != "dynamic" {
            if let Some(name) = block.body.attribute("name")
                && let Some(text) = look.text(&name.value)
            {
                columns.push((text.to_ascii_lowercase(), name.value.span.clone()));
            }
            continue;
        }
        let Some(each) = block.body.attribute("for_each") else {
            continue;
        };
        let mut add = |name: &str| columns.push((name.to_ascii_lowercase(), each.value.span.clone()));
        match look.value(&each.value) {
            Value::List(_, elements) | Value::Set(_, elements) | Value::Tuple(elements) => {
                for element in &elements {
                    if let Value::Object(members) | Value::Map(_, members) = element
                        && let Some(name) = members.get("name").and_then(Value::as_str)
                    {
                        add(name);
                    }
                }
            }
            Value::Object(members) | Value::Map(_, members) => members.keys().for_each(|name| add(name)),
            _ => {}
        }
    }
    columns
}
