//! What a check looks with: the deployment, the accounts, and a record of its calls.

use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use jiff::Timestamp;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use super::check::{Check, From};
use super::status::Status;
use crate::aws::operations::sts::GET_CALLER_IDENTITY;
use crate::aws::{Account, ConnectError, Endpoint, Evidence, Journal, Kind, Operation, Source, Trouble, connect};
use crate::deployment::model::Deployment;
use crate::guardrails::Documents;
use crate::render::profiles::Profile;
use crate::steps::Context;

/// What a check saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What that means.
    pub status: Status,
    /// What is the case.
    pub observed: String,
    /// What to do next.
    pub next_step: Option<String>,
}

impl Seen {
    fn new(status: Status, observed: impl Into<String>) -> Self {
        Self {
            status,
            observed: observed.into(),
            next_step: None,
        }
    }

    /// It is as it must be.
    pub fn pass(observed: impl Into<String>) -> Self {
        Self::new(Status::Pass, observed)
    }

    /// It is otherwise.
    pub fn fail(observed: impl Into<String>) -> Self {
        Self::new(Status::Fail, observed)
    }

    /// It is under way.
    pub fn pending(observed: impl Into<String>) -> Self {
        Self::new(Status::Pending, observed)
    }

    /// The figures are there, and a person must judge them.
    pub fn manual(observed: impl Into<String>) -> Self {
        Self::new(Status::Manual, observed)
    }

    /// It cannot be told.
    pub fn unknown(observed: impl Into<String>) -> Self {
        Self::new(Status::Unknown, observed)
    }

    /// It cannot be looked at, because something is missing.
    pub fn skipped(observed: impl Into<String>) -> Self {
        Self::new(Status::Skipped, observed)
    }

    /// The same with what to do next.
    pub fn next(mut self, step: impl Into<String>) -> Self {
        self.next_step = Some(step.into());
        self
    }
}

/// Which account of AWS each role of the deployment is in, and those whose credentials are at hand.
#[derive(Debug, Default)]
pub struct Accounts {
    /// Number of the account; a deployment without organization has no known management account.
    pub ids: BTreeMap<From, String>,
    /// By number.
    pub connected: BTreeMap<String, Rc<Account>>,
}

impl Accounts {
    /// The accounts of a deployment, none of them connected.
    pub fn of(deployment: &Deployment) -> Self {
        let mut ids = BTreeMap::from([(From::Workload, deployment.account_id.clone())]);
        if let Some(organization) = &deployment.organization {
            ids.insert(From::Management, organization.management_account_id.clone());
        }
        if let crate::deployment::model::Access::IdentityCenter(center) = &deployment.access {
            ids.insert(From::IdentityCenter, center.account_id.clone());
        }
        if let Some(tags) = &deployment.cost_tags {
            ids.insert(From::Payer, tags.payer_account_id.clone());
        }
        Self {
            ids,
            connected: BTreeMap::new(),
        }
    }

    /// The account in which a role of the deployment is, if its credentials are at hand.
    pub fn get(&self, from: From) -> Option<&Rc<Account>> {
        self.connected.get(self.ids.get(&from)?)
    }

    /// Who the credentials at hand are.
    pub fn callers(&self) -> impl Iterator<Item = &str> {
        self.connected.values().map(|account| account.caller.as_str())
    }

    /// What an account is in the deployment.
    pub fn roles(&self, account_id: &str) -> Vec<From> {
        let of_account = |from: &From| self.ids.get(from).is_some_and(|id| id == account_id);
        From::ACCOUNTS.into_iter().filter(of_account).collect()
    }
}

/// This machine, as far as checks look at it.
#[derive(Clone, Default)]
pub struct Machine {
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// Variables of the environment that Claude Code and the SDKs read.
    pub environment: BTreeMap<String, String>,
}

