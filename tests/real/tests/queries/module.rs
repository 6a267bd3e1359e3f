//! The module `analytics` as Terraform and the real provider plan it.

use std::fs;
use std::path::Path;

use real::{paths, terraform};
use serde_json::{Map, Value, json};

/// What the plan says about one call of the module.
pub struct Planned {
    /// Glue tables, as values of the resource.
    pub tables: Vec<Value>,
    /// S3 objects: bucket and key, content.
    pub objects: Vec<(String, String)>,
    /// Text of the named queries by name.
    pub queries: Map<String, Value>,
}

/// Plans the module once per entry of `calls`: name of the call and the arguments in which it differs.
pub fn plan(directory: &Path, calls: &[(&str, Value)]) -> Vec<Planned> {
    let source = paths::repository().join("terraform/modules/analytics");
    let mut modules = Map::new();
    for (name, differing) in calls {
        let mut arguments = arguments();
        arguments["source"] = json!(source);
        for (key, value) in differing.as_object().expect("arguments") {
            arguments[key] = value.clone();
        }
        modules.insert((*name).to_owned(), arguments);
    }
    let root = json!({
        "provider": { "aws": {
            "region": "us-east-1",
            "access_key": "test",
            "secret_key": "test",
            "skip_credentials_validation": true,
            "skip_metadata_api_check": true,
            "skip_requesting_account_id": true,
        } },
        "module": modules,
    });
    fs::write(directory.join("main.tf.json"), root.to_string()).expect("the root is written");

    let run = |arguments: &[&str]| terraform::run(directory, arguments).expect("terraform succeeds");
    run(&["init", "-backend=false"]);
    run(&["plan", "-refresh=false", "-out=plan"]);
    let shown: Value = serde_json::from_str(&run(&["show", "-json", "plan"])).expect("JSON");

    calls
        .iter()
        .map(|(name, _)| {
            let address = format!("module.{name}");
            let module = shown["planned_values"]["root_module"]["child_modules"]
                .as_array()
                .expect("modules")
                .iter()
                .find(|module| module["address"] == *address)
                .expect("the module is planned");
            planned(module)
        })
        .collect()
}

fn planned(module: &Value) -> Planned {
    let resources = module["resources"].as_array().expect("resources");
    let values = |kind: &str| -> Vec<Value> {
        resources
            .iter()
            .filter(|resource| resource["type"] == kind)
            .map(|resource| resource["values"].clone())
            .collect()
    };
    let text = |value: &Value| value.as_str().expect("a known string").to_owned();
    Planned {
        tables: values("aws_glue_catalog_table"),
        objects: values("aws_s3_object")
            .iter()
            .map(|object| {
                (
                    format!("{}/{}", text(&object["bucket"]), text(&object["key"])),
                    text(&object["content"]),
                )
            })
            .collect(),
        queries: values("aws_athena_named_query")
            .iter()
            .map(|query| (text(&query["name"]), query["query"].clone()))
            .collect(),
    }
}

/// Arguments that all calls share.
fn arguments() -> Value {
    json!({
        "account_id": crate::records::ACCOUNT,
        "region": "us-east-1",
        "geography": "us",
        "session_roles": ["AWSReservedSSO_claude-code-developer_[0-9a-f]{16}", "claude-code-admin"],
        "database_name": "claude_code_bedrock_logs",
        "log_table_name": "invocation_logs",
        "price_table_name": "model_prices",
        "profile_table_name": "inference_profiles",
        "workgroup_name": "claude_code_bedrock_logs",
        "scan_limit_bytes": 10_737_418_240_u64,
        "log_bucket_name": crate::records::LOG_BUCKET,
        "log_prefix": "invocations",
        "lookback_days": 400,
        "results_bucket_name": "claude-code-athena-123456789012-us-east-1",
        "results_bucket_policy_json": r#"{"Version":"2012-10-17","Statement":[]}"#,
        "results_expiration_days": 30,
        "kms_key_arn": null,
    })
}
