//! The table of the log and the workgroup: whether Athena reads what Bedrock writes.

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_sdk_athena::types::{WorkGroup, WorkGroupState};
use aws_sdk_glue::types::{Column, Table};

use super::check;
use crate::aws::Trouble;
use crate::aws::operations::analytics::{GET_TABLE, GET_WORK_GROUP};
use crate::deployment::model::{Analytics, Deployment, Logging};
use crate::verify::check::{Check, From};
use crate::verify::next::APPLY_WORKLOAD;
use crate::verify::probe::{Probe, Seen};

const STEP: &str = "attribution-query";
/// The check of the table.
pub const TABLE: &str = "attribution-table";
/// The check of the workgroup.
pub const WORKGROUP: &str = "attribution-workgroup";

/// Columns of the table of the log, as terraform/modules/analytics makes it; a test compares the two.
const COLUMNS: [(&str, &str); 14] = [
    ("schematype", "string"),
    ("schemaversion", "string"),
    ("timestamp", "string"),
    ("accountid", "string"),
    ("region", "string"),
    ("requestid", "string"),
    ("operation", "string"),
    ("modelid", "string"),
    ("inferenceregion", "string"),
    ("errorcode", "string"),
    ("identity", "struct<arn:string>"),
    ("requestmetadata", "map<string,string>"),
    (
        "input",
        "struct<inputcontenttype:string,inputbodys3path:string,inputtokencount:bigint,cachereadinputtokencount:bigint,\
         cachewriteinputtokencount:bigint>",
    ),
    (
        "output",
        "struct<outputcontenttype:string,outputbodys3path:string,outputtokencount:bigint>",
    ),
];

/// What decides how Athena reads a table, under names for people.
type Shape = BTreeMap<String, String>;

/// The table of the log as it must be.
fn wanted_table(deployment: &Deployment, logging: &Logging) -> Shape {
    let names = &deployment.names;
    let location = format!(
        "s3://{}/{}/AWSLogs/{}/BedrockModelInvocationLogs/{}/",
        names.log_bucket, names.log_prefix, deployment.account_id, deployment.region
    );
    let parameters = [
        ("EXTERNAL", "TRUE".to_owned()),
        ("classification", "json".to_owned()),
        ("compressionType", "gzip".to_owned()),
        ("projection.enabled", "true".to_owned()),
        ("projection.datehour.type", "date".to_owned()),
        ("projection.datehour.format", "yyyy/MM/dd/HH".to_owned()),
        (
            "projection.datehour.range",
            format!("NOW-{}DAYS,NOW", logging.expiration_days),
        ),
        ("projection.datehour.interval", "1".to_owned()),
        ("projection.datehour.interval.unit", "HOURS".to_owned()),
        ("storage.location.template", format!("{location}${{datehour}}/")),
    ];
    let mut shape = Shape::from([
        ("table type".to_owned(), "EXTERNAL_TABLE".to_owned()),
        ("location".to_owned(), location),
        (
            "input format".to_owned(),
            "org.apache.hadoop.mapred.TextInputFormat".to_owned(),
        ),
        (
            "output format".to_owned(),
            "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat".to_owned(),
        ),
        ("SerDe".to_owned(), "org.openx.data.jsonserde.JsonSerDe".to_owned()),
        ("partition key datehour".to_owned(), "string".to_owned()),
    ]);
    shape.extend(COLUMNS.map(|(name, kind)| (format!("column {name}"), kind.to_owned())));
    shape.extend(parameters.map(|(name, value)| (format!("parameter {name}"), value)));
    shape
}

/// A table as Glue has it. Of its parameters those alone that `wanted` has and those of the projection: Glue adds others.
fn found_table(table: &Table, wanted: &Shape) -> Shape {
    let storage = table.storage_descriptor();
    let text = |value: Option<&str>| value.unwrap_or("none").to_owned();
    let mut shape = Shape::from([
        ("table type".to_owned(), text(table.table_type())),
        (
            "location".to_owned(),
            text(storage.and_then(|storage| storage.location())),
        ),
        (
            "input format".to_owned(),
            text(storage.and_then(|storage| storage.input_format())),
        ),
        (
            "output format".to_owned(),
            text(storage.and_then(|storage| storage.output_format())),
        ),
        (
            "SerDe".to_owned(),
            text(storage.and_then(|storage| storage.serde_info()?.serialization_library())),
        ),
    ]);
    let typed = |kind: &str, column: &Column| {
        let name = format!("{kind} {}", column.name().to_lowercase());
        let of_type: String = column.r#type().unwrap_or("none").split_whitespace().collect();
        (name, of_type.to_lowercase())
    };
    let columns = storage.map(|storage| storage.columns()).unwrap_or_default();
    shape.extend(columns.iter().map(|column| typed("column", column)));
    shape.extend(
        table
            .partition_keys()
            .iter()
            .map(|column| typed("partition key", column)),
    );
    let parameters = table.parameters().into_iter().flatten();
    shape.extend(
        parameters
            .map(|(name, value)| (format!("parameter {name}"), value.clone()))
            .filter(|(name, _)| wanted.contains_key(name) || name.starts_with("parameter projection.")),
    );
    shape
}

