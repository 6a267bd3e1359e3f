//! The simulator as a process: all cases in, all answers out.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use policy::{Caller, Document, Named, Request, print};
use serde_json::{Map, Value, json};

use super::generate::Case;

/// What the simulator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Allowed,
    ExplicitDeny,
    ImplicitDeny,
    /// It does not take the case.
    Error(String),
}

/// Runs all cases in one process.
pub fn run(cases: &[Case]) -> Result<Vec<Answer>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("iam");
    let directory = real::npm::install("iam", &source)?;
    let mut child = Command::new("node")
        .arg(source.join("driver.mjs"))
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node")?;
    let input: String = cases.iter().map(|case| format!("{}\n", simulation(case))).collect();
    let mut stdin = child.stdin.take().context("no stdin")?;
    // Its answers may fill the pipe before it has read everything.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().context("cannot read the answers")?;
    writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    ensure!(output.status.success(), "the simulator ended with {}", output.status);
    let text = String::from_utf8(output.stdout).context("the answers are not UTF-8")?;
    let answers: Vec<Answer> = text.lines().map(answer).collect::<Result<_>>()?;
    ensure!(
        answers.len() == cases.len(),
        "{} answers to {} cases",
        answers.len(),
        cases.len()
    );
    Ok(answers)
}

pub fn answer(line: &str) -> Result<Answer> {
    let value: Value = serde_json::from_str(line).context("an answer is not JSON")?;
    if value["ignored"].as_array().is_some_and(|keys| !keys.is_empty()) {
        return Ok(Answer::Error(format!("ignored {}", value["ignored"])));
    }
    Ok(match value["result"].as_str() {
        Some("Allowed") => Answer::Allowed,
        Some("ExplicitlyDenied") => Answer::ExplicitDeny,
        Some("ImplicitlyDenied") => Answer::ImplicitDeny,
        _ => Answer::Error(value["error"].as_str().unwrap_or(line).to_owned()),
    })
}

/// The case in the simulator's terms.
fn simulation(case: &Case) -> Value {
    let policies = &case.policies;
    let levels: Vec<Value> = policies
        .scp_levels
        .iter()
        .enumerate()
        .map(|(level, documents)| json!({ "orgIdentifier": format!("ou-{level}"), "policies": list(documents) }))
        .collect();
    let mut simulation = json!({
        "request": {
            "principal": principal(&case.request.principal),
            "action": case.request.action,
            "resource": { "resource": case.request.resource, "accountId": case.request.owner() },
            "contextVariables": context(&case.request),
        },
        "identityPolicies": list(&policies.identity),
        "serviceControlPolicies": levels,
        "resourceControlPolicies": [],
    });
    if let Some(document) = &policies.resource {
        simulation["resourcePolicy"] = body(&document.value);
    }
    if let Some(document) = &policies.boundary {
        simulation["permissionBoundaryPolicies"] = list(std::slice::from_ref(document));
    }
    if let [document] = policies.session.as_slice() {
        simulation["sessionPolicy"] = body(&document.value);
    }
    simulation
}

pub fn describe(case: &Case) -> String {
    serde_json::to_string(&simulation(case)).unwrap()
}

fn list(documents: &[Named<Document>]) -> Value {
    let each = |named: &Named<Document>| json!({ "name": named.name, "policy": body(&named.value) });
    documents.iter().map(each).collect()
}

/// Through the printer, which is so tested along the way.
fn body(document: &Document) -> Value {
    serde_json::from_str(&print::readable(document)).unwrap()
}

fn principal(caller: &Caller) -> Value {
    match caller {
        Caller::User { arn } | Caller::FederatedUser { arn } => json!(arn),
        Caller::RoleSession { session_arn, .. } => json!(session_arn),
        Caller::Federated { provider } => json!(provider),
        Caller::Service { name } => json!(name),
        Caller::Root { account_id } => json!(format!("arn:aws:iam::{account_id}:root")),
        Caller::Anonymous => json!({ "type": "Anonymous" }),
    }
}

/// The simulator derives no keys, so that those which follow from the caller are stated.
fn context(request: &Request) -> Value {
    let mut context = Map::new();
    let mut set = |key: &str, value: &str| {
        context.insert(key.to_owned(), json!(value));
    };
    let caller = &request.principal;
    if let Some(account) = caller.account() {
        set("aws:PrincipalAccount", account);
        set("aws:PrincipalIsAWSService", "false");
    }
    match caller {
        Caller::User { arn } => {
            set("aws:PrincipalArn", arn);
            set("aws:PrincipalType", "User");
            set("aws:username", arn.rsplit('/').next().unwrap_or_default());
        }
        Caller::RoleSession { role_arn, .. } => {
            set("aws:PrincipalArn", role_arn);
            set("aws:PrincipalType", "AssumedRole");
        }
        Caller::FederatedUser { arn } => {
            set("aws:PrincipalArn", arn);
            set("aws:PrincipalType", "FederatedUser");
            set("aws:userid", "111122223333:alice");
        }
        Caller::Root { account_id } => {
            set("aws:PrincipalArn", &format!("arn:aws:iam::{account_id}:root"));
            set("aws:PrincipalType", "Account");
            set("aws:userid", account_id);
        }
        Caller::Service { name } => {
            set("aws:PrincipalServiceName", name);
            set("aws:PrincipalIsAWSService", "true");
        }
        Caller::Federated { provider } => set("aws:FederatedProvider", provider),
        Caller::Anonymous => {
            set("aws:PrincipalAccount", "anonymous");
            set("aws:PrincipalType", "Anonymous");
            set("aws:userid", "anonymous");
        }
    }
    if let Some(owner) = request.owner() {
        set("aws:ResourceAccount", owner);
    }
    for (key, values) in request.context.iter() {
        match values {
            Some([value]) if !super::values::is_multivalued(key) => {
                context.insert(key.to_owned(), json!(value));
            }
            Some(values) => {
                context.insert(key.to_owned(), json!(values));
            }
            None => {}
        }
    }
    Value::Object(context)
}
