//! Doing a step through an API, where no rendered root owns it.
//!
//! A fix looks first and plans only what is missing, so that a second run does nothing. What it would call is shown before
//! anything is called. Only this room writes to AWS.

mod cost_tags;
mod foundation;
mod identity_center;
mod organization;
mod topic;

use std::fmt;
use std::pin::Pin;

use crate::aws::{Kind, Operation, Trouble, actions_of};
use crate::verify::next::SUBMIT_FORM;
use crate::verify::{Check, From, Probe};

/// What a fix needs to be told beside the deployment.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// The use-case form as JSON.
    pub form: Option<String>,
    /// First day of a backfill, as `2026-06-01`.
    pub since: Option<jiff::civil::Date>,
}

/// Why a fix cannot be planned.
#[derive(Debug)]
pub enum Refusal {
    /// Looking failed.
    Trouble(Trouble),
    /// Something is missing, or must be decided first.
    Told(String),
}

impl std::convert::From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

type Later<T, E> = Pin<Box<dyn Future<Output = Result<T, E>>>>;

/// A call that changes something, not yet made.
pub struct Act {
    /// The operation.
    pub operation: &'static Operation,
    /// Its arguments, for people.
    pub words: String,
    run: Box<dyn FnOnce(Probe) -> Later<(), Trouble>>,
}

impl Act {
    fn new<F>(operation: &'static Operation, words: impl Into<String>, run: impl FnOnce(Probe) -> F + 'static) -> Self
    where
        F: Future<Output = Result<(), Trouble>> + 'static,
    {
        Self {
            operation,
            words: words.into(),
            run: Box::new(move |probe| Box::pin(run(probe))),
        }
    }

    /// Makes the call.
    ///
    /// # Errors
    /// What AWS refused it with.
    pub async fn run(self, probe: Probe) -> Result<(), Trouble> {
        (self.run)(probe).await
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation.name, self.words)
    }
}

/// How a step is done.
pub struct Fix {
    /// Id of the step, or of one of its checks.
    pub id: &'static str,
    /// The step in the checklist.
    pub step: &'static str,
    /// With whose credentials.
    pub from: From,
    /// Every operation that it may call.
    pub operations: &'static [&'static Operation],
    plan: fn(Probe, Wishes) -> Later<Vec<Act>, Refusal>,
}

impl Fix {
    /// Everything that can be done.
    pub const ALL: [Self; 7] = [
        foundation::REGION,
        foundation::USE_CASE,
        foundation::MODEL_ACCESS,
        organization::SCP,
        cost_tags::BACKFILL,
        cost_tags::IAM_PRINCIPAL,
        topic::EMAILS,
    ];

    /// What a root's apply does not repair, though the root owns the step.
    pub const BESIDE_TERRAFORM: [Self; 1] = [identity_center::PROVISIONING];

    /// The calls that are missing; none where the step is done.
    ///
    /// # Errors
    /// When looking fails, or something must be decided first.
    pub async fn plan(&self, probe: Probe, wishes: Wishes) -> Result<Vec<Act>, Refusal> {
        (self.plan)(probe, wishes).await
    }

    /// What to do about a call of this fix that AWS refused.
    pub fn advice(&self, trouble: &Trouble) -> String {
        let needs_form = self.id == foundation::MODEL_ACCESS.id && trouble.message.to_lowercase().contains("use case");
        match trouble.advice() {
            _ if needs_form => {
                format!("the use-case form comes first: {SUBMIT_FORM}")
            }
            _ if trouble.kind == Kind::Denied => {
                format!("the caller needs {}", actions_of(self.operations, trouble.operation))
            }
            Some(advice) => advice.to_owned(),
            None => "run it again".to_owned(),
        }
    }

    /// The fix as a check, which is what a probe is made for.
    pub fn as_check(&self, phase: crate::steps::Phase) -> Check {
        Check::new(self.id, self.step, phase, self.from, self.id).calls(self.operations)
    }
}
