//! The deployments, each rendered once by the program itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::{example, files, text, tfgen};

/// What a user holds of one deployment.
pub struct Deployment {
    /// For messages.
    pub name: &'static str,
    pub account: &'static str,
    pub region: &'static str,
    /// Prefix of the inference profiles' ids.
    pub geography: &'static str,
    /// Whether it has application inference profiles.
    pub profiles: bool,
    /// Whether prompts were asked for.
    pub prompts: bool,
    /// Keys of the tags that carry cost.
    pub tag_keys: [&'static str; 4],
    /// Rendered files by path.
    pub files: BTreeMap<String, String>,
    /// What `tfgen onboard` prints for everybody, for people.
    pub onboarding: String,
    /// The same for programs.
    pub configurations: Vec<Value>,
}

const TAG_KEYS: [&str; 4] = ["User", "Team", "Project", "CostCenter"];

const ROSTER: &str = "id,email,team,project,cost_center\n\
    alice,alice@example.com,engineering,checkout,CC-1001\n\
    bob,bob@example.com,data,,\n";

/// Roles instead of Identity Center, global profiles per team, prompts, a key, a guardrail with a text that looks like a
/// template, endpoints; no organization, no state and no cost tags.
const ROLES: &str = r#"
name       = "llm"
account_id = "210987654321"
region     = "eu-west-1"

models {
  geography = "global"
  allow     = ["opus-4-6", "haiku-4-5"]
}

developers {
  file = "developers.csv"
}

profiles {
  per = "team"
}

roles {
  trusted  = ["arn:aws:iam::210987654321:user/alice", "arn:aws:iam::555555555555:role/engineers/*"]
  admins   = ["arn:aws:iam::210987654321:role/platform"]
  analysts = ["arn:aws:iam::555555555555:user/finance"]
}

logging {
  prompts     = true
  kms_key_arn = "arn:aws:kms:eu-west-1:210987654321:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

analytics {}

budgets {
  monthly_usd = 900
  emails      = ["platform@example.com"]
  https       = ["pagerduty"]

  anomaly {
    threshold_usd = 50
  }
}

guardrail {
  blocked_words = ["say $${word}"]
}
"#;

/// Europe, tag keys of one's own, a team that is counted by its tag, Identity Center elsewhere, state elsewhere.
const REGIONAL: &str = r#"
name       = "assist"
account_id = "123456789012"
region     = "eu-central-1"

models {
  geography = "eu"
  allow     = ["opus-4-6", "sonnet-4-6", "haiku-4-5"]
  default   = "sonnet-4-6"
}

developers {
  file = "developers.csv"
}

identity_center {
  account_id   = "888888888888"
  source       = "okta"
  instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  start_url    = "https://d-1234567890.awsapps.com/start"
  region       = "us-east-1"
  session_tag  = "email"
}

organization {
  management_account_id = "999999999999"
  attach_scp_to         = ["ou-ab12-34567890"]
}

deploy {
  principals = ["arn:aws:iam::*:role/terraform-*"]
}

state {
  bucket = "assist-state"
  region = "eu-west-1"
}

cost_tags {
  team        = "team"
  project     = "cost:project"
  cost_center = "cost-center"
  user        = "developer"
}

logging {}

budgets {
  monthly_usd = 1000
  emails      = ["platform@example.com"]

  team "engineering" {
    monthly_usd = 500
  }
}
"#;

/// Nothing that can be left out.
const BARE: &str = r#"
name       = "claude"
account_id = "123456789012"
region     = "us-west-2"

models {
  geography = "us"
  allow     = ["haiku-4-5"]
}

developers {
  file = "developers.csv"
}

profiles {
  per = "none"
}

identity_center {
  account_id   = "123456789012"
  source       = "directory"
  instance_arn = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  start_url    = "https://d-1234567890.awsapps.com/start"
  region       = "us-west-2"
}
"#;

/// The example and the three above.
pub static ALL: LazyLock<Vec<Deployment>> = LazyLock::new(|| {
    let about = |name, account, region, geography| Deployment {
        name,
        account,
        region,
        geography,
        profiles: true,
        prompts: false,
        tag_keys: TAG_KEYS,
        files: BTreeMap::new(),
        onboarding: String::new(),
        configurations: Vec::new(),
    };
    vec![
        about("example", "123456789012", "us-east-1", "us").written(None),
        Deployment {
            prompts: true,
            ..about("roles", "210987654321", "eu-west-1", "global")
        }
        .written(Some(ROLES)),
        Deployment {
            tag_keys: ["developer", "team", "cost:project", "cost-center"],
            ..about("regional", "123456789012", "eu-central-1", "eu")
        }
        .written(Some(REGIONAL)),
        Deployment {
            profiles: false,
            ..about("bare", "123456789012", "us-west-2", "us")
        }
        .written(Some(BARE)),
    ]
});

/// One of them.
pub fn deployment(name: &str) -> &'static Deployment {
    ALL.iter().find(|deployment| deployment.name == name).unwrap()
}

impl Deployment {
    fn written(mut self, source: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = match source {
            None => example(folder.path()),
            Some(source) => {
                fs::write(folder.path().join("developers.csv"), ROSTER).unwrap();
                fs::write(folder.path().join("tfgen.hcl"), source).unwrap();
                folder.path().join("tfgen.hcl")
            }
        };
        let out = folder.path().join("out");
        run("render", &file, &["--out", out.to_str().unwrap()]);
        self.files = files(&out)
            .into_iter()
            .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
            .collect();
        let outputs = folder.path().join("outputs.json");
        fs::write(&outputs, self.applied().to_string()).unwrap();
        let outputs = ["--outputs", outputs.to_str().unwrap()];
        self.onboarding = run("onboard", &file, &outputs);
        let document = run("onboard", &file, &[&outputs[..], &["--format", "json"]].concat());
        let document: Value = serde_json::from_str(&document).unwrap();
        self.configurations = document["developers"].as_array().unwrap().clone();
        self
    }