/// What differs, for people.
fn differences(found: &Shape, wanted: &Shape) -> Vec<String> {
    let lacking = wanted.iter().filter_map(|(name, value)| match found.get(name) {
        Some(other) if other == value => None,
        Some(other) => Some(format!("{name} is {other} instead of {value}")),
        None => Some(format!("there is no {name} ({value})")),
    });
    let extra = found
        .iter()
        .filter(|(name, _)| !wanted.contains_key(*name))
        .map(|(name, value)| format!("there is another {name} ({value})"));
    lacking.chain(extra).collect()
}

pub fn checks(deployment: &Deployment, analytics: &Analytics, logging: &Logging) -> [Check; 2] {
    [table(deployment, logging), workgroup(deployment, analytics, logging)]
}

fn table(deployment: &Deployment, logging: &Logging) -> Check {
    let (database, name) = (deployment.names.database.clone(), deployment.names.log_table.clone());
    let wanted = Rc::new(wanted_table(deployment, logging));
    check(TABLE, STEP, From::Workload, "The table of the log is as rendered")
        .expects(format!(
            "{database}.{name} with the columns, the partitions and the location that terraform/modules/analytics gives it"
        ))
        .calls(&[&GET_TABLE])
        .looks(move |probe| {
            let (database, name, wanted) = (database.clone(), name.clone(), Rc::clone(&wanted));
            async move {
                let region = probe.region().to_owned();
                let answer = probe
                    .call(&GET_TABLE, |account| {
                        account.glue(&region).get_table().database_name(&database).name(&name).send()
                    })
                    .await;
                let table = match answer {
                    Ok(answer) => answer.table,
                    Err(trouble) if trouble.is("EntityNotFoundException") => {
                        return Ok(Seen::fail(format!("there is no table {database}.{name}")).next(APPLY_WORKLOAD));
                    }
                    Err(trouble) => return Err(trouble),
                };
                let Some(table) = table else {
                    return Ok(Seen::unknown("AWS's answer has no table"));
                };
                let differences = differences(&found_table(&table, &wanted), &wanted);
                Ok(match differences.as_slice() {
                    [] => Seen::pass(format!(
                        "{database}.{name}: {} columns, partitioned by hour, at {}",
                        COLUMNS.len(),
                        wanted.get("location").map_or("", String::as_str)
                    )),
                    differences => Seen::fail(differences.join("; ")).next(APPLY_WORKLOAD),
                })
            }
        })
}

fn wanted_workgroup(deployment: &Deployment, analytics: &Analytics, logging: &Logging) -> Shape {
    let mut shape = Shape::from([
        ("state".to_owned(), WorkGroupState::Enabled.as_str().to_owned()),
        ("enforced".to_owned(), "true".to_owned()),
        ("scan limit in bytes".to_owned(), analytics.scan_limit_bytes.to_string()),
        (
            "place of results".to_owned(),
            format!("s3://{}/results/", deployment.names.results_bucket),
        ),
        ("owner of the bucket".to_owned(), deployment.account_id.clone()),
        (
            "encryption".to_owned(),
            match logging.kms_key_arn {
                Some(_) => "SSE_KMS".to_owned(),
                None => "SSE_S3".to_owned(),
            },
        ),
    ]);
    shape.extend(logging.kms_key_arn.clone().map(|key| ("key".to_owned(), key)));
    shape
}

