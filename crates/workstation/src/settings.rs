//! Claude Code's `settings.json`, as far as a rollout on Amazon Bedrock sets it.
//!
//! Source for the keys: <https://code.claude.com/docs/en/settings-reference>

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Address of the published JSON schema, which editors use for completion and validation.
pub const SCHEMA: &str = "https://json.schemastore.org/claude-code-settings.json";

/// A settings file. Keys that are not modelled here are kept, in their order, in [`Settings::other`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// `$schema`.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Shell command that renews expired AWS credentials by changing files under `~/.aws`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_auth_refresh: Option<String>,
    /// Environment variables of every session, in the order of the file.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub env: IndexMap<String, String>,
    /// Anthropic's model id → what is sent to the provider, such as an inference profile ARN.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub model_overrides: IndexMap<String, String>,
    /// Models that may be selected: families, version prefixes or full ids. An empty list blocks every named
    /// model, so it differs from an absent one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_models: Option<Vec<String>>,
    /// Every other key.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Settings {
    /// The file as a JSON value, keys in the order in which they are written.
    pub fn to_value(&self) -> Value {
        let strings = |map: &IndexMap<String, String>| {
            Value::Object(map.iter().map(|(k, v)| (k.clone(), Value::String(v.clone()))).collect())
        };
        let mut file = Map::new();
        if let Some(schema) = &self.schema {
            file.insert("$schema".to_owned(), Value::String(schema.clone()));
        }
        if let Some(command) = &self.aws_auth_refresh {
            file.insert("awsAuthRefresh".to_owned(), Value::String(command.clone()));
        }
        if !self.env.is_empty() {
            file.insert("env".to_owned(), strings(&self.env));
        }
        if !self.model_overrides.is_empty() {
            file.insert("modelOverrides".to_owned(), strings(&self.model_overrides));
        }
        if let Some(models) = &self.available_models {
            let models = models.iter().cloned().map(Value::String).collect();
            file.insert("availableModels".to_owned(), Value::Array(models));
        }
        file.extend(self.other.clone());
        Value::Object(file)
    }

    /// The text of the file: two spaces of indentation and a final newline.
    pub fn to_text(&self) -> String {
        format!("{:#}\n", self.to_value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Settings {
        let mut settings = Settings {
            schema: Some(SCHEMA.to_owned()),
            aws_auth_refresh: Some("aws sso login --profile claude-code".to_owned()),
            ..Settings::default()
        };
        settings.env.insert("CLAUDE_CODE_USE_BEDROCK".into(), "1".into());
        settings.env.insert(
            "ANTHROPIC_CUSTOM_HEADERS".into(),
            "X-Amzn-Bedrock-GuardrailIdentifier: abc\nX-Amzn-Bedrock-GuardrailVersion: 1".into(),
        );
        settings
            .model_overrides
            .insert("claude-opus-4-6".into(), "us.anthropic.claude-opus-4-6-v1".into());
        settings
    }

    #[test]
    fn text_keeps_order_and_escapes_newlines() {
        insta::assert_snapshot!(example().to_text(), @r#"
        {
          "$schema": "https://json.schemastore.org/claude-code-settings.json",
          "awsAuthRefresh": "aws sso login --profile claude-code",
          "env": {
            "CLAUDE_CODE_USE_BEDROCK": "1",
            "ANTHROPIC_CUSTOM_HEADERS": "X-Amzn-Bedrock-GuardrailIdentifier: abc\nX-Amzn-Bedrock-GuardrailVersion: 1"
          },
          "modelOverrides": {
            "claude-opus-4-6": "us.anthropic.claude-opus-4-6-v1"
          }
        }
        "#);
    }

    #[test]
    fn what_is_written_reads_back_equal() {
        let settings = example();
        assert_eq!(serde_json::from_str::<Settings>(&settings.to_text()).unwrap(), settings);
    }

    #[test]
    fn serde_and_the_writer_agree() {
        let mut settings = example();
        settings.available_models = Some(Vec::new());
        settings
            .other
            .insert("permissions".into(), serde_json::json!({"deny": ["WebFetch"]}));
        assert_eq!(serde_json::to_value(&settings).unwrap(), settings.to_value());
    }

    #[test]
    fn keys_of_others_are_kept_in_order() {
        let text = r#"{"model": "opus", "env": {"B": "1", "A": "2"}, "permissions": {"allow": []}}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        assert_eq!(settings.env.keys().collect::<Vec<_>>(), ["B", "A"]);
        assert_eq!(settings.other.keys().collect::<Vec<_>>(), ["model", "permissions"]);
        let written: Value = serde_json::from_str(&settings.to_text()).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(text).unwrap());
    }
}