    /// What `terraform output -json` would print: application profiles have random ids.
    fn applied(&self) -> Value {
        let profiles: Value = self
            .files
            .get("terraform/workload/profiles.json")
            .map_or(json!({}), |text| serde_json::from_str(text).unwrap());
        let arns: BTreeMap<&String, String> = profiles
            .as_object()
            .unwrap()
            .keys()
            .enumerate()
            .map(|(number, key)| (key, self.application_profile(&format!("a{number:011}"))))
            .collect();
        json!({
            "inference_profile_arns": { "sensitive": false, "value": arns },
            "guardrail_id": { "sensitive": false, "value": "gr1234567890" },
            "guardrail_version": { "sensitive": false, "value": "1" },
        })
    }

    /// ARN of an application inference profile.
    pub fn application_profile(&self, id: &str) -> String {
        format!(
            "arn:aws:bedrock:{}:{}:application-inference-profile/{id}",
            self.region, self.account
        )
    }

    /// ARN of a system profile.
    pub fn system_profile(&self, id: &str) -> String {
        format!(
            "arn:aws:bedrock:{}:{}:inference-profile/{id}",
            self.region, self.account
        )
    }

    /// A file that every deployment has.
    pub fn file(&self, path: &str) -> &str {
        self.files
            .get(path)
            .unwrap_or_else(|| panic!("{}: {path} is not rendered", self.name))
    }

    /// A rendered JSON document.
    pub fn json(&self, path: &str) -> Value {
        serde_json::from_str(self.file(path)).unwrap()
    }

    /// A rendered Terraform file, blocks by type and label. Calls and references are text in `${…}`.
    pub fn terraform(&self, path: &str) -> Value {
        hcl::from_str(self.file(path)).unwrap_or_else(|error| panic!("{}: {path}: {error}", self.name))
    }

    /// Files that Terraform and Athena read, without tests.
    pub fn code(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts()
            .filter(|(path, _)| path.ends_with(".tf") || path.ends_with(".tftpl"))
    }

    /// All files but the tests of modules, which quote what they forbid.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(|(path, _)| !path.ends_with(".tftest.hcl"))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// What is this deployment's own: everything but the module library, and what its developers are given.
    pub fn own(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts()
            .filter(|(path, _)| !path.starts_with("terraform/modules/"))
            .chain([("tfgen onboard", self.onboarding.as_str())])
    }
}

fn run(command: &str, file: &Path, arguments: &[&str]) -> String {
    let output = tfgen().arg(command).arg(file).args(arguments).output().unwrap();
    let (printed, messages) = text(&output);
    assert!(output.status.success(), "tfgen {command}: {messages}");
    printed
}