fn found_workgroup(group: &WorkGroup) -> Shape {
    let configuration = group.configuration();
    let result = configuration.and_then(|configuration| configuration.result_configuration());
    let encryption = result.and_then(|result| result.encryption_configuration());
    let text = |value: Option<&str>| value.unwrap_or("none").to_owned();
    let mut shape = Shape::from([
        ("state".to_owned(), text(group.state().map(WorkGroupState::as_str))),
        (
            "enforced".to_owned(),
            configuration
                .and_then(|configuration| configuration.enforce_work_group_configuration())
                .map_or("none".to_owned(), |enforced| enforced.to_string()),
        ),
        (
            "scan limit in bytes".to_owned(),
            configuration
                .and_then(|configuration| configuration.bytes_scanned_cutoff_per_query())
                .map_or("none".to_owned(), |limit| limit.to_string()),
        ),
        (
            "place of results".to_owned(),
            text(result.and_then(|result| result.output_location())),
        ),
        (
            "owner of the bucket".to_owned(),
            text(result.and_then(|result| result.expected_bucket_owner())),
        ),
        (
            "encryption".to_owned(),
            text(encryption.map(|encryption| encryption.encryption_option().as_str())),
        ),
    ]);
    let key = encryption.and_then(|encryption| encryption.kms_key());
    shape.extend(key.map(|key| ("key".to_owned(), key.to_owned())));
    shape
}

fn workgroup(deployment: &Deployment, analytics: &Analytics, logging: &Logging) -> Check {
    let name = deployment.names.workgroup.clone();
    let wanted = Rc::new(wanted_workgroup(deployment, analytics, logging));
    let expected: Vec<String> = wanted.iter().map(|(name, value)| format!("{name} {value}")).collect();
    check(
        WORKGROUP,
        STEP,
        From::Workload,
        "The workgroup is enabled and enforces its limits",
    )
    .expects(format!("{name}: {}", expected.join(", ")))
    .calls(&[&GET_WORK_GROUP])
    .looks(move |probe| {
        let (name, wanted) = (name.clone(), Rc::clone(&wanted));
        async move { look(&probe, &name, &wanted).await }
    })
}