impl fmt::Debug for Machine {
    /// The environment holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

impl Machine {
    /// The machine that this runs on.
    pub fn this() -> Self {
        let is_read = |name: &str| {
            ["AWS_", "ANTHROPIC_", "CLAUDE_", "DISABLE_"]
                .iter()
                .any(|start| name.starts_with(start))
        };
        Self {
            home: std::env::home_dir(),
            environment: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .filter(|(name, _)| is_read(name))
                .collect(),
        }
    }
}

/// What every check of a run can see.
#[derive(Debug)]
pub struct Scene {
    /// The deployment.
    pub deployment: Deployment,
    /// What the renderer knows beside it.
    pub context: Context,
    /// Its policies, by file name.
    pub documents: Documents,
    /// Application inference profiles that somebody uses, by key.
    pub profiles: BTreeMap<String, Profile>,
    /// Its accounts.
    pub accounts: Accounts,
    /// Where the API is.
    pub endpoint: Endpoint,
    /// This machine.
    pub machine: Machine,
    /// Whether models may be called.
    pub may_call_models: bool,
    /// When the run began.
    pub now: Timestamp,
}

/// How many things a check looks at together.
const TOGETHER: usize = 16;

type Remembered = Rc<OnceCell<(Result<Rc<dyn Any>, Trouble>, Vec<Evidence>)>>;

/// What the checks of one round have found out together.
#[derive(Debug, Default)]
pub struct Memory(RefCell<HashMap<(Cow<'static, str>, From), Remembered>>);

/// What a check looks with. Clones record into the same journal.
#[derive(Clone, Debug)]
pub struct Probe {
    scene: Rc<Scene>,
    memory: Rc<Memory>,
    journal: Journal,
    from: From,
    operations: Rc<[&'static Operation]>,
}

impl Probe {
    /// The probe of a check.
    pub fn new(scene: Rc<Scene>, memory: Rc<Memory>, journal: Journal, check: &Check) -> Self {
        Self {
            scene,
            memory,
            journal,
            from: check.from,
            operations: check.all_operations().into(),
        }
    }

    /// What every check can see.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// The deployment.
    pub fn deployment(&self) -> &Deployment {
        &self.scene.deployment
    }

    /// The region of the deployment.
    pub fn region(&self) -> &str {
        &self.scene.deployment.region
    }

    /// The same probe with the credentials of another account, if they are at hand.
    pub fn with(&self, from: From) -> Option<Self> {
        self.scene.accounts.get(from)?;
        Some(Self { from, ..self.clone() })
    }

    /// The account that the check looks from.
    ///
    /// # Errors
    /// When its credentials are not at hand; a check is not started then.
    pub fn account(&self) -> Result<&Account, Trouble> {
        let account = self.scene.accounts.get(self.from).ok_or_else(|| Trouble {
            operation: "sts:GetCallerIdentity",
            kind: Kind::NoCredentials,
            code: None,
            message: format!("there are no credentials of the {} account", self.from),
        })?;
        Ok(account)
    }

    /// Makes a call: `send` is given the account that the check looks from.
    ///
    /// # Errors
    /// Whatever is no answer of the API; an operation that the check does not declare.
    pub async fn call<T, E, F>(
        &self,
        operation: &'static Operation,
        send: impl FnOnce(&Account) -> F,
    ) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        T: RequestId,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        self.is_declared(operation)?;
        let account = self.account()?;
        account.call(&self.journal, operation, send(account)).await
    }

    /// Makes a call for each page; `send` is given the account and the token of the page.
    ///
    /// # Errors
    /// As [`Probe::call`].
    pub async fn pages<T, E, F>(
        &self,
        operation: &'static Operation,
        send: impl Fn(&Account, Option<String>) -> F,
        next: impl Fn(&T) -> Option<&str>,
    ) -> Result<Vec<T>, Trouble>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        T: RequestId,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        self.is_declared(operation)?;
        let account = self.account()?;
        account
            .pages(&self.journal, operation, |token| send(account, token), next)
            .await
    }

    /// Looks at each of many things, some at the same time; what was seen comes in the order of `items`.
    ///
    /// # Errors
    /// What the first look that failed failed with; the others are given up.
    pub async fn each<I, T, F>(
        &self,
        items: impl IntoIterator<Item = I>,
        look: impl Fn(Self, I) -> F,
    ) -> Result<Vec<T>, Trouble>
    where
        F: Future<Output = Result<T, Trouble>> + 'static,
        T: 'static,
    {
        let mut items = items.into_iter().enumerate();
        let mut running = JoinSet::new();
        let mut seen = BTreeMap::new();
        loop {
            while running.len() < TOGETHER
                && let Some((at, item)) = items.next()
            {
                let looked = look(self.clone(), item);
                running.spawn_local(async move { (at, looked.await) });
            }
            match running.join_next().await {
                None => return Ok(seen.into_values().collect()),
                Some(Ok((at, looked))) => {
                    seen.insert(at, looked?);
                }
                Some(Err(error)) => {
                    return Err(Trouble {
                        operation: "tfgen",
                        kind: Kind::Garbled,
                        code: None,
                        message: format!("looking failed, please report it: {error}"),
                    });
                }
            }
        }
    }

    /// Asks AWS whose credentials a profile of this machine has.
    ///
    /// # Errors
    /// When it has none, AWS does not take them, or the check does not declare to ask.
    pub async fn caller_of(&self, profile: &str) -> Result<Account, ConnectError> {
        let source = Source {
            profile: Some(profile.to_owned()),
            role_arn: None,
        };
        match self.is_declared(&GET_CALLER_IDENTITY) {
            Ok(()) => connect(&source, &self.scene.endpoint, &self.journal).await,
            Err(trouble) => Err(ConnectError::Trouble(trouble)),
        }
    }

    /// The permissions that are printed are taken from what checks declare.
    fn is_declared(&self, operation: &'static Operation) -> Result<(), Trouble> {
        if self.operations.contains(&operation) {
            return Ok(());
        }
        Err(Trouble {
            operation: operation.name,
            kind: Kind::Refused,
            code: None,
            message: "the check does not declare this operation: a fault of tfgen, please report it".to_owned(),
        })
    }

    /// What several checks need to know, found out once in a round. The calls count as those of every check that asks.
    /// A `key` belongs to one type and one way to look; the account that asks is part of it.
    ///
    /// # Errors
    /// What looking failed with, for everybody who asks.
    pub async fn once<T: 'static, F>(
        &self,
        key: impl Into<Cow<'static, str>>,
        look: impl FnOnce(Self) -> F,
    ) -> Result<Rc<T>, Trouble>
    where
        F: Future<Output = Result<T, Trouble>>,
    {
        let cell = self
            .memory
            .0
            .borrow_mut()
            .entry((key.into(), self.from))
            .or_default()
            .clone();
        let (result, calls) = cell
            .get_or_init(|| async {
                let journal = Journal::default();
                let probe = Self {
                    journal: journal.clone(),
                    ..self.clone()
                };
                let result = look(probe).await.map(|value| Rc::new(value) as Rc<dyn Any>);
                (result, journal.calls())
            })
            .await;
        self.journal.extend(calls);
        let value = result.clone()?;
        value.downcast::<T>().map_err(|_| Trouble {
            operation: "tfgen",
            kind: Kind::Garbled,
            code: None,
            message: "two checks disagree about the type of what they share: a fault of tfgen, please report it"
                .to_owned(),
        })
    }
}
