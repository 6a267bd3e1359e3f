//! A row before it is evaluated, and its evaluation.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use policy::{
    Caller, Context, Decision, Document, Layer, Named, PolicySet, PrincipalPattern, Request, Statement, evaluate,
};

use super::{Expected, Row, Theme, Verdict, people};
use crate::deployment::model::Deployment;
use crate::guardrails::documents::{DEVELOPER_TRUST, Documents, GUARDRAIL_ENFORCEMENT, SCP};
use crate::guardrails::{guardrail, trust};

/// A policy that takes part in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A document of the deployment.
    File(&'static str),
    /// AWS's `AdministratorAccess`: what only the SCP can still stop.
    Administrator,
    /// `guardrail-enforcement.json` with a guardrail's ARN in the placeholder's place.
    Enforcement,
}

/// A resource's policy that takes part in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attached {
    /// A document of the deployment.
    File(&'static str),
    /// One that leaves it to the identity policies of the dedicated account: a key's default policy, and a trust policy
    /// that names the account. Keys and roles allow nobody without a policy of their own.
    Delegating,
}

/// Which policies take part in a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Stack {
    /// Identity policies of the caller.
    pub identity: Vec<Source>,
    /// The resource's policy, or a role's trust policy.
    pub resource: Option<Attached>,
    /// Whether the SCP applies.
    pub scp: bool,
}

impl Stack {
    /// Only these identity policies.
    pub fn identity(sources: &[Source]) -> Self {
        Self {
            identity: sources.to_vec(),
            ..Self::default()
        }
    }

    /// An administrator under the SCP.
    pub fn administrator_under_scp() -> Self {
        Self::identity(&[Source::Administrator]).with_scp(true)
    }

    /// With or without the SCP.
    #[must_use]
    pub fn with_scp(mut self, scp: bool) -> Self {
        self.scp = scp;
        self
    }

    /// Whether this file takes part.
    #[cfg(test)]
    pub fn uses(&self, file: &str) -> bool {
        let by_identity = |source: &Source| match source {
            Source::File(name) => *name == file,
            Source::Enforcement => file == GUARDRAIL_ENFORCEMENT,
            Source::Administrator => false,
        };
        self.identity.iter().any(by_identity)
            || matches!(self.resource, Some(Attached::File(name)) if name == file)
            || (self.scp && file == SCP)
    }

    /// With a resource policy.
    #[must_use]
    pub fn with_resource(mut self, name: &'static str) -> Self {
        self.resource = Some(Attached::File(name));
        self
    }
}

/// A row to be.
#[derive(Debug, Clone)]
pub struct Case {
    pub theme: Theme,
    pub principal: String,
    pub stack: Stack,
    pub request: Request,
    pub expected: Expected,
    pub reason: String,
}

impl Case {
    /// A request that must be allowed.
    pub fn allow(theme: Theme, principal: &str, stack: &Stack, request: Request, reason: &str) -> Self {
        Self::new(theme, principal, stack, request, Expected::Allow, reason)
    }

    /// A request that must be denied.
    pub fn deny(theme: Theme, principal: &str, stack: &Stack, request: Request, reason: &str) -> Self {
        Self::new(theme, principal, stack, request, Expected::Deny, reason)
    }

    fn new(theme: Theme, principal: &str, stack: &Stack, request: Request, expected: Expected, reason: &str) -> Self {
        let mut stack = stack.clone();
        if stack.resource.is_none() && (request.action == "sts:AssumeRole" || request.action.starts_with("kms:")) {
            stack.resource = Some(Attached::Delegating);
        }
        Self {
            theme,
            principal: principal.to_owned(),
            stack,
            request,
            expected,
            reason: reason.to_owned(),
        }
    }
}

/// Evaluates cases against documents; each combination of documents is put together once.
pub struct Prover<'a> {
    d: &'a Deployment,
    documents: &'a Documents,
    sets: BTreeMap<Stack, PolicySet>,
}

impl<'a> Prover<'a> {
    pub fn new(d: &'a Deployment, documents: &'a Documents) -> Self {
        Self {
            d,
            documents,
            sets: BTreeMap::new(),
        }
    }