async fn look(probe: &Probe, name: &str, wanted: &Shape) -> Result<Seen, Trouble> {
    let region = probe.region().to_owned();
    let answer = probe
        .call(&GET_WORK_GROUP, |account| {
            account.athena(&region).get_work_group().work_group(name).send()
        })
        .await;
    let group = match answer {
        Ok(answer) => answer.work_group,
        // Athena has no code of its own for what is not there.
        Err(trouble) if trouble.is("InvalidRequestException") && trouble.message.contains("not found") => {
            return Ok(Seen::fail(format!("there is no workgroup {name}")).next(APPLY_WORKLOAD));
        }
        Err(trouble) => return Err(trouble),
    };
    let Some(group) = group else {
        return Ok(Seen::unknown("AWS's answer has no workgroup"));
    };
    let differences = differences(&found_workgroup(&group), wanted);
    Ok(match differences.as_slice() {
        [] => Seen::pass(format!("{name} is as rendered")),
        differences => Seen::fail(format!("{name}: {}", differences.join("; "))).next(APPLY_WORKLOAD),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aws_sdk_glue::types::{SerDeInfo, StorageDescriptor};
    use hcl::eval::{Context, Evaluate as _};
    use hcl::{Body, Expression, Value};

    use super::*;
    use crate::onboard::fixtures;

    /// The module's file, as far as it says what the table is.
    fn module() -> Body {
        let text = include_str!("../../../terraform/modules/analytics/tables.tf");
        hcl::parse(text).unwrap()
    }

    fn block<'b>(body: &'b Body, identifier: &str, labels: &[&str]) -> &'b Body {
        let found = body.blocks().find(|block| {
            block.identifier() == identifier
                && block
                    .labels()
                    .iter()
                    .map(|label| label.as_str())
                    .eq(labels.iter().copied())
        });
        found.unwrap().body()
    }

    fn attribute<'b>(body: &'b Body, name: &str) -> &'b Expression {
        let found = body.attributes().find(|attribute| attribute.key() == name);
        found.unwrap().expr()
    }

    fn evaluated(expression: &Expression, context: &Context<'_>) -> Value {
        expression.evaluate(context).unwrap()
    }

    fn text(value: &Value) -> String {
        value.as_str().unwrap().to_owned()
    }

    /// The table that the module makes of the deployment, by the module's own expressions.
    fn of_module(deployment: &Deployment, logging: &Logging) -> Shape {
        let names = &deployment.names;
        let mut context = Context::new();
        context.declare_var(
            "var",
            hcl::value!({
                "log_bucket_name" = (names.log_bucket.as_str())
                "log_prefix" = (names.log_prefix.as_str())
                "account_id" = (deployment.account_id.as_str())
                "region" = (deployment.region.as_str())
                "lookback_days" = (logging.expiration_days)
            }),
        );
        let body = module();
        let locals = block(&body, "locals", &[]);
        let location = evaluated(attribute(locals, "log_location"), &context);
        let serde = evaluated(attribute(locals, "json_serde"), &context);
        let columns = evaluated(attribute(locals, "log_columns"), &context);
        context.declare_var(
            "local",
            hcl::value!({ "log_location" = (location), "json_serde" = (serde) }),
        );
        let table = block(&body, "resource", &["aws_glue_catalog_table", "logs"]);
        let storage = block(table, "storage_descriptor", &[]);
        let of = |body: &Body, name: &str| text(&evaluated(attribute(body, name), &context));
        let mut shape = Shape::from([
            ("table type".to_owned(), of(table, "table_type")),
            ("location".to_owned(), of(storage, "location")),
            ("input format".to_owned(), of(storage, "input_format")),
            ("output format".to_owned(), of(storage, "output_format")),
            (
                "SerDe".to_owned(),
                of(block(storage, "ser_de_info", &[]), "serialization_library"),
            ),
        ]);
        let key = block(table, "partition_keys", &[]);
        shape.insert(format!("partition key {}", of(key, "name")), of(key, "type"));
        for column in columns.as_array().unwrap() {
            let column = column.as_object().unwrap();
            shape.insert(format!("column {}", text(&column["name"])), text(&column["type"]));
        }
        for (name, value) in evaluated(attribute(table, "parameters"), &context).as_object().unwrap() {
            shape.insert(format!("parameter {name}"), text(value));
        }
        shape
    }

    #[test]
    fn the_table_is_that_of_the_module() {
        let deployment = fixtures::identity_center();
        let logging = deployment.logging.as_ref().unwrap();
        assert_eq!(wanted_table(&deployment, logging), of_module(&deployment, logging));
    }

    fn column(name: &str, kind: &str) -> Column {
        Column::builder().name(name).r#type(kind).build().unwrap()
    }

    fn made(wanted: &Shape, columns: &[(&str, &str)], extra: &[(&str, &str)]) -> Table {
        let parameter =
            |(name, value): (&String, &String)| Some((name.strip_prefix("parameter ")?.to_owned(), value.clone()));
        let mut parameters: std::collections::HashMap<String, String> = wanted.iter().filter_map(parameter).collect();
        parameters.extend(
            extra
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let storage = StorageDescriptor::builder()
            .location(&wanted["location"])
            .input_format(&wanted["input format"])
            .output_format(&wanted["output format"])
            .serde_info(SerDeInfo::builder().serialization_library(&wanted["SerDe"]).build())
            .set_columns(Some(columns.iter().map(|(name, kind)| column(name, kind)).collect()))
            .build();
        Table::builder()
            .name("t")
            .table_type("EXTERNAL_TABLE")
            .partition_keys(column("datehour", "string"))
            .storage_descriptor(storage)
            .set_parameters(Some(parameters))
            .build()
            .unwrap()
    }

    /// Facts §8, row 5: counts at the top level are null.
    #[test]
    fn columns_at_the_top_level_are_differences() {
        let deployment = fixtures::identity_center();
        let wanted = wanted_table(&deployment, deployment.logging.as_ref().unwrap());
        let compared = |table: &Table| differences(&found_table(table, &wanted), &wanted);
        // Glue's own parameters and the case of types are no differences.
        let same: Vec<(&str, String)> = COLUMNS
            .iter()
            .map(|(name, kind)| (*name, kind.to_uppercase()))
            .collect();
        let same: Vec<(&str, &str)> = same.iter().map(|(name, kind)| (*name, kind.as_str())).collect();
        let glue = [("transient_lastDdlTime", "1")];
        assert_eq!(compared(&made(&wanted, &same, &glue)), Vec::<String>::new());
        let mut flat: Vec<(&str, &str)> = COLUMNS.iter().copied().filter(|(name, _)| *name != "input").collect();
        flat.push(("inputtokencount", "bigint"));
        let found: BTreeSet<String> = compared(&made(&wanted, &flat, &[("projection.day.type", "date")]))
            .into_iter()
            .collect();
        assert!(
            found
                .iter()
                .any(|difference| difference.starts_with("there is no column input (struct<")),
            "{found:?}"
        );
        assert!(
            found.contains("there is another column inputtokencount (bigint)"),
            "{found:?}"
        );
        assert!(
            found.contains("there is another parameter projection.day.type (date)"),
            "{found:?}"
        );
        assert_eq!(found.len(), 3);
    }
}
