//! Deployments in their worlds, each looked at once for all tests.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use policy::{Document, Kind, Statement};
use real::moto::Call;
use serde_json::{Value, json};

use super::requests::requests;
use crate::stage::{Run, Stage, example};

/// A deployment in its world, looked at once.
pub struct World {
    pub name: &'static str,
    pub region: &'static str,
    pub stage: Stage,
    pub run: Run,
    pub calls: Vec<Call>,
    /// Operations of each check, with their IAM actions.
    pub declared: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Policies by account, as they are printed.
    pub policies: BTreeMap<String, Document>,
    /// What the statements that name resources are for, by what is there: actions with real ARNs.
    pub requests: Vec<(&'static str, String)>,
}

impl World {
    fn new(name: &'static str, region: &'static str, stage: Stage, more: &[&str]) -> Self {
        stage.render();
        stage.moto.forget().unwrap();
        let run = stage.verify_all(&[&["--no-rate-limits"], more].concat());
        let calls = stage.moto.recorded().unwrap();
        let with = |option: &[&'static str]| -> Value {
            let printed = stage.run(&[&["verify"], option, more].concat());
            assert_eq!(printed.status, 0, "{}", printed.stderr);
            printed.report()
        };
        let list = with(&["--list", "--format", "json"]);
        let declared = list["checks"].as_array().unwrap().iter().map(|check| {
            let operations = check["operations"].as_array().unwrap().iter();
            let operations = operations.map(|operation| {
                let actions = operation["actions"].as_array().unwrap().iter();
                (text(&operation["operation"]), actions.map(text).collect())
            });
            (text(&check["id"]), operations.collect())
        });
        let policies = with(&["--print-policy"]);
        let policies = policies.as_object().unwrap().iter().map(|(account, document)| {
            let document = policy::parse::parse_value(document, Kind::Identity).unwrap();
            (account.clone(), document)
        });
        let (declared, policies) = (declared.collect(), policies.collect());
        let requests = requests(&stage, &run, region);
        Self {
            name,
            region,
            stage,
            run,
            calls,
            declared,
            policies,
            requests,
        }
    }

    /// The printed policy of an account.
    pub fn policy(&self, account: &str) -> &Document {
        &self.policies[account]
    }

    /// Every statement, with the account that it is for.
    pub fn statements(&self) -> impl Iterator<Item = (&str, &Statement)> {
        self.policies.iter().flat_map(|(account, document)| {
            document
                .statements
                .iter()
                .map(move |statement| (account.as_str(), statement))
        })
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The example; with everything that it does not have; with steps that are not done; and roles in another region.
pub fn worlds() -> &'static [World] {
    static WORLDS: OnceLock<Vec<World>> = OnceLock::new();
    WORLDS.get_or_init(|| {
        vec![
            World::new("example", "us-east-1", Stage::example(), &[]),
            World::new("more", "us-east-1", more(), &["--call-models"]),
            World::new("undone", "us-east-1", undone(), &[]),
            World::new("roles", "eu-central-1", roles(), &[]),
        ]
    })
}

/// The example with a key of logs, a guardrail, an anomaly monitor, an endpoint and a session tag.
fn more() -> Stage {
    let key = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    let deployment = example("acme.hcl")
        .replace("identity_center {", "identity_center {\n  session_tag = \"User\"")
        .replace(
            "  prompts         =",
            &format!("  kms_key_arn     = \"{key}\"\n  prompts         ="),
        )
        .replace(
            "  team \"engineering\" {",
            "  https = [\"pagerduty\"]\n\n  anomaly {\n    threshold_usd = 50\n  }\n\n  team \"engineering\" {",
        )
        + "\nguardrail {\n  blocked_words = [\"confidential\"]\n}\n";
    let stage = Stage::empty(&deployment, &example("developers.csv"));
    stage.moto.world(&json!({})).unwrap();
    stage
}

/// The example without access to models and assignments, its account under a policy that is not AWS's own.
fn undone() -> Stage {
    let stage = Stage::without(&["assignment", "model-access"]);
    stage.boto3(
        "o = client('organizations', account='999999999999')\n\
         text = '{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}'\n\
         p = o.create_policy(Name='everything', Description='x', Type='SERVICE_CONTROL_POLICY', Content=text)\n\
         o.attach_policy(PolicyId=p['Policy']['PolicySummary']['Id'], TargetId='123456789012')\n\
         o.detach_policy(PolicyId='p-FullAWSAccess', TargetId='123456789012')",
    );
    stage
}

/// People with keys and roles instead of Identity Center, in another region than the one of global services.
fn roles() -> Stage {
    let deployment = r#"
name       = "claude-eu"
account_id = "123456789012"
region     = "eu-central-1"

models {
  geography = "eu"
  allow     = ["sonnet-4-6", "haiku-4-5"]
}

developer "alice" {
  email = "alice@example.com"
  team  = "engineering"
}

profiles {
  per = "none"
}

roles {
  trusted  = ["arn:aws:iam::123456789012:user/alice", "arn:aws:iam::555555555555:role/engineers/*"]
  admins   = ["arn:aws:iam::123456789012:role/platform"]
  analysts = ["arn:aws:iam::555555555555:user/finance"]
}

organization {
  management_account_id = "999999999999"
  attach_scp_to         = ["123456789012"]
}

deploy {
  principals = ["arn:aws:iam::*:role/terraform-*"]
}

state {
  backend = "s3"
  bucket  = "acme-terraform-state"
}

logging {
  prompts = true
}

analytics {}

budgets {
  monthly_usd = 5000
  emails      = ["platform@example.com"]
}
"#;
    let stage = Stage::empty(deployment, "");
    stage.render();
    let world = json!({
        "name": "claude-eu",
        "region": "eu-central-1",
        "access": "roles",
        "prompts": true,
        "policies": stage.policies(),
        "profiles": {},
        "developers": [{ "id": "alice", "email": "alice@example.com" }],
        "emails": ["platform@example.com"],
        "budgets": [{ "name": "claude-eu-monthly", "usd": 5000 }],
    });
    stage.moto.world(&world).unwrap();
    stage.boto3(
        "iam = client('iam')\n\
         iam.create_user(UserName='alice')\n\
         text = '{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"ec2:*\", \"Resource\": \"*\"}]}'\n\
         for name in ('developer', 'admin', 'analyst'):\n\
        \x20   iam.put_role_policy(RoleName='claude-eu-' + name, PolicyName='more', PolicyDocument=text)",
    );
    // A developer's machine.
    let aws = stage.home.path().join(".aws");
    fs::create_dir_all(&aws).unwrap();
    let printed = stage.run(&["onboard", "alice", "--format", "aws-config"]);
    assert_eq!(printed.status, 0, "{}", printed.stderr);
    fs::write(aws.join("config"), printed.stdout).unwrap();
    fs::write(
        aws.join("credentials"),
        "[default]\naws_access_key_id = test\naws_secret_access_key = test\n",
    )
    .unwrap();
    stage
}
