//! What verify may do: every call is declared, what is declared is called, and the printed policies grant that and no more.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use iam_reference::AccessLevel;
use policy::evaluate::{Caller, Context, Decision, Named, PolicySet, Request, evaluate};
use policy::{Actions, Document, Kind, Resources, Statement};
use real::moto::Call;
use serde_json::{Value, json};

use crate::stage::{Run, Stage, example};

const ACCOUNT: &str = "123456789012";
/// What Athena and Bedrock do behind a call with the caller's own rights: the emulation runs no query, so no call shows it.
const BEHIND: [&str; 12] = [
    "glue:GetDatabase",
    "glue:GetPartitions",
    "glue:GetTable",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
];
/// Actions that are no reading: the query and its results, and the call of a model, which is made on request alone. AWS counts
/// decrypting what one reads as writing.
const NO_READING: [&str; 6] = [
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "athena:StartQueryExecution",
    "s3:AbortMultipartUpload",
    "s3:PutObject",
    "bedrock:InvokeModel",
];

/// A deployment in its world, looked at once.
struct World {
    name: &'static str,
    region: &'static str,
    stage: Stage,
    run: Run,
    calls: Vec<Call>,
    /// Operations of each check, with their IAM actions.
    declared: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Policies by account, as they are printed.
    policies: BTreeMap<String, Document>,
    /// What the statements that name resources are for, by what is there: actions with real ARNs.
    requests: Vec<(&'static str, String)>,
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
    fn policy(&self, account: &str) -> &Document {
        &self.policies[account]
    }

    /// Every statement, with the account that it is for.
    fn statements(&self) -> impl Iterator<Item = (&str, &Statement)> {
        self.policies.iter().flat_map(|(account, document)| {
            document
                .statements
                .iter()
                .map(move |statement| (account.as_str(), statement))
        })
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The example; with everything that it does not have; with steps that are not done; and roles in another region.
fn worlds() -> &'static [World] {
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

/// Operations that the evidence of each check names.
fn called(run: &Run) -> BTreeMap<String, BTreeSet<String>> {
    run.results()
        .into_iter()
        .map(|(id, result)| {
            let calls = result["evidence"].as_array().unwrap().iter();
            (id, calls.map(|call| text(&call["operation"])).collect())
        })
        .collect()
}

#[test]
fn every_call_is_declared_and_whatever_is_declared_is_called() {
    let mut never: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for world in worlds() {
        let called = called(&world.run);
        for (check, operations) in &world.declared {
            for operation in operations.keys() {
                let is_called = called[check].contains(operation);
                *never.entry((check, operation)).or_default() |= is_called;
            }
        }
        for (id, operations) in &called {
            let declared = world
                .declared
                .get(id)
                .map(|of| of.keys().cloned().collect())
                .unwrap_or_default();
            let others: Vec<&String> = operations.difference(&declared).collect();
            assert_eq!(
                others,
                Vec::<&String>::new(),
                "{}: {id} calls what it does not declare",
                world.name
            );
        }
        // What the emulation saw is what the evidence says; whose the credentials are is asked before.
        let said: BTreeSet<(String, String)> = world
            .run
            .results()
            .values()
            .flat_map(|result| result["evidence"].as_array().unwrap().clone())
            .map(|call| (text(&call["account_id"]), text(&call["operation"])))
            .collect();
        let seen: BTreeSet<(String, String)> = world
            .calls
            .iter()
            .filter(|call| call.service != "sts")
            .map(|call| {
                let service = match call.service.as_str() {
                    "service-quotas" => "servicequotas",
                    service => service,
                };
                (call.account.clone(), format!("{service}:{}", call.operation))
            })
            .collect();
        let said: BTreeSet<_> = said
            .into_iter()
            .filter(|(_, operation)| !operation.starts_with("sts:"))
            .collect();
        assert_eq!(seen, said, "{}", world.name);
    }
    let never: Vec<_> = never
        .into_iter()
        .filter(|(_, is_called)| !is_called)
        .map(|(of, _)| of)
        .collect();
    assert_eq!(never, [], "declared, but called in no world");
}

#[test]
fn the_printed_policies_grant_what_was_called_and_nothing_else() {
    let mut all: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut granted = BTreeSet::new();
    for world in worlds() {
        let called = world.calls.iter().filter(|call| call.service != "sts");
        let called: BTreeSet<(&str, &str)> = called
            .map(|call| (call.account.as_str(), call.action.as_str()))
            .collect();
        let of_world: BTreeSet<(&str, &str)> = world
            .statements()
            .flat_map(|(account, statement)| actions(statement).iter().map(move |action| (account, action.as_str())))
            .collect();
        let missing: Vec<_> = called.difference(&of_world).collect();
        assert_eq!(
            missing,
            Vec::<&(&str, &str)>::new(),
            "{}: called, but not granted",
            world.name
        );
        all.extend(called);
        granted.extend(of_world);
    }
    let unneeded: Vec<_> = granted
        .difference(&all)
        .filter(|(account, action)| *account != ACCOUNT || !BEHIND.contains(action))
        .collect();
    assert_eq!(unneeded, Vec::<&(&str, &str)>::new(), "granted, but called in no world");
}

fn actions(statement: &Statement) -> &[String] {
    match &statement.actions {
        Actions::Only(actions) => actions,
        Actions::AllBut(_) => panic!("{statement:?}"),
    }
}

fn resources(statement: &Statement) -> &[String] {
    match &statement.resources {
        Some(Resources::Only(resources)) => resources,
        _ => panic!("{statement:?}"),
    }
}

#[test]
fn the_printed_policies_read_and_name_resources_that_their_actions_know() {
    for world in worlds() {
        for (account, statement) in world.statements() {
            for action in actions(statement) {
                let (prefix, name) = action.split_once(':').unwrap();
                let service = iam_reference::service(prefix).unwrap_or_else(|| panic!("there is no service {prefix}"));
                let known = service
                    .action(name)
                    .unwrap_or_else(|| panic!("there is no action {action}"));
                let is_reading = matches!(known.access, AccessLevel::List | AccessLevel::Read);
                let is_excepted = account == ACCOUNT && NO_READING.contains(&action.as_str());
                assert!(
                    is_reading || is_excepted,
                    "{}: {action} is {:?}",
                    world.name,
                    known.access
                );
                let is_model = action == "bedrock:InvokeModel";
                assert!(
                    !is_model || world.name == "more",
                    "{}: models are called on request",
                    world.name
                );
                if resources(statement) == ["*"] {
                    continue;
                }
                // A resource of a type that the action does not know grants nothing.
                let types: Vec<String> = service.resources_of(known).map(|of| pattern(of.arn)).collect();
                let fitting = resources(statement)
                    .iter()
                    .filter(|resource| types.iter().any(|of| policy::matches_ignoring_case(of, resource)))
                    .count();
                assert!(
                    fitting > 0,
                    "{}: {action} has none of its types ({types:?}) in {statement:?}",
                    world.name
                );
            }
            for resource in resources(statement).iter().filter(|resource| *resource != "*") {
                let is_of_one = actions(statement).iter().any(|action| {
                    let (prefix, name) = action.split_once(':').unwrap();
                    let service = iam_reference::service(prefix).unwrap();
                    let known = service.action(name).unwrap();
                    service
                        .resources_of(known)
                        .any(|of| policy::matches_ignoring_case(&pattern(of.arn), resource))
                });
                assert!(is_of_one, "{}: no action of {statement:?} knows {resource}", world.name);
            }
        }
    }
}

/// `arn:${Partition}:s3:::${BucketName}` as a pattern.
fn pattern(arn: &str) -> String {
    let mut pattern = String::new();
    for (at, part) in arn.split("${").enumerate() {
        match part.split_once('}') {
            Some((_, rest)) if at > 0 => pattern.push_str(&format!("*{rest}")),
            _ => pattern.push_str(part),
        }
    }
    pattern
}

/// What a request of the query or of a check names, by what the emulation has: scoped statements must fit real ARNs.
fn requests(stage: &Stage, run: &Run, region: &str) -> Vec<(&'static str, String)> {
    let found = stage.boto3(&format!(
        "r = '{region}'\n\
         result = {{\n\
         'buckets': [b['Name'] for b in client('s3').list_buckets()['Buckets']],\n\
         'topics': [t['TopicArn'] for t in client('sns', region=r).list_topics()['Topics']],\n\
         'groups': [g['logGroupArn'] for g in client('logs', region=r).describe_log_groups()['logGroups']],\n\
         'workgroups': [g['Name'] for g in client('athena', region=r).list_work_groups()['WorkGroups'] if g['Name'] != 'primary'],\n\
         'databases': [d['Name'] for d in client('glue', region=r).get_databases()['DatabaseList']],\n\
         'budgets': [b['BudgetName'] for b in client('budgets').describe_budgets(AccountId='{ACCOUNT}')['Budgets']],\n\
         'roles': [r['Arn'] for r in client('iam').list_roles()['Roles']],\n\
         }}"
    ));
    let each = |key: &str| -> Vec<String> { found[key].as_array().unwrap().iter().map(text).collect() };
    let bucket = |part: &str| {
        let mut buckets = each("buckets").into_iter();
        let name = buckets
            .find(|name| name.contains(part))
            .unwrap_or_else(|| panic!("no bucket {part}"));
        format!("arn:aws:s3:::{name}")
    };
    let (logs, results) = (bucket("-logs-"), bucket("-athena-"));
    let name = run.report()["deployment"].as_str().unwrap().to_owned();
    let mut requests = vec![
        ("s3:ListBucket", logs.clone()),
        ("s3:GetBucketVersioning", bucket("terraform-state")),
        ("s3:GetBucketLocation", results.clone()),
        ("s3:ListBucket", results.clone()),
        ("s3:ListBucketMultipartUploads", results.clone()),
        ("s3:PutObject", format!("{results}/results/1.csv")),
        ("s3:GetObject", format!("{results}/results/1.csv")),
        ("s3:AbortMultipartUpload", format!("{results}/results/1.csv")),
        ("s3:ListMultipartUploadParts", format!("{results}/results/1.csv")),
        ("s3:GetBucketLocation", logs.clone()),
        (
            "s3:GetObject",
            format!("{logs}/invocations/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/{region}/2026/11/26/03/x.json.gz"),
        ),
        ("glue:GetDatabase", format!("arn:aws:glue:{region}:{ACCOUNT}:catalog")),
        (
            "glue:GetDatabase",
            format!("arn:aws:glue:{region}:{ACCOUNT}:database/default"),
        ),
    ];
    for database in each("databases") {
        let table = format!("arn:aws:glue:{region}:{ACCOUNT}:table/{database}/invocation_logs");
        requests.extend(["glue:GetTable", "glue:GetPartitions"].map(|action| (action, table.clone())));
        requests.push((
            "glue:GetDatabase",
            format!("arn:aws:glue:{region}:{ACCOUNT}:database/{database}"),
        ));
    }
    for workgroup in each("workgroups") {
        let arn = format!("arn:aws:athena:{region}:{ACCOUNT}:workgroup/{workgroup}");
        let of = [
            "athena:GetWorkGroup",
            "athena:StartQueryExecution",
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
        ];
        requests.extend(of.map(|action| (action, arn.clone())));
    }
    requests.extend(
        each("topics")
            .into_iter()
            .map(|arn| ("sns:ListSubscriptionsByTopic", arn)),
    );
    requests.extend(each("groups").into_iter().map(|arn| ("logs:DescribeLogStreams", arn)));
    for budget in each("budgets").iter().filter(|budget| budget.starts_with(&name)) {
        requests.push((
            "budgets:ViewBudget",
            format!("arn:aws:budgets::{ACCOUNT}:budget/{budget}"),
        ));
    }
    let own = |arn: &&String| {
        ["developer", "admin", "analyst"]
            .iter()
            .any(|role| arn.contains(&format!("{name}-{role}")))
    };
    for role in each("roles").iter().filter(own) {
        requests.push(("iam:SimulatePrincipalPolicy", role.clone()));
    }
    requests
}

/// A session of an ordinary role with the printed policy, under a service control policy or without one.
fn decided(policy: &Document, scp: Option<&Document>, action: &str, resource: &str, region: &str) -> Decision {
    let caller = Caller::role_session(&format!("arn:aws:iam::{ACCOUNT}:role/tfgen-verify"), "verify");
    let context = Context::new()
        .with("aws:RequestedRegion", region)
        .with("aws:SecureTransport", "true")
        .rest_absent();
    let allow_all = Document::new(vec![Statement::allow("FullAWSAccess", ["*"], ["*"])]);
    let policies = PolicySet {
        scp_levels: scp
            .map(|scp| {
                vec![vec![
                    Named::new("FullAWSAccess", allow_all),
                    Named::new("scp", scp.clone()),
                ]]
            })
            .unwrap_or_default(),
        identity: vec![Named::new("verify", policy.clone())],
        ..PolicySet::default()
    };
    let request = Request::new(caller, action, resource)
        .context(context)
        .resource_account(ACCOUNT);
    evaluate(&policies, &request)
}

#[test]
fn statements_that_name_resources_fit_those_that_are_there_and_no_others() {
    for world in worlds() {
        let policy = world.policy(ACCOUNT);
        for (action, resource) in &world.requests {
            let decision = decided(policy, None, action, resource, world.region);
            assert!(
                decision.is_allowed(),
                "{}: {action} on {resource}: {decision}",
                world.name
            );
        }
        for (action, resource) in [
            ("s3:GetObject", "arn:aws:s3:::somebody-elses/x"),
            (
                "s3:PutObject",
                "arn:aws:s3:::claude-code-athena-123456789012-us-east-1/tables/prices.json",
            ),
            ("s3:PutObject", "arn:aws:s3:::claude-code-logs-123456789012-us-east-1/x"),
            (
                "athena:StartQueryExecution",
                "arn:aws:athena:us-east-1:123456789012:workgroup/primary",
            ),
            ("iam:GetRolePolicy", "arn:aws:iam::123456789012:role/somebody"),
            (
                "bedrock:InvokeModel",
                "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
            ),
        ] {
            let decision = decided(policy, None, action, resource, world.region);
            assert!(
                decision.is_denied(),
                "{}: {action} on {resource}: {decision}",
                world.name
            );
        }
    }
}

#[test]
fn the_deployments_own_service_control_policy_leaves_every_call_to_an_ordinary_role() {
    for world in worlds() {
        let scp = fs::read_to_string(world.stage.path("policies/scp.json")).unwrap();
        let scp = policy::parse(&scp, Kind::ServiceControl).unwrap().document;
        let policy = world.policy(ACCOUNT);
        let scoped = &world.requests;
        let mut looked = 0;
        for call in world
            .calls
            .iter()
            .filter(|call| call.account == ACCOUNT && call.service != "sts")
        {
            let resource = scoped
                .iter()
                .find(|(action, _)| *action == call.action)
                .map_or("*", |(_, resource)| resource);
            let is_model = call.action == "bedrock:InvokeModel";
            let is_named = policy
                .statements
                .iter()
                .any(|statement| actions(statement).contains(&call.action) && resources(statement) != ["*"]);
            // What is scoped to resources that this world does not have is looked at with the others.
            if is_model || resource == "*" && is_named {
                continue;
            }
            let decision = decided(policy, Some(&scp), &call.action, resource, &call.region);
            assert!(
                decision.is_allowed(),
                "{}: {} in {}: {decision}",
                world.name,
                call.action,
                call.region
            );
            looked += 1;
        }
        assert!(looked > 20, "{}: {looked}", world.name);
        for (action, resource) in scoped {
            let decision = decided(policy, Some(&scp), action, resource, world.region);
            assert!(
                decision.is_allowed(),
                "{}: {action} on {resource}: {decision}",
                world.name
            );
        }
    }
}

#[test]
fn the_printed_policies_are_clean_to_our_own_check() {
    for world in worlds() {
        for (account, document) in &world.policies {
            let file = format!("verify-{account}.json");
            fs::write(world.stage.path(&file), policy::print::readable(document)).unwrap();
            let run = world.stage.run(&["check", "--format", "json", &file]);
            let report = run.report();
            let findings: Vec<&Value> = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|finding| finding["severity"] != "info")
                .collect();
            assert_eq!(findings, Vec::<&Value>::new(), "{}", world.name);
            assert_eq!(run.status, 0, "{}: {}", world.name, run.stdout);
        }
    }
}

/// Without any one statement something is not known any more. What only Athena needs behind the query does not show here.
#[test]
fn every_statement_is_missed() {
    let (world, stage) = (&worlds()[0], Stage::example());
    let mut behind = BTreeSet::new();
    for (account, statement) in world.statements() {
        let sid = statement.sid.clone().unwrap_or_default();
        if actions(statement)
            .iter()
            .all(|action| BEHIND.contains(&action.as_str()) && action != "glue:GetTable" && sid != "LookAtLogBucket")
        {
            behind.insert(sid);
            continue;
        }
        let denied: Vec<String> = actions(statement)
            .iter()
            .map(|action| format!("{account}/{action}"))
            .collect();
        let denied: Vec<&str> = denied.iter().map(String::as_str).collect();
        stage.denied(&denied, || {
            let run = stage.verify_all(&["--no-rate-limits"]);
            let clean = world.run.statuses();
            let missed = run
                .statuses()
                .into_iter()
                .filter(|(id, status)| status == "unknown" && clean[id] != "unknown")
                .count();
            assert!(missed > 0, "{account}: nobody misses {sid}");
        });
    }
    assert_eq!(
        behind,
        BTreeSet::from(["KeepResults", "LookAtResultsBucket", "ReadLogs"].map(str::to_owned))
    );
}

#[test]
fn the_query_is_denied_what_it_does_behind_and_says_what_it_needs() {
    let world = &worlds()[0];
    world
        .stage
        .knobs(json!({ "athena": { "state": "FAILED", "reason": "Access denied when writing to location" } }));
    let run = world
        .stage
        .verify_all(&["--no-rate-limits", "--only", "attribution-query"]);
    world
        .stage
        .knobs(json!({ "athena": { "state": "SUCCEEDED", "reason": null } }));
    run.is("attribution-query", "unknown", "Access denied");
    assert!(text(&run.result("attribution-query")["next_step"]).contains("--print-policy"));
}
