//! The outputs of the workload root, as far as a developer's configuration needs them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Error;
use crate::deployment::model::{Access, Deployment, ProfileScope};

/// Which outputs a deployment needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// `inference_profile_arns`.
    pub profiles: bool,
    /// `guardrail_id` and `guardrail_version`.
    pub guardrail: bool,
    /// `identity_pool_id`.
    pub identity_pool: bool,
}

impl Need {
    /// What this deployment needs.
    pub fn of(deployment: &Deployment) -> Self {
        Self {
            profiles: deployment.profiles != ProfileScope::None,
            guardrail: deployment.guardrail.is_some(),
            identity_pool: matches!(
                &deployment.access,
                Access::Federation(federation) if federation.identity_pool.is_some()
            ),
        }
    }

    /// Whether any output is needed.
    pub fn any(self) -> bool {
        self.profiles || self.guardrail || self.identity_pool
    }
}

/// Id and version of the deployment's guardrail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardrailOutput {
    /// Id.
    pub id: String,
    /// Version.
    pub version: String,
}

/// What the workload root said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outputs {
    /// ARN of each application inference profile by its key.
    pub profile_arns: BTreeMap<String, String>,
    /// The guardrail, where the deployment has one.
    pub guardrail: Option<GuardrailOutput>,
    /// Id of the identity pool, where the deployment has one.
    pub identity_pool: Option<String>,
    /// Outputs that say which deployment the root belongs to, by the output's name.
    pub marks: BTreeMap<&'static str, String>,
}

/// Names that tell deployments of one account and region apart: the output, and its value for a deployment.
type Mark = (&'static str, fn(&Deployment) -> &str);

const MARKS: [Mark; 4] = [
    ("deployment", |deployment| &deployment.name),
    ("log_bucket", |deployment| &deployment.names.log_bucket),
    ("log_group", |deployment| &deployment.names.log_group),
    ("athena_workgroup", |deployment| &deployment.names.workgroup),
];

impl Outputs {
    /// Refuses the outputs of another deployment, as far as outputs name theirs: account and region may be the same.
    ///
    /// # Errors
    /// When an output has another deployment's name.
    pub fn belong_to(&self, deployment: &Deployment, source: &str) -> Result<(), Error> {
        for (output, expected) in MARKS {
            if let Some(found) = self.marks.get(output).filter(|found| *found != expected(deployment)) {
                return Err(Error::OtherDeployment {
                    source: source.to_owned(),
                    output,
                    found: found.clone(),
                    expected: expected(deployment).to_owned(),
                });
            }
        }
        let is_elsewhere = |pool: &&String| !pool.starts_with(&format!("{}:", deployment.region));
        match self.identity_pool.as_ref().filter(is_elsewhere) {
            Some(pool) => Err(Error::OtherDeployment {
                source: source.to_owned(),
                output: "identity_pool_id",
                found: pool.clone(),
                expected: format!("{}:…", deployment.region),
            }),
            None => Ok(()),
        }
    }

    /// Reads what `terraform output -json` prints, or the plain shape `{name: value}`; `source` says in messages
    /// where the text came from.
    ///
    /// # Errors
    /// When the text is neither, when nothing was applied, when an output that is needed is missing or has another
    /// type.
    pub fn parse(text: &str, need: Need, source: &str) -> Result<Self, Error> {
        let not_outputs = |reason: String| Error::NotOutputs {
            source: source.to_owned(),
            reason,
        };
        // PowerShell's redirection writes a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let value: Value = serde_json::from_str(text).map_err(|error| not_outputs(error.to_string()))?;
        let Value::Object(all) = value else {
            return Err(not_outputs("it is not an object".to_owned()));
        };
        if all.is_empty() && need.any() {
            return Err(Error::NothingApplied {
                source: source.to_owned(),
            });
        }
        let required = |name: &'static str| {
            value_of(&all, name).ok_or_else(|| Error::WrongRoot {
                source: source.to_owned(),
                missing: name,
                found: all
                    .keys()
                    .filter(|name| value_of(&all, name).is_some())
                    .cloned()
                    .collect(),
            })
        };
        let mut outputs = Self::default();
        if need.profiles {
            let Value::Object(arns) = required("inference_profile_arns")? else {
                return Err(not_outputs("`inference_profile_arns` is not a map".to_owned()));
            };
            for (key, arn) in arns {
                let Value::String(arn) = arn else {
                    return Err(not_outputs(format!(
                        "`inference_profile_arns[\"{key}\"]` is not a string"
                    )));
                };
                outputs.profile_arns.insert(key.clone(), arn.clone());
            }
            if let Some((arn, keys)) = shared(&outputs.profile_arns) {
                return Err(Error::SharedProfile {
                    source: source.to_owned(),
                    arn,
                    keys,
                });
            }
        }
        for (name, _) in MARKS {
            if let Some(Value::String(mark)) = value_of(&all, name) {
                outputs.marks.insert(name, mark.clone());
            }
        }
        let text = |name: &'static str| match required(name)? {
            Value::String(text) if !text.trim().is_empty() => Ok(text.clone()),
            // A version that somebody wrote by hand may be a number.
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(not_outputs(format!("`{name}` is not a string"))),
        };
        if need.identity_pool {
            let id = text("identity_pool_id")?;
            // As `credential-process` will read it.
            if !client_config::is_pool(&id) {
                return Err(not_outputs(format!(
                    "`identity_pool_id` is \"{}\", expected an id such as us-east-1:00000000-0000-0000-0000-000000000000",
                    id.escape_debug()
                )));
            }
            outputs.identity_pool = Some(id);
        }
        if need.guardrail {
            outputs.guardrail = Some(GuardrailOutput {
                id: text("guardrail_id")?,
                version: text("guardrail_version")?,
            });
        }
        Ok(outputs)
    }
}

