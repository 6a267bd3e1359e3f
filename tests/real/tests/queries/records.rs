//! Log records, and the S3 keys under which Bedrock delivers them.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

/// The account whose calls are logged.
pub const ACCOUNT: &str = "123456789012";
/// The bucket of the logs.
pub const LOG_BUCKET: &str = "claude-code-logs-123456789012-us-east-1";
/// Below it, one folder per hour.
pub const LOG_ROOT: &str = "invocations/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1";

/// One record of the model invocation log.
#[derive(Clone)]
pub struct Call {
    record: Value,
    folder: String,
}

impl Call {
    /// A streaming call at `timestamp`, delivered in the same hour, with counts for uncached input and output.
    pub fn new(timestamp: &str, caller: &str, model: &str, input: u64, output: u64) -> Self {
        let record = json!({
            "schemaType": "ModelInvocationLog",
            "schemaVersion": "1.0",
            "timestamp": timestamp,
            "accountId": ACCOUNT,
            "region": "us-east-1",
            "requestId": format!("{timestamp}-{caller}-{model}-{input}"),
            "operation": "InvokeModelWithResponseStream",
            "modelId": model,
            "inferenceRegion": "us-west-2",
            "identity": { "arn": caller },
            "input": {
                "inputContentType": "application/json",
                "inputBodyJson": { "messages": [{ "role": "user", "content": "hi" }] },
                "inputTokenCount": input,
            },
            "output": {
                "outputContentType": "application/json",
                "outputBodyJson": [{ "type": "message_start" }, { "type": "message_stop" }],
                "outputTokenCount": output,
            },
        });
        Self {
            record,
            folder: timestamp[..13].replace(['-', 'T'], "/"),
        }
    }

    /// Adds the counts of the prompt cache.
    pub fn cached(mut self, read: u64, write: u64) -> Self {
        self.record["input"]["cacheReadInputTokenCount"] = json!(read);
        self.record["input"]["cacheWriteInputTokenCount"] = json!(write);
        self
    }

    /// Sets a top-level field.
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.record[field] = value;
        self
    }

    /// Removes every token count.
    pub fn without_counts(mut self) -> Self {
        for side in ["input", "output"] {
            let fields: Map<String, Value> = self.record[side]
                .as_object()
                .expect("an object")
                .iter()
                .filter(|(name, _)| !name.ends_with("TokenCount"))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            self.record[side] = Value::Object(fields);
        }
        self
    }

    /// Delivers the record in the folder of another hour, `YYYY/MM/DD/HH`.
    pub fn delivered(mut self, folder: &str) -> Self {
        self.folder = folder.to_owned();
        self
    }
}

/// Writes the records as Bedrock does: one gzip object per hour, many lines each.
pub fn deliver(storage: &Path, calls: &[Call]) {
    let mut folders: Vec<&str> = calls.iter().map(|call| call.folder.as_str()).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let lines: Vec<&Value> = calls
            .iter()
            .filter(|call| call.folder == folder)
            .map(|call| &call.record)
            .collect();
        put_gz(
            storage,
            &format!("{folder}/20260318T000000000Z_0123456789abcdef.json.gz"),
            &lines,
        );
    }
}

/// Writes what else lies between the logs: bodies of large prompts and the object of the permission check.
pub fn deliver_other_objects(storage: &Path, large: &Call) {
    put_gz(
        storage,
        "2026/03/17/10/data/2f0a_input.json.gz",
        &[&json!({ "anthropic_version": "bedrock-2023-05-31", "messages": [] })],
    );
    // A prompt may be any JSON, also a record of this very log.
    put_gz(storage, "2026/03/17/10/data/2f0b_input.json.gz", &[&large.record]);
    put(
        storage,
        &format!("{LOG_BUCKET}/{LOG_ROOT}/amazon-bedrock-logs-permission-check"),
        b"Permission check",
    );
}

/// Writes an object; `path` begins with the bucket.
pub fn put(storage: &Path, path: &str, content: &[u8]) {
    let path = storage.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is created");
    fs::write(path, content).expect("the object is written");
}

fn put_gz(storage: &Path, key: &str, lines: &[&Value]) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines {
        writeln!(encoder, "{line}").expect("a line is written");
    }
    let content = encoder.finish().expect("gzip ends");
    put(storage, &format!("{LOG_BUCKET}/{LOG_ROOT}/{key}"), &content);
}