    /// Decides a case.
    pub fn decide(&mut self, case: &Case) -> Decision {
        let set = match self.sets.entry(case.stack.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let set = policies(self.d, self.documents, entry.key());
                entry.insert(set)
            }
        };
        evaluate(set, &case.request)
    }

    /// Evaluates a case.
    pub fn row(&mut self, case: Case) -> Row {
        let (verdict, decided_by) = describe(&self.decide(&case));
        Row {
            theme: case.theme,
            principal: case.principal,
            caller: name_of(&case.request.principal),
            action: case.request.action,
            resource: case.request.resource,
            context: case
                .request
                .context
                .iter()
                .map(|(key, values)| (key.to_owned(), values.map(<[String]>::to_vec)))
                .collect(),
            expected: case.expected,
            verdict,
            decided_by,
            reason: case.reason,
        }
    }
}

fn policies(d: &Deployment, documents: &Documents, stack: &Stack) -> PolicySet {
    // A document that is missing allows nothing and denies nothing: its rows fail.
    let file = |name: &'static str| {
        let document = documents
            .get(name)
            .map(|file| file.document.clone())
            .unwrap_or_default();
        Named::new(name, document)
    };
    let identity = stack.identity.iter().map(|source| match source {
        Source::File(name) => file(name),
        Source::Administrator => Named::new("AdministratorAccess", allow_everything()),
        Source::Enforcement => {
            let template = file(GUARDRAIL_ENFORCEMENT);
            Named::new(
                template.name,
                guardrail::with_arn(&template.value, &people::guardrail_arn(d)),
            )
        }
    });
    PolicySet {
        scp_levels: if stack.scp {
            vec![vec![Named::new("FullAWSAccess", allow_everything()), file(SCP)]]
        } else {
            Vec::new()
        },
        identity: identity.collect(),
        resource: stack.resource.map(|attached| match attached {
            Attached::File(DEVELOPER_TRUST) => {
                let template = file(DEVELOPER_TRUST);
                Named::new(template.name, trust::with_pool(&template.value, people::POOL))
            }
            Attached::File(name) => file(name),
            Attached::Delegating => Named::new("the resource's own policy", delegating(d)),
        }),
        ..PolicySet::default()
    }
}

fn allow_everything() -> Document {
    let mut statement = Statement::allow("", ["*"], ["*"]);
    statement.sid = None;
    Document::new(vec![statement])
}

fn delegating(d: &Deployment) -> Document {
    let account = PrincipalPattern::Aws(d.account_id.clone());
    let mut statement = Statement::allow("", ["kms:*", "sts:AssumeRole"], ["*"]).principals([account]);
    statement.sid = None;
    Document::new(vec![statement])
}

fn describe(decision: &Decision) -> (Verdict, String) {
    match decision {
        Decision::Allowed { by } => {
            // Among SCPs only FullAWSAccess allows, and it always does: naming it would say nothing.
            let deciding = by
                .iter()
                .filter(|statement| !matches!(statement.layer, Layer::ServiceControl { .. }));
            let names: Vec<String> = deciding
                .map(|statement| match statement.sid {
                    Some(_) => statement.to_string(),
                    None => statement.document.clone(),
                })
                .collect();
            (Verdict::Allow, names.join(", "))
        }
        Decision::ExplicitDeny { by } => (Verdict::Deny, by.to_string()),
        Decision::ImplicitDeny { layer } => {
            let layer = match layer {
                Layer::Identity => "identity policies".to_owned(),
                other => other.to_string(),
            };
            (Verdict::Deny, format!("nothing in the {layer} allows it"))
        }
        Decision::DependsOn { keys, .. } => (Verdict::Undetermined, format!("depends on {}", keys.join(", "))),
    }
}

fn name_of(caller: &Caller) -> String {
    match caller {
        Caller::User { arn } | Caller::FederatedUser { arn } => arn.clone(),
        Caller::RoleSession { session_arn, .. } => session_arn.clone(),
        Caller::Federated { provider } => provider.clone(),
        Caller::Service { name } => name.clone(),
        Caller::Root { account_id } => format!("root of {account_id}"),
        Caller::Anonymous => "anybody".to_owned(),
    }
}

/// A request in a region; every condition key that the documents use must be stated, else the row is undetermined.
pub fn request(caller: &Caller, action: &str, resource: &str, region: &str) -> Request {
    Request::new(caller.clone(), action, resource).context(Context::new().with("aws:RequestedRegion", region))
}

/// Adds a key to a request.
#[must_use]
pub fn with(mut request: Request, key: &str, value: &str) -> Request {
    request.context.set(key, [value]);
    request
}

/// States that a request does not carry a key.
#[must_use]
pub fn without(mut request: Request, key: &str) -> Request {
    request.context.set_absent(key);
    request
}