/// The first ARN that stands under several keys, with them: whose usage that is, nobody could tell.
fn shared(arns: &BTreeMap<String, String>) -> Option<(String, Vec<String>)> {
    let mut keys: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (key, arn) in arns {
        keys.entry(arn).or_default().push(key.clone());
    }
    let (arn, keys) = keys.into_iter().find(|(_, keys)| keys.len() > 1)?;
    Some((arn.to_owned(), keys))
}

/// The value of an output in either shape; an output that is null counts as absent.
fn value_of<'a>(all: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let output = all.get(name)?;
    let value = match output {
        // Terraform's own shape. A plain map of ARNs has neither of the other two members with such values.
        Value::Object(members) if members.get("sensitive").is_some_and(Value::is_boolean) => members.get("value")?,
        plain => plain,
    };
    (!value.is_null()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: Need = Need {
        profiles: true,
        guardrail: true,
        identity_pool: false,
    };
    const PROFILES: Need = Need {
        profiles: true,
        guardrail: false,
        identity_pool: false,
    };

    #[test]
    fn terraforms_shape_and_the_plain_one_read_alike() {
        let terraform = r#"{
            "inference_profile_arns": {"sensitive": false, "type": ["map", "string"], "value": {"a/b": "arn"}},
            "guardrail_id": {"sensitive": false, "type": "string", "value": "gr"},
            "guardrail_version": {"sensitive": false, "type": "string", "value": "3"}
        }"#;
        let plain = r#"{"inference_profile_arns": {"a/b": "arn"}, "guardrail_id": "gr", "guardrail_version": 3}"#;
        let read = Outputs::parse(terraform, BOTH, "x").unwrap();
        assert_eq!(read, Outputs::parse(plain, BOTH, "x").unwrap());
        assert_eq!(read.profile_arns["a/b"], "arn");
        assert_eq!(
            read.guardrail,
            Some(GuardrailOutput {
                id: "gr".into(),
                version: "3".into()
            })
        );
    }

    #[test]
    fn a_profile_key_named_value_is_no_wrapper() {
        let read = Outputs::parse(r#"{"inference_profile_arns": {"value": "arn"}}"#, PROFILES, "x").unwrap();
        assert_eq!(read.profile_arns["value"], "arn");
    }

    /// Account and region are the same, so the ARNs tell nothing.
    #[test]
    fn outputs_of_another_deployment_are_told_by_its_name() {
        let deployment = crate::onboard::fixtures::identity_center();
        for (output, own) in [
            ("deployment", "claude-code"),
            ("log_bucket", "claude-code-logs-123456789012-us-east-1"),
            ("log_group", "/aws/bedrock/claude-code"),
            ("athena_workgroup", "claude_code_bedrock_logs"),
        ] {
            let read = |value: &str| {
                let text = format!(r#"{{"inference_profile_arns": {{}}, "{output}": "{value}"}}"#);
                let outputs = Outputs::parse(&text, PROFILES, "x").unwrap();
                outputs.belong_to(&deployment, "x").map_err(|error| error.to_string())
            };
            assert_eq!(read(own), Ok(()));
            let message = read("other").unwrap_err();
            assert!(message.contains(output) && message.contains("\"other\""), "{message}");
        }
    }

    #[test]
    fn a_profile_belongs_to_one_owner_and_model() {
        let text = r#"{"inference_profile_arns": {"a/m": "arn:1", "b/m": "arn:2", "c/m": "arn:1"}}"#;
        let message = Outputs::parse(text, PROFILES, "x").unwrap_err().to_string();
        assert!(message.contains("arn:1") && message.contains("a/m, c/m"), "{message}");
    }

    #[test]
    fn a_byte_order_mark_is_no_fault() {
        assert!(Outputs::parse("\u{feff}{\"inference_profile_arns\": {}}", PROFILES, "x").is_ok());
    }

    #[test]
    fn a_pool_of_another_region_is_another_deployments() {
        let deployment = crate::guardrails::fixtures::federated().remove(0).1;
        let of = |region: &str| Outputs {
            identity_pool: Some(format!("{region}:01234567-89ab-cdef-0123-456789abcdef")),
            ..Outputs::default()
        };
        assert!(of(&deployment.region).belong_to(&deployment, "outputs.json").is_ok());
        let message = of("mx-central-1")
            .belong_to(&deployment, "outputs.json")
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("outputs of another deployment: `identity_pool_id`"),
            "{message}"
        );
    }

    #[test]
    fn the_id_of_a_pool_is_one() {
        const POOL: Need = Need {
            profiles: false,
            guardrail: false,
            identity_pool: true,
        };
        let read = |id: &str| Outputs::parse(&format!(r#"{{"identity_pool_id": {id}}}"#), POOL, "outputs.json");
        let id = "eu-west-1:01234567-89ab-cdef-0123-456789abcdef";
        assert_eq!(read(&format!("\"{id}\"")).unwrap().identity_pool.as_deref(), Some(id));
        for other in ["\"bogus\"", "5", "\"\"", "null", "\"nowhere:01234567\""] {
            let message = read(other).unwrap_err().to_string();
            assert!(message.contains("identity_pool_id"), "{message}");
        }
    }

    #[test]
    fn faults_say_what_to_do() {
        let cases = [
            ("", PROFILES),
            ("[]", PROFILES),
            ("{}", PROFILES),
            (r#"{"permission_set_arns": {}, "group_ids": {}}"#, PROFILES),
            (r#"{"inference_profile_arns": null}"#, PROFILES),
            (r#"{"inference_profile_arns": "arn"}"#, PROFILES),
            (r#"{"inference_profile_arns": {"a/b": 1}}"#, PROFILES),
            (r#"{"inference_profile_arns": {}, "guardrail_id": "a"}"#, BOTH),
            (
                r#"{"inference_profile_arns": {}, "guardrail_id": " ", "guardrail_version": "1"}"#,
                BOTH,
            ),
        ];
        let messages: Vec<String> = cases
            .iter()
            .map(|(text, need)| Outputs::parse(text, *need, "outputs.json").unwrap_err().to_string())
            .collect();
        insta::assert_snapshot!(messages.join("\n"));
    }
}
